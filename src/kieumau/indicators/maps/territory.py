"""Where the figures of a unit on a map come from: units with their shares, and totals of whole provinces.

A commune's territory is a few rows of `units.models.Mapping`. A province on a map is the sum of the kept
totals of the provinces that went into it, so that no figure of a commune is read; only communes that went
elsewhere than their province, or to several ones, stand apart and are read singly. Which they are is worked
out once for each state of the tree and kept in the process.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db import connection

from kieumau.units.models import Level
from kieumau.units.queries import tree_revision


@dataclass(frozen=True, slots=True)
class Part:
    """A unit whose figures count with a share; `acts` (ids of changes) and `bases` are those of `Mapping`."""

    unit_id: int
    share: Fraction
    acts: tuple[int, ...] = ()
    bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """A province (or what stands in its place) whose total counts, without the communes `apart`.

    `commune_count` is how many communes are counted in it then.
    """

    unit_id: int
    commune_count: int
    apart: tuple[int, ...] = ()
    acts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Nation:
    """A root: all the totals below it, the same on every map."""

    unit_id: int
    commune_count: int


@dataclass(frozen=True, slots=True)
class Territory:
    """What makes up a unit of a map on one day. Empty where nothing does.

    `variant` tells apart territories of the same members that are shared out otherwise.
    """

    wholes: tuple[Whole, ...] = ()
    parts: tuple[Part, ...] = ()
    nations: tuple[Nation, ...] = ()
    variant: int = 0

    @property
    def members(self) -> "tuple[Part | Whole, ...]":
        """Wholes, then parts."""
        return (*self.wholes, *self.parts)

    @property
    def units(self) -> list[int]:
        """The units whose own figures are needed: parts, and communes that stand apart."""
        return [part.unit_id for part in self.parts] + [one for whole in self.wholes for one in whole.apart]


NOWHERE = Territory()
PLACE = "coalesce({0}.province_id, nullif(split_part({0}.path, '.', 2), '')::int, 0)"


def territories(
    unit_id: int, days: Iterable[date], on: date, *, rolls_up: bool
) -> tuple[Mapping[date, Territory], int | None]:
    """What makes up the unit of the map of `on`, for each of `days`; and its level there, None if absent.

    `rolls_up`: its communes; else the unit itself and the units it came from. Two queries for a commune;
    for a province the second is asked once for each state of the tree.
    """
    wanted = sorted(set(days))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT path, level, province_id FROM unit_position WHERE unit_id = %s AND valid @> %s::date",
            [unit_id, on],
        )
        found = cursor.fetchone()
    if found is None:
        return {}, None
    path, level, province_id = found
    if not rolls_up or level == Level.COMMUNE:
        return _own(unit_id, wanted, on), level
    revision = tree_revision()
    if level == Level.NATION:
        return {day: _nation(revision, unit_id, epoch(revision, day)) for day in wanted}, level
    if province_id == unit_id:
        return {
            day: _courses(revision, epoch(revision, day), epoch(revision, on)).get(unit_id, NOWHERE)
            for day in wanted
        }, level
    return _below(path, wanted, on), level


def at_level(by_day: Mapping[date, Territory], level: int) -> dict[date, Territory]:
    """The same territories with those single units only that stood at a level on the day. One query."""
    units = sorted({part.unit_id for territory in by_day.values() for part in territory.parts})
    stood = defaultdict(list)
    for unit_id, starts, ends in _rows(
        """
        SELECT unit_id, lower(valid), upper(valid) FROM unit_position
        WHERE unit_id = ANY(%(units)s) AND level = %(level)s
        """,
        {"units": units, "level": level},
    ):
        stood[unit_id].append((starts, ends))
    return {
        day: Territory(
            parts=tuple(
                part for part in territory.parts if any(_holds(when, day) for when in stood[part.unit_id])
            )
        )
        for day, territory in by_day.items()
    }


def courses(day: date, on: date, revision: int | None = None) -> Mapping[int, Territory]:
    """The same for every province of the map of `on`: what makes it up on `day`, by its id.

    `revision` is that of the tree, where the caller knows it.
    """
    revision = tree_revision() if revision is None else revision
    return _courses(revision, epoch(revision, day), epoch(revision, on))


def _own(unit_id: int, days: Sequence[date], on: date) -> dict[date, Territory]:
    rows = _rows(
        """
        SELECT lower(reported), upper(reported), from_unit, numerator, denominator, acts, bases
        FROM unit_mapping WHERE to_unit = %(unit)s AND on_map @> %(on)s::date ORDER BY from_unit
        """,
        {"unit": unit_id, "on": on},
    )
    return {day: Territory(parts=_parts(row for row in rows if _holds(row, day))) for day in days}


_BELOW = """
    SELECT greatest(lower(m.reported), lower(f.valid)), least(upper(m.reported), upper(f.valid)), m.from_unit,
        m.numerator, m.denominator, m.acts, m.bases
    FROM unit_position t
    JOIN unit_mapping m ON m.to_unit = t.unit_id AND m.on_map @> %(on)s::date
    JOIN unit_counted f ON f.unit_id = m.from_unit AND f.level = 3 AND f.valid && m.reported
    WHERE t.path >= %(path)s AND t.path < %(path)s || ':' AND t.valid @> %(on)s::date
    ORDER BY m.from_unit
"""


def _below(path: str, days: Sequence[date], on: date) -> dict[date, Territory]:
    rows = _rows(_BELOW, {"path": path, "on": on})
    return {day: Territory(parts=_parts(row for row in rows if _holds(row, day))) for day in days}


def _holds(row: Sequence[Any], day: date) -> bool:
    return bool(row[0] <= day) and (row[1] is None or day < row[1])


def _parts(rows: Iterable[Sequence[Any]]) -> tuple[Part, ...]:
    """One part for each unit; several ways to the same territory are added up."""
    together: dict[int, Part] = {}
    for _, _, unit_id, numerator, denominator, acts, bases in rows:
        share = Fraction(numerator) / Fraction(denominator)
        before = together.get(unit_id, Part(unit_id, Fraction(0)))
        whole = before.share + share
        together[unit_id] = Part(
            unit_id,
            whole,
            tuple(sorted({*before.acts, *acts})),
            () if whole == 1 and before.share else tuple(sorted({*before.bases, *bases})),
        )
    return tuple(together.values())


# For every commune of a day: the places of the map its figures belong to. Most communes of a province go to
# one place; the others stand apart.
_FLOW = f"""
    SELECT {PLACE.format("f")} AS from_place, m.from_unit, {PLACE.format("t")} AS to_place, m.numerator,
        m.denominator, m.acts, m.bases
    FROM unit_mapping m
    JOIN unit_counted f ON f.unit_id = m.from_unit AND f.level = 3 AND f.valid @> %(day)s::date
    JOIN unit_position t ON t.unit_id = m.to_unit AND t.valid @> %(on)s::date
    WHERE m.reported @> %(day)s::date AND m.on_map @> %(on)s::date
"""
_COURSES = f"""
    WITH flow AS MATERIALIZED ({_FLOW}), goes AS (
        SELECT from_place, from_unit, min(to_place) AS first, max(to_place) AS last
        FROM flow GROUP BY from_place, from_unit
    ), main AS (
        SELECT DISTINCT ON (from_place) from_place, first AS to_place, count(*) AS communes
        FROM goes WHERE first = last AND first <> 0
        GROUP BY from_place, first ORDER BY from_place, communes DESC, first
    )
    SELECT from_place, NULL::int AS from_unit, to_place, communes, NULL::numeric, NULL::int[], NULL::text[]
    FROM main
    UNION ALL
    SELECT flow.from_place, flow.from_unit, flow.to_place, flow.numerator, flow.denominator, flow.acts,
        flow.bases
    FROM flow JOIN goes USING (from_unit) LEFT JOIN main ON main.from_place = flow.from_place
    WHERE main.to_place IS NULL OR goes.first <> goes.last OR goes.first <> main.to_place
"""


@lru_cache(maxsize=64)
def _courses(revision: int, day: date, on: date) -> Mapping[int, Territory]:
    """Every province of a map; the days stand for all that see the same tree."""
    mains: list[tuple[int, int, int]] = []
    apart: dict[int, set[int]] = defaultdict(set)
    singly: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for from_place, from_unit, to_place, number, denominator, acts, bases in _rows(
        _COURSES, {"day": day, "on": on}
    ):
        if from_unit is None:
            mains.append((from_place, to_place, int(number)))
            continue
        apart[from_place].add(from_unit)
        singly[to_place].append((None, None, from_unit, number, denominator, acts, bases))
    acts_of = _acts_of_provinces(day, on)
    wholes: dict[int, list[Whole]] = defaultdict(list)
    for from_place, to_place, communes in mains:
        acts = acts_of.get(from_place, ()) if from_place != to_place else ()
        wholes[to_place].append(Whole(from_place, communes, tuple(sorted(apart[from_place])), acts))
    return {
        place: Territory(tuple(wholes[place]), _parts(singly[place])) for place in {*wholes, *singly} - {0}
    }


def _acts_of_provinces(day: date, on: date) -> Mapping[int, tuple[int, ...]]:
    """The acts that handed provinces themselves on."""
    rows = _rows(
        """
        SELECT m.from_unit, m.acts FROM unit_mapping m
        JOIN unit_position f ON f.unit_id = m.from_unit AND f.level < 3 AND f.valid @> %(day)s::date
        WHERE m.reported @> %(day)s::date AND m.on_map @> %(on)s::date
        """,
        {"day": day, "on": on},
    )
    return {unit_id: tuple(acts) for unit_id, acts in rows}


@lru_cache(maxsize=64)
def _nation(revision: int, root_id: int, day: date) -> Territory:
    """A root with the number of its communes on a day; the same for every day that sees the same tree."""
    ((count,),) = _rows(
        """
        SELECT count(*) FROM unit_counted
        WHERE root_id = %(root)s AND level = 3 AND valid @> %(day)s::date
        """,
        {"root": root_id, "day": day},
    )
    return Territory(nations=(Nation(root_id, count),))


def epoch(revision: int, day: date) -> date:
    """The first day of the time in which the tree stays as it is on `day`."""
    breaks = _breaks(revision)
    at = bisect_right(breaks, day)
    return breaks[at - 1] if at else date.min


@lru_cache(maxsize=4)
def _breaks(revision: int) -> Sequence[date]:
    """The days on which units moved or handed something on."""
    rows = _rows(
        """
        SELECT lower(valid) FROM unit_position UNION SELECT upper(valid) FROM unit_position
        UNION SELECT lower(reported) FROM unit_mapping UNION SELECT lower(on_map) FROM unit_mapping
        UNION SELECT lower(valid) FROM unit_carried UNION SELECT upper(valid) FROM unit_carried
        """,
        {},
    )
    return sorted(day for (day,) in rows if day is not None)


def _rows(query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
