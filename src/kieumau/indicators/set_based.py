"""The figures of thousands of units at once: one wide table, a row per unit, two columns per operand.

Formulas are compiled onto that table (`formulas.compile`) and the whole is one query on Django's own
connection. To Ibis the table is a name and a schema; its SQL, written for PostgreSQL, goes before the
compiled query as a WITH. For every unit one walk along the primary key of `figure` (period, unit) sums
its few hundred rows into a small array of cells, in memory that stays in the processor's cache. Written
as GROUP BY over the whole table the same takes two to three times as long, most of it in a hash table
of hundreds of thousands of sums; and Ibis needs seconds to read so long a query, which it never has to.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from django.db import connection
from ibis.expr.operations import Relation, UnboundTable

from kieumau.formulas.compile import sql_of
from kieumau.formulas.exact import NUMERIC
from kieumau.formulas.staging import NO_LIMIT
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand
from kieumau.indicators.cells import cells_of, columns_of, summed
from kieumau.indicators.queries import catalogue
from kieumau.indicators.runs import Run, runs_of
from kieumau.units.models import Level

# The SQL of the wide tables made last, by name: an expression knows its tables by name only.
_queries: OrderedDict[str, str] = OrderedDict()
MOST_QUERIES = 256


@dataclass(frozen=True, slots=True)
class Beside:
    """A column beside the figures: SQL over `w.unit_id`, the unit of the row, and its type."""

    sql: str
    kind: dt.DataType


@dataclass(frozen=True, slots=True)
class Wide:
    """One row per unit: `unit_id`, and for every operand a value and a state.

    `values` and `states` name the columns. A value is an exact numeric, NULL unless its state is
    VALUE; states are the numbers of `formulas.values.State`.
    """

    table: ir.Table
    values: Mapping[Operand, str]
    states: Mapping[Operand, str]


def wide_table(
    operands: Iterable[Operand],
    *,
    on: date,
    within: str | None = None,
    level: int = Level.COMMUNE,
    slack_days: int = 0,
    beside: Mapping[str, Beside] | None = None,
    as_known_at: datetime | None = None,
) -> Wide:
    """The table of all units at COMMUNE level on a day, below the path `within`.

    `beside` are further columns by their names. The figures are those that `queries.operand_values`
    gives for each of the units by itself, `as_known_at` a moment where one is given. Raises ValueError for
    another level, whose figures are roll-ups. One small query for the catalogue; the table itself is read
    when `rows` runs an expression over it.
    """
    if level != Level.COMMUNE:
        raise ValueError(
            f"only communes have figures of their own to judge by the thousand, not level {level}"
        )
    if within is not None and not re.fullmatch(r"(\d+\.)*", within):
        raise ValueError(f"not a path in the tree: {within!r}")
    unique = tuple(dict.fromkeys(operands))
    runs = tuple(runs_of(unique, catalogue(), slack_days))
    wide, name, query = _wide(unique, runs, within or "", on, tuple((beside or {}).items()), as_known_at)
    name_query(name, query)
    return wide


def name_query(name: str, query: str) -> None:
    """Let expressions name a query as a table (`ibis.table`); a name always means the same query."""
    _queries[name] = query
    _queries.move_to_end(name)
    while len(_queries) > MOST_QUERIES:
        _queries.popitem(last=False)


def rows(table: ir.Table) -> list[tuple[Any, ...]]:
    """The rows of an expression over wide tables, run on Django's connection, in its transaction.

    To be called soon after `wide_table`: raises KeyError when 256 others have been made since.
    """
    return run(query_of(table))


def run(query: str) -> list[tuple[Any, ...]]:
    """The rows of a query, on Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def query_of(table: ir.Table) -> str:
    """The SQL of an expression over named queries, all of it. Raises KeyError as `rows` does.

    The layers of a compiled query stand behind a fence that PostgreSQL's workers do not mind.
    """
    return _sql(table.op()).replace(f"LIMIT {NO_LIMIT}", "OFFSET '0'")


@lru_cache(maxsize=32)
def _sql(relation: Relation) -> str:
    """The compiled query with the SQL of the wide tables it names before it."""
    tables = {table.name for table in relation.find(UnboundTable)}
    withs = [f'"{name}" AS ({_queries[name]})' for name in sorted(tables)]
    compiled = sql_of(relation.to_expr())
    if compiled.startswith("WITH "):
        return f"WITH {', '.join(withs)}, {compiled.removeprefix('WITH ')}"
    return f"WITH {', '.join(withs)} {compiled}"


@lru_cache(maxsize=32)
def _wide(
    operands: tuple[Operand, ...],
    runs: tuple[Run, ...],
    within: str,
    on: date,
    beside: tuple[tuple[str, Beside], ...],
    as_known_at: datetime | None,
) -> tuple[Wide, str, str]:
    """The table, its name (the same for the same query) and its query."""
    values = {operand: f"v{index}" for index, operand in enumerate(operands)}
    states = {operand: f"s{index}" for index, operand in enumerate(operands)}
    schema: dict[str, dt.DataType] = {"unit_id": dt.int32}
    for operand in operands:
        schema[values[operand]] = NUMERIC
        schema[states[operand]] = dt.int32
    cells = cells_of(runs)
    columns = ["w.unit_id"]
    by_operand = {run.operand: run for run in runs}
    for operand in operands:
        run = by_operand.get(operand)
        value, state = columns_of(run, cells) if run else ("NULL::numeric", f"{State.MISSING:d}")
        columns += [f"{value} AS {values[operand]}", f"{state} AS {states[operand]}"]
    for column, more in beside:
        schema[column] = more.kind
        columns.append(f"{more.sql} AS {column}")
    # OFFSET 0: every column is worked out once, however often the formulas name it.
    query = f"SELECT {', '.join(columns)} FROM ({summed(cells, _units(within, on), as_known_at)}) w OFFSET 0"
    name = f"figures_{sha256(query.encode()).hexdigest()[:24]}"
    return Wide(ibis.table(schema, name=name), values, states), name, query


def _units(within: str, on: date) -> str:
    """SQL: the communes on a day, below a path."""
    units = (
        f"SELECT p.unit_id FROM unit_position p"
        f" WHERE p.level = {Level.COMMUNE:d} AND p.valid @> DATE '{on:%Y-%m-%d}'"
    )
    return f"{units} AND p.path >= '{within}' AND p.path < '{within}:'" if within else units
