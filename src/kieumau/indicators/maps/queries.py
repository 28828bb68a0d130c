"""Figures of one unit on a map, a year ago beside them, each with its mark and where it came from.

    figure_on_map(unit_id, "crime.clearance", window, map_of_today(today))
    year_on_year(unit_id, ["crime.total", …], window, REPORTED)

Derived indicators are worked out anew from their parts on the same map, never added or averaged.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import cast

from kieumau.calendars.library import calendar
from kieumau.formulas.evaluate import evaluate
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands as operands_in
from kieumau.formulas.tree import Node
from kieumau.formulas.values import OperandValue, State
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.facts import standing
from kieumau.indicators.maps.amounts import Given, gather
from kieumau.indicators.maps.between import Between, Compared, between
from kieumau.indicators.maps.comparing import change_between, rose_from_zero
from kieumau.indicators.maps.naming import Names, names
from kieumau.indicators.maps.redefining import redefinitions
from kieumau.indicators.maps.reporting import ByPair, Pair, Scope, who_differs
from kieumau.indicators.maps.rules import (
    AS_REPORTED,
    SAME_TERRITORY,
    Amount,
    Judged,
    Map,
    Mark,
    Origin,
    mark_of_number,
    mark_of_reported,
    together,
)
from kieumau.indicators.maps.territory import NOWHERE, Nation, Part, Territory, Whole, territories
from kieumau.indicators.queries import catalogue, coverage
from kieumau.indicators.rules import state_without_outcome
from kieumau.indicators.runs import Run, runs_of
from kieumau.kernel.messages import Text
from kieumau.units.models import Level
from kieumau.units.queries import tree_revision

_ABSENT = Judged(
    Mark.NOT_COMPARABLE, Text(vi="Bản đồ này không có đơn vị.", en="The unit is not on this map.")
)
_NOT_ADDED = Judged(
    Mark.NOT_COMPARABLE,
    Text(
        vi="Chỉ tiêu này không cộng được qua các đơn vị.",
        en="This indicator does not add up over units.",
    ),
)


@dataclass(frozen=True, slots=True)
class MappedValue:
    """A figure on a map: exact, rounded by nobody. `value` is None unless `state` is VALUE.

    `origins` are the units it came from, with the share, the acts and what each gave; `amount` says how
    many figures there are of how many expected (of a derived indicator: of all its parts together).
    """

    state: State
    value: Fraction | None
    judged: Judged
    amount: Amount
    origins: tuple[Origin, ...] = ()
    least: Amount | None = None

    @property
    def counted(self) -> tuple[int, int]:
        """Figures that are there of those expected, for people; of a derived one of its least part."""
        amount = self.least or self.amount
        return amount.reported, amount.expected

    @property
    def mark(self) -> Mark:
        """How far it compares on its map."""
        return self.judged.mark


Values = Mapping[Operand, MappedValue]


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """A figure, the same a year ago, the exact change between them (None: unknown, or it was zero)."""

    now: MappedValue
    before: MappedValue
    change: Fraction | None
    judged: Judged

    @property
    def mark(self) -> Mark:
        """The weakest of all that there is to say."""
        return self.judged.mark

    @property
    def was_zero(self) -> bool:
        """Is there no rate of change only because there was nothing a year ago?"""
        return rose_from_zero(self.now.value, self.before.value, self.mark) and self.change is None


def values_on_map(
    unit_id: int, operands: Sequence[Operand], on: Map, slack_days: int = 0
) -> dict[Operand, MappedValue]:
    """The figure of every operand (no derived ones) for a unit of any level on a map.

    At most nine queries, however many operands. Raises KeyError for an unknown indicator.
    """
    asked = list(dict.fromkeys(operands))
    if on.day is None:
        return _as_reported(unit_id, asked, slack_days)
    missing = MappedValue(State.MISSING, None, _ABSENT, Amount())
    found = dict.fromkeys(asked, missing)
    runs = list(runs_of(asked, catalogue(), slack_days))
    known = names()
    for rolls_up in (True, False):
        some = [run for run in runs if run.rolls_up == rolls_up]
        if some:
            found |= _on_map(unit_id, some, on.day, rolls_up, known)
    return found


def figure_on_map(unit_id: int, indicator: str, window: Window, on: Map) -> MappedValue:
    """One figure, derived ones too."""
    return series_on_map(unit_id, indicator, [window], on)[window]


def figure_so_far(unit_id: int, indicator: str, window: Window, on: Map) -> MappedValue:
    """One figure as people are shown it: totals as far as they go. Derived ones too."""
    found, _ = _figures(unit_id, [(indicator, window)], on, catalogue(), so_far=True)
    return found[indicator, window]


def series_on_map(
    unit_id: int, indicator: str, windows: Sequence[Window], on: Map
) -> dict[Window, MappedValue]:
    """The figures of several windows on one map; read together."""
    found, _ = _figures(unit_id, [(indicator, window) for window in windows], on, catalogue())
    return {window: found[indicator, window] for window in windows}


def year_on_year(unit_id: int, indicators: Iterable[str], window: Window, on: Map) -> dict[str, YearOnYear]:
    """Each indicator (derived ones too) in a window and a year of the calendar before, on one map.

    At most twelve queries, however many indicators. An indicator of a calendar that has no such window is
    missing on both sides. For people: totals are shown as far as they go, with how far that is.
    """
    codes = list(dict.fromkeys(indicators))
    ago = calendar(window.calendar).year_ago(window)
    windows = [window, ago] if ago else [window]
    known = catalogue()
    asked = [(code, each) for code in codes for each in windows]
    found, values = _figures(unit_id, asked, on, known, so_far=True)
    days = calendar(window.calendar).last_day(window), calendar(window.calendar).last_day(ago or window)
    moved = [territory_since(unit_id, days[1], days[0])] if on.is_reported else []
    lies = _between(unit_id, codes, window, ago, values, on) if ago else {}
    pairs = {}
    for code in codes:
        now = found[code, window]
        before = found[code, ago] if ago else replace(now, state=State.MISSING, value=None, judged=_ABSENT)
        marks = [now.judged, before.judged, *moved]
        judged = lies[code].judged(marks, now.amount, before.amount) if code in lies else together(marks)
        change = change_between(now.value, before.value, judged.mark, is_share=known[code].is_share)
        pairs[code] = YearOnYear(now, before, change, judged)
    return pairs


def _between(
    unit_id: int, codes: Iterable[str], window: Window, ago: Window, values: Values, on: Map
) -> dict[str, Between]:
    """What lies between the figures and those of a year before. Two queries; with something lacking five."""
    known = catalogue()
    compared = {}
    for code in codes:
        now, before = (_operands(code, each, known) for each in (window, ago))
        compared[code] = Compared(window, ago, list(zip(now, before, strict=False)))
    runs = {run.operand: run for run in runs_of(values, known)}
    noted = redefinitions(compared)
    amounts = {operand: value.amount for operand, value in values.items()}
    return between(compared, amounts, runs, noted.__getitem__, who_differs_at(unit_id, on))


def who_differs_at(unit_id: int, on: Map) -> Callable[[Sequence[Pair]], ByPair]:
    """Asks for how many units that make up this one others reported a year ago; two queries or three."""

    def who(pairs: Sequence[Pair]) -> ByPair:
        days = {day for pair in pairs for run in pair for day in run.last_days}
        by_day, level = territories(unit_id, days, on.day or max(days), rolls_up=True)
        rolling = [pair for pair in pairs if pair[0].rolls_up]
        scope = Scope(
            unit_id, Level.COMMUNE if level is None else level, on.day, tree_revision(), None, by_day
        )
        return who_differs(scope, rolling)

    return who


def _operands(code: str, window: Window, known: Mapping[str, Definition]) -> tuple[Operand, ...]:
    """The figures that an indicator over a window is made of, in the order of its formula."""
    if not known[code].is_derived:
        return (Operand(code, window),)
    return operands_in(expand(parse(code), known), window, calendar(window.calendar))


def _figures(
    unit_id: int,
    asked: Sequence[tuple[str, Window]],
    on: Map,
    known: Mapping[str, Definition],
    *,
    so_far: bool = False,
) -> tuple[dict[tuple[str, Window], MappedValue], Values]:
    """Plain and derived indicators over windows; and the figures that they are made of.

    `so_far`: totals above communes, and of several predecessors, as far as they go.
    """
    needed = {(code, window): _operands(code, window, known) for code, window in asked}
    values = values_on_map(unit_id, [operand for some in needed.values() for operand in some], on)
    if so_far:
        partial = {
            operand: one
            for operand, one in values.items()
            if known[operand.indicator].over_units == "sum" and one.amount.state_so_far is not one.state
        }
        if not all(_of_several(one) for one in partial.values()) and not _is_above_communes(unit_id):
            partial = {operand: one for operand, one in partial.items() if _of_several(one)}
        values |= {operand: _so_far(one) for operand, one in partial.items()}
    found = {
        (code, window): values[Operand(code, window)]
        if not known[code].is_derived
        else _derived(
            expand(parse(code), known), window, {operand: values[operand] for operand in needed[code, window]}
        )
        for code, window in asked
    }
    return found, values


def _is_above_communes(unit_id: int) -> bool:
    level = standing(unit_id).level
    return level is not None and level < Level.COMMUNE


def _of_several(one: MappedValue) -> bool:
    return len({origin.unit_id for origin in one.origins}) > 1


def _so_far(one: MappedValue) -> MappedValue:
    """The total as far as it goes."""
    state = one.amount.state_so_far
    return replace(one, state=state, value=one.amount.total if state is State.VALUE else None)


def _derived(tree: Node, window: Window, values: Mapping[Operand, MappedValue]) -> MappedValue:
    """A rate from its parts; it carries all of their marks."""
    # A figure handed back by thirds is no decimal; evaluation makes fractions of all values anyway.
    exact = {
        operand: OperandValue(value.state, cast(Decimal, value.value)) for operand, value in values.items()
    }
    outcome = evaluate(tree, window, calendar(window.calendar), exact).outcome
    number = outcome if isinstance(outcome, Fraction) else None
    parts = list(values.values())
    judged = together((part.judged for part in parts), SAME_TERRITORY)
    state = State.VALUE if number is not None else state_without_outcome(part.state for part in parts)
    return MappedValue(
        state,
        number,
        judged,
        sum((part.amount for part in parts), Amount()),
        next((part.origins for part in parts if part.mark is judged.mark), ()),
        min((part.amount for part in parts), key=lambda amount: amount.reported, default=None),
    )


def _as_reported(unit_id: int, operands: Sequence[Operand], slack_days: int) -> dict[Operand, MappedValue]:
    """By the tree of each period, as everywhere else."""
    covered = coverage(unit_id, operands, slack_days)
    found = {}
    for operand in operands:
        there = covered.get(operand)
        amount = replace(Amount.of(there.parts), expected=there.expected) if there else Amount()
        value = amount.total if amount.state is State.VALUE else None
        found[operand] = MappedValue(amount.state, value, AS_REPORTED, amount)
    return found


def _on_map(
    unit_id: int, runs: Sequence[Run], on: date, rolls_up: bool, known: Names
) -> dict[Operand, MappedValue]:
    days = [day for run in runs for day in run.last_days]
    by_day, level = territories(unit_id, days, on, rolls_up=rolls_up)
    if level is None:
        return {}
    gathered = gather(runs, by_day)
    known.read(by_day.values())
    judge = lru_cache(maxsize=None)(lambda territory, day: judged_as(unit_id, territory, day, known))
    found = {}
    for run, given in gathered.items():
        amount = sum((one for each in given for one in each.amounts.values()), Amount())
        judged = together(judge(each.cell.territory, each.cell.last_day) for each in given)
        state = amount.state
        if not rolls_up and not all(_is_one_unit(each.cell.territory) for each in given):
            judged, state = _NOT_ADDED if amount.expected else judged, State.MISSING
        value = amount.total if state is State.VALUE else None
        origins = tuple(origin for each in given for origin in _origins(each, known))
        found[run.operand] = MappedValue(state, value, judged, amount, origins)
    return found


def _is_one_unit(territory: Territory) -> bool:
    return len(territory.parts) == 1 and territory.parts[0].share == 1


def judged_as(unit_id: int, territory: Territory, day: date, known: Names) -> Judged:
    """The mark of what was reported in one territory."""
    if territory.nations:
        return SAME_TERRITORY
    return mark_of_number(unit_id, [origin_of(member, day, known) for member in territory.members])


def _origins(given: Given, known: Names) -> list[Origin]:
    """Where figures came from, with what each gave."""
    return [
        origin_of(member, given.cell.last_day, known, amount.total if amount.value_count else None)
        for member, amount in given.amounts.items()
        if not isinstance(member, Nation)
    ]


def origin_of(member: Part | Whole, day: date, known: Names, total: Fraction | None = None) -> Origin:
    """A member of a territory as people know it; `total` is what it gave."""
    apart = member.apart if isinstance(member, Whole) else ()
    name = known.of(member.unit_id, day, apart)
    if isinstance(member, Whole):
        return Origin(member.unit_id, name, Fraction(1), known.acts_of(member.acts), (), total)
    return Origin(member.unit_id, name, member.share, known.acts_of(member.acts), member.bases, total)


def territory_since(unit_id: int, before: date, now: date) -> Judged:
    """Whether the unit of `now` had the same territory on the earlier day."""
    by_day, level = territories(unit_id, [before], now, rolls_up=True)
    if level == Level.NATION:
        return SAME_TERRITORY
    known = names()
    known.read(by_day.values())
    territory = by_day.get(before, NOWHERE)
    return mark_of_reported([origin_of(member, before, known) for member in territory.members], unit_id)
