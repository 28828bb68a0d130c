"""One criterion over all units: counted by province, and listed with the figures it rests on.

On another map every unit of that map is listed with the verdicts of the units whose territory it has, as they
were given; a verdict on a unit that was divided stands with each of its parts.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import connection

from kieumau.assessments.earlier import Earlier
from kieumau.assessments.page_judged import Judged
from kieumau.assessments.page_rows import Listed, Values, full_name
from kieumau.assessments.page_then import Rows, among
from kieumau.assessments.rules import Outcome
from kieumau.criteria.models import CriteriaSet
from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class ProvinceCount:
    """How many units of one province came out as what by one criterion."""

    unit_id: int
    name: Text
    sort_key: str
    counts: Mapping[Outcome, int]


# The units of a map with the units judged, and the parts of these that belong to them.
_LISTED = """JOIN (
    SELECT m.to_unit, m.from_unit, array_agg(m.numerator) AS parts, array_agg(m.denominator) AS of
    FROM unit_mapping m
    JOIN unit_position stood ON stood.unit_id = m.to_unit AND stood.valid @> %(map)s
        AND stood.level = %(level)s
    WHERE m.on_map @> %(map)s AND m.reported @> %(day)s
    GROUP BY 1, 2
) l ON l.from_unit = a.unit"""
_CRITERION_COUNTS = """
SELECT t.unit_id, t.kind_id, t.name, t.sort_key, o.outcome, o.units
FROM (
    SELECT p.province_id, a.outcomes[%(position)s] AS outcome, count(*) AS units
    FROM assessment a
    {listed}
    LEFT JOIN unit_position p ON p.unit_id = {unit} AND p.valid @> %(map)s
    WHERE a.criteria_set_id = %(set)s AND a.period = %(period)s
    GROUP BY 1, 2
) o
LEFT JOIN unit_term t ON t.unit_id = o.province_id AND t.valid @> %(map)s
ORDER BY t.sort_key NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A version judged for a period; on the map of a day (None: as judged), by `then` (None: as stored)."""

    judged: Judged
    map_day: date | None = None
    known_at: datetime | None = None
    then: Rows | None = None

    def query(self, template: str) -> str:
        """The query over stored verdicts, on the map and by what was known."""
        listed, unit = ("", "a.unit") if self.map_day is None else (_LISTED, "l.to_unit")
        parts = "NULL, NULL" if self.map_day is None else "l.parts, l.of"
        return among(template.format(listed=listed, unit=unit, parts=parts), self.then)[0]

    @property
    def values(self) -> Values:
        """What every query has to be given."""
        one = self.judged
        known = among("", self.then)[1]
        return {
            "set": one.set_id,
            "period": one.period_id,
            "day": one.last_day,
            "map": self.map_day or one.last_day,
            "level": one.level,
            **known,
        }


def criterion_counts(shown: Shown, position: int) -> list[ProvinceCount]:
    """What the criterion at `position` came out as, province by province, in Vietnamese order.

    Units that stand below no province are counted under an empty name and the id 0. On a map a verdict counts
    with every unit that it is listed with.
    """
    with connection.cursor() as cursor:
        cursor.execute(shown.query(_CRITERION_COUNTS), {**shown.values, "position": position})
        rows = cursor.fetchall()
    names: dict[int, tuple[Text, str]] = {}
    counts: dict[int, dict[Outcome, int]] = {}
    for unit_id, kind, name, sort_key, outcome, count in rows:
        names[unit_id or 0] = (full_name(kind, name), sort_key) if unit_id else (Text(vi="", en=""), "")
        counts.setdefault(unit_id or 0, {})[Outcome(outcome)] = count
    return [ProvinceCount(unit_id, *name, counts[unit_id]) for unit_id, name in names.items()]


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One unit in the list of a criterion; `operands` are the figures it was judged on, by their keys.

    `judged_id` is the unit that was judged, `judged_name` its name where it is another one or only its
    `share` belongs here.
    """

    unit_id: int
    name: Text
    province_id: int | None
    outcome: Outcome
    operands: Mapping[str, Any]
    judged_id: int
    judged_name: Text | None = None
    share: Fraction = Fraction(1)


_CRITERION_UNITS = """
SELECT t.unit_id, t.kind_id, t.name, p.province_id, a.outcomes[%(position)s], a.operands, a.unit,
    w.kind_id, w.name, {parts}
FROM assessment a
{listed}
JOIN unit_term t ON t.unit_id = {unit} AND t.valid @> %(map)s
LEFT JOIN unit_position p ON p.unit_id = {unit} AND p.valid @> %(map)s
LEFT JOIN unit_term w ON w.unit_id = a.unit AND w.valid @> %(day)s
WHERE a.criteria_set_id = %(set)s AND a.period = %(period)s
    AND (%(outcome)s::int IS NULL OR a.outcomes[%(position)s] = %(outcome)s)
    AND (%(province)s::int IS NULL OR p.province_id = %(province)s)
ORDER BY t.sort_key, t.unit_id, a.unit
LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True)
class CriterionUnits(Listed[CriterionRow]):
    """The units of a criterion in Vietnamese order, those of one outcome and one province if asked for."""

    shown: Shown
    position: int
    count_of_all: int
    outcome: Outcome | None
    province_id: int | None

    def __len__(self) -> int:
        return self.count_of_all

    def read(self, limit: int, offset: int) -> list[CriterionRow]:
        """So many rows from `offset` on. One query; as known earlier some more for the figures."""
        asked: Values = {
            **self.shown.values,
            "position": self.position,
            "outcome": self.outcome,
            "province": self.province_id,
            "limit": limit,
            "offset": offset,
        }
        with connection.cursor() as cursor:
            cursor.execute(self.shown.query(_CRITERION_UNITS), asked)
            rows = cursor.fetchall()
        known = self._known([row[6] for row in rows])
        return [_row(row, known[row[6]].operands if known else json.loads(row[5])) for row in rows]

    def _known(self, unit_ids: list[int]) -> Rows:
        """The verdicts known then on a few units, with figures; nothing where those stored are wanted."""
        one, known_at = self.shown.judged, self.shown.known_at
        if known_at is None or not unit_ids:
            return {}
        criteria_set = CriteriaSet.objects.get(pk=one.set_id)
        return Earlier(known_at).verdicts(criteria_set, one.window, unit_ids=unit_ids)


def _row(row: Sequence[Any], operands: Mapping[str, Any]) -> CriterionRow:
    unit_id, kind, name, province, outcome, _, judged, was_kind, was, parts, of = row
    pairs = zip(parts, of, strict=True) if parts else ()
    share = sum((Fraction(a) / Fraction(b) for a, b in pairs), Fraction(0)) if parts else Fraction(1)
    is_other = was is not None and (judged != unit_id or share != 1)
    judged_name = full_name(was_kind, was) if is_other else None
    return CriterionRow(
        unit_id, full_name(kind, name), province, Outcome(outcome), operands, judged, judged_name, share
    )
