"""All units at once: placed trees compiled to one set-based query, with the outcomes of `evaluate`.

The query is staged (`staging`), so that the SQL stays in proportion to the formula.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from kieumau.formulas.compiling import ALL, MET, OPEN_COUNT, Compiler
from kieumau.formulas.exact import NUMERIC, Sql, cases, is_known
from kieumau.formulas.tree import (
    Node,
)
from kieumau.formulas.windows import Fact, Operand

NUM, DEN = "__num", "__den"
NO_COLUMNS: Mapping[Fact, str] = {}


def add_columns(
    table: ir.Table,
    wanted: Mapping[str, Node],
    columns: Mapping[Operand, str],
    of_facts: Mapping[Fact, str] = NO_COLUMNS,
) -> ir.Table:
    """`table` with the outcome of every wanted tree, row by row.

    `wanted` maps the name of a new column to a placed tree (`placing.place`). `columns` names, for
    every operand of these trees, the column of `table` with its value: a numeric without a limit on
    its digits, NULL wherever the figure's state is not VALUE. A condition becomes one nullable
    boolean `name`; a number becomes two numerics `name__num` and `name__den`, both NULL when it is
    unknown, else with `den > 0`. Raises KeyError for an operand or a fact without a column.

    `of_facts` names the columns of facts. One holds a word as text or points as a numeric, NULL where
    it is not known. For units one level down there are three, whose names begin with the one given:
    `__met`, `__open` and `__all`, how many of them the condition is true for, not known for, and how
    many there are (as `tallied` counts them). The table that is given keeps its columns, so that what
    was added can be a fact of what is added next.
    """
    compiler = Compiler(columns, of_facts)
    results: dict[str, Any] = {}
    for name, tree in wanted.items():
        found = compiler.of(tree)
        if isinstance(found, Sql):
            results[name] = found
        else:
            found = compiler.stages.shared(found)
            results[name + NUM] = found.num
            results[name + DEN] = cases([(is_known(found.num), found.divisor)])
    staged = compiler.stages.over(table)
    kept = [staged[name] for name in table.columns]
    return staged.select(*kept, **{name: sql.column for name, sql in results.items()})


def tallied(
    table: ir.Table,
    parent: str,
    wanted: Mapping[str, Node],
    columns: Mapping[Operand, str],
    of_facts: Mapping[Fact, str] = NO_COLUMNS,
) -> ir.Table:
    """How placed conditions come out for the rows of `table`, counted by its column `parent`.

    `wanted` maps a name to a condition; the table has `parent` and, for every name, the three columns
    that `add_columns` asks for.
    """
    outcomes = add_columns(table, wanted, columns, of_facts)
    counts: dict[str, Any] = {}
    for name in wanted:
        outcome = outcomes[name]
        counts[name + MET] = outcome.fill_null(False).cast(dt.int32).sum().cast(NUMERIC)
        counts[name + OPEN_COUNT] = outcome.isnull().cast(dt.int32).sum().cast(NUMERIC)
        counts[name + ALL] = outcomes.count().cast(NUMERIC)
    return outcomes.group_by(parent).aggregate(**counts)


def sql_of(table: ir.Table, dialect: str = "postgres") -> str:
    """The text of the query, to be run on the caller's own connection. Needs no database."""
    return str(ibis.to_sql(table, dialect=dialect, pretty=False))
