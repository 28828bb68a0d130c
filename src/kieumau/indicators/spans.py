"""The figures of thousands of units over several windows at once: a row per unit and window.

Windows of the same formulas differ only in their periods: the figure of a month and that of the same
month a year ago, for each of twelve months. Such a figure, over all windows, is a *slot*. For each
window the primary key of `figure` (period, unit) is walked once for every group of periods that no slot
tells apart; the rows of a unit become one array. The windows stand side by side in a UNION ALL without
anything that PostgreSQL could not hand to several workers: no correlated subquery, no LIMIT.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from django.db import connection

from kieumau.formulas.exact import NUMERIC
from kieumau.formulas.values import MISSING, OperandValue, State
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.cells import FIELD, NOT_APPLICABLE, REFUSED
from kieumau.indicators.queries import catalogue
from kieumau.indicators.rules import Parts, combine, part
from kieumau.indicators.runs import runs_of
from kieumau.indicators.set_based import name_query
from kieumau.units.models import Level

# One figure over every window, in their order; None where the calendar has no such window.
Slot = tuple[Operand | None, ...]
Column = tuple[int, ...]  # one period for every window; 0, which no period is, where there is none
STATES = tuple(State)
_CODE = (
    f"CASE f.state WHEN {State.VALUE:d} THEN 1 WHEN {State.NOT_APPLICABLE:d} THEN {NOT_APPLICABLE}"
    f" WHEN {State.REFUSED:d} THEN {REFUSED} ELSE 0 END"
)


@dataclass(frozen=True, slots=True)
class Spans:
    """One row per unit and window: `unit_id`, `span` (the place of the window), and every slot.

    `values` names the columns of slots: exact numerics, NULL unless the figure's state is VALUE.
    """

    table: ir.Table
    values: Mapping[Slot, str]
    doubts: Mapping[Slot, str]

    def may_not_apply(self, slots: Iterable[Slot]) -> str:
        """SQL over the table's columns: can the state of one of these figures be NOT_APPLICABLE?

        It is true wherever one is, and seldom elsewhere (for a part of a figure).
        """
        found = dict.fromkeys(self.doubts[slot] for slot in slots if slot in self.doubts)
        return " OR ".join(found) or "FALSE"


@dataclass(frozen=True, slots=True)
class _Group:
    """Periods that no slot tells apart, and the indicators read in them; counted where they are summed."""

    columns: tuple[Column, ...]
    indicators: tuple[int, ...]
    is_counted: bool

    @property
    def is_summed(self) -> bool:
        """Has it more than one period?"""
        return len(self.columns) > 1


@dataclass(frozen=True, slots=True)
class _Run:
    """A slot's indicator and its columns; how many figures are expected in each window."""

    indicator: int
    columns: tuple[Column, ...]
    expected: tuple[int, ...]


def slot_operand(code: str, place: int) -> Operand:
    """What stands for a slot in a tree: an operand over no real window."""
    return Operand(code, Window("slot", "slot", (place, 0), (place, 0)))


def spans_table(slots: Iterable[Slot], days: Sequence[date], slack_days: int = 0) -> Spans:
    """The table of all communes, in each window as they stood on its day.

    The figures are those that `queries.operand_values` gives for each of the units by itself. One small
    query for the catalogue; the table itself is read when `set_based.rows` runs an expression over it.
    """
    unique = tuple(dict.fromkeys(slots))
    known = catalogue()
    runs = tuple(_run(slot, known, slack_days) for slot in unique)
    spans, name, query = _spans(unique, runs, tuple(days))
    name_query(name, query)
    return spans


def figures_of(
    unit_ids: Iterable[int], operands: Iterable[Operand], slack_days: int = 0
) -> dict[int, dict[Operand, OperandValue]]:
    """The figures of some communes, exactly as `queries.operand_values` gives them. Two queries."""
    wanted = tuple(dict.fromkeys(operands))
    runs = list(runs_of(wanted, catalogue(), slack_days))
    found: dict[int, dict[tuple[int, int], Parts]] = {unit_id: {} for unit_id in unit_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit, period, indicator, state, value FROM figure"
            " WHERE period = ANY(%s) AND unit = ANY(%s) AND indicator = ANY(%s)",
            [
                sorted({period for run in runs for period in run.periods}),
                list(found),
                sorted({run.indicator_id for run in runs}),
            ],
        )
        for unit_id, period, indicator, state, value in cursor:
            found[unit_id][period, indicator] = part(STATES[state], value)
    nothing = Parts()
    return {
        unit_id: dict.fromkeys(wanted, MISSING)
        | {
            run.operand: combine(
                len(run.periods), (parts.get((period, run.indicator_id), nothing) for period in run.periods)
            )
            for run in runs
        }
        for unit_id, parts in found.items()
    }


def _run(slot: Slot, known: Mapping[str, Definition], slack_days: int) -> _Run | None:
    """What a slot is made of; None where it has no figures in any window."""
    runs = {run.operand: run for run in runs_of([one for one in slot if one], known, slack_days)}
    if not runs:
        return None
    periods = [runs[one].periods if one in runs else () for one in slot]
    width = max(map(len, periods))
    columns = tuple(tuple(one[place] if place < len(one) else 0 for one in periods) for place in range(width))
    return _Run(next(iter(runs.values())).indicator_id, columns, tuple(map(len, periods)))


@lru_cache(maxsize=16)
def _spans(
    slots: tuple[Slot, ...], runs: tuple[_Run | None, ...], days: tuple[date, ...]
) -> tuple[Spans, str, str]:
    """The table, its name (the same for the same query) and its query."""
    groups = _groups([run for run in runs if run])
    schema: dict[str, dt.DataType] = {"unit_id": dt.int32, "span": dt.int32}
    columns = ["x.unit_id", "x.span"]
    for number, _ in enumerate(groups):
        schema[f"n{number}"] = dt.Array(dt.int32)
        columns.append(f"x.n{number}")
    values, doubts = {}, {}
    for place, (slot, run) in enumerate(zip(slots, runs, strict=True)):
        values[slot] = name = f"v{place}"
        schema[name] = NUMERIC
        columns.append(f"{_value(run, groups) if run else 'NULL::numeric'} AS {name}")
        if run:
            own = [at for at, group in enumerate(groups) if set(group.columns) & set(run.columns)]
            doubts[slot] = " OR ".join(f"{run.indicator:d} = ANY(n{at})" for at in own)
    branches = " UNION ALL ".join(_branch(groups, span, day) for span, day in enumerate(days))
    # A fence that no worker minds (a LIMIT, or OFFSET 0 without quotes, keeps the query in one process):
    # every column is worked out once, however often the formulas name it.
    query = f"SELECT {', '.join(columns)} FROM ({branches}) x OFFSET '0'"
    table = f"spans_{sha256(query.encode()).hexdigest()[:24]}"
    return Spans(ibis.table(schema, name=table), values, doubts), table, query


def _groups(runs: Sequence[_Run]) -> list[_Group]:
    """The columns of all runs, those together that are in the same runs."""
    used_by: dict[Column, set[tuple[Column, ...]]] = defaultdict(set)
    for run in runs:
        for column in run.columns:
            used_by[column].add(run.columns)
    together: dict[frozenset[tuple[Column, ...]], list[Column]] = defaultdict(list)
    for column, users in used_by.items():
        together[frozenset(users)].append(column)
    found = [
        _Group(
            tuple(columns),
            tuple(sorted({run.indicator for run in runs if columns[0] in run.columns})),
            any(len(one) > 1 for one in users),
        )
        for users, columns in together.items()
    ]
    return sorted(found, key=lambda group: group.is_summed)


def _branch(groups: Sequence[_Group], span: int, day: date) -> str:
    """SQL: the arrays of every group, for each commune of a day, over one window."""
    units = (
        f"(SELECT p.unit_id FROM unit_position p"
        f" WHERE p.level = {Level.COMMUNE:d} AND p.valid @> DATE '{day:%Y-%m-%d}') u"
    )
    begins_single = bool(groups) and not groups[0].is_summed
    unit_id = "g0.unit_id" if begins_single else "u.unit_id"
    columns, sources = [unit_id, f"{span:d} AS span"], [] if begins_single else [units]
    for number, group in enumerate(groups):
        name, listed = f"g{number}", _list(group.indicators)
        parts = {"o": f"coalesce({name}.ids = ARRAY[{listed}], false)"}
        parts |= {"i": f"{name}.ids", "v": f"{name}.vals", "n": f"{name}.none"}
        if group.is_counted:
            parts["c"] = f"{name}.counts"
        columns += [f"{sql} AS {letter}{number}" for letter, sql in parts.items()]
        if group.is_summed:
            sources.append(f"CROSS JOIN LATERAL ({_summed(group, span, unit_id)}) {name}")
        elif number:
            sources.append(f"JOIN ({_single(group, span, units)}) {name} ON {name}.unit_id = {unit_id}")
        else:
            sources.append(f"({_single(group, span, units)}) {name}")
    return f"SELECT {', '.join(columns)} FROM {' '.join(sources)}"


def _single(group: _Group, span: int, units: str) -> str:
    """SQL: the figures of one period, an array per unit; workers share it.

    In which order they stand nobody says; mostly in that of the primary key, which `_item` hopes for.
    """
    counts = f", array_agg({_CODE}) AS counts" if group.is_counted else ""
    return (
        f"SELECT u.unit_id, array_agg(f.indicator) AS ids, array_agg(f.value) AS vals,"
        f" array_agg(f.indicator) FILTER (WHERE f.state = {State.NOT_APPLICABLE:d}) AS none{counts}"
        f" FROM {units} LEFT JOIN figure f ON {_asked(group, span)} AND f.unit = u.unit_id GROUP BY u.unit_id"
    )


def _summed(group: _Group, span: int, unit_id: str) -> str:
    """SQL: the figures of one unit over several periods, added up unit by unit.

    All units at once would take a table of hundreds of thousands of sums, twice as slow as this.
    """
    return (
        f"SELECT array_agg(s.indicator) AS ids, array_agg(s.total) AS vals,"
        f" array_agg(s.indicator) FILTER (WHERE s.some) AS none, array_agg(s.counts) AS counts"
        f" FROM (SELECT t.* FROM (SELECT f.indicator, sum(f.value) AS total, sum({_CODE}) AS counts,"
        f" bool_or(f.state = {State.NOT_APPLICABLE:d}) AS some FROM figure f"
        f" WHERE {_asked(group, span)} AND f.unit = {unit_id} GROUP BY f.indicator OFFSET 0) t"
        f" ORDER BY t.indicator) s"
    )


def _asked(group: _Group, span: int) -> str:
    periods = sorted({column[span] for column in group.columns})
    return f"f.period IN ({_list(periods)}) AND f.indicator IN ({_list(group.indicators)})"


def _value(run: _Run, groups: Sequence[_Group]) -> str:
    """SQL: the value of a slot, from the arrays of `x`; the rule of `rules.state_of`."""
    own = [(number, group) for number, group in enumerate(groups) if set(group.columns) & set(run.columns)]
    if len(run.columns) == 1:  # one figure has a value, or there is none
        [(number, group)] = own
        return _item("v", number, group, run.indicator)
    total = " + ".join(f"coalesce({_item('v', *one, run.indicator)}, 0)" for one in own)
    counts = " + ".join(f"coalesce({_item('c', *one, run.indicator)}, 0)" for one in own)
    expected = f"{run.expected[0]:d}"
    if len(set(run.expected)) > 1:
        expected = f"(ARRAY[{_list(run.expected)}])[x.span + 1]"
    known = f"({counts}) % {FIELD} + (({counts}) / {NOT_APPLICABLE}) % {FIELD} + ({counts}) / {REFUSED}"
    has_value = f"({counts}) % {FIELD} > 0 AND {counts} < {REFUSED} AND {known} = {expected}"
    return f"CASE WHEN ({counts} = {expected} AND {expected} > 0) OR ({has_value}) THEN {total} END"


def _item(letter: str, number: int, group: _Group, indicator: int) -> str:
    """SQL: the part of an indicator; by its place where all of the group are there in order."""
    place = group.indicators.index(indicator) + 1
    return (
        f"CASE WHEN x.o{number} THEN x.{letter}{number}[{place}]"
        f" ELSE x.{letter}{number}[array_position(x.i{number}, {indicator})] END"
    )


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(f"{number:d}" for number in numbers)
