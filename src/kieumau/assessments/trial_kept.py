"""The last drafts read and trials made, kept in the process as long as nothing they rest on changes.

Whoever sorts a table or turns a page of the units that change asks for the same trial again; so does a
slider for the same draft. What is kept goes by everything it rests on, so that nothing stale is shown.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection

from kieumau.assessments.trying import Trial, try_set
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import placed
from kieumau.formulas.windows import Window

Made = TypeVar("Made")
State = tuple[int | None, ...]
_STATE = """
SELECT (SELECT count(*) FROM indicator), (SELECT max(revision) FROM indicator),
    (SELECT count(*) FROM unit_kind), (SELECT max(id) FROM criteria_set),
    (SELECT max(revision) FROM unit_tree), (SELECT max(id) FROM figure_source)
"""
_OF_TEXTS = 4  # so many of them say what a text means: catalogue, kinds of units, other sets


def state() -> State:
    """What there is by now of all that a trial rests on, other verdicts apart. One small query."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        row: State = cursor.fetchone()
    return row


class Kept(Generic[Made]):
    """The few things asked for last, by what they rest on."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept under a key; made where it is not. What `make` raises is not kept."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made


_drafts: Kept[CriteriaSet] = Kept(16)
_trials: Kept[Trial] = Kept(3)


def read(text: str, name: str, now: State) -> CriteriaSet:
    """`draft_of`, kept. Raises Refused with every fault of the text."""
    return _drafts.get((text, name, *now[:_OF_TEXTS]), lambda: draft_of(text, name))


def tried(
    draft: CriteriaSet,
    windows: Sequence[Window],
    *,
    on: date,
    now: datetime,
    against: Mapping[Window, CriteriaSet],
    stands: State,
) -> Trial:
    """`try_set`, kept; not where a formula asks for stored verdicts, which change by themselves."""
    versions = {id(one): one for one in (draft, *against.values())}.values()

    def make() -> Trial:
        return try_set(draft, windows, on=on, now=now, against=against)

    if any(placed(one, window).sets for one in versions for window in windows):
        return make()
    beside = tuple((window, found.digest) if (found := against.get(window)) else window for window in windows)
    return _trials.get((draft.digest, draft.version, beside, on, *stands), make)
