"""What the formulas of a set give: for one unit exactly, or for all units with one query."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import ibis.expr.types as ir

from kieumau.assessments.judging import Judge, Reading, number_text
from kieumau.assessments.known import Asking, column_of
from kieumau.assessments.outcome_sql import outcome_word
from kieumau.assessments.rules import is_inapplicable
from kieumau.criteria.queries import Placed
from kieumau.criteria.trees import Trees
from kieumau.formulas.compile import NUM, add_columns
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import Node
from kieumau.formulas.values import MISSING, NO_FACTS, Facts, OperandValue, State, Tally
from kieumau.formulas.windows import Fact, Operand
from kieumau.indicators.set_based import Wide, rows, wide_table

STATES = tuple(State)
Figures = tuple[tuple[State, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class UnitReading:
    """One unit: a reading per criterion, a state per placed operand, the operands as JSON text.

    `facts` is what else was known of it.
    """

    unit_id: int
    readings: Sequence[Reading]
    states: Sequence[State]
    operands: str
    facts: Facts = field(default_factory=dict)


def one_unit(
    placed: Placed,
    unit_id: int,
    values: Mapping[Operand, OperandValue],
    facts: Facts = NO_FACTS,
    judge: Judge | None = None,
) -> UnitReading:
    """Evaluate every formula exactly; an operand that is not in `values` is missing.

    `facts` is what else is known of the unit. `judge` finds the verdicts that criteria ask of others;
    without one they are unknown.
    """
    found = [values.get(operand, MISSING) for operand in placed.operands]
    states = [value.state for value in found]
    known, readings = dict(facts), {}
    for index in placed.order or range(len(placed.trees)):
        readings[index] = reading = read_criterion(placed.trees[index], values, known)
        if judge is not None and index in placed.asked_criteria:
            prepared = judge.criteria[index]
            known[prepared.fact] = prepared.outcome(reading, states, known).key
    spelled = (value.value for value in found)
    text = _OperandsWriter(placed.operands).text(states, spelled, facts)
    return UnitReading(unit_id, [readings[index] for index in range(len(readings))], states, text, facts)


def read_criterion(trees: Trees, values: Mapping[Operand, OperandValue], facts: Facts) -> Reading:
    """What the placed formulas of one criterion give for one unit, exactly."""
    pair = (trees.formula, trees.applies_if)
    condition, applies = (evaluate_placed(tree, values, facts) if tree else None for tree in pair)
    return Reading(
        condition=_truth(condition),
        applies=_truth(applies) if applies else True,
        points=_number(trees.points, values, facts),
        is_inapplicable=is_inapplicable(*(trace for trace in (condition, applies) if trace)),
    )


def _truth(trace: Trace | None) -> bool | None:
    return None if trace is None or trace.outcome is None else bool(trace.outcome)


def _number(tree: Node | None, values: Mapping[Operand, OperandValue], facts: Facts) -> Fraction | None:
    outcome = evaluate_placed(tree, values, facts).outcome if tree else None
    return None if outcome is None else Fraction(outcome)


class _OperandsWriter:
    """The stored form of figures: `{"crime.total@civil:year:2025-1..2025-1": [0, "17"], …}`.

    The keys are spelled once for many units. Facts stand behind the figures (see `_spelled`).
    """

    def __init__(self, operands: Sequence[Operand]) -> None:
        self._keys = [json.dumps(operand.key) for operand in operands]

    def text(self, states: Iterable[State], values: Iterable[Decimal | None], facts: Facts = NO_FACTS) -> str:
        parts = [
            f"{key}:[{state:d}]" if value is None else f'{key}:[0,"{number_text(value)}"]'
            for key, state, value in zip(self._keys, states, values, strict=True)
        ]
        parts += [f"{json.dumps(fact.key)}:{_spelled(value)}" for fact, value in facts.items()]
        return "{" + ",".join(parts) + "}"


def operands_from(stored: Mapping[str, Sequence[int | str]]) -> dict[Operand, OperandValue]:
    """The figures an assessment was judged on, read back."""
    return {Operand.from_key(key): _stored_value(*parts) for key, parts in stored.items() if "(" not in key}


def _spelled(value: str | Decimal | Tally) -> str:
    """A fact as it is stored: `["word", "met"]`, `["points", "92.5"]`, `["units", [1, 2], [3], []]`."""
    if isinstance(value, Tally):
        return json.dumps(["units", value.met, value.failed, value.open])
    if isinstance(value, Decimal):
        return json.dumps(["points", number_text(value)])
    return json.dumps(["word", value])


def facts_from(stored: Mapping[str, Sequence[Any]]) -> dict[Fact, str | Decimal | Tally]:
    """What else an assessment was judged on, read back."""
    return {Fact.from_key(key): _stored_fact(*parts) for key, parts in stored.items() if "(" in key}


def _stored_fact(kind: str, *parts: Any) -> str | Decimal | Tally:
    if kind == "units":
        return Tally(*(tuple(part) for part in parts))
    return Decimal(parts[0]) if kind == "points" else str(parts[0])


def _stored_value(state: int | str, value: int | str | None = None) -> OperandValue:
    return OperandValue(State(int(state)), None if value is None else Decimal(str(value)))


def all_units(
    placed: Placed,
    *,
    within: str | None,
    on: date,
    slack_days: int,
    judge: Judge | None = None,
    asking: Asking | None = None,
) -> Iterator[UnitReading]:
    """Every commune that stands below the path `within` on the day: one query.

    The formulas are compiled onto one wide table of figures; numbers come as exact quotients. Criteria
    that ask for the verdicts on others come after those, and need the `judge`; whatever else is asked
    beside figures needs `asking`, which also says as known when.
    """
    beside = asking.columns(placed.facts, within) if asking else {}
    known_at = asking.known_at if asking else None
    wide = wide_table(
        placed.operands, within=within, on=on, slack_days=slack_days, beside=beside, as_known_at=known_at
    )
    facts = {fact: column_of(index) for index, fact in enumerate(placed.facts)}
    table = wide.table
    for number, wave in enumerate(placed.waves, start=1):
        table = add_columns(table, dict(_wanted(placed, wave)), wide.values, facts)
        asked = placed.asked_criteria.intersection(wave)
        if judge is not None and asked and number < len(placed.waves):
            table, found = _with_words(table, placed, judge, sorted(asked), wide, facts)
            facts |= found
    reader = _RowReader(placed, list(table.columns), wide, judge)
    for row in rows(table):
        yield reader.read(row)


def _with_words(
    table: ir.Table, placed: Placed, judge: Judge, asked: Sequence[int], wide: Wide, facts: Mapping[Fact, str]
) -> tuple[ir.Table, dict[Fact, str]]:
    """The table with the verdicts on some criteria as words, and their columns."""
    states = [wide.states[operand] for operand in placed.operands]
    words, found = {}, {}
    for index in asked:
        trees, prepared = placed.trees[index], judge.criteria[index]
        condition = f"c{index}" if trees.formula else None
        applies = f"a{index}" if trees.applies_if else None
        words[f"w{index}"] = outcome_word(table, prepared, condition, applies, states, facts)
        found[prepared.fact] = f"w{index}"
    return table.mutate(**words), found


def _wanted(placed: Placed, wave: Iterable[int]) -> Iterator[tuple[str, Node]]:
    """Column and tree of some formulas: c3 the condition of the fourth criterion, a3, p3 the others."""
    for index in wave:
        trees = placed.trees[index]
        for letter, tree in (("c", trees.formula), ("a", trees.applies_if), ("p", trees.points)):
            if tree is not None:
                yield f"{letter}{index}", tree


class _RowReader:
    """Reads rows of the wide table; where each column stands is looked up once."""

    def __init__(self, placed: Placed, columns: Sequence[str], wide: Wide, judge: Judge | None) -> None:
        self._placed = placed
        self._judge = judge
        self._known: dict[tuple[int, Figures], bool] = {}
        place = {name: index for index, name in enumerate(columns)}
        self._unit = place["unit_id"]
        self._values = [place[wide.values[operand]] for operand in placed.operands]
        self._states = [place[wide.states[operand]] for operand in placed.operands]
        self._writer = _OperandsWriter(placed.operands)
        self._facts = [
            (fact, place[column_of(index)])
            for index, fact in enumerate(placed.facts)
            if fact.kind != "children"
        ]
        self._criteria = [
            (place.get(f"c{index}"), place.get(f"a{index}"), place.get(f"p{index}{NUM}"))
            for index in range(len(placed.trees))
        ]
        number = {operand: index for index, operand in enumerate(placed.operands)}
        self._deciding = [
            [(operand, number[operand]) for operand in trees.deciding_operands()] for trees in placed.trees
        ]
        # Criteria that ask for more than figures, and those that others ask for.
        asking = (index for index, trees in enumerate(placed.trees) if trees.deciding_facts())
        self._entangled = placed.asked_criteria.union(asking)

    def read(self, row: Sequence[Any]) -> UnitReading:
        states = [STATES[row[index]] for index in self._states]
        values = [row[index] for index in self._values]
        readings = []
        for index, (condition, applies, points) in enumerate(self._criteria):
            is_unknown = (condition is not None and row[condition] is None) or (
                applies is not None and row[applies] is None
            )
            if is_unknown and self._has_inapplicable(index, states):
                if index in self._entangled:
                    return self._exactly(row, states, values)
                because = self._is_inapplicable(index, states, values)
            else:
                because = False
            readings.append(
                Reading(
                    condition=None if condition is None else row[condition],
                    applies=True if applies is None else row[applies],
                    points=None if points is None else _quotient(row[points], row[points + 1]),
                    is_inapplicable=because,
                )
            )
        facts = self._facts_of(row)
        text = self._writer.text(states, values, facts)
        return UnitReading(row[self._unit], readings, states, text, facts)

    def _facts_of(self, row: Sequence[Any]) -> Facts:
        return {fact: row[index] for fact, index in self._facts if row[index] is not None}

    def _exactly(
        self, row: Sequence[Any], states: Sequence[State], values: Sequence[Decimal | None]
    ) -> UnitReading:
        """The whole unit by exact evaluation: what one verdict is unknown for reaches others."""
        pairs = zip(self._placed.operands, states, values, strict=True)
        given = {operand: OperandValue(state, value) for operand, state, value in pairs}
        return one_unit(self._placed, row[self._unit], given, self._facts_of(row), self._judge)

    def _has_inapplicable(self, index: int, states: Sequence[State]) -> bool:
        return any(states[place] is State.NOT_APPLICABLE for _, place in self._deciding[index])

    def _is_inapplicable(self, index: int, states: Sequence[State], values: Sequence[Decimal | None]) -> bool:
        """Why a criterion is unknown is told by a trace, which only exact evaluation leaves behind.

        It is asked for only where some figure does not apply, and once for all units with the same.
        """
        deciding = self._deciding[index]
        figures = tuple((states[place], values[place]) for _, place in deciding)
        if (index, figures) not in self._known:
            given = {
                operand: OperandValue(*figure) for (operand, _), figure in zip(deciding, figures, strict=True)
            }
            self._known[index, figures] = read_criterion(
                self._placed.trees[index], given, NO_FACTS
            ).is_inapplicable
        return self._known[index, figures]


def _quotient(numerator: Decimal | None, denominator: Decimal | None) -> Fraction | None:
    if numerator is None or denominator is None:
        return None
    return Fraction(numerator) / Fraction(denominator)
