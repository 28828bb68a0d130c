"""One criterion over all units: counted by province, and listed with the figures it rests on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kieumau.assessments.page_judged import Judged
from kieumau.assessments.page_rows import Listed, Values, full_name
from kieumau.assessments.rules import Outcome
from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class ProvinceCount:
    """How many units of one province came out as what by one criterion."""

    unit_id: int
    name: Text
    sort_key: str
    counts: Mapping[Outcome, int]


_CRITERION_COUNTS = """
SELECT t.unit_id, t.kind_id, t.name, t.sort_key, o.outcome, o.units
FROM (
    SELECT p.province_id, a.outcomes[%(position)s] AS outcome, count(*) AS units
    FROM assessment a
    LEFT JOIN unit_position p ON p.unit_id = a.unit AND p.valid @> %(day)s
    WHERE a.criteria_set_id = %(set)s AND a.period = %(period)s
    GROUP BY 1, 2
) o
LEFT JOIN unit_term t ON t.unit_id = o.province_id AND t.valid @> %(day)s
ORDER BY t.sort_key NULLS LAST
"""


def criterion_counts(one: Judged, position: int) -> list[ProvinceCount]:
    """What the criterion at `position` came out as, province by province, in Vietnamese order.

    Units that stand below no province are counted under an empty name and the id 0.
    """
    asked: Values = {"set": one.set_id, "period": one.period_id, "position": position, "day": one.last_day}
    with connection.cursor() as cursor:
        cursor.execute(_CRITERION_COUNTS, asked)
        rows = cursor.fetchall()
    names: dict[int, tuple[Text, str]] = {}
    counts: dict[int, dict[Outcome, int]] = {}
    for unit_id, kind, name, sort_key, outcome, count in rows:
        names[unit_id or 0] = (full_name(kind, name), sort_key) if unit_id else (Text(vi="", en=""), "")
        counts.setdefault(unit_id or 0, {})[Outcome(outcome)] = count
    return [ProvinceCount(unit_id, *name, counts[unit_id]) for unit_id, name in names.items()]


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One unit in the list of a criterion; `operands` are the figures it was judged on, by their keys."""

    unit_id: int
    name: Text
    province_id: int | None
    outcome: Outcome
    operands: Mapping[str, Any]


_CRITERION_UNITS = """
SELECT t.unit_id, t.kind_id, t.name, p.province_id, a.outcomes[%(position)s], a.operands
FROM assessment a
JOIN unit_term t ON t.unit_id = a.unit AND t.valid @> %(day)s
LEFT JOIN unit_position p ON p.unit_id = a.unit AND p.valid @> %(day)s
WHERE a.criteria_set_id = %(set)s AND a.period = %(period)s
    AND (%(outcome)s::int IS NULL OR a.outcomes[%(position)s] = %(outcome)s)
    AND (%(province)s::int IS NULL OR p.province_id = %(province)s)
ORDER BY t.sort_key, t.unit_id
LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True)
class CriterionUnits(Listed[CriterionRow]):
    """The units of a criterion in Vietnamese order, those of one outcome and one province if asked for."""

    judged: Judged
    position: int
    count_of_all: int
    outcome: Outcome | None
    province_id: int | None

    def __len__(self) -> int:
        return self.count_of_all

    def read(self, limit: int, offset: int) -> list[CriterionRow]:
        """So many rows from `offset` on. One query."""
        asked: Values = {
            "set": self.judged.set_id,
            "period": self.judged.period_id,
            "position": self.position,
            "day": self.judged.last_day,
            "outcome": self.outcome,
            "province": self.province_id,
            "limit": limit,
            "offset": offset,
        }
        with connection.cursor() as cursor:
            cursor.execute(_CRITERION_UNITS, asked)
            rows = cursor.fetchall()
        return [
            CriterionRow(row[0], full_name(row[1], row[2]), row[3], Outcome(row[4]), json.loads(row[5]))
            for row in rows
        ]
