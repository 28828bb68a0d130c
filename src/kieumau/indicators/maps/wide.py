"""The figures of all units of a map at once: provinces from their kept totals, communes in one query.

For lists and maps of a whole country. Values carry marks of territory only; whose figures they are, and
which acts brought them there, is told for one unit by `queries`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import connection

from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand
from kieumau.indicators.maps.amounts import gather
from kieumau.indicators.maps.rules import Amount, Mark
from kieumau.indicators.maps.territory import NOWHERE, Territory, courses
from kieumau.indicators.queries import catalogue
from kieumau.indicators.runs import Run, runs_of
from kieumau.units.models import Level


@dataclass(frozen=True, slots=True)
class WideValue:
    """One figure of many: exact, None unless `state` is VALUE; `mark` SAME, WHOLE or ESTIMATED."""

    state: State
    value: Fraction | None
    mark: Mark
    amount: Amount


Table = dict[int, dict[Operand, WideValue]]


def wide_on_map(
    operands: Sequence[Operand], on: date, *, level: int, within: str = "", slack_days: int = 0
) -> Table:
    """Every operand (no derived ones) for every unit of a level on the map of a day, below a path.

    Units without any figure are there too, with missing values. `level` is PROVINCE or COMMUNE; raises
    ValueError for another. An indicator that does not add up over units is missing. One query for the
    communes, however many; for provinces two, and one more after a change of the tree.
    """
    if level not in (Level.PROVINCE, Level.COMMUNE):
        raise ValueError(f"only provinces and communes are read by the thousand, not level {level}")
    unique = list(dict.fromkeys(operands))
    runs = [run for run in runs_of(unique, catalogue(), slack_days) if run.rolls_up]
    read = _provinces if level == Level.PROVINCE else _communes
    found = read(runs, on, within)
    missing = WideValue(State.MISSING, None, Mark.SAME, Amount())
    return {
        unit_id: {operand: found.get((unit_id, operand), missing) for operand in unique}
        for unit_id in _units(on, level, within)
    }


def _units(on: date, level: int, within: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unit_id FROM unit_position
            WHERE level = %(level)s AND valid @> %(on)s::date AND path >= %(path)s AND path < %(path)s || ':'
            """,
            {"level": level, "on": on, "path": within},
        )
        return [unit_id for (unit_id,) in cursor.fetchall()]


def _provinces(runs: Sequence[Run], on: date, within: str) -> dict[tuple[int, Operand], WideValue]:
    """All provinces as one territory, read once and told apart by their members."""
    days = sorted({day for run in runs for day in run.last_days})
    by_day = {day: courses(day, on) for day in days}
    everything = {day: _together(territories) for day, territories in by_day.items()}
    found: dict[tuple[int, Operand], list[tuple[Amount, Mark]]] = defaultdict(list)
    for run, given in gather(runs, everything).items():
        for each in given:
            for unit_id, territory in by_day[each.cell.last_day].items():
                members = territory.members
                amount = sum((each.amounts[member] for member in members), Amount())
                found[unit_id, run.operand].append((amount, _mark(unit_id, territory)))
    return {
        key: _value([one for one, _ in some], max(mark for _, mark in some)) for key, some in found.items()
    }


def _together(territories: Mapping[int, Territory]) -> Territory:
    """The members of all, each once: a commune divided between provinces is a part of both."""
    return Territory(
        tuple(dict.fromkeys(whole for one in territories.values() for whole in one.wholes)),
        tuple(dict.fromkeys(part for one in territories.values() for part in one.parts)),
    )


def _mark(unit_id: int, territory: Territory) -> Mark:
    members = territory.members
    if any(part.share != 1 for part in territory.parts):
        return Mark.ESTIMATED
    return Mark.SAME if len(members) == 1 or territory == NOWHERE else Mark.WHOLE


def _value(amounts: Sequence[Amount], mark: Mark) -> WideValue:
    amount = amounts[0] if len(amounts) == 1 else sum(amounts, Amount())
    return WideValue(amount.state, amount.total if amount.state is State.VALUE else None, mark, amount)


# A row for every commune of the map, every cell (operand) and every denominator, so that sums stay exact.
_COMMUNES = """
    WITH part AS MATERIALIZED (
        SELECT m.to_unit, m.from_unit, m.reported, m.numerator, m.denominator
        FROM unit_position t JOIN unit_mapping m ON m.to_unit = t.unit_id AND m.on_map @> %(on)s::date
        WHERE t.level = 3 AND t.valid @> %(on)s::date AND t.path >= %(path)s AND t.path < %(path)s || ':'
    ), cell AS (
        SELECT * FROM unnest(%(cells)s::int[], %(periods)s::int[], %(indicators)s::int[], %(days)s::date[])
            AS c (cell, period, indicator, day)
    ), day AS MATERIALIZED (SELECT DISTINCT period, day FROM cell), source AS MATERIALIZED (
        SELECT part.*, day.period FROM day JOIN part ON part.reported @> day.day
    )
    SELECT source.to_unit, cell.cell, source.denominator, sum(f.value * source.numerator),
        count(*) FILTER (WHERE f.state = 0)::int, count(*) FILTER (WHERE f.state = 2)::int,
        count(*) FILTER (WHERE f.state = 3)::int, count(*)::int,
        min(source.from_unit) = max(source.from_unit), bool_and(source.numerator = source.denominator)
    FROM source JOIN cell ON cell.period = source.period
    LEFT JOIN figure f
        ON f.period = source.period AND f.unit = source.from_unit AND f.indicator = cell.indicator
    GROUP BY 1, 2, 3
"""


def _communes(runs: Sequence[Run], on: date, within: str) -> dict[tuple[int, Operand], WideValue]:
    rows = [
        (number, period, run.indicator_id, day)
        for number, run in enumerate(runs)
        for period, day in zip(run.periods, run.last_days, strict=True)
    ]
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    values = dict(zip(("cells", "periods", "indicators", "days"), map(list, columns), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_COMMUNES, {**values, "on": on, "path": within})
        found = cursor.fetchall()
    together: dict[tuple[int, Operand], list[tuple[Amount, Mark]]] = defaultdict(list)
    for unit_id, number, denominator, total, value, not_applicable, refused, count, is_one, is_whole in found:
        share = Fraction(total or 0) if denominator == 1 else Fraction(total or 0) / Fraction(denominator)
        mark = Mark.ESTIMATED if not is_whole else Mark.SAME if is_one else Mark.WHOLE
        amount = Amount(share, value, not_applicable, refused, count)
        together[unit_id, runs[number].operand].append((amount, mark))
    return {
        key: _value([amount for amount, _ in some], max(mark for _, mark in some))
        for key, some in together.items()
    }
