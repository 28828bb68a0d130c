"""The figures of all units of a map at once: provinces from their kept totals, communes in one query.

For lists and maps of a whole country. Values carry marks of territory only; whose figures they are, and
which acts brought them there, is told for one unit by `queries`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.db import connection

from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand
from kieumau.indicators.maps.amounts import gather
from kieumau.indicators.maps.rules import Amount, Mark, mark_of_shares
from kieumau.indicators.maps.territory import NOWHERE, Territory, courses
from kieumau.indicators.queries import catalogue
from kieumau.indicators.runs import Run, runs_of
from kieumau.units.models import Level


@dataclass(frozen=True, slots=True)
class WideValue:
    """One figure of many: exact, None unless `state` is VALUE; `mark` is that of the figure alone.

    `of_several`: a commune whose figures came from more than one unit. Not comparable where nothing belongs
    to the unit then, or where the indicator does not add up.
    """

    state: State
    value: Fraction | None
    mark: Mark
    amount: Amount
    of_several: bool = False


Table = dict[int, dict[Operand, WideValue]]
# By unit what there is for every run, in the order of the runs: ten thousand times a dictionary of operands
# would be spent on their hashes.
Found = Mapping[int, Sequence[WideValue | None]]
MISSING = WideValue(State.MISSING, None, Mark.NOT_COMPARABLE, Amount())


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
    places = {run.operand: number for number, run in enumerate(runs)}
    wanted = [(operand, places.get(operand)) for operand in unique]
    nothing = [None] * len(runs)
    return {
        unit_id: {
            operand: MISSING if place is None else values[place] or MISSING for operand, place in wanted
        }
        for unit_id in _units(on, level, within)
        for values in (found.get(unit_id, nothing),)
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


def _provinces(runs: Sequence[Run], on: date, within: str) -> Found:
    """All provinces as one territory, read once and told apart by their members."""
    days = sorted({day for run in runs for day in run.last_days})
    by_day = {day: courses(day, on) for day in days}
    # The members of all may be the same on two days, and yet not whose they are: a province may have given
    # all it had to another.
    variants = {id(territories): number for number, territories in enumerate(by_day.values())}
    everything = {
        day: replace(_together(territories), variant=variants[id(territories)])
        for day, territories in by_day.items()
    }
    adding = _Adding(len(runs))
    numbers = {run.operand: number for number, run in enumerate(runs)}
    everywhere = {unit_id for territories in by_day.values() for unit_id in territories}
    for run, given in gather(runs, everything).items():
        for each in given:
            here = by_day[each.cell.last_day]
            for unit_id in everywhere:
                territory = here.get(unit_id, NOWHERE)
                amount = sum((each.amounts[member] for member in territory.members), Amount())
                adding.add(unit_id, numbers[run.operand], amount, _mark(territory))
    return adding.values()


def _together(territories: Mapping[int, Territory]) -> Territory:
    """The members of all, each once: a commune divided between provinces is a part of both."""
    return Territory(
        tuple(dict.fromkeys(whole for one in territories.values() for whole in one.wholes)),
        tuple(dict.fromkeys(part for one in territories.values() for part in one.parts)),
    )


def _mark(territory: Territory) -> Mark:
    is_whole = all(part.share == 1 and not part.bases for part in territory.parts)
    return mark_of_shares(len(territory.members), is_whole=is_whole)


class _Adding:
    """What was found for every unit and run, added up as it comes."""

    def __init__(self, run_count: int) -> None:
        self._run_count = run_count
        self._found: dict[int, list[tuple[Amount, Mark, bool] | None]] = {}

    def add(self, unit_id: int, number: int, amount: Amount, mark: Mark, *, of_several: bool = False) -> None:
        """One more part of a figure."""
        if (row := self._found.get(unit_id)) is None:
            row = self._found[unit_id] = [None] * self._run_count
        known = row[number]
        row[number] = (
            (amount, mark, of_several)
            if known is None
            else (known[0] + amount, max(known[1], mark), known[2] or of_several)
        )

    def values(self) -> Found:
        """The figures."""
        return {unit_id: [_value(one) for one in row] for unit_id, row in self._found.items()}


def _value(found: tuple[Amount, Mark, bool] | None) -> WideValue | None:
    if found is None:
        return None
    amount, mark, of_several = found
    state = amount.state
    return WideValue(state, amount.total if state is State.VALUE else None, mark, amount, of_several)


# A row for every commune of the map, every cell (operand) and every denominator, so that sums stay exact.
# What is told of all denominators together is asked of windows: joined to itself, a set of which the planner
# knows nothing is compared row by row.
_COMMUNES = """
    WITH part AS MATERIALIZED (
        SELECT m.to_unit, m.from_unit, m.reported, m.numerator, m.denominator,
            m.numerator = m.denominator AND m.bases = '{}' AS is_whole
        FROM unit_position t JOIN unit_mapping m ON m.to_unit = t.unit_id AND m.on_map @> %(on)s::date
        WHERE t.level = 3 AND t.valid @> %(on)s::date AND t.path >= %(path)s AND t.path < %(path)s || ':'
    ), cell AS (
        SELECT * FROM unnest(%(cells)s::int[], %(periods)s::int[], %(indicators)s::int[], %(days)s::date[])
            AS c (cell, period, indicator, day)
    ), day AS MATERIALIZED (SELECT DISTINCT period, day FROM cell), source AS MATERIALIZED (
        SELECT part.*, day.period, count(*) OVER same AS units, row_number() OVER same = 1 AS is_first
        FROM day JOIN part ON part.reported @> day.day
        WINDOW same AS (PARTITION BY to_unit, period)
    ), given AS (
        SELECT source.to_unit, cell.cell, source.denominator, sum(f.value * source.numerator) AS total,
            count(*) FILTER (WHERE f.state = 0)::int AS value_count,
            count(*) FILTER (WHERE f.state = 2)::int AS not_applicable_count,
            count(*) FILTER (WHERE f.state = 3)::int AS refused_count, count(*)::int AS expected,
            max(source.units) AS units, bool_and(source.is_whole) AS is_whole,
            count(*) FILTER (WHERE source.is_first) AS periods,
            min(source.from_unit) AS least, max(source.from_unit) AS most
        FROM source JOIN cell ON cell.period = source.period LEFT JOIN figure f
            ON f.period = source.period AND f.unit = source.from_unit AND f.indicator = cell.indicator
        GROUP BY 1, 2, 3
    )
    SELECT to_unit, cell, denominator, total, value_count, not_applicable_count, refused_count, expected,
        max(units) OVER every, bool_and(is_whole) OVER every, (sum(periods) OVER every)::int,
        min(least) OVER every <> max(most) OVER every
    FROM given WINDOW every AS (PARTITION BY to_unit, cell)
"""


def _communes(runs: Sequence[Run], on: date, within: str) -> Found:
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
    adding = _Adding(len(runs))
    lengths = [len(run.periods) for run in runs]
    for unit_id, number, denominator, total, *counts, units, is_whole, periods, of_several in found:
        over, under = total.as_integer_ratio() if total is not None else (0, 1)
        by, of = denominator.as_integer_ratio()
        share = Fraction(over * of, under * by)
        # Where there was nothing in some period, nothing compares.
        mark = mark_of_shares(units if periods == lengths[number] else 0, is_whole=is_whole)
        adding.add(unit_id, number, Amount(share, *counts), mark, of_several=of_several)
    return adding.values()
