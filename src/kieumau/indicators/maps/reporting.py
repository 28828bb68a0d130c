"""Who reported: whether a figure and an earlier one were reported by the same units, compared as sets.

Counts do not tell it: of two months with 95 of 100 reports each five others may be missing. The units that
sent nothing, or a refusal, are put on one map and compared there, however their borders have moved.

Of a whole country that would be every commune for every indicator and month. There the kept totals come
first: a province that lacks something in one month and nothing in the same month of the other window proves
a difference. Single communes are looked at only where that proves nothing, and then only in the months and
provinces that lack something.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from kieumau.formulas.windows import Operand
from kieumau.indicators.facts import AS_KNOWN
from kieumau.indicators.maps.comparing import Lacking, Place, Who, differing
from kieumau.indicators.maps.territory import NOWHERE, PLACE, Territory, courses, epoch
from kieumau.indicators.runs import Run
from kieumau.units.models import Level

Pair = tuple[Run, Run]  # a figure, an earlier one
ByPair = dict[tuple[Operand, Operand], Who]
# By run and number of a period in it: the provinces of then that lack something there.
Missing = dict[Run, dict[int, set[int]]]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures: a unit, on which map (None: each by the tree of its time), known when, in which tree.

    `by_day` is its territory on that map; empty for a nation, which is the same on every map.
    """

    unit_id: int
    level: int
    on: date | None
    revision: int
    as_known_at: datetime | None = None
    by_day: Mapping[date, Territory] | None = None

    @property
    def is_by_path(self) -> bool:
        """Are its communes those below it by the tree of the time?"""
        return self.on is None or self.level == Level.NATION


def who_differs(scope: Scope, pairs: Sequence[Pair]) -> ByPair:
    """For every pair of runs (that roll up) how many units differ in who reported. Two queries at most.

    Left out, and so not known: every pair of a whole country as known at an earlier moment, of which no
    totals are kept.
    """
    if not pairs:
        return {}
    found: ByPair = {}
    missing: Missing | None = None
    if scope.level == Level.NATION:
        if scope.as_known_at is not None:
            return {}
        found, missing = _by_province(scope, pairs)
    rest = [pair for pair in pairs if _operands(pair) not in found]
    if rest:
        lacking = _lacking(scope, rest, missing)
        found |= {
            _operands((now, before)): Who(differing(lacking[now], lacking[before])) for now, before in rest
        }
    return found


def _operands(pair: Pair) -> tuple[Operand, Operand]:
    return pair[0].operand, pair[1].operand


def _map_day(scope: Scope, pairs: Iterable[Pair]) -> date:
    """The day of the map on which units are compared: as reported, that of the latest figure."""
    return scope.on or max(now.last_days[-1] for now, _ in pairs)


# Cells: a run, the number of a period in it, the period, its indicator, which tree it sees, and in which
# province alone it is looked for (none: wherever the unit has communes).
_CELLS = """unnest(%(runs)s::int[], %(numbers)s::int[], %(periods)s::int[], %(indicators)s::int[],
    %(sees)s::int[], %(within)s::int[]) AS c (run, number, period, indicator, see, within)"""
# Read by (province, period), as totals are kept.
_LACKING_BELOW = f"""
    SELECT c.run, e.province, array_agg(c.number)
    FROM {_CELLS}
    JOIN unnest(%(of)s::int[], %(provinces)s::int[], %(communes)s::int[]) AS e (see, province, communes)
        ON e.see = c.see
    LEFT JOIN figure_total t ON t.period = c.period AND t.unit = e.province AND t.indicator = c.indicator
    WHERE e.communes <> coalesce(t.value_count + t.not_applicable_count, 0)
    GROUP BY 1, 2
"""


def _by_province(scope: Scope, pairs: Sequence[Pair]) -> tuple[ByPair, Missing]:
    """The pairs whose totals prove a difference; and for the others what lacks where."""
    on = _map_day(scope, pairs)
    cells = _Cells(pairs, lambda day: epoch(scope.revision, day))
    counts = [
        (see, province, count)
        for day, see in cells.sees.items()
        for province, count in _commune_counts(scope.revision, scope.unit_id, day).items()
    ]
    columns = map(list, zip(*counts, strict=True)) if counts else ([], [], [])
    values = dict(zip(("of", "provinces", "communes"), columns, strict=True))
    lacks: Missing = defaultdict(lambda: defaultdict(set))
    for number, province, places in _rows(_LACKING_BELOW, {**cells.values, **values}):
        for place in places:
            lacks[cells.runs[number]][place].add(province)
    found: ByPair = {}
    for pair in pairs:
        if proven := _proven(scope.revision, on, pair, lacks):
            found[_operands(pair)] = Who(len(proven), is_least=True)
    return found, lacks


def _proven(revision: int, on: date, pair: Pair, lacks: Missing) -> set[int]:
    """Provinces of the map that lack something in a month of one window and nothing in that of the other."""
    proven: set[int] = set()
    for place in {*lacks[pair[0]], *lacks[pair[1]]}:
        if any(place >= len(run.last_days) for run in pair):
            continue
        ways = [_ways(revision, epoch(revision, run.last_days[place]), on) for run in pair]
        sides = [_on_map(lacks[run][place], way) for run, way in zip(pair, ways, strict=True)]
        proven |= (sides[0] ^ sides[1]) - ways[0].unsure - ways[1].unsure
    return proven


@dataclass(frozen=True, slots=True)
class _Ways:
    """Into which provinces of a map whole ones went; and those that communes came to or left singly."""

    into: Mapping[int, frozenset[int]]
    unsure: frozenset[int]


@lru_cache(maxsize=64)
def _ways(revision: int, day: date, on: date) -> _Ways:
    into: dict[int, set[int]] = defaultdict(set)
    unsure: set[int] = set()
    for province, territory in courses(day, on, revision).items():
        for whole in territory.wholes:
            into[whole.unit_id].add(province)
        if territory.parts or any(whole.apart for whole in territory.wholes):
            unsure.add(province)
    return _Ways({source: frozenset(some) for source, some in into.items()}, frozenset(unsure))


def _on_map(provinces: Iterable[int], ways: _Ways) -> set[int]:
    """The provinces of the map into which these of then went."""
    nowhere: frozenset[int] = frozenset()
    return {province for source in provinces for province in ways.into.get(source, nowhere)}


@lru_cache(maxsize=64)
def _commune_counts(revision: int, root_id: int, day: date) -> Mapping[int, int]:
    """How many communes count in each province of a root, on a day that stands for its time."""
    rows = _rows(
        f"""
        SELECT {PLACE.format("p")}, count(*)::int FROM unit_counted p
        WHERE p.root_id = %(root)s AND p.level = 3 AND p.valid @> %(day)s::date GROUP BY 1
        """,
        {"root": root_id, "day": day},
    )
    return dict(rows)


class _Cells:
    """The cells of the runs of some pairs, as arrays; `sees` are the days that stand for their trees.

    With `missing` a cell for each province that lacks something, and none where nothing lacks. A total never
    holds figures of more units than count in its province on that day, so that no surplus hides a gap.
    """

    def __init__(self, pairs: Iterable[Pair], see: Any, missing: Missing | None = None) -> None:
        self.runs = list(dict.fromkeys(run for pair in pairs for run in pair))
        self.sees: dict[date, int] = {}
        rows = []
        for number, run in enumerate(self.runs):
            for place, (period, day) in enumerate(zip(run.periods, run.last_days, strict=True)):
                seen = self.sees.setdefault(see(day), len(self.sees))
                for within in (None,) if missing is None else sorted(missing[run][place]):
                    rows.append((number, place, period, run.indicator_id, seen, within))
        names = ("runs", "numbers", "periods", "indicators", "sees", "within")
        columns = map(list, zip(*rows, strict=True)) if rows else ([] for _ in names)
        self.values: dict[str, Any] = dict(zip(names, columns, strict=True))
        self.values |= {"days": list(self.sees), "day_numbers": list(self.sees.values())}


_DAYS = "unnest(%(day_numbers)s::int[], %(days)s::date[]) AS d (see, day)"
_BY_PATH = f"""
    SELECT d.see, d.day, p.unit_id, {PLACE.format("p")} AS place
    FROM {_DAYS}
    JOIN unit_counted own ON own.unit_id = %(unit)s AND (own.valid @> d.day) IS TRUE
    JOIN unit_counted p ON p.path >= own.path AND p.path < own.path || ':' AND p.level = 3
        AND (p.valid @> d.day) IS TRUE
"""
# Province by province through the index (OFFSET 0): joined as a set, every unit there ever was is read.
_BY_TERRITORY = f"""
    SELECT d.see, d.day, p.unit_id, w.unit AS place
    FROM {_DAYS}
    JOIN unnest(%(whole_days)s::int[], %(wholes)s::int[]) AS w (see, unit) USING (see)
    CROSS JOIN LATERAL (
        SELECT unit_id, valid FROM unit_counted p
        WHERE (p.province_id = w.unit OR p.province_id IS NULL AND {PLACE.format("p")} = w.unit)
            AND p.level = 3
        OFFSET 0
    ) p
    WHERE p.valid @> d.day AND NOT EXISTS (
        SELECT FROM unnest(%(apart_days)s::int[], %(apart)s::int[]) AS a (see, unit)
        WHERE a.see = d.see AND a.unit = p.unit_id
    )
    UNION
    SELECT d.see, d.day, part.unit, NULL
    FROM {_DAYS}
    JOIN unnest(%(part_days)s::int[], %(parts)s::int[]) AS part (see, unit) USING (see)
"""
# Whoever belongs there and sent no figure, as parts of the units of the map. First the units that did not
# send all that is asked of a period, counted along the key of the figures; what lacks is asked of those only.
_LACKING = f"""
    WITH member AS MATERIALIZED ({{members}}), asked AS MATERIALIZED (
        SELECT c.see, c.period, c.within, array_agg(DISTINCT c.indicator) AS indicators FROM {_CELLS}
        GROUP BY 1, 2, 3
    ), doubtful AS MATERIALIZED (
        SELECT m.see, m.day, m.unit_id, a.period, a.within
        FROM asked a JOIN member m ON m.see = a.see AND (a.within IS NULL OR a.within = m.place)
        {{where}}
    ), lacks AS MATERIALIZED (
        SELECT c.run, c.number, d.day, d.unit_id
        FROM {_CELLS}
        JOIN doubtful d ON d.see = c.see AND d.period = c.period AND d.within IS NOT DISTINCT FROM c.within
        WHERE NOT EXISTS (
            SELECT FROM {{figure}} f
            WHERE f.period = c.period AND f.unit = d.unit_id AND f.indicator = c.indicator
                AND f.state IN (0, 2)
        )
    )
    SELECT l.run, l.number, t.to_unit, array_agg(DISTINCT l.unit_id), (
        SELECT count(DISTINCT o.from_unit)::int FROM unit_mapping o
        WHERE o.to_unit = t.to_unit AND o.reported @> l.day AND o.on_map @> %(on)s::date
    )
    FROM lacks l
    JOIN unit_mapping t ON t.from_unit = l.unit_id AND t.reported @> l.day AND t.on_map @> %(on)s::date
    GROUP BY l.run, l.number, l.day, t.to_unit
"""

_NOT_ALL = """
    CROSS JOIN LATERAL (
        SELECT count(*) AS sent FROM figure f
        WHERE f.period = a.period AND f.unit = m.unit_id AND f.indicator = ANY(a.indicators)
            AND f.state IN (0, 2)
    ) there
    WHERE there.sent < cardinality(a.indicators)
"""


def _lacking(
    scope: Scope, pairs: Sequence[Pair], missing: Missing | None
) -> Mapping[Run, Mapping[Place, Lacking]]:
    """The units of the map that lack something, by run. One query; some 4 µs for each figure looked for."""
    if scope.is_by_path:
        cells = _Cells(pairs, lambda day: epoch(scope.revision, day), missing)
        members, values = _BY_PATH, {}
    else:
        by_day = scope.by_day or {}
        first: dict[Territory, date] = {}
        for run in (run for pair in pairs for run in pair):
            for day in run.last_days:
                first.setdefault(by_day.get(day, NOWHERE), day)
        cells = _Cells(pairs, lambda day: first[by_day.get(day, NOWHERE)])
        days = {cells.sees[day]: territory for territory, day in first.items()}
        members, values = _BY_TERRITORY, _members(days)
    if scope.as_known_at is None:
        query = _LACKING.format(members=members, where=_NOT_ALL, figure="figure")
    else:
        known = AS_KNOWN.replace("{units}", "SELECT unit_id FROM member")
        query = _LACKING.format(members=members, where="", figure=known)
    asked = {"unit": scope.unit_id, "on": _map_day(scope, pairs), "moment": scope.as_known_at}
    found: dict[Run, dict[Place, Lacking]] = {run: {} for run in cells.runs}
    for number, place, unit_id, units, of in _rows(query, {**cells.values, **values, **asked}):
        found[cells.runs[number]][unit_id, place] = Lacking(frozenset(units), of)
    return found


def _members(days: Mapping[int, Territory]) -> dict[str, Any]:
    """Territories as arrays: whole provinces, communes that stand apart from them, single units."""
    wholes = [(see, one.unit_id) for see, territory in days.items() for one in territory.wholes]
    apart = [(see, unit) for see, territory in days.items() for one in territory.wholes for unit in one.apart]
    parts = [(see, part.unit_id) for see, territory in days.items() for part in territory.parts]
    return {
        "whole_days": [see for see, _ in wholes],
        "wholes": [unit for _, unit in wholes],
        "apart_days": [see for see, _ in apart],
        "apart": [unit for _, unit in apart],
        "part_days": [see for see, _ in parts],
        "parts": [unit for _, unit in parts],
    }


def _rows(query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
