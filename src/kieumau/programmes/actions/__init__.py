"""What is done in programmes: set up, changed, their rows written, units chosen."""

from kieumau.programmes.actions.failures import AlreadyThere, CannotChoose, ChangedMeanwhile, Gone
from kieumau.programmes.actions.members import Choice, choose_units
from kieumau.programmes.actions.programme import change_programme, make_programme
from kieumau.programmes.actions.rows import Row, add_row, change_row, remove_row

__all__ = [
    "AlreadyThere",
    "CannotChoose",
    "ChangedMeanwhile",
    "Choice",
    "Gone",
    "Row",
    "add_row",
    "change_programme",
    "change_row",
    "choose_units",
    "make_programme",
    "remove_row",
]
