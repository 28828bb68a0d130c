"""What the formulas of a set give: for one unit exactly, or for all units with one query."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kieumau.assessments.judging import Reading, number_text
from kieumau.assessments.rules import is_inapplicable
from kieumau.criteria.queries import Placed
from kieumau.criteria.trees import Trees
from kieumau.formulas.compile import NUM, add_columns
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import Node
from kieumau.formulas.values import MISSING, OperandValue, State
from kieumau.formulas.windows import Operand
from kieumau.indicators.set_based import Wide, rows, wide_table

STATES = tuple(State)
Figures = tuple[tuple[State, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class UnitReading:
    """One unit: a reading per criterion, and the placed operands as JSON text."""

    unit_id: int
    readings: Sequence[Reading]
    operands: str


def one_unit(placed: Placed, unit_id: int, values: Mapping[Operand, OperandValue]) -> UnitReading:
    """Evaluate every formula exactly; an operand that is not in `values` is missing."""
    found = [values.get(operand, MISSING) for operand in placed.operands]
    readings = [_reading(trees, values) for trees in placed.trees]
    spelled = (value.value for value in found)
    states = (value.state for value in found)
    return UnitReading(unit_id, readings, _OperandsWriter(placed.operands).text(states, spelled))


def _reading(trees: Trees, values: Mapping[Operand, OperandValue]) -> Reading:
    traces = [evaluate_placed(tree, values) if tree else None for tree in (trees.formula, trees.applies_if)]
    condition, applies = traces
    return Reading(
        condition=_truth(condition),
        applies=_truth(applies) if applies else True,
        points=_number(trees.points, values),
        is_inapplicable=is_inapplicable(*(trace for trace in traces if trace)),
    )


def _truth(trace: Trace | None) -> bool | None:
    return None if trace is None or trace.outcome is None else bool(trace.outcome)


def _number(tree: Node | None, values: Mapping[Operand, OperandValue]) -> Fraction | None:
    outcome = evaluate_placed(tree, values).outcome if tree else None
    return None if outcome is None else Fraction(outcome)


class _OperandsWriter:
    """The stored form of figures: `{"crime.total@civil:year:2025-1..2025-1": [0, "17"], …}`.

    The keys are spelled once for many units.
    """

    def __init__(self, operands: Sequence[Operand]) -> None:
        self._keys = [json.dumps(operand.key) for operand in operands]

    def text(self, states: Iterable[State], values: Iterable[Decimal | None]) -> str:
        parts = (
            f"{key}:[{state:d}]" if value is None else f'{key}:[0,"{number_text(value)}"]'
            for key, state, value in zip(self._keys, states, values, strict=True)
        )
        return "{" + ",".join(parts) + "}"


def operands_from(stored: Mapping[str, Sequence[int | str]]) -> dict[Operand, OperandValue]:
    """The figures an assessment was judged on, read back."""
    return {Operand.from_key(key): _stored_value(*parts) for key, parts in stored.items()}


def _stored_value(state: int | str, value: int | str | None = None) -> OperandValue:
    return OperandValue(State(int(state)), None if value is None else Decimal(str(value)))


def all_units(placed: Placed, *, within: str | None, on: date, slack_days: int) -> Iterator[UnitReading]:
    """Every commune that stands below the path `within` on the day: one query.

    The formulas are compiled onto one wide table of figures; numbers come as exact quotients.
    """
    wide = wide_table(placed.operands, within=within, on=on, slack_days=slack_days)
    table = add_columns(wide.table, dict(_wanted(placed)), wide.values)
    reader = _RowReader(placed, list(table.columns), wide)
    for row in rows(table):
        yield reader.read(row)


def _wanted(placed: Placed) -> Iterator[tuple[str, Node]]:
    """Column and tree of every formula: c3 the condition of the fourth criterion, a3, p3 the others."""
    for index, trees in enumerate(placed.trees):
        for letter, tree in (("c", trees.formula), ("a", trees.applies_if), ("p", trees.points)):
            if tree is not None:
                yield f"{letter}{index}", tree


class _RowReader:
    """Reads rows of the wide table; where each column stands is looked up once."""

    def __init__(self, placed: Placed, columns: Sequence[str], wide: Wide) -> None:
        self._placed = placed
        self._known: dict[tuple[int, Figures], bool] = {}
        place = {name: index for index, name in enumerate(columns)}
        self._unit = place["unit_id"]
        self._values = [place[wide.values[operand]] for operand in placed.operands]
        self._states = [place[wide.states[operand]] for operand in placed.operands]
        self._writer = _OperandsWriter(placed.operands)
        self._criteria = [
            (place.get(f"c{index}"), place.get(f"a{index}"), place.get(f"p{index}{NUM}"))
            for index in range(len(placed.trees))
        ]
        number = {operand: index for index, operand in enumerate(placed.operands)}
        self._deciding = [
            [(operand, number[operand]) for operand in trees.deciding_operands()] for trees in placed.trees
        ]

    def read(self, row: Sequence[Any]) -> UnitReading:
        states = [STATES[row[index]] for index in self._states]
        values = [row[index] for index in self._values]
        readings = []
        for index, (condition, applies, points) in enumerate(self._criteria):
            is_unknown = (condition is not None and row[condition] is None) or (
                applies is not None and row[applies] is None
            )
            readings.append(
                Reading(
                    condition=None if condition is None else row[condition],
                    applies=True if applies is None else row[applies],
                    points=None if points is None else _quotient(row[points], row[points + 1]),
                    is_inapplicable=is_unknown and self._is_inapplicable(index, states, values),
                )
            )
        return UnitReading(row[self._unit], readings, self._writer.text(states, values))

    def _is_inapplicable(self, index: int, states: Sequence[State], values: Sequence[Decimal | None]) -> bool:
        """Why a criterion is unknown is told by a trace, which only exact evaluation leaves behind.

        It is asked for only where some figure does not apply, and once for all units with the same.
        """
        deciding = self._deciding[index]
        if not any(states[place] is State.NOT_APPLICABLE for _, place in deciding):
            return False
        figures = tuple((states[place], values[place]) for _, place in deciding)
        if (index, figures) not in self._known:
            given = {
                operand: OperandValue(*figure) for (operand, _), figure in zip(deciding, figures, strict=True)
            }
            trees = self._placed.trees[index]
            found = [evaluate_placed(tree, given) for tree in (trees.formula, trees.applies_if) if tree]
            self._known[index, figures] = is_inapplicable(*found)
        return self._known[index, figures]


def _quotient(numerator: Decimal | None, denominator: Decimal | None) -> Fraction | None:
    if numerator is None or denominator is None:
        return None
    return Fraction(numerator) / Fraction(denominator)
