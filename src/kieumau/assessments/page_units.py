"""The units below an area and what they came out as: each by itself, or counted by province."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from kieumau.assessments.page_rows import BELOW, Values, full_name
from kieumau.assessments.page_then import Rows, among
from kieumau.assessments.rules import Outcome
from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in a list: who it is, what its set came out as, and what each criterion did.

    `operands` are the figures it was judged on `judged_on`, by their keys, where they were asked for.
    """

    unit_id: int
    name: Text
    sort_key: str
    outcome: Outcome | None
    outcomes: tuple[Outcome, ...]
    met_count: int
    class_code: str
    points: Decimal | None = None
    judged_on: date | None = None
    operands: Mapping[str, Any] | None = None


_UNITS = f"""
SELECT t.unit_id, t.kind_id, t.name, t.sort_key, a.outcome, a.outcomes, a.met_count, a.class_code,
    a.points, a.judged_on,
    CASE WHEN a.not_met_count BETWEEN %(least_failed)s AND %(most_failed)s THEN a.operands END
FROM unit_position area
JOIN unit_position p ON {BELOW.format(position="p", area="area")}
    AND p.level = %(level)s AND p.valid @> %(day)s
JOIN unit_term t ON t.unit_id = p.unit_id AND t.valid @> %(day)s
LEFT JOIN assessment a ON a.unit = p.unit_id AND a.criteria_set_id = %(set)s AND a.period = %(period)s
WHERE area.unit_id = %(area)s AND area.valid @> %(day)s
ORDER BY t.sort_key, t.unit_id
"""


def units_below(
    area_id: int,
    level: int,
    day: date,
    set_id: int | None,
    period_id: int | None,
    figures_of: tuple[int, int] | None = None,
    then: Rows | None = None,
) -> list[UnitRow]:
    """The units of a level below `area_id` as the tree stood on `day`, judged or not, in Vietnamese order.

    `figures_of` asks for the figures of units that failed so many criteria, at least and at most.
    `then` are verdicts known earlier, shown instead of those that stand; they come without figures.
    """
    asked: Values = {"area": area_id, "level": level, "day": day, "set": set_id, "period": period_id}
    asked["least_failed"], asked["most_failed"] = figures_of or (None, None)
    query, given = among(_UNITS, then)
    with connection.cursor() as cursor:
        cursor.execute(query, {**asked, **given})
        rows = cursor.fetchall()
    return [
        UnitRow(
            row[0],
            full_name(row[1], row[2]),
            row[3],
            None if row[4] is None else Outcome(row[4]),
            tuple(_OUTCOMES[value] for value in row[5] or ()),
            row[6] or 0,
            row[7] or "",
            row[8],
            row[9],
            row[10] and json.loads(row[10]),
        )
        for row in rows
    ]


_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


# The outcomes that have a column of their own in tables of provinces.
COLUMNS = (Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE, Outcome.NO_DATA, Outcome.NOT_JUDGED)


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """One province of a country: its units, how many came out as what, how many criteria they met."""

    unit_id: int
    name: Text
    sort_key: str
    unit_count: int
    counts: Mapping[Outcome, int]
    criteria_met: int
    criteria_count: int

    @property
    def judged_count(self) -> int:
        """Units that were judged."""
        return sum(self.counts.values())

    @property
    def in_columns(self) -> list[int]:
        """The counts in the order of `COLUMNS`."""
        return [self.counts.get(outcome, 0) for outcome in COLUMNS]

    @property
    def criteria_share(self) -> Fraction | None:
        """Criteria met of all criteria of all units judged; None where none was."""
        return Fraction(self.criteria_met, self.criteria_count) if self.criteria_count else None


_PROVINCES = f"""
WITH below AS (
    SELECT p.province_id, count(*) AS units, sum(a.met_count) AS met,
        sum(cardinality(a.outcomes)) AS criteria,
        {", ".join(f"count(*) FILTER (WHERE a.outcome = {one.value}) AS o{one.value}" for one in Outcome)}
    FROM unit_position area
    JOIN unit_position p ON {BELOW.format(position="p", area="area")}
        AND p.level = %(level)s AND p.valid @> %(day)s
    LEFT JOIN assessment a ON a.unit = p.unit_id AND a.criteria_set_id = %(set)s AND a.period = %(period)s
    WHERE area.unit_id = %(area)s AND area.valid @> %(day)s
    GROUP BY p.province_id
)
SELECT t.unit_id, t.kind_id, t.name, t.sort_key, below.units, below.met, below.criteria,
    {", ".join(f"below.o{one.value}" for one in Outcome)}
FROM below CROSS JOIN LATERAL (
    SELECT * FROM unit_term t WHERE t.unit_id = below.province_id AND t.valid @> %(day)s
    OFFSET 0  -- a few dozen names through the index, not the terms of ten thousand communes
) t
ORDER BY t.sort_key
"""


def by_province(
    area_id: int, level: int, day: date, set_id: int | None, period_id: int | None, then: Rows | None = None
) -> list[ProvinceRow]:
    """The provinces below `area_id` as the tree stood on `day`, in Vietnamese order.

    `then` are verdicts known earlier, counted instead of those that stand.
    """
    asked: Values = {"area": area_id, "level": level, "day": day, "set": set_id, "period": period_id}
    query, given = among(_PROVINCES, then)
    with connection.cursor() as cursor:
        cursor.execute(query, {**asked, **given})
        rows = cursor.fetchall()
    return [
        ProvinceRow(
            row[0],
            full_name(row[1], row[2]),
            row[3],
            row[4],
            {outcome: count for outcome, count in zip(Outcome, row[7:], strict=True) if count},
            int(row[5] or 0),
            int(row[6] or 0),
        )
        for row in rows
    ]


def added(counts: Iterable[Mapping[Outcome, int]]) -> dict[Outcome, int]:
    """Counts of several groups as one, every outcome in it."""
    together = list(counts)
    return {outcome: sum(one.get(outcome, 0) for one in together) for outcome in Outcome}
