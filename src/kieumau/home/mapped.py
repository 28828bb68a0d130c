"""The numbers of a page on a map: read together, then asked for one by one, derived ones worked out.

A total is shown as far as it goes and says how far that is; so is what several predecessors reported. A
commune's own figure is whole or there is none. Verdicts never rest on such a total.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import cast

from kieumau.calendars.library import calendar as calendar_of
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands_of, place
from kieumau.formulas.tree import Node
from kieumau.formulas.values import OperandValue, State
from kieumau.formulas.windows import Operand, Window
from kieumau.home.places import Place
from kieumau.home.viewing import View
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.maps.between import Between, Compared, between
from kieumau.indicators.maps.comparing import change_between, rose_from_zero
from kieumau.indicators.maps.reporting import ByPair, Pair
from kieumau.indicators.maps.rules import Amount, Judged, Mark, Origin, together
from kieumau.indicators.maps.tabled import (
    KnownNow,
    Tabled,
    known_now,
    moved_since,
    own_on_map,
    reported_otherwise,
    tabled,
)
from kieumau.indicators.rules import state_without_outcome
from kieumau.indicators.runs import Run, runs_of
from kieumau.units.models import Level
from kieumau.web.charts import Exact

Catalogue = Mapping[str, Definition]
NO_AMOUNT = Amount()


@dataclass(frozen=True, slots=True)
class Shown:
    """One number of a page, or why there is none; of how many figures it is made, and of how many at most.

    `expected` is 0 where nothing is added up. `judged` says how far the number compares on its map.
    """

    value: Exact | None
    state: State
    reported: int = 0
    expected: int = 0
    judged: Judged | None = None
    amount: Amount = NO_AMOUNT
    origins: tuple[Origin, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Is something still to come?"""
        return self.reported < self.expected


NOTHING = Shown(None, State.MISSING)


class Reader:
    """The figures of one unit for some indicators over some windows.

    Four queries, five above communes; one or two more where something lacks in both periods of a comparison.
    """

    def __init__(
        self,
        stands: Place,
        view: View,
        known: Catalogue,
        wanted: Iterable[tuple[Definition, Window]],
    ) -> None:
        self._unit = stands.unit
        self._view = view
        self._known = known
        self._wanted = list(wanted)
        operands = dict.fromkeys(
            operand for one, window in self._wanted for operand in parts_of(one, window, known)
        )
        runs = {run.operand: run for run in runs_of(operands, known)}
        self._runs = runs
        self.now: KnownNow = known_now()
        self._tabled = tabled(
            self._unit.id, self._unit.level, list(runs.values()), view.on, self.now, view.known_at
        )
        self._is_above = self._unit.level < Level.COMMUNE
        self._own: Mapping[Operand, Tabled] = {}
        rolling = [run for run in runs.values() if run.rolls_up]
        if self._is_above and rolling:
            self._own = own_on_map(self._unit.id, rolling, view.on, self.now, view.known_at)
        self._lies: Mapping[tuple[str, Window], Between] | None = None

    @property
    def catalogues(self) -> set[str]:
        """The catalogues of which there is any figure here."""
        some = (self._tabled, self._own)
        there = [operand for found in some for operand, one in found.items() if one.amount.answered]
        return {self._known[operand.indicator].catalogue for operand in there}

    def shown(self, one: Definition, window: Window) -> Shown:
        """An indicator over one of its periods; a derived one from what there is of its parts."""
        return self._made_of(one, window, self._base)

    def part(self, operand: Operand) -> Shown:
        """One of the figures that a derived indicator is made of."""
        return self._base(operand)

    def reported(self, one: Definition, window: Window) -> Shown | None:
        """What the unit itself reported, where the page shows a roll-up; None where there is nothing of it.

        On another map that is the sum of what the units reported that became it. Where one of them has no
        own figure there is no sum; the origins without a total are those that lack one.
        """
        if not self._is_above:
            return None
        own = self._made_of(one, window, self._own_base)
        gave = [origin.total is not None for origin in own.origins]
        return own if own.value is not None or (any(gave) and not all(gave)) else None

    def runs(self, one: Definition, window: Window) -> Iterator[Run]:
        """The periods of the figures that an indicator over a window is made of."""
        return (self._runs[each] for each in parts_of(one, window, self._known) if each in self._runs)

    def reporters(self, operand: Operand) -> dict[int, Origin | None]:
        """The units whose own figures one rests on here: the unit itself, and on a map those it came from."""
        found = self._own if self._is_above else self._tabled
        origins = found[operand].origins if operand in found else ()
        return {self._unit.id: None} | {origin.unit_id: origin for origin in origins}

    def between(self, one: Definition, window: Window, now: Shown, before: Shown) -> Judged | None:
        """How a number compares with that of a year ago; None where there is none to compare."""
        calendar = calendar_of(window.calendar)
        ago = calendar.year_ago(window)
        if ago is None or now.value is None or now.judged is None or before.judged is None:
            return None
        marks = [now.judged, before.judged]
        if self._view.is_reported:
            marks.append(
                moved_since(self._unit.id, calendar.last_day(ago), calendar.last_day(window), self.now)
            )
        if self._lies is None:
            self._lies = self._compared()
        lies = self._lies.get((one.code, window))
        return lies.judged(marks, now.amount, before.amount) if lies else together(marks)

    def _compared(self) -> dict[tuple[str, Window], Between]:
        """What lies between each indicator's latest window of those wanted and the year before it."""
        windows: dict[str, set[Window]] = {}
        for one, window in self._wanted:
            windows.setdefault(one.code, set()).add(window)
        compared = {}
        for code, some in windows.items():
            latest = max(some, key=lambda each: each.last)
            ago = calendar_of(latest.calendar).year_ago(latest)
            if ago in some:
                one = self._known[code]
                parts = (parts_of(one, each, self._known) for each in (latest, ago))
                compared[code] = Compared(latest, ago, list(zip(*parts, strict=False)))

        def who(pairs: Sequence[Pair]) -> ByPair:
            unit, view = self._unit, self._view
            return reported_otherwise(unit.id, unit.level, pairs, view.on, self.now, view.known_at)

        found = between(
            compared,
            {operand: one.amount for operand, one in self._tabled.items()},
            self._runs,
            lambda code: self.now.of(self._known[code], self._known),
            who,
        )
        return {(code, compared[code].window): lies for code, lies in found.items()}

    def _made_of(self, one: Definition, window: Window, figure: Callable[[Operand], Shown]) -> Shown:
        """The indicator from the figures of its operands: one alone, or its formula over them."""
        parts = {operand: figure(operand) for operand in parts_of(one, window, self._known)}
        if not one.formula:
            return next(iter(parts.values()))
        # A figure handed back by thirds is no decimal; evaluation makes fractions of all values anyway.
        values = {
            operand: OperandValue(part.state, cast(Decimal, part.value)) for operand, part in parts.items()
        }
        outcome = evaluate_placed(_placed(one, window, self._known), values).outcome
        least = min(parts.values(), key=lambda part: part.reported, default=NOTHING)
        made = replace(
            least,
            judged=together(part.judged for part in parts.values() if part.judged),
            amount=sum((part.amount for part in parts.values()), Amount()),
        )
        if outcome is None or isinstance(outcome, bool):
            return replace(
                made, value=None, state=state_without_outcome(part.state for part in parts.values())
            )
        return replace(made, value=outcome, state=State.VALUE)

    def _base(self, operand: Operand) -> Shown:
        """One figure: a commune's own, above it (or of several predecessors) as much as there is."""
        if (run := self._runs.get(operand)) is None or (one := self._tabled.get(operand)) is None:
            return NOTHING
        of_several = len({origin.unit_id for origin in one.origins}) > 1
        if (self._is_above and run.rolls_up) or of_several:
            return _as_far_as_it_goes(one)
        return _whole(one)

    def _own_base(self, operand: Operand) -> Shown:
        """What the unit itself reported of a figure that is rolled up."""
        return _whole(self._own[operand]) if operand in self._own else NOTHING


def change_of(
    one: Definition, now: Exact | None, before: Exact | None, judged: Judged | None
) -> Fraction | None:
    """The change as `change_between` works it out; None where the two cannot be compared."""
    return change_between(_exact(now), _exact(before), _mark(judged), is_share=one.is_share)


def from_zero(now: Exact | None, before: Exact | None, judged: Judged | None) -> bool:
    """Is there no rate of change only because there was nothing a year ago?"""
    return rose_from_zero(_exact(now), _exact(before), _mark(judged))


def _exact(value: Exact | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _mark(judged: Judged | None) -> Mark:
    return judged.mark if judged else Mark.SAME


MOST_KEPT = 2_000
_kept: dict[tuple[str, str, Window | None], Node] = {}


def parts_of(one: Definition, window: Window, known: Catalogue) -> Sequence[Operand]:
    """The figures that an indicator over a window is made of."""
    if not one.formula:
        return [Operand(one.code, window)]
    return operands_of(_placed(one, window, known))


def _placed(one: Definition, window: Window, known: Catalogue) -> Node:
    """The formula of a derived indicator over a window; kept under all formulas it could rest on."""
    formulas = _formulas(known)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    if (found := _kept.get((one.code, formulas, window))) is None:
        if (tree := _kept.get((one.code, formulas, None))) is None:
            tree = _kept[one.code, formulas, None] = expand(parse(one.formula), known)
        found = _kept[one.code, formulas, window] = place(tree, window, calendar_of(window.calendar))
    return found


_joined: list[tuple[Catalogue, str]] = []


def _formulas(known: Catalogue) -> str:
    """All formulas of the catalogue; put together once for as long as it is the same."""
    if not _joined or _joined[0][0] is not known:
        _joined[:] = [(known, "\n".join(each.formula for each in known.values() if each.formula))]
    return _joined[0][1]


def _whole(one: Tabled) -> Shown:
    """All of the figures, or the reason why there is no whole."""
    state = one.amount.state
    value = one.amount.total if state is State.VALUE else None
    return Shown(value, state, judged=one.judged, amount=one.amount, origins=one.origins)


def _as_far_as_it_goes(one: Tabled) -> Shown:
    """The sum of what was reported, with how much that is."""
    amount = one.amount
    state = amount.state_so_far
    value = amount.total if state is State.VALUE else None
    return Shown(value, state, amount.reported, amount.expected, one.judged, amount, one.origins)
