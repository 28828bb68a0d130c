"""Reads of the pages about verdicts: which were given, to whom, and one criterion over all units."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar, overload

from django.db import connection

from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import decode, window
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import LEVELS
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.kinds import kinds

# A subtree as a range of paths: ids and dots sort before the colon, so no pattern is needed and the
# index serves joins as well.
BELOW = "{position}.path >= {area}.path AND {position}.path < {area}.path || ':'"


def full_name(kind_code: str, name: str) -> Text:
    """“Phường An Bình”, “An Bình Ward”: as `Term.full_name`, from the shipped kinds, without a query."""
    kind = kinds().get(kind_code)
    if kind is None:
        return Text(vi=name, en=name)
    return Text(vi=_joined(kind.full.vi, name), en=_joined(kind.full.en, name))


def _joined(pattern: str, name: str) -> str:
    around = pattern.replace("{name}", "").strip()
    return name if around and name.startswith(around) else pattern.format(name=name)


Row = TypeVar("Row")
Values = dict[str, int | str | date | None]


class Listed(ABC, Sequence[Row]):
    """Rows of a query that a paginator cuts: counted once, read a page at a time."""

    @abstractmethod
    def read(self, limit: int, offset: int) -> list[Row]:
        """So many rows from `offset` on."""

    @overload
    def __getitem__(self, part: int) -> Row: ...

    @overload
    def __getitem__(self, part: slice) -> list[Row]: ...

    def __getitem__(self, part: int | slice) -> Row | list[Row]:
        if isinstance(part, slice):
            return self.read(part.stop - part.start, part.start)
        return self.read(1, part)[0]


@dataclass(frozen=True, slots=True)
class Judged:
    """A version of a set that was judged for one period.

    `root_ids` are the roots of its first and its last unit: enough to tell Vietnam from London.
    `level` is that of the units which the set judges.
    """

    set_id: int
    code: str
    version: int
    title: Text
    period_id: int
    judged_at: datetime
    root_ids: frozenset[int]
    level: int

    @property
    def window(self) -> Window:
        """The period judged."""
        return decode(self.period_id)

    @property
    def period_code(self) -> str:
        """`2026`, as it stands in addresses."""
        return calendar_of(self.window.calendar).period_code(self.window)

    @property
    def set_code(self) -> str:
        """`tt124-commune:1`, as it stands in addresses."""
        return f"{self.code}:{self.version}"

    @property
    def label(self) -> Text:
        """“năm 2026”, “2026”."""
        return calendar_of(self.window.calendar).label(self.window)

    @property
    def starts_on(self) -> date:
        """The period's first day."""
        return calendar_of(self.window.calendar).bounds(self.window)[0]

    @property
    def last_day(self) -> date:
        """The day as of which units were judged: the last before the period's end."""
        return calendar_of(self.window.calendar).bounds(self.window)[1] - timedelta(days=1)


# A loose index scan: one probe for each version and period that was judged, however many units.
_JUDGED = """
WITH RECURSIVE pair AS (
    (SELECT criteria_set_id, period FROM assessment ORDER BY criteria_set_id, period LIMIT 1)
    UNION ALL
    SELECT following.criteria_set_id, following.period
    FROM pair CROSS JOIN LATERAL (
        SELECT a.criteria_set_id, a.period FROM assessment a
        WHERE (a.criteria_set_id, a.period) > (pair.criteria_set_id, pair.period)
        ORDER BY a.criteria_set_id, a.period LIMIT 1
    ) following
)
SELECT s.id, s.code, s.version, s.title_vi, s.title_en, pair.period, first.judged_at, array(
    SELECT DISTINCT p.root_id FROM unit_position p WHERE p.unit_id IN (first.unit, last.unit)
), s.definition #>> '{applies_to,level}'
FROM pair
JOIN criteria_set s ON s.id = pair.criteria_set_id
CROSS JOIN LATERAL (
    SELECT unit, judged_at FROM assessment a
    WHERE a.criteria_set_id = pair.criteria_set_id AND a.period = pair.period ORDER BY unit LIMIT 1
) first
CROSS JOIN LATERAL (
    SELECT unit FROM assessment a
    WHERE a.criteria_set_id = pair.criteria_set_id AND a.period = pair.period ORDER BY unit DESC LIMIT 1
) last
"""


def judged(root_id: int | None = None, set_id: int | None = None) -> list[Judged]:
    """Every version and period that was judged, the latest period first; of one root or set if given."""
    with connection.cursor() as cursor:
        cursor.execute(_JUDGED)
        rows = cursor.fetchall()
    found = [
        Judged(
            row[0],
            row[1],
            row[2],
            Text(vi=row[3], en=row[4]),
            row[5],
            row[6],
            frozenset(row[7]),
            LEVELS[row[8]],
        )
        for row in rows
        if (root_id is None or root_id in row[7]) and set_id in {None, row[0]}
    ]
    return latest_first(found)


def of_unit(unit_id: int) -> list[tuple[Judged, Assessment]]:
    """Every verdict on one unit, the latest period first; without its figures, with its set. One query."""
    rows = Assessment.objects.filter(unit=unit_id).select_related("criteria_set").defer("operands")
    found = [(_judged_by(row), row) for row in rows]
    return sorted(found, key=lambda pair: _place_in_time(pair[0]), reverse=True)


def _judged_by(row: Assessment) -> Judged:
    own = row.criteria_set
    title = Text(vi=own.title_vi, en=own.title_en)
    level = LEVELS[definition(own).applies_to.level]
    return Judged(own.pk, own.code, own.version, title, row.period, row.judged_at, frozenset(), level)


def latest_first(found: Iterable[Judged]) -> list[Judged]:
    """By the end of the period; of two that end together the shorter one first."""
    return sorted(found, key=_place_in_time, reverse=True)


def _place_in_time(one: Judged) -> tuple[date, date, str, int]:
    return one.last_day, one.starts_on, one.code, one.version


def period_of(asked: str, offered: Sequence[Judged]) -> Judged | None:
    """The judged period of one set that `ky` asks for (`2026`, `nd09:2026-11`); the latest if none.

    `offered` are those of the set, the latest first; None where it is empty. Raises `Refused` for what
    is not a period, and for a period that was not judged.
    """
    if not offered or not asked:
        return offered[0] if offered else None
    wanted = window(asked, offered[0].window.calendar)
    for one in offered:
        if one.window == wanted:
            return one
    label = calendar_of(wanted.calendar).label(wanted)
    reason = Text(
        vi=f"Bộ tiêu chí này chưa được xét cho {label.vi}.",
        en=f"This criteria set has not been judged for {label.en}.",
    )
    raise Refused([Problem("period-not-judged", reason)])


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
) -> list[UnitRow]:
    """The units of a level below `area_id` as the tree stood on `day`, judged or not, in Vietnamese order.

    `figures_of` asks for the figures of units that failed so many criteria, at least and at most.
    """
    asked: Values = {"area": area_id, "level": level, "day": day, "set": set_id, "period": period_id}
    asked["least_failed"], asked["most_failed"] = figures_of or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, asked)
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
FROM below JOIN unit_term t ON t.unit_id = below.province_id AND t.valid @> %(day)s
ORDER BY t.sort_key
"""


def by_province(
    area_id: int, level: int, day: date, set_id: int | None, period_id: int | None
) -> list[ProvinceRow]:
    """The provinces below `area_id` as the tree stood on `day`, in Vietnamese order."""
    asked: Values = {"area": area_id, "level": level, "day": day, "set": set_id, "period": period_id}
    with connection.cursor() as cursor:
        cursor.execute(_PROVINCES, asked)
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


def added(counts: Iterable[Mapping[Outcome, int]]) -> dict[Outcome, int]:
    """Counts of several groups as one, every outcome in it."""
    together = list(counts)
    return {outcome: sum(one.get(outcome, 0) for one in together) for outcome in Outcome}


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


_NAMES = """
WITH stood AS (
    SELECT path, CASE WHEN valid @> %(day)s::date THEN %(day)s::date ELSE lower(valid) END AS day
    FROM unit_position WHERE unit_id = %(unit)s
    ORDER BY coalesce(valid @> %(day)s::date, false) DESC, lower(valid) DESC LIMIT 1
)
SELECT part::int, t.kind_id, t.name
FROM stood
CROSS JOIN unnest(string_to_array(rtrim(path, '.'), '.')) WITH ORDINALITY AS u (part, place)
JOIN unit_term t ON t.unit_id = part::int AND t.valid @> stood.day
ORDER BY place
"""


def names_above(unit_id: int, day: date | None) -> list[tuple[int, Text]]:
    """Ids and names from the root down to the unit itself, as on `day` or else as they were last.

    Empty where there is no such unit.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"unit": unit_id, "day": day})
        return [(row[0], full_name(row[1], row[2])) for row in cursor.fetchall()]
