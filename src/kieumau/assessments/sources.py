"""Where the figures behind a verdict came from, as known when it was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from kieumau.formulas.windows import Operand
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.runs import runs_of
from kieumau.units.models import Level


@dataclass(frozen=True, slots=True)
class UsedSource:
    """A file or form, when it was recorded, and how many figures of an operand it gave."""

    name: str
    recorded_at: datetime
    is_synthetic: bool
    figure_count: int

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.name,
            "recorded_at": self.recorded_at.isoformat(),
            "is_synthetic": self.is_synthetic,
            "figures": self.figure_count,
        }


# A figure as known at a moment: the row whose source was recorded by then, else what it was before
# another source replaced it. Every figure is a walk of the primary key (LATERAL, OFFSET 0 keeps it so):
# joined as sets, the few figures wanted would cost a scan of all.
_USED = """
WITH wanted AS (
    SELECT DISTINCT * FROM unnest(%(indicators)s::int[], %(periods)s::int[]) AS w (indicator, period)
), reporting AS (
    SELECT below.unit_id AS unit
    FROM unit_position own
    JOIN unit_position below ON below.valid @> %(day)s::date
        AND (below.unit_id = own.unit_id OR below.level = %(commune)s)
        AND below.path >= own.path AND below.path < own.path || ':'
    WHERE own.unit_id = %(unit)s AND own.valid @> %(day)s::date
), known AS (
    SELECT w.period, r.unit, w.indicator, f.source
    FROM reporting r CROSS JOIN wanted w CROSS JOIN LATERAL (
        SELECT source FROM figure
        WHERE period = w.period AND unit = r.unit AND indicator = w.indicator OFFSET 0
    ) f
    UNION ALL
    SELECT w.period, r.unit, w.indicator, older.source
    FROM reporting r CROSS JOIN wanted w CROSS JOIN LATERAL (
        SELECT source FROM figure_superseded
        WHERE period = w.period AND unit = r.unit AND indicator = w.indicator
            AND superseded_at > %(known_at)s OFFSET 0
    ) older
)
SELECT last.indicator, last.period, s.name, s.recorded_at, s.is_synthetic, count(*)
FROM (
    SELECT DISTINCT ON (known.period, known.unit, known.indicator) known.*
    FROM known JOIN figure_source s ON s.id = known.source AND s.recorded_at <= %(known_at)s
    ORDER BY known.period, known.unit, known.indicator, s.recorded_at DESC, s.id DESC
) last
JOIN figure_source s ON s.id = last.source
GROUP BY last.indicator, last.period, s.id
ORDER BY s.recorded_at, s.id
"""


def sources(
    unit_id: int,
    operands: Sequence[Operand],
    known: Mapping[str, Definition],
    *,
    slack_days: int,
    known_at: datetime,
) -> dict[Operand, tuple[UsedSource, ...]]:
    """The sources of each operand's figures for a unit and the communes below it, oldest first.

    `known` is today's catalogue. An operand without any figure has none. One query.
    """
    runs = list(runs_of(operands, known, slack_days))
    if not runs:
        return {}
    asked = {run.operand: {(run.indicator_id, period) for period in run.periods} for run in runs}
    pairs = sorted(set().union(*asked.values()))
    with connection.cursor() as cursor:
        cursor.execute(
            _USED,
            {
                "indicators": [indicator for indicator, _ in pairs],
                "periods": [period for _, period in pairs],
                "unit": unit_id,
                "day": max(day for run in runs for day in run.last_days),
                "commune": Level.COMMUNE.value,
                "known_at": known_at,
            },
        )
        rows = cursor.fetchall()
    return {operand: _added(rows, wanted) for operand, wanted in asked.items()}


def _added(rows: Sequence[Sequence[Any]], pairs: set[tuple[int, int]]) -> tuple[UsedSource, ...]:
    """The rows of one operand, counts of the same source added up."""
    counts: dict[tuple[str, datetime, bool], int] = {}
    for indicator, period, name, recorded_at, is_synthetic, count in rows:
        if (indicator, period) in pairs:
            key = (name, recorded_at, is_synthetic)
            counts[key] = counts.get(key, 0) + count
    return tuple(UsedSource(*key, figure_count=count) for key, count in counts.items())
