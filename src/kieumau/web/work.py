"""What waits for whoever has signed in: packages say what theirs is, the page “My work” shows it.

A package adds an asker in its `listening` or `AppConfig.ready()`. An asker answers with piles, one for each
kind of work that the person may do; it takes one query, and none for somebody without the role. The page
names the units of all lines together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

from kieumau.kernel.messages import Text

MOST = 5  # so many of a pile are shown by themselves


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: where it is, the unit it is about, the last day it is in time (None: no deadline)."""

    says: str | Text | Promise
    address: str
    unit_id: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind: how many, the first few by their last day, and where all of them are.

    `more` is the address of the list. Empty piles are not shown.
    """

    title: str | Promise
    count: int
    more: str
    lines: list[Line] = field(default_factory=list)

    @property
    def due_on(self) -> date | None:
        """The nearest last day among the lines shown, which come first."""
        return min((one.due_on for one in self.lines if one.due_on is not None), default=None)


Asker = Callable[[Any, datetime], Iterable[Pile]]

_askers: dict[int, Asker] = {}


def add(position: int, asker: Asker) -> None:
    """Adds what waits in one package; its position is its own, lower ones come first."""
    _askers[position] = asker


def waiting(person: Any, now: datetime) -> list[Pile]:
    """Everything that waits for a person at a moment, kind by kind; nothing for a stranger."""
    if not person.is_authenticated:
        return []
    piles = (pile for _, asker in sorted(_askers.items()) for pile in asker(person, now))
    return [pile for pile in piles if pile.count]
