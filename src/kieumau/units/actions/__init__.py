"""Everything that writes units: files loaded, acts recorded and undone, positions worked out."""

from kieumau.units.actions.change import record_change, undo_change, undo_changes
from kieumau.units.actions.load import load_rows, load_units, load_vietnam
from kieumau.units.actions.mapping import rebuild_mapping
from kieumau.units.actions.store import Actor, Loaded
from kieumau.units.actions.tree import rebuild_positions

__all__ = [
    "Actor",
    "Loaded",
    "load_rows",
    "load_units",
    "load_vietnam",
    "rebuild_mapping",
    "rebuild_positions",
    "record_change",
    "undo_change",
    "undo_changes",
]
