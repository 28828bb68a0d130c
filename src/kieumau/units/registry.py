"""Where higher packages leave word that they want to hear when the tree has changed."""

from collections.abc import Callable, Collection
from datetime import date

# A temporary table, filled while the callbacks run, of units that stand elsewhere than before: unit_id,
# path, level, place (the province, or the unit below the root, null for a root), days (a datemultirange) and
# sign: -1 no longer stands there on these days, 1 stands there now, 0 stands where it stood, but something
# else about it has changed: its name, kind or code. Where a unit has ended, `days` are those on which its
# figures are carried on (`models.Carried`).
MOVED_UNITS = "unit_moved"

# Called inside the transaction that rewrote positions, after it, and only when some row changed.
after_tree_change: list[Callable[[], None]] = []

# A temporary table, filled while the callbacks below run, of units that the tree asks about: unit_id and
# days (a datemultirange), such as all days after a unit ended.
ASKED_UNITS = "unit_asked"

# Each tells the days, of those of `ASKED_UNITS`, for which there are facts of a unit: (unit_id, day). What
# was sent for a unit before the act was recorded that ended it must not be lost (`actions.carrying`).
days_with_facts: list[Callable[[], Collection[tuple[int, date]]]] = []
