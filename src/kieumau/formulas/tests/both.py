"""Both back ends over the same units, with everything a formula can ask: figures, facts, units below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import ibis
from django.db import connection, transaction

from kieumau.formulas.compile import add_columns, sql_of, tallied
from kieumau.formulas.compiling import ALL, MET, OPEN_COUNT
from kieumau.formulas.evaluate import evaluate_placed, tally_below
from kieumau.formulas.placing import below_of, facts_of, operands_of
from kieumau.formulas.trace import Outcome, Trace
from kieumau.formulas.tree import Below, Node
from kieumau.formulas.values import MISSING, Facts, OperandValue
from kieumau.formulas.windows import Fact, Operand

Counts = dict[str, Any]


@dataclass(frozen=True)
class Unit:
    """One unit: its figures, the words and points known of it, and the units one level down."""

    values: Mapping[Operand, OperandValue]
    facts: Facts = field(default_factory=dict)
    children: Sequence["Unit"] = ()

    def figure(self, operand: Operand) -> Decimal | None:
        """The value of a figure, None where there is none."""
        return self.values.get(operand, MISSING).value


def traced(tree: Node, unit: Unit) -> Trace:
    """One unit, exactly."""
    known = dict(unit.facts)
    children = [(number, child.values, child.facts) for number, child in enumerate(unit.children)]
    for below in below_of(tree):
        if below.fact is not None:
            known[below.fact] = tally_below(below.condition, children)
    return evaluate_placed(tree, unit.values, known)


def set_based(trees: Sequence[Node], units: Sequence[Unit]) -> list[list[Outcome]]:
    """The outcome of every tree for every unit, by one query over them and one over those below."""
    belows = {below.fact: below for tree in trees for below in below_of(tree) if below.fact is not None}
    with transaction.atomic(), connection.cursor() as cursor:
        counts = _tallies(cursor, list(belows.values()), units) if belows else [{} for _ in units]
        wide = _Wide("wide", trees)
        columns = {fact: f"b{index}" for index, fact in enumerate(belows)}
        numerics = [column + part for column in columns.values() for part in (MET, OPEN_COUNT, ALL)]
        wide.create(cursor, numerics, units, counts)
        wanted = {f"f{index}": tree for index, tree in enumerate(trees)}
        found = _read(cursor, add_columns(wide.table, wanted, wide.columns, wide.facts | columns))
    found.sort(key=lambda record: record["unit"])
    return [[_outcome(record, f"f{index}") for index in range(len(trees))] for record in found]


def _tallies(cursor: Any, belows: Sequence[Below], units: Sequence[Unit]) -> list[Counts]:
    """For every unit how the conditions come out below it, by one query."""
    wide = _Wide("below", [below.condition for below in belows])
    children = [child for unit in units for child in unit.children]
    parents = [{"parent": number} for number, unit in enumerate(units) for _ in unit.children]
    wide.create(cursor, ["parent"], children, parents)
    wanted = {f"b{index}": below.condition for index, below in enumerate(belows)}
    found = _read(cursor, tallied(wide.table, "parent", wanted, wide.columns, wide.facts))
    zeros = {name + part: Decimal(0) for name in wanted for part in (MET, OPEN_COUNT, ALL)}
    by_parent = {int(record.pop("parent")): record for record in found}
    return [by_parent.get(number, zeros) for number in range(len(units))]


class _Wide:
    """A table of units with a column for every figure and fact that some trees ask for."""

    def __init__(self, name: str, trees: Sequence[Node]) -> None:
        self.name = name
        asked = sorted({operand for tree in trees for operand in operands_of(tree)})
        self.columns = {operand: f"v{index}" for index, operand in enumerate(asked)}
        facts = sorted(
            {fact for tree in trees for fact in facts_of(tree) if fact.kind != "children"}, key=str
        )
        self.facts: dict[Fact, str] = {fact: f"w{index}" for index, fact in enumerate(facts)}
        self.schema: dict[str, str] = {"unit": "int64", **dict.fromkeys(self.columns.values(), "decimal")}
        for fact, column in self.facts.items():
            self.schema[column] = "decimal" if fact.kind == "points" else "string"

    def create(
        self, cursor: Any, numerics: Sequence[str], units: Sequence[Unit], beside: Sequence[Mapping[str, Any]]
    ) -> None:
        """Make the table, with some more numeric columns."""
        self.schema |= dict.fromkeys(numerics, "decimal")
        self.table = ibis.table(self.schema, name=self.name)
        kinds = {"int64": "bigint", "decimal": "numeric", "string": "text"}
        cursor.execute(f"drop table if exists pg_temp.{self.name}")
        columns = ", ".join(f"{name} {kinds[kind]}" for name, kind in self.schema.items())
        cursor.execute(f"create temporary table {self.name} ({columns})")
        with cursor.copy(f"copy {self.name} ({', '.join(self.schema)}) from stdin") as copy:
            for number, (unit, more) in enumerate(zip(units, beside, strict=True)):
                figures = [unit.figure(operand) for operand in self.columns]
                facts = [unit.facts.get(fact) for fact in self.facts]
                copy.write_row([number, *figures, *facts, *(more[name] for name in numerics)])


def _read(cursor: Any, table: Any) -> list[Counts]:
    cursor.execute(sql_of(table))
    names = [column.name for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _outcome(record: Mapping[str, object], name: str) -> Outcome:
    if name in record:
        truth = record[name]
        assert truth is None or isinstance(truth, bool)
        return truth
    num, den = record[f"{name}__num"], record[f"{name}__den"]
    assert (num is None) == (den is None)
    if num is None:
        return None
    assert isinstance(num, Decimal)
    assert isinstance(den, Decimal)
    assert den > 0
    return Fraction(num) / Fraction(den)
