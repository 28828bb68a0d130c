"""The figures of one unit, whatever its level, as parts that can be added up.

One query tells where the unit stood and how many communes it had when, one reads the figures: a
commune's own rows, a province's totals, the totals of a nation's provinces (and of what stands in no
province), the rows of a district's communes.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from psycopg.types.range import DateRange

from kieumau.audit.past import differs_from_today
from kieumau.formulas.values import State
from kieumau.indicators.arrays import array_text
from kieumau.indicators.rules import Parts, part
from kieumau.indicators.runs import Run
from kieumau.units.models import Level

Key = tuple[int, int]  # period, indicator
NO_PARTS = Parts()
_STATES = {state.value: state for state in State}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stood: its level, and its communes with the days on which they were below it.

    `communes` holds ranges of days with how many communes had exactly that range. A unit that was
    never anywhere has level None.
    """

    level: int | None = None
    communes: Sequence[tuple[DateRange, int]] = ()

    def commune_count(self, day: date) -> int:
        """How many communes were below it on a day."""
        return sum(count for valid, count in self.communes if _holds(valid, day))


@dataclass(slots=True)
class Found:
    """What there is: parts by period and indicator, and the names of the sources they came from."""

    parts: dict[Key, Parts] = field(default_factory=dict)
    sources: dict[Key, str] = field(default_factory=dict)


def _holds(valid: DateRange, day: date) -> bool:
    return (valid.lower is None or valid.lower <= day) and (valid.upper is None or day < valid.upper)


def standing(unit_id: int) -> Standing:
    """Where the unit stood, its latest level counting. One query."""
    with connection.cursor() as cursor:
        # ';' sorts right after ':', which sorts right after the digits and the dot of a path.
        cursor.execute(
            """
            WITH own AS (SELECT path, level, valid FROM unit_position WHERE unit_id = %(unit)s)
            SELECT level, NULL::daterange, 0 FROM (SELECT level FROM own ORDER BY valid DESC LIMIT 1) latest
            UNION ALL
            SELECT NULL, below.valid, count(*)::int
            FROM (SELECT DISTINCT path FROM own WHERE level < %(commune)s) own
            JOIN unit_counted below ON below.path >= own.path AND below.path < own.path || ':'
                AND below.level = %(commune)s
            GROUP BY below.valid
            """,
            {"unit": unit_id, "commune": Level.COMMUNE.value},
        )
        rows = cursor.fetchall()
    level = next((level for level, _, _ in rows if level is not None), None)
    return Standing(level, [(valid, count) for level, valid, count in rows if level is None])


# Every query below gives: period, indicator, sum, counts of values, not applicable and refused, source.
_OF_ROWS = """
    f.period, f.indicator, coalesce(sum(f.value), 0),
    count(*) FILTER (WHERE f.state = 0)::int, count(*) FILTER (WHERE f.state = 2)::int,
    count(*) FILTER (WHERE f.state = 3)::int
"""
_OF_TOTALS = """
    t.period, t.indicator, sum(t.value),
    sum(t.value_count)::int, sum(t.not_applicable_count)::int, sum(t.refused_count)::int
"""
_ASKED = "= ANY(%(periods)s) AND {0}.indicator = ANY(%(indicators)s)"
# Communes that were below the unit at some time: narrows the search; the day is asked for beside it.
_EVER_BELOW = """
    SELECT below.unit_id FROM unit_position own
    JOIN unit_counted below ON below.path >= own.path AND below.path < own.path || ':' AND below.level = 3
    WHERE own.unit_id = %(unit)s
"""
_OWN = f"""
    SELECT f.period, f.indicator, f.value, f.state, s.name
    FROM {{figure}} f LEFT JOIN figure_source s ON s.id = f.source
    WHERE f.unit = %(unit)s AND f.period {_ASKED.format("f")}
"""
# Some figures of one month and others of two years: asked for one by one, as `_OWN` would find the rest too.
_REPORTED = """
    SELECT k.period, k.indicator, f.state, f.value
    FROM unnest(%(period)s::int[], %(indicator)s::int[]) AS k (period, indicator)
    JOIN figure f ON (f.period, f.unit, f.indicator) = (k.period, %(unit)s, k.indicator)
"""
_COMMUNES = f"""
    SELECT {_OF_ROWS}
    FROM {{figure}} f
    JOIN period q ON q.id = f.period
    JOIN unit_counted below ON below.unit_id = f.unit AND below.level = 3
        AND (below.valid @> (q.ends_before - 1)) IS TRUE
    WHERE f.unit IN ({_EVER_BELOW}) AND f.period {_ASKED.format("f")} AND EXISTS (
        SELECT FROM unit_position own WHERE own.unit_id = %(unit)s
            AND below.path >= own.path AND below.path < own.path || ':'
    )
    GROUP BY 1, 2
"""
_PROVINCE = f"""
    SELECT {_OF_TOTALS}
    FROM figure_total t
    WHERE t.unit = %(unit)s AND t.period {_ASKED.format("t")}
    GROUP BY 1, 2
"""
_NATION = f"""
    SELECT {_OF_TOTALS}
    FROM figure_total t
    WHERE t.unit IN (
        SELECT unit_id FROM unit_counted WHERE root_id = %(unit)s AND (level = 1 OR province_id IS NULL)
    ) AND t.period {_ASKED.format("t")}
    GROUP BY 1, 2
"""
# What stood at a moment: the figure replaced first after it, else the figure of today; and only if its
# own source was recorded by then.
_WANTED = f"unit IN ({{units}}) AND period {_ASKED.format('{table}')}"
AS_KNOWN = f"""(
    SELECT DISTINCT ON (k.period, k.unit, k.indicator)
        k.period, k.unit, k.indicator, k.source, k.state, k.value
    FROM (
        SELECT period, unit, indicator, source, state, value, superseded_at AS until
        FROM figure_superseded
        WHERE superseded_at > %(moment)s AND {_WANTED.replace("{table}", "figure_superseded")}
        UNION ALL
        SELECT period, unit, indicator, source, state, value, 'infinity'
        FROM figure
        WHERE {_WANTED.replace("{table}", "figure")}
    ) k
    JOIN figure_source s ON s.id = k.source AND s.recorded_at <= %(moment)s
    ORDER BY k.period, k.unit, k.indicator, k.until
)"""


# What the totals of today lack of those known then, and what they have beside (counted as less than
# nothing): as few rows as changed since, whatever the size of the country.
_SINCE = f"""
    WITH earlier AS MATERIALIZED (
        SELECT DISTINCT ON (g.period, g.unit, g.indicator) g.period, g.unit, g.indicator, g.state, g.value
        FROM figure_superseded g JOIN figure_source s ON s.id = g.source AND s.recorded_at <= %(moment)s
        WHERE g.superseded_at > %(moment)s AND g.period {_ASKED.format("g")}
        ORDER BY g.period, g.unit, g.indicator, g.superseded_at
    ), changed AS (
        SELECT 1 AS sign, * FROM earlier
        UNION ALL
        SELECT -1, f.period, f.unit, f.indicator, f.state, f.value
        FROM figure f JOIN figure_source s ON s.id = f.source AND s.recorded_at > %(moment)s
        WHERE f.period {_ASKED.format("f")}
        UNION ALL
        SELECT -1, f.period, f.unit, f.indicator, f.state, f.value
        FROM earlier JOIN figure f USING (period, unit, indicator)
        JOIN figure_source s ON s.id = f.source AND s.recorded_at <= %(moment)s
    )
    SELECT c.period, c.indicator, coalesce(sum(c.sign * c.value), 0),
        coalesce(sum(c.sign) FILTER (WHERE c.state = 0), 0)::int,
        coalesce(sum(c.sign) FILTER (WHERE c.state = 2), 0)::int,
        coalesce(sum(c.sign) FILTER (WHERE c.state = 3), 0)::int
    FROM changed c
    JOIN period q ON q.id = c.period
    JOIN unit_counted below ON below.unit_id = c.unit AND below.level = 3
        AND (below.valid @> (q.ends_before - 1)) IS TRUE
    WHERE EXISTS (
        SELECT FROM unit_position own WHERE own.unit_id = %(unit)s
            AND below.path >= own.path AND below.path < own.path || ':'
    )
    GROUP BY 1, 2
"""


# What communes gave that stood below the nation then and do not now (1), and the other way round (-1).
_MOVED = f"""
    WITH was AS (
        SELECT unit_id, valid FROM unit_counted WHERE level = 3 AND root_id = %(unit)s
    ), is_now AS (
        SELECT unit_id, valid FROM public.unit_counted WHERE level = 3 AND root_id = %(unit)s
    ), moved AS MATERIALIZED (
        (SELECT 1 AS sign, unit_id, valid FROM was EXCEPT SELECT 1, unit_id, valid FROM is_now)
        UNION ALL
        (SELECT -1, unit_id, valid FROM is_now EXCEPT SELECT -1, unit_id, valid FROM was)
    )
    SELECT f.period, f.indicator, coalesce(sum(m.sign * f.value), 0),
        coalesce(sum(m.sign) FILTER (WHERE f.state = 0), 0)::int,
        coalesce(sum(m.sign) FILTER (WHERE f.state = 2), 0)::int,
        coalesce(sum(m.sign) FILTER (WHERE f.state = 3), 0)::int
    FROM {AS_KNOWN.replace("{units}", "SELECT unit_id FROM moved")} f
    JOIN period q ON q.id = f.period
    JOIN moved m ON m.unit_id = f.unit AND (m.valid @> (q.ends_before - 1)) IS TRUE
    GROUP BY 1, 2
"""


def reported(unit_id: int, keys: Collection[Key]) -> dict[Key, Parts]:
    """Of these figures, those that the unit itself reported, without their sources. One query, if any."""
    if not keys:
        return {}
    periods, indicators = zip(*keys, strict=True)
    values: dict[str, int | str] = {
        "unit": unit_id,
        "period": array_text(periods),
        "indicator": array_text(indicators),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED, values)
        rows = cursor.fetchall()
    return {(period, indicator): part(_STATES[state], value) for period, indicator, state, value in rows}


def own_figures(unit_id: int, runs: Iterable[Run], as_known_at: datetime | None = None) -> Found:
    """What the unit itself reported. One query."""
    found = Found()
    for period, indicator, value, state, name in _rows(_OWN, unit_id, runs, as_known_at):
        found.parts[period, indicator] = part(State(state), value)
        found.sources[period, indicator] = name or ""
    return found


def rolled_up(unit_id: int, level: int, runs: Iterable[Run], as_known_at: datetime | None = None) -> Found:
    """What the communes below reported, added up. One query; two of what was known earlier in a nation,
    where the totals of today are corrected by what changed since; three where communes moved since
    (`audit.past.as_known`).
    """
    runs, found = list(runs), Found()
    rows: list[tuple[Any, ...]] = []
    if level == Level.NATION and as_known_at:
        # The totals are those of the tree of today.
        for query in (_NATION, _SINCE):
            rows += _rows(re.sub(r"(FROM|JOIN) unit_", r"\1 public.unit_", query), unit_id, runs, as_known_at)
        rows += _rows(_MOVED, unit_id, runs, as_known_at) if differs_from_today() else []
    elif level == Level.NATION:
        rows = _rows(_NATION, unit_id, runs, None)
    elif level == Level.PROVINCE and as_known_at is None:
        rows = _rows(_PROVINCE, unit_id, runs, None)
    else:
        rows = _rows(_COMMUNES, unit_id, runs, as_known_at)
    for period, indicator, *measures in rows:
        key = period, indicator
        found.parts[key] = found.parts.get(key, NO_PARTS) + Parts(*measures)
    return found


def _rows(
    query: str, unit_id: int, runs: Iterable[Run], as_known_at: datetime | None
) -> list[tuple[Any, ...]]:
    runs = list(runs)
    if not runs:
        return []
    values: dict[str, Any] = {
        "unit": unit_id,
        "periods": sorted({period for run in runs for period in run.periods}),
        "indicators": sorted({run.indicator_id for run in runs}),
        "moment": as_known_at,
    }
    known = AS_KNOWN.replace("{units}", "%(unit)s" if query is _OWN else _EVER_BELOW)
    with connection.cursor() as cursor:
        cursor.execute(query.replace("{figure}", "figure" if as_known_at is None else known), values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
