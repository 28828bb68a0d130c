"""The checks that incoming figures touch, for all units and periods by one query.

The figures are those of INCOMING over those stored (`given`). For each window of the checks (this period, the
one before, the last twelve) they are laid out in a row per unit and period asked for, a column per
indicator; conditions are compiled once over relative windows and read the columns. So the work is in
proportion to the figures that the touched checks read, whatever their number.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.datatypes as dt
from django.db import connection
from django.db.backends.utils import CursorWrapper

from kieumau.formulas.compile import add_columns, sql_of
from kieumau.formulas.exact import NUMERIC
from kieumau.formulas.values import OperandValue, State
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.checks.failing import Failing
from kieumau.indicators.checks.sound import SoundCheck
from kieumau.indicators.checks.touching import Touch, touching
from kieumau.indicators.queries import catalogue
from kieumau.indicators.registry import INCOMING

_MISSING = OperandValue(State.MISSING)
_CHANGED = f"""
CREATE TEMPORARY TABLE check_changed ON COMMIT DROP AS
SELECT i.period, i.unit, i.indicator
FROM {INCOMING} i LEFT JOIN figure f USING (period, unit, indicator)
WHERE i.indicator = ANY(%s) AND (%s::int[] IS NULL OR i.unit = ANY(%s))
    AND (f.period IS NULL OR (f.state, f.value) IS DISTINCT FROM (i.state, i.value))
"""
_TOUCHED = """
CREATE TEMPORARY TABLE check_touched ON COMMIT DROP AS
SELECT c.unit, t.asked AS period, t.number, bool_and(t.is_later) AS is_later
FROM check_changed c
JOIN unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::bool[])
    AS t (number, asked, period, indicator, is_later) USING (period, indicator)
GROUP BY 1, 2, 3
"""


def failing_together(
    checks: Sequence[SoundCheck], only_units: Collection[int] | None = None
) -> list[Failing]:
    """Every check that the figures of INCOMING touch and that would not hold once they are stored.

    `only_units` asks of these units alone, of whom there should be few. Only figures that are new or differ
    from what is stored touch anything. Within a transaction. In order of unit, period and check.
    """
    if not checks:
        return []
    known = catalogue()
    named = {known[code].id for check in checks for code in check.codes}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.check_changed, pg_temp.check_touched")
        units = None if only_units is None else sorted(only_units)
        cursor.execute(_CHANGED, [sorted(named), units, units])
        cursor.execute("SELECT DISTINCT period, indicator FROM check_changed")
        changed = set(cursor.fetchall())
        touches = _worth_asking(cursor, touching(checks, changed, known))
        if not touches:
            return []
        layout = Layout.of(touches, known, {period for period, _ in changed})
        _touch(cursor, touches, layout)
        cursor.execute(layout.query(), layout.parameters())
        rows = cursor.fetchall()
    return _failing(rows, touches, layout)


def _worth_asking(cursor: CursorWrapper, touches: Sequence[Touch]) -> list[Touch]:
    """Without the later periods that have no figures of their own yet: nothing is known of those."""
    later = {touch.period: touch.there.own_periods for touch in touches if all(touch.reads.values())}
    cursor.execute(
        "SELECT p FROM unnest(%s::int[]) p WHERE EXISTS (SELECT FROM figure f WHERE f.period = p)",
        [sorted({period for periods in later.values() for period in periods})],
    )
    there = {period for (period,) in cursor.fetchall()}
    return [
        touch
        for touch in touches
        if not all(touch.reads.values()) or not touch.there.own_periods or touch.there.own_periods & there
    ]


@dataclass(slots=True)
class Layout:
    """Where everything stands in the one row per unit and period.

    `slots` are the columns of the relative operands, `reach` the periods of every run (a relative window of
    indicators that add up alike over time) at every period asked for; `long_runs` have several somewhere.
    `changed` are the periods in which INCOMING differs from what is stored.
    """

    checks: list[SoundCheck] = field(default_factory=list)
    slots: dict[Operand, str] = field(default_factory=dict)
    indicators: dict[Operand, int] = field(default_factory=dict)
    runs: dict[Operand, int] = field(default_factory=dict)
    reach: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    long_runs: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, touches: Iterable[Touch], known: Mapping[str, Definition], changed: set[int]) -> "Layout":
        """The layout of the touched checks."""
        made = cls(changed=changed)
        numbers: dict[tuple[Window, str, str, str], int] = {}
        for touch in touches:
            if touch.check not in made.checks:
                made.checks.append(touch.check)
            for operand, run in touch.there.runs.items():
                one = known[operand.indicator]
                key = (operand.window, one.calendar, one.period_kind, one.over_time)
                number = numbers.setdefault(key, len(numbers))
                made.slots.setdefault(operand, f"v{len(made.slots)}")
                made.indicators[operand] = run.indicator_id
                made.runs[operand] = number
                made.reach[number, touch.period] = run.periods
                if len(run.periods) > 1:
                    made.long_runs.add(number)
        for check in made.checks:  # what no period asked for has, is unknown everywhere
            for operand in check.operands:
                made.slots.setdefault(operand, f"v{len(made.slots)}")
        return made

    def query(self) -> str:
        """SQL: unit, period, check's number, is it later, and the slots, of every check that fails."""
        compiled = _compiled(tuple(self.checks), tuple(self.slots.items()))
        return f"""
            WITH asked AS (SELECT DISTINCT unit, period FROM check_touched),
            given AS MATERIALIZED ({self._given()}),
            w AS MATERIALIZED ({self._wide()}),
            x AS ({compiled})
            SELECT x.unit, x.period, t.number, t.is_later, {", ".join(f"x.{slot}" for slot in self._shown)}
            FROM x JOIN check_touched t ON t.unit = x.unit AND t.period = x.period
            WHERE NOT CASE t.number {self._outcomes()} END
            ORDER BY 1, 2, 3"""

    def parameters(self) -> dict[str, list[int]]:
        """What the query is given."""
        lists: dict[str, list[int]] = {}
        for number, (periods, indicators) in enumerate(self._needed()):
            lists |= {f"periods{number}": periods, f"indicators{number}": indicators}
        return lists

    def _needed(self) -> list[tuple[list[int], list[int]]]:
        """The figures that are read: periods, with the indicators wanted of each of them."""
        by_run: dict[int, set[int]] = defaultdict(set)
        for operand, run in self.runs.items():
            by_run[run].add(self.indicators[operand])
        wanted: dict[int, set[int]] = defaultdict(set)
        for (run, _), members in self.reach.items():
            for member in members:
                wanted[member] |= by_run[run]
        together: dict[tuple[frozenset[int], bool], list[int]] = defaultdict(list)
        for period in sorted(wanted):
            together[frozenset(wanted[period]), period in self.changed].append(period)
        return [(periods, sorted(indicators)) for (indicators, _), periods in together.items()]

    @property
    def _shown(self) -> list[str]:
        return list(self.slots.values())

    def _outcomes(self) -> str:
        return " ".join(f"WHEN {number} THEN x.c{number}" for number in range(len(self.checks)))

    def _given(self) -> str:
        """SQL: the figures there will be, as far as any check reads them."""
        return " UNION ALL ".join(
            _read(number, is_changed=not self.changed.isdisjoint(periods))
            for number, (periods, _) in enumerate(self._needed())
        )

    def _wide(self) -> str:
        """SQL: a row per unit and period asked for, a column per slot."""
        by_run: dict[int, list[Operand]] = defaultdict(list)
        for operand, run in self.runs.items():
            by_run[run].append(operand)
        joins = [
            f"LEFT JOIN ({self._run(run, operands)}) r{run}"
            f" ON r{run}.unit = a.unit AND r{run}.asked = a.period"
            for run, operands in sorted(by_run.items())
        ]
        columns = [
            f"r{self.runs[one]}.v{self.indicators[one]} AS {slot}"
            if one in self.runs
            else f"NULL::numeric AS {slot}"
            for one, slot in self.slots.items()
        ]
        return f"SELECT a.unit, a.period, {', '.join(columns)} FROM asked a {' '.join(joins)}"

    def _run(self, run: int, operands: Sequence[Operand]) -> str:
        """SQL: the values of one run; of several periods their sum, as `rules.combine` has it."""
        ids = sorted({self.indicators[operand] for operand in operands})
        value = _summed if run in self.long_runs else _single
        return f"""
            SELECT g.unit, r.period AS asked, {", ".join(f"{value(one)} AS v{one}" for one in ids)}
            FROM (VALUES {self._members(run)}) r (period, member, expected)
            JOIN given g ON g.period = r.member
            WHERE g.indicator IN ({", ".join(map(str, ids))})
            GROUP BY g.unit, r.period, r.expected"""

    def _members(self, run: int) -> str:
        """SQL: the periods of a run, written out so that the planner knows how many there are."""
        return ", ".join(
            f"({asked}, {member}, {len(members)})"
            for (number, asked), members in self.reach.items()
            if number == run
            for member in members
        )


def _single(indicator: int) -> str:
    return f"max(g.value) FILTER (WHERE g.indicator = {indicator})"


def _summed(indicator: int) -> str:
    """The sum where every figure of the run says something, none is refused and some are values."""
    own = f"g.indicator = {indicator}"
    says = f"{own} AND g.state IN ({State.VALUE:d}, {State.NOT_APPLICABLE:d})"
    return f"CASE WHEN count(*) FILTER (WHERE {says}) = r.expected THEN sum(g.value) FILTER (WHERE {own}) END"


def _read(number: int, *, is_changed: bool) -> str:
    """SQL: some figures of some periods. Those of INCOMING come before those stored, where they differ."""
    needed = "{0}.period = ANY(%(periods{1})s) AND {0}.indicator = ANY(%(indicators{1})s)"
    stored = f"""
        SELECT f.unit, f.period, f.indicator, f.state, f.value FROM figure f
        WHERE {needed.format("f", number)} AND f.unit IN (SELECT unit FROM asked)"""
    if not is_changed:
        return stored
    return f"""
        SELECT i.unit, i.period, i.indicator, i.state, i.value FROM {INCOMING} i
        WHERE {needed.format("i", number)}
        UNION ALL
        {stored} AND NOT EXISTS (
            SELECT FROM {INCOMING} i
            WHERE (i.period, i.unit, i.indicator) = (f.period, f.unit, f.indicator)
        )"""


@lru_cache(maxsize=64)
def _compiled(checks: tuple[SoundCheck, ...], slots: tuple[tuple[Operand, str], ...]) -> str:
    """SQL over `w`, for a cursor with parameters: its columns, and every outcome as c0, c1, …"""
    kinds: dict[str, dt.DataType] = {"unit": dt.int32, "period": dt.int32}
    table = ibis.table(kinds | {slot: NUMERIC for _, slot in slots}, name="w")
    wanted = {f"c{number}": check.placed for number, check in enumerate(checks)}
    return sql_of(add_columns(table, wanted, dict(slots))).replace("%", "%%")


def _touch(cursor: CursorWrapper, touches: Sequence[Touch], layout: Layout) -> None:
    """Write down which checks every unit's figures touch, and at which periods."""
    numbers = {check: number for number, check in enumerate(layout.checks)}
    rows = [
        (numbers[touch.check], touch.period, *key, is_later)
        for touch in touches
        for key, is_later in touch.reads.items()
    ]
    cursor.execute(_TOUCHED, [list(column) for column in zip(*rows, strict=True)])
    cursor.execute("ANALYZE check_touched")


def _failing(rows: Sequence[Sequence[Any]], touches: Sequence[Touch], layout: Layout) -> list[Failing]:
    found = {(touch.check, touch.period): touch for touch in touches}
    places = {operand: place for place, operand in enumerate(layout.slots)}
    return [
        _one_failing(unit, is_later, values, found[layout.checks[number], period], places)
        for unit, period, number, is_later, *values in rows
    ]


def _one_failing(
    unit: int, is_later: bool, values: Sequence[Any], touch: Touch, places: Mapping[Operand, int]
) -> Failing:
    read = {operand: values[places[operand]] for operand in touch.there.runs}
    figures = {
        touch.there.runs[operand].operand: _MISSING if value is None else OperandValue(State.VALUE, value)
        for operand, value in read.items()
    }
    return Failing(touch.check, unit, touch.at, touch.period, is_later, touch.there.keys, figures)
