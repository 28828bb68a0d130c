"""Where higher packages leave word that they want to hear when the tree has changed."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise

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


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a unit that an act would end: in words (“Open dossiers”), and how many."""

    unit_id: int
    what: str | Promise
    count: int


# Each counts what of its package hangs on units, in one query: told before an act is recorded that ends them.
hanging: list[Callable[[Collection[int]], Iterable[Hanging]]] = []


def counted(rows: QuerySet[Any], what: str | Promise, of: str = "unit_id") -> Iterator[Hanging]:
    """How many rows each unit has, by the column that names it."""
    found = rows.order_by().values_list(of).annotate(count=Count("pk")).order_by(of)
    return (Hanging(unit_id, what, count) for unit_id, count in found)
