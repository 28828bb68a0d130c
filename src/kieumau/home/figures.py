"""The main figures of a page: the latest period, the same period last year, and the way there.

A commune shows its own figures, everything above it the roll-up of its communes with how many of them
have reported: here a total is shown as far as it goes and says so. Verdicts never rest on such a total.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language

from kieumau.calendars.library import calendar as calendar_of
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands_of, place
from kieumau.formulas.tree import Node
from kieumau.formulas.values import OperandValue, State
from kieumau.formulas.windows import Operand, Window
from kieumau.home.periods import latest_periods
from kieumau.home.queries import Place
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.facts import Found, own_figures, rolled_up, standing
from kieumau.indicators.queries import catalogue
from kieumau.indicators.rules import Parts
from kieumau.indicators.runs import Run, runs_of
from kieumau.kernel.messages import Text
from kieumau.units.models import Level
from kieumau.web.charts import Exact, Series

MOST_SHOWN = 8
Catalogue = Mapping[str, Definition]


@dataclass(frozen=True, slots=True)
class Shown:
    """One number of a page, or why there is none; of how many figures it is made, and of how many at most.

    `expected` is 0 where nothing is added up.
    """

    value: Exact | None
    state: State
    reported: int = 0
    expected: int = 0

    @property
    def is_partial(self) -> bool:
        """Is something still to come?"""
        return self.reported < self.expected


NOTHING = Shown(None, State.MISSING)


@dataclass(frozen=True, slots=True)
class MainFigure:
    """One row: an indicator in its latest period, a year before, and in the periods between.

    `change` is relative (−0.17), for a share the difference of the two; None where they cannot be
    compared. `own` is what the unit itself reported beside its roll-up. `series` ends with the latest
    period.
    """

    indicator: Definition
    period: Text
    now: Shown
    before: Shown
    change: Fraction | None
    series: Series
    own: Shown | None

    @property
    def is_rough(self) -> bool:
        """Are two totals compared of which one is not whole?"""
        return self.now.is_partial or self.before.is_partial

    @property
    def polarity(self) -> int:
        """Whether more is good; nothing is called better or worse on a rough comparison."""
        return 0 if self.is_rough else self.indicator.polarity

    @property
    def difference(self) -> Exact | None:
        """What the unit reported beyond its roll-up."""
        if self.own is None or self.own.value is None or self.now.value is None:
            return None
        return Fraction(self.own.value) - Fraction(self.now.value)


def main_figures(
    stands: Place, until: date | None = None, known: Catalogue | None = None
) -> list[MainFigure]:
    """The main indicators that have figures here, the latest period that ended by `until` (None: any).

    `known` is the catalogue, where the caller has read it. At most `MOST_SHOWN`, in its order. Five
    queries at most, whatever lies below.
    """
    last_day = min((day for day in (until, stands.unit.ended_on) if day), default=None)
    known = catalogue() if known is None else known
    main = [one for one in known.values() if one.is_main]
    latest = latest_periods(stands, last_day) if main else {}
    shown = [one for one in main if (one.calendar, one.period_kind) in latest]
    if not shown:
        return []
    table = _Table(stands, known, shown, latest)
    return [row for one in shown if (row := table.row(one))][:MOST_SHOWN]


class _Table:
    """Everything read at once, then asked for figure by figure."""

    def __init__(
        self,
        stands: Place,
        known: Catalogue,
        shown: Sequence[Definition],
        latest: Mapping[tuple[str, str], Window],
    ) -> None:
        self._known = known
        self._windows = {kind: _run(window) for kind, window in latest.items()}
        wanted = {
            operand: None
            for one in shown
            for window in self._windows[one.calendar, one.period_kind]
            for operand in self._operands(one, window)
        }
        self._runs = {run.operand: run for run in runs_of(wanted, known)}
        self._is_above = stands.unit.level < Level.COMMUNE
        self._own = own_figures(stands.unit.id, self._runs.values())
        self._found = self._own
        if self._is_above:
            self._stands = standing(stands.unit.id)
            self._found = rolled_up(stands.unit.id, stands.unit.level, self._runs.values())
        catalogues = {one.id: one.catalogue for one in known.values()}
        there = (*self._found.parts, *self._own.parts)
        self._catalogues = {catalogues[indicator] for _, indicator in there if indicator in catalogues}

    def row(self, one: Definition) -> MainFigure | None:
        """The row of one indicator; None where its catalogue has no figures here at all."""
        if one.catalogue not in self._catalogues:
            return None
        windows = self._windows[one.calendar, one.period_kind]
        calendar = calendar_of(one.calendar)
        shown = {window: self._shown(one, window) for window in windows}
        now = shown[windows[-1]]
        year_ago = calendar.year_ago(windows[-1])
        before = shown.get(year_ago, NOTHING) if year_ago else NOTHING
        language = get_language() or "vi"
        return MainFigure(
            one,
            calendar.label(windows[-1]),
            now,
            before,
            _change(one, now.value, before.value),
            Series(
                [calendar.label(window).in_(language) for window in windows],
                _drawn([shown[window] for window in windows]),
            ),
            self._reported(one, windows[-1]),
        )

    def _operands(self, one: Definition, window: Window) -> Sequence[Operand]:
        if not one.formula:
            return [Operand(one.code, window)]
        return operands_of(_placed(one, window, self._known))

    def _shown(self, one: Definition, window: Window) -> Shown:
        """An indicator over one of its periods; a derived one from what there is of its parts."""
        return self._made_of(one, window, self._base)

    def _made_of(self, one: Definition, window: Window, figure: Callable[[Operand], Shown]) -> Shown:
        """The indicator from the figures of its operands: one alone, or its formula over them."""
        parts = {operand: figure(operand) for operand in self._operands(one, window)}
        if not one.formula:
            return next(iter(parts.values()))
        values = {operand: OperandValue(part.state, _decimal(part)) for operand, part in parts.items()}
        outcome = evaluate_placed(_placed(one, window, self._known), values).outcome
        least = min(parts.values(), key=lambda part: part.reported, default=NOTHING)
        if outcome is None or isinstance(outcome, bool):
            lacking = [part.state for part in parts.values() if part.value is None]
            # With nothing lacking the divisor was zero: no report is missing, there was nothing to count.
            return Shown(None, _worst(lacking) or State.NOT_APPLICABLE, least.reported, least.expected)
        return Shown(outcome, State.VALUE, least.reported, least.expected)

    def _base(self, operand: Operand) -> Shown:
        """One figure: a commune's own, above it as much of the roll-up as there is."""
        if (run := self._runs.get(operand)) is None:
            return NOTHING
        if self._is_above and run.rolls_up:
            expected = sum(self._stands.commune_count(day) for day in run.last_days)
            return _as_far_as_it_goes(run, self._found, expected)
        return _whole(run, self._own)

    def _reported(self, one: Definition, window: Window) -> Shown | None:
        """What the unit itself reported, where the page shows a roll-up."""
        if not self._is_above:
            return None
        own = self._made_of(one, window, self._own_base)
        return own if own.value is not None else None

    def _own_base(self, operand: Operand) -> Shown:
        """What the unit itself reported of a figure that is rolled up."""
        run = self._runs.get(operand)
        return _whole(run, self._own) if run is not None and run.rolls_up else NOTHING


MOST_KEPT = 2_000
_kept: dict[tuple[str, str, Window | None], Node] = {}


def _placed(one: Definition, window: Window, known: Catalogue) -> Node:
    """The formula of a derived indicator over a window; kept under all formulas it could rest on."""
    formulas = "\n".join(each.formula for each in known.values() if each.formula)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    if (found := _kept.get((one.code, formulas, window))) is None:
        if (tree := _kept.get((one.code, formulas, None))) is None:
            tree = _kept[one.code, formulas, None] = expand(parse(one.formula), known)
        found = _kept[one.code, formulas, window] = place(tree, window, calendar_of(window.calendar))
    return found


def _run(latest: Window) -> list[Window]:
    """The periods of a small chart, from the same period last year to the latest; five for years."""
    calendar = calendar_of(latest.calendar)
    per_year = calendar.per_year(latest.kind)
    first = latest
    for _ in range(per_year if per_year > 1 else 4):
        first = calendar.previous(first) or calendar.year_ago(first) or first
    return calendar.windows(latest.kind, first, latest)


def _whole(run: Run, found: Found) -> Shown:
    """All of the run's figures, or the reason why there is no whole."""
    parts = [found.parts.get((period, run.indicator_id), Parts()) for period in run.periods]
    state = _worst(_state(part) for part in parts)
    if state is not None:
        return Shown(None, state)
    return Shown(sum((part.total for part in parts), Decimal(0)), State.VALUE)


def _as_far_as_it_goes(run: Run, found: Found, expected: int) -> Shown:
    """The sum of what was reported, with how much that is."""
    parts = sum((found.parts.get((period, run.indicator_id), Parts()) for period in run.periods), Parts())
    reported = parts.value_count + parts.not_applicable_count + parts.refused_count
    state = _state(parts)
    return Shown(parts.total if state is State.VALUE else None, state, reported, expected)


def _state(parts: Parts) -> State:
    """A value as soon as there is one figure; else why there is none."""
    if parts.value_count:
        return State.VALUE
    if parts.refused_count:
        return State.REFUSED
    return State.NOT_APPLICABLE if parts.not_applicable_count else State.MISSING


def _worst(states: Iterable[State]) -> State | None:
    """What keeps a run from having a value: missing before refused before not applicable."""
    found = set(states)
    return next((one for one in (State.MISSING, State.REFUSED, State.NOT_APPLICABLE) if one in found), None)


def _decimal(part: Shown) -> Decimal | None:
    return part.value if isinstance(part.value, Decimal) else None


def _drawn(points: Sequence[Shown]) -> list[Exact | None]:
    """The values of a small chart, without a latest period of which less is there than of any before.

    A month that is still coming in would look like a fall.
    """
    values = [point.value for point in points]
    *earlier, latest = points
    if latest.is_partial and all(_coverage(latest) < _coverage(one) for one in earlier if one.reported):
        values[-1] = None
    return values


def _coverage(point: Shown) -> Fraction:
    """How much of a total is there; a figure that is no total is whole."""
    return Fraction(point.reported, point.expected) if point.expected else Fraction(1)


def _change(one: Definition, now: Exact | None, before: Exact | None) -> Fraction | None:
    if now is None or before is None:
        return None
    difference = Fraction(now) - Fraction(before)
    if one.is_share:
        return difference
    return difference / Fraction(before) if before > 0 else None
