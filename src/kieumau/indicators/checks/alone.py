"""The checks of one unit and one period, each with its trace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kieumau.formulas.trace import Trace
from kieumau.formulas.values import OperandValue, State
from kieumau.formulas.windows import Operand
from kieumau.indicators.checks.failing import Failing, traced
from kieumau.indicators.checks.touching import Changed, Touch
from kieumau.indicators.facts import reported
from kieumau.indicators.rules import Parts, combine, part

Given = Mapping[Changed, tuple[State, Decimal | None]]

_NOTHING = Parts()


@dataclass(frozen=True, slots=True)
class Alone:
    """A check at one period for one unit: what it read and how it came out."""

    touch: Touch
    values: Mapping[Operand, OperandValue]
    trace: Trace


def evaluated(unit_id: int, touches: Iterable[Touch]) -> list[Alone]:
    """Every touched check for a unit at any level by what it itself reported.

    What the units below reported is never rolled up here: a check is about one return. One query.
    """
    touches = list(touches)
    parts = reported(unit_id, _keys(touches))
    return [_evaluated(touch, parts) for touch in touches]


def failing_alone(unit_id: int, touches: Iterable[Touch], given: Given) -> list[Failing]:
    """Those of the touched checks that do not hold once the figures `given` are kept."""
    touches = list(touches)
    parts = reported(unit_id, _keys(touches).difference(given))
    parts |= {key: part(state, value) for key, (state, value) in given.items()}
    there = {period for period, _ in parts}
    asked = (_evaluated(touch, parts) for touch in touches if _is_worth_asking(touch, there))
    return [
        Failing(
            one.touch.check,
            unit_id,
            one.touch.at,
            one.touch.period,
            all(one.touch.reads[key] for key in one.touch.reads if key in given),
            one.touch.there.keys,
            one.values,
        )
        for one in asked
        if one.trace.outcome is False
    ]


def _is_worth_asking(touch: Touch, there: set[int]) -> bool:
    """Nothing is known of a later period of which the unit reported nothing yet (see `together`)."""
    own = touch.there.own_periods
    return not own or not own.isdisjoint(there) or not all(touch.reads.values())


def _keys(touches: Iterable[Touch]) -> set[Changed]:
    return {key for touch in touches for key in touch.there.keys}


def _evaluated(touch: Touch, parts: Mapping[Changed, Parts]) -> Alone:
    values = {
        run.operand: combine(
            len(run.periods), [parts.get((period, run.indicator_id), _NOTHING) for period in run.periods]
        )
        for run in touch.there.runs.values()
    }
    return Alone(touch, values, traced(touch.check, touch.at, values))
