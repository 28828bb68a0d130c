"""The figures of thousands of units at once: one wide table, a row per unit, two columns per operand.

Formulas are compiled onto that table (`formulas.compile`) and the whole is one query on Django's own
connection. To Ibis the table is a name and a schema; its SQL, written for PostgreSQL, goes before the
compiled query as a WITH. For every unit one walk along the primary key of `figure` (period, unit) sums
its few hundred rows into a small array of cells, in memory that stays in the processor's cache. Written
as GROUP BY over the whole table the same takes two to three times as long, most of it in a hash table
of hundreds of thousands of sums; and Ibis needs seconds to read so long a query, which it never has to.
"""

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand
from kieumau.indicators.queries import catalogue
from kieumau.indicators.runs import Run, runs_of
from kieumau.units.models import Level

# The counts of a cell in one number: values, then not applicable, then refused, 16 bits each. A run
# has far fewer periods than 65,536.
FIELD = 1 << 16
NOT_APPLICABLE, REFUSED = FIELD, FIELD * FIELD

# The SQL of the wide tables made last, by name: an expression knows its tables by name only.
_queries: OrderedDict[str, str] = OrderedDict()
MOST_QUERIES = 256


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
) -> Wide:
    """The table of all units at COMMUNE level on a day, below the path `within`.

    The figures are those that `queries.operand_values` gives for each of the units by itself. Raises
    ValueError for another level, whose figures are roll-ups. One small query for the catalogue; the
    table itself is read when `rows` runs an expression over it.
    """
    if level != Level.COMMUNE:
        raise ValueError(
            f"only communes have figures of their own to judge by the thousand, not level {level}"
        )
    if within is not None and not re.fullmatch(r"(\d+\.)*", within):
        raise ValueError(f"not a path in the tree: {within!r}")
    unique = tuple(dict.fromkeys(operands))
    runs = tuple(runs_of(unique, catalogue(), slack_days))
    wide, name, query = _wide(unique, runs, within or "", on)
    _queries[name] = query
    _queries.move_to_end(name)
    while len(_queries) > MOST_QUERIES:
        _queries.popitem(last=False)
    return wide


def rows(table: ir.Table) -> list[tuple[Any, ...]]:
    """The rows of an expression over wide tables, run on Django's connection, in its transaction.

    To be called soon after `wide_table`: raises KeyError when 256 others have been made since.
    """
    with connection.cursor() as cursor:
        cursor.execute(_sql(table.op()))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


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
    operands: tuple[Operand, ...], runs: tuple[Run, ...], within: str, on: date
) -> tuple[Wide, str, str]:
    """The table, its name (the same for the same query) and its query."""
    values = {operand: f"v{index}" for index, operand in enumerate(operands)}
    states = {operand: f"s{index}" for index, operand in enumerate(operands)}
    schema: dict[str, dt.DataType] = {"unit_id": dt.int32}
    for operand in operands:
        schema[values[operand]] = NUMERIC
        schema[states[operand]] = dt.int32
    cells = _cells(runs)
    columns = ["w.unit_id"]
    by_operand = {run.operand: run for run in runs}
    for operand in operands:
        run = by_operand.get(operand)
        value, state = _columns(run, cells) if run else ("NULL::numeric", f"{State.MISSING:d}")
        columns += [f"{value} AS {values[operand]}", f"{state} AS {states[operand]}"]
    # OFFSET 0: every column is worked out once, however often the formulas name it.
    query = f"SELECT {', '.join(columns)} FROM ({_summed(cells, within, on)}) w OFFSET 0"
    name = f"figures_{sha256(query.encode()).hexdigest()[:24]}"
    return Wide(ibis.table(schema, name=name), values, states), name, query


@dataclass(frozen=True, slots=True)
class _Cells:
    """Figures that always go together, summed once.

    `groups` are sets of periods that no operand tells apart (two windows that overlap make three
    groups); a cell is an indicator in one group. `places` gives the one-based place of a cell by
    indicator and group, `group_of` the group of a period.
    """

    groups: Sequence[Sequence[int]]
    group_of: Mapping[int, int]
    places: Mapping[tuple[int, int], int]


def _cells(runs: Sequence[Run]) -> _Cells:
    """Cut the periods of all runs into groups, and list the cells that are needed."""
    used_by: dict[int, set[tuple[int, ...]]] = defaultdict(set)
    for run in runs:
        for period in run.periods:
            used_by[period].add(run.periods)
    groups: dict[frozenset[tuple[int, ...]], list[int]] = defaultdict(list)
    for period in sorted(used_by):
        groups[frozenset(used_by[period])].append(period)
    group_of = {period: number for number, periods in enumerate(groups.values()) for period in periods}
    needed = sorted({(run.indicator_id, group_of[period]) for run in runs for period in run.periods})
    return _Cells(
        groups=list(groups.values()),
        group_of=group_of,
        places={cell: place for place, cell in enumerate(needed, start=1)},
    )


def _columns(run: Run, cells: _Cells) -> tuple[str, str]:
    """SQL of the value and the state of one operand, from the cells it is made of.

    The state is that of `rules.state_of`; the usual case, all values, is told by one comparison.
    """
    groups = dict.fromkeys(cells.group_of[period] for period in run.periods)
    places = [cells.places[run.indicator_id, group] for group in groups]
    total = " + ".join(f"w.totals[{place}]" for place in places)
    counts = " + ".join(f"w.counts[{place}]" for place in places)
    expected = len(run.periods)
    known = f"({counts}) % {FIELD} + (({counts}) / {NOT_APPLICABLE}) % {FIELD} + ({counts}) / {REFUSED}"
    has_value = f"({counts}) % {FIELD} > 0 AND ({counts}) < {REFUSED} AND {known} = {expected}"
    state = (
        f"CASE WHEN ({counts}) = {expected} THEN {State.VALUE:d}"
        f" WHEN {known} < {expected} THEN {State.MISSING:d}"
        f" WHEN ({counts}) >= {REFUSED} THEN {State.REFUSED:d}"
        f" WHEN ({counts}) % {FIELD} > 0 THEN {State.VALUE:d} ELSE {State.NOT_APPLICABLE:d} END"
    )
    return f"CASE WHEN ({counts}) = {expected} OR {has_value} THEN {total} END", state


def _summed(cells: _Cells, within: str, on: date) -> str:
    """SQL: per unit an array of totals and one of packed counts, a place for every cell."""
    units = (
        f"SELECT p.unit_id FROM unit_position p"
        f" WHERE p.level = {Level.COMMUNE:d} AND p.valid @> DATE '{on:%Y-%m-%d}'"
    )
    if within:
        units += f" AND p.path >= '{within}' AND p.path < '{within}:'"
    if not cells.places:
        return f"SELECT u.unit_id, NULL::numeric[] AS totals, NULL::bigint[] AS counts FROM ({units}) u"
    group_count = len(cells.groups)
    group = " ".join(
        f"WHEN f.period IN ({_list(periods)}) THEN {number}"
        for number, periods in enumerate(cells.groups[:-1])
    )
    group = f"CASE {group} ELSE {group_count - 1} END" if group else "0"
    needed = _list(indicator * group_count + number for indicator, number in cells.places)
    return f"""
        SELECT u.unit_id, x.totals, x.counts
        FROM ({units}) u
        CROSS JOIN LATERAL (
            SELECT ARRAY_AGG(COALESCE(y.total, 0) ORDER BY c.cell) AS totals,
                ARRAY_AGG(COALESCE(y.counts, 0) ORDER BY c.cell) AS counts
            FROM UNNEST(ARRAY[{needed}]) AS c (cell)
            LEFT JOIN (
                SELECT f.indicator * {group_count} + {group} AS cell, SUM(f.value) AS total,
                    COUNT(*) FILTER (WHERE f.state = {State.VALUE:d})
                    + {NOT_APPLICABLE} * COUNT(*) FILTER (WHERE f.state = {State.NOT_APPLICABLE:d})
                    + {REFUSED} * COUNT(*) FILTER (WHERE f.state = {State.REFUSED:d}) AS counts
                FROM figure f
                WHERE f.period IN ({_list(sorted(cells.group_of))}) AND f.unit = u.unit_id
                    AND f.indicator IN ({_list(sorted({indicator for indicator, _ in cells.places}))})
                GROUP BY 1
            ) y ON y.cell = c.cell
        ) x"""


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(f"{number:d}" for number in numbers)
