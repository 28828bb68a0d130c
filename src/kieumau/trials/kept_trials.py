"""The last drafts read and trials made, kept in the process as long as nothing they rest on changes.

Whoever sorts a table or turns a page of the units that change asks for the same trial again; so does a
slider for the same draft. What is kept goes by everything it rests on (`standing`), and not for ever.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.windows import Window
from kieumau.trials.standing import Standing
from kieumau.trials.trying import Trial, try_set

Made = TypeVar("Made")
SECONDS_KEPT = 600


class Kept(Generic[Made]):
    """The few things asked for last, by what they rest on; for ten minutes by a clock that only rises."""

    def __init__(self, most: int, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._clock = clock
        self._found: OrderedDict[Hashable, tuple[float, Made]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made], *, may_be_kept: bool = True) -> Made:
        """What is kept under a key; made where it is not. What `make` raises is not kept."""
        with self._lock:
            if (known := self._found.get(key)) and self._clock() < known[0] + SECONDS_KEPT:
                self._found.move_to_end(key)
                return known[1]
        began, made = self._clock(), make()
        if may_be_kept:
            with self._lock:
                self._found[key] = began, made
                self._found.move_to_end(key)
                while len(self._found) > self._most:
                    self._found.popitem(last=False)
        return made


_drafts: Kept[CriteriaSet] = Kept(16)
_trials: Kept[Trial] = Kept(3)


def read(text: str, name: str, now: Standing) -> CriteriaSet:
    """`draft_of`, kept. Raises Refused with every fault of the text."""
    return _drafts.get((text, name, now.texts), lambda: draft_of(text, name))


def tried(
    draft: CriteriaSet,
    windows: Sequence[Window],
    *,
    on: date,
    now: datetime,
    against: Mapping[Window, CriteriaSet],
    stands: Standing,
    assume_answered: bool = False,
) -> Trial:
    """`try_set`, kept as long as what it rests on stands as it did when `stands` was asked."""

    def make() -> Trial:
        return try_set(draft, windows, on=on, now=now, against=against, assume_answered=assume_answered)

    beside = tuple((window, found.digest) if (found := against.get(window)) else window for window in windows)
    key = (draft.digest, draft.version, beside, on, assume_answered, stands.facts)
    return _trials.get(key, make, may_be_kept=stands.may_be_kept)
