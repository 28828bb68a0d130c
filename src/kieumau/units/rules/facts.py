"""The rows that files, acts and the database have in common."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal

from kieumau.kernel.messages import Place, Text

FOREVER = date.max
BASES = ("whole", "area", "people", "expert", "even")
NOTHING_SAID = Text(vi="", en="")
SMALLEST_SHARE = Decimal("0.0000000001")


@dataclass(frozen=True, slots=True)
class TermRow:
    """What the unit `key` was from the day `starts` up to, not including, the day `ends`.

    `parent` is the key of the unit above, None for a root. `ends` is None for a term that lasts.
    `begun_by` and `ended_by` are keys of acts, None where nobody said.
    """

    key: str
    register: str
    code: str
    name: str
    kind: str
    parent: str | None
    starts: date
    ends: date | None = None
    begun_by: str | None = None
    ended_by: str | None = None
    place: Place = field(default=Place(), compare=False)

    @property
    def until(self) -> date:
        """`ends`, or the end of time."""
        return self.ends or FOREVER

    def is_valid_on(self, day: date) -> bool:
        """Is the term in force on that day?"""
        return self.starts <= day < self.until

    def overlaps(self, other: "TermRow") -> bool:
        """Do both terms have a day in common?"""
        return self.starts < other.until and other.starts < self.until


@dataclass(frozen=True, slots=True)
class Share:
    """The share of the unit `predecessor` that went to the unit `successor`, exact, above 0, at most 1.

    By people it may be 0: land where nobody lives. The other then got all the people, share 1, but not all of
    the unit, whose basis is `people` and not `whole`.
    """

    predecessor: str
    successor: str
    share: Decimal
    basis: str
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Act:
    """A dated act: which units end or go on differently, which terms begin, who came from whom.

    `ends` are the units whose term ends on that day (those that go on have a term in `begins` too).
    For acts that come with a file of terms, `begins` may stay empty: the terms are in the file.
    """

    key: str
    takes_effect_on: date
    reference: str = ""
    summary: Text = NOTHING_SAID
    shares: tuple[Share, ...] = ()
    ends: tuple[str, ...] = ()
    begins: tuple[TermRow, ...] = ()
    place: Place = field(default=Place(), compare=False)

    @property
    def called(self) -> str:
        """What to call it in a sentence: its number, where a page made the key up of that and more."""
        return self.reference if self.key.startswith(f"{self.reference} · ") else self.key


def even_shares(predecessor: str, successors: Sequence[str]) -> tuple[Share, ...]:
    """Shares of a unit of which only the successors are known: whole, or equal parts.

    Ten decimals; the last part takes the rest, so that they sum to exactly 1.
    """
    if len(successors) == 1:
        return (Share(predecessor, successors[0], Decimal(1), "whole"),)
    part = (Decimal(1) / len(successors)).quantize(SMALLEST_SHARE, ROUND_DOWN)
    rest = 1 - part * (len(successors) - 1)
    parts = [part] * (len(successors) - 1) + [rest]
    return tuple(Share(predecessor, unit, size, "even") for unit, size in zip(successors, parts, strict=True))


def by_unit(terms: Iterable[TermRow]) -> dict[str, list[TermRow]]:
    """The terms of every unit, earliest first."""
    found: dict[str, list[TermRow]] = defaultdict(list)
    for term in sorted(terms, key=lambda term: term.starts):
        found[term.key].append(term)
    return found
