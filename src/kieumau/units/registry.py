"""Where higher packages leave word that they want to hear when the tree has changed."""

from collections.abc import Callable

# A temporary table, there only while the callbacks run, of units that stand elsewhere than before: unit_id,
# path, level, place (the province, or the unit below the root, null for a root), days (a datemultirange) and
# sign: -1 no longer stands there on these days, 1 stands there now, 0 stands where it stood, but something
# else about it has changed: its name, kind or code.
MOVED_UNITS = "unit_moved"

# Called inside the transaction that rewrote positions, after it, and only when some row changed.
after_tree_change: list[Callable[[], None]] = []
