"""Many figures of one unit on a map, as far as they go: for tables on pages, which show what is there.

Territories, with the names in them, are kept in the process for each state of the tree; so a table costs one
query for that state (`known_now`) and one to three for the figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from kieumau.formulas.windows import Operand
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.facts import Found, Standing, own_figures, rolled_up, standing
from kieumau.indicators.maps.amounts import Given, gather
from kieumau.indicators.maps.naming import Names
from kieumau.indicators.maps.queries import judged_as, origin_of, territory_since
from kieumau.indicators.maps.redefining import concerning
from kieumau.indicators.maps.reporting import ByPair, Pair, Scope, who_differs
from kieumau.indicators.maps.rules import (
    AS_REPORTED,
    Amount,
    Judged,
    Map,
    Mark,
    Origin,
    Redefined,
    together,
)
from kieumau.indicators.maps.territory import NOWHERE, Nation, Part, Territory, Whole, at_level, territories
from kieumau.indicators.rules import Parts
from kieumau.indicators.runs import Run
from kieumau.kernel.messages import Text
from kieumau.units.models import Level

NOT_THERE = Judged(
    Mark.NOT_COMPARABLE, Text(vi="Bản đồ này không có đơn vị.", en="The unit is not on this map.")
)
NOT_ADDED = Judged(
    Mark.NOT_COMPARABLE,
    Text(vi="Chỉ tiêu này không cộng được qua các đơn vị.", en="This indicator does not add up over units."),
)


@dataclass(frozen=True, slots=True)
class Tabled:
    """One figure of a table: how much is there of how much, how it compares, whose it is.

    `is_added` where the figures of several units or periods make it up.
    """

    amount: Amount
    judged: Judged
    is_added: bool = False
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownNow:
    """The state of the tree, and what is noted of indicators that are counted otherwise from a day on."""

    revision: int
    redefined: Mapping[str, tuple[Redefined, ...]]

    def of(self, indicator: Definition, known: Mapping[str, Definition]) -> tuple[Redefined, ...]:
        """What is noted of an indicator and of everything that its formula rests on."""
        return concerning(indicator.code, known, self.redefined)


def known_now() -> KnownNow:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce((SELECT max(revision) FROM unit_tree), 0), i.code, r.since, r.note_vi, r.note_en
            FROM (SELECT) AS always LEFT JOIN indicator_redefinition r ON true
            LEFT JOIN indicator i ON i.id = r.indicator_id
            ORDER BY r.since
            """
        )
        rows = cursor.fetchall()
    redefined: dict[str, tuple[Redefined, ...]] = {}
    for _, code, since, vi, en in rows:
        if code is not None:
            redefined[code] = (*redefined.get(code, ()), Redefined(since, Text(vi=vi, en=en)))
    return KnownNow(rows[0][0], redefined)


def tabled(
    unit_id: int,
    level: int,
    runs: Sequence[Run],
    on: Map,
    now: KnownNow,
    as_known_at: datetime | None = None,
) -> dict[Operand, Tabled]:
    """The figure of every run for a unit on a map. One to three queries once its territory is kept."""
    if on.day is None:
        return _as_reported(unit_id, level, runs, now, as_known_at)
    found: dict[Operand, Tabled] = {}
    for rolls_up in (True, False):
        some = [run for run in runs if run.rolls_up == rolls_up]
        if some:
            found |= _on_map(unit_id, some, on.day, now.revision, as_known_at)
    return found


def moved_since(unit_id: int, before: date, day: date, now: KnownNow) -> Judged:
    """How the territory of a unit on a day compares with that of an earlier day. Kept."""
    return _moved_since(now.revision, unit_id, before, day)


def reported_otherwise(
    unit_id: int,
    level: int,
    pairs: Sequence[Pair],
    on: Map,
    now: KnownNow,
    as_known_at: datetime | None = None,
) -> ByPair:
    """For pairs of runs (a figure, an earlier one) how many units differ in who reported. Two queries.

    Worth asking only where something lacks on both sides.
    """
    rolling = [pair for pair in pairs if pair[0].rolls_up]
    by_day = None
    if on.day is not None and level != Level.NATION and rolling:
        days = tuple(sorted({day for pair in rolling for run in pair for day in run.last_days}))
        places = _places(now.revision, unit_id, on.day, days, rolls_up=True)
        by_day = {day: place.territory for day, place in places.items()}
    return who_differs(Scope(unit_id, level, on.day, now.revision, as_known_at, by_day), rolling)


def own_on_map(
    unit_id: int, runs: Sequence[Run], on: Map, now: KnownNow, as_known_at: datetime | None = None
) -> dict[Operand, Tabled]:
    """What the unit itself reported; on a map what the units that became it did, each for its own time.

    Their own figures add up where all of them have one; whose are lacking is told by the origins without a
    total. One query once the territory is kept.
    """
    if on.day is None:
        own = own_amounts(unit_id, runs, as_known_at)
        return {run.operand: Tabled(own[run.operand], AS_REPORTED) for run in runs}
    return _on_map(unit_id, runs, on.day, now.revision, as_known_at, alone=True)


def own_amounts(
    unit_id: int, runs: Sequence[Run], as_known_at: datetime | None = None
) -> dict[Operand, Amount]:
    """What the unit itself reported. One query."""
    found = own_figures(unit_id, runs, as_known_at)
    return {run.operand: _own(run, found) for run in runs}


@lru_cache(maxsize=1_000)
def _moved_since(revision: int, unit_id: int, before: date, day: date) -> Judged:
    return territory_since(unit_id, before, day)


@lru_cache(maxsize=500)
def _standing(revision: int, unit_id: int) -> Standing:
    return standing(unit_id)


def _as_reported(
    unit_id: int, level: int, runs: Sequence[Run], now: KnownNow, as_known_at: datetime | None
) -> dict[Operand, Tabled]:
    """By the tree of each period: a commune's own figures, above it those of its communes."""
    above = [run for run in runs if run.rolls_up and level < Level.COMMUNE]
    alone = [run for run in runs if run not in above]
    found: dict[Operand, Tabled] = {}
    if above:
        stands = _standing(now.revision, unit_id)
        below = rolled_up(unit_id, level, above, as_known_at)
        for run in above:
            expected = sum(stands.commune_count(day) for day in run.last_days)
            found[run.operand] = Tabled(
                replace(_sum(run, below), expected=expected), AS_REPORTED, is_added=True
            )
    if alone:
        own = own_amounts(unit_id, alone, as_known_at)
        found |= {run.operand: Tabled(own[run.operand], AS_REPORTED, len(run.periods) > 1) for run in alone}
    return found


def _own(run: Run, found: Found) -> Amount:
    return replace(_sum(run, found), expected=len(run.periods))


def _sum(run: Run, found: Found) -> Amount:
    whole = sum((found.parts.get((period, run.indicator_id), Parts()) for period in run.periods), Parts())
    return Amount.of(whole)


@dataclass(frozen=True, slots=True)
class _Place:
    """The territory of a unit for the figures of one day, how it compares, and its members by name."""

    territory: Territory
    judged: Judged
    origins: Mapping[Part | Whole, Origin]


_NO_PLACE = _Place(NOWHERE, NOT_THERE, {})


@lru_cache(maxsize=1_000)
def _places(
    revision: int, unit_id: int, on: date, days: tuple[date, ...], *, rolls_up: bool, alone: bool = False
) -> Mapping[date, _Place]:
    """Where the figures of these days come from; empty where the unit is not on the map.

    `alone`: only units of its own kind, without those (districts) that ended and left what they had to it.
    """
    by_day, level = territories(unit_id, days, on, rolls_up=rolls_up)
    if level is None:
        return {}
    if alone:
        by_day = at_level(by_day, level)
    known = Names()
    known.read(by_day.values())
    made: dict[Territory, _Place] = {}  # many days see the same
    for day, territory in by_day.items():
        if territory not in made:
            named = {member: origin_of(member, day, known) for member in territory.members}
            made[territory] = _Place(territory, judged_as(unit_id, territory, day, known), named)
    return {day: made[territory] for day, territory in by_day.items()}


def _on_map(
    unit_id: int,
    runs: Sequence[Run],
    on: date,
    revision: int,
    as_known_at: datetime | None,
    *,
    alone: bool = False,
) -> dict[Operand, Tabled]:
    """The figures of runs of one kind on a map; `alone`: of the unit itself, not of its communes."""
    days = tuple(sorted({day for run in runs for day in run.last_days}))
    adds_up = runs[0].rolls_up if runs else False
    places = _places(revision, unit_id, on, days, rolls_up=adds_up and not alone, alone=alone)
    if not places:
        return {run.operand: Tabled(Amount(), NOT_THERE) for run in runs}
    found = {}
    gathered = gather(runs, {day: place.territory for day, place in places.items()}, as_known_at)
    for run, given in gathered.items():
        here = [places.get(each.cell.last_day, _NO_PLACE) for each in given]
        if not adds_up and not all(_is_one_unit(place.territory) for place in here):
            found[run.operand] = Tabled(Amount(), NOT_ADDED)
            continue
        found[run.operand] = _added(given, here)
    return found


def _added(given: Sequence[Given], here: Sequence[_Place]) -> Tabled:
    """One figure from what was given where."""
    amounts = [one for each in given for one in each.amounts.values()]
    amount = sum(amounts[1:], amounts[0]) if amounts else Amount()
    members = {member for each in given for member in each.amounts}
    origins = tuple(
        replace(place.origins[member], total=part.total if part.value_count else None)
        for each, place in zip(given, here, strict=True)
        for member, part in each.amounts.items()
        if not isinstance(member, Nation)
    )
    is_added = len(members) > 1 or amount.expected > 1
    return Tabled(amount, together(place.judged for place in here), is_added, origins)


def _is_one_unit(territory: Territory) -> bool:
    return len(territory.parts) == 1 and territory.parts[0].share == 1
