"""Which units of a map a unit's figure belongs to: the rule, as plain Python.

A figure of unit U for a period that ended on day d, shown on the map of day m. When d comes first the
figure is handed on by every act between: each successor takes the stated share. When m comes first it
is handed back: each predecessor takes the part of U that came from it, in proportion to the shares it
gave. Nothing is ever lost on the way, so that the parts of a figure sum to exactly 1: a unit that ended
without a successor hands on to the unit it stood in, one that began from nothing hands back to it.
A figure for a period after the unit's end (sent before the act became known) is followed from its last day.

The database keeps the same for all units as `units.models.Mapping`; a property test compares the two.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from kieumau.units.rules.facts import Act, TermRow, by_unit

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a figure that belongs to `unit` on the map; `share` is exact, above 0, at most 1."""

    unit: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Move:
    """On a day, `giver` hands `share` of itself to `taker`; for a unit that stays as it is there is none."""

    day: date
    giver: str
    taker: str
    share: Fraction


class Tree:
    """Terms and acts, ready to be followed in both directions."""

    def __init__(self, terms: Iterable[TermRow], acts: Iterable[Act]) -> None:
        self._terms: Mapping[str, Sequence[TermRow]] = by_unit(terms)
        moves = list(self._with_stays(_moves(acts)))
        self.days = self._days_of(moves)
        self._given: dict[tuple[date, str], list[Move]] = defaultdict(list)
        self._taken: dict[tuple[date, str], list[Move]] = defaultdict(list)
        for move in moves:
            self._given[move.day, move.giver].append(move)
            self._taken[move.day, move.taker].append(move)

    def trace(self, unit: str, day: date, on: date) -> list[Piece]:
        """The units in force on `on` to which a figure of `unit` for a period ending on `day` belongs.

        In the order of their keys. Empty only where the whole tree was not there on `on`.
        """
        held, day = {unit: Fraction(1)}, self._last_day(unit, day)
        forward = [step for step in self.days if day < step <= on]
        back = [step for step in reversed(self.days) if on < step <= day]
        for step, hand in [*((each, self._on) for each in forward), *((each, self._back) for each in back)]:
            after: dict[str, Fraction] = defaultdict(Fraction)
            for holder, share in held.items():
                for taker, part in hand(holder, step):
                    after[taker] += share * part
            held = dict(after)
        return [Piece(holder, share) for holder, share in sorted(held.items())]

    def _on(self, unit: str, day: date) -> list[tuple[str, Fraction]]:
        """Who holds a unit's figure after the acts of a day."""
        if moves := self._given.get((day, unit)):
            whole = sum(move.share for move in moves)
            return [(move.taker, move.share / whole) for move in moves]
        if self._is_there(unit, day):
            return [(unit, Fraction(1))]
        above = self._parent(unit, day - ONE_DAY)
        return self._on(above, day) if above else []

    def _back(self, unit: str, day: date) -> list[tuple[str, Fraction]]:
        """Who held a unit's figure before the acts of a day."""
        if moves := self._taken.get((day, unit)):
            whole = sum(move.share for move in moves)
            return [(move.giver, move.share / whole) for move in moves]
        if self._is_there(unit, day - ONE_DAY):
            return [(unit, Fraction(1))]
        above = self._parent(unit, day)
        return self._back(above, day) if above else []

    def _last_day(self, unit: str, day: date) -> date:
        """The day, or the last one before it on which the unit was there; the day if it never was."""
        ends = [min(term.until - ONE_DAY, day) for term in self._terms.get(unit, ()) if term.starts <= day]
        return max(ends, default=day)

    def _is_there(self, unit: str, day: date) -> bool:
        return any(term.is_valid_on(day) for term in self._terms.get(unit, ()))

    def _parent(self, unit: str, day: date) -> str | None:
        return next((term.parent for term in self._terms.get(unit, ()) if term.is_valid_on(day)), None)

    def _with_stays(self, moves: Sequence[Move]) -> Iterable[Move]:
        """The moves, and for a unit that lives on and takes others in: what it keeps, all of itself."""
        givers = {(move.day, move.giver) for move in moves}
        yield from moves
        for day, taker in dict.fromkeys((move.day, move.taker) for move in moves):
            lives_on = self._is_there(taker, day - ONE_DAY) and self._is_there(taker, day)
            if lives_on and (day, taker) not in givers:
                yield Move(day, taker, taker, Fraction(1))

    def _days_of(self, moves: Iterable[Move]) -> list[date]:
        """The days on which something may be handed on: acts, and units that end or begin."""
        days = {move.day for move in moves}
        for terms in self._terms.values():
            days |= {term.starts for term in terms} | {term.ends for term in terms if term.ends}
        return sorted(days)


def _moves(acts: Iterable[Act]) -> list[Move]:
    """Every share but those of units that keep all they had; several acts of a day are added up."""
    shares: dict[tuple[date, str, str], Fraction] = defaultdict(Fraction)
    for act in acts:
        for share in act.shares:
            if share.share and (share.predecessor != share.successor or share.share != 1):
                key = act.takes_effect_on, share.predecessor, share.successor
                shares[key] += Fraction(share.share)
    return [Move(*key, size) for key, size in shares.items()]
