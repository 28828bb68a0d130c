"""What figures were before: every revision with who, when and why; and figures as known at a moment.

Nothing is ever overwritten: what a figure was goes to `Superseded` in the same statement, with the source
that replaced it. A figure as known at a moment is read by `facts` (`as_known_at`); here is the way between.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, overload

from django.db import connection

from kieumau.formulas.values import State
from kieumau.indicators.runs import Run
from kieumau.indicators.whence import SourceCell, cells_of
from kieumau.kernel.messages import Text

PAGE = 50


@dataclass(frozen=True, slots=True)
class Known:
    """What a figure was at a time: a value, or why there is none."""

    state: State
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure sent, replaced or removed: what it was (`old`, None: nothing) and what it became.

    `source` is the file or form it came with, `mapping` how the file was read, `sha256` which file exactly;
    `remarks` is what was said about it; `cell` where in the file it stood. All empty where nobody wrote it
    down. `source_id` is that of the file or form.
    """

    period: int
    old: Known | None
    new: Known | None
    at: datetime
    by: str = ""
    source: str = ""
    mapping: str = ""
    sha256: str = ""
    remarks: str = ""
    cell: SourceCell | None = None
    unit_id: int = 0
    source_id: int = 0


@dataclass(frozen=True, slots=True)
class RevisedBelow:
    """A unit below whose figure was revised: how often, when last, what it was first and is now."""

    unit_id: int
    kind: str
    name: str
    count: int
    at: datetime
    first: Known
    now: Known | None


# What was and what is, each with the source it came from and the one that replaced it.
_VERSIONS = """
    SELECT v.unit, v.period, v.state, v.value, v.source, v.superseded_by, v.superseded_at,
        s.recorded_at, s.recorded_by, s.name, s.mapping, s.sha256,
        n.recorded_by, n.name, n.mapping, n.sha256,
        coalesce((
            SELECT string_agg(DISTINCT m.text, '; ') FROM figure_remark m
            WHERE m.unit = v.unit AND m.period = v.period AND m.source = v.source
        ), '')
    FROM (
        SELECT id, unit, period, state, value, source, superseded_by, superseded_at FROM figure_superseded
        WHERE unit = ANY(%(units)s) AND indicator = %(indicator)s AND period = ANY(%(periods)s)
        UNION ALL
        SELECT NULL, unit, period, state, value, source, NULL, NULL FROM figure
        WHERE unit = ANY(%(units)s) AND indicator = %(indicator)s AND period = ANY(%(periods)s)
    ) v
    LEFT JOIN figure_source s ON s.id = v.source
    LEFT JOIN figure_source n ON n.id = v.superseded_by
    ORDER BY v.unit, v.period, v.id NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class _Version:
    """One row of the answer: a figure with the source it came from, and by whom and when it was replaced."""

    unit: int
    period: int
    known: Known
    source: int
    superseded_by: int | None
    superseded_at: datetime | None
    recorded_at: datetime | None
    whence: tuple[str, str, str, str]
    whither: tuple[str, str, str, str]
    remarks: str


class Revisions(Sequence[Revision]):
    """Revisions, the latest first. The files that they came with are opened for those that are looked at."""

    def __init__(self, found: Sequence[Revision], indicator_id: int) -> None:
        self._found = found
        self._indicator_id = indicator_id

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, part: int) -> Revision: ...

    @overload
    def __getitem__(self, part: slice) -> list[Revision]: ...

    def __getitem__(self, part: int | slice) -> Revision | list[Revision]:
        if isinstance(part, int):
            return self._with_cells([self._found[part]])[0]
        return self._with_cells(self._found[part])

    def _with_cells(self, some: Sequence[Revision]) -> list[Revision]:
        """One query; some 50 ms for half a million figures, of the latest twenty files."""
        keys = {(one.period, one.unit_id, self._indicator_id) for one in some if one.sha256}
        cells = cells_of({one.source_id for one in some if one.sha256}, keys) if keys else {}
        return [
            replace(one, cell=cells.get((one.source_id, (one.period, one.unit_id, self._indicator_id))))
            if one.new
            else one
            for one in some
        ]


def revisions(
    unit_ids: Sequence[int], indicator_id: int, periods: Sequence[int], until: datetime | None = None
) -> Revisions:
    """Everything that happened to the own figures of units in these periods, the latest first. One query.

    One more for the cells of those that are looked at. The first revision of a figure is its first sending.
    `until` leaves out what was recorded after that moment.
    """
    values: dict[str, Any] = {"units": list(unit_ids), "indicator": indicator_id, "periods": list(periods)}
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, values)
        versions = [_version(row) for row in cursor.fetchall()]
    chains: dict[tuple[int, int], list[_Version]] = defaultdict(list)
    for version in versions:
        chains[version.unit, version.period].append(version)
    found = [revision for chain in chains.values() for revision in _chain(chain)]
    found = [one for one in found if until is None or one.at <= until]
    found.reverse()  # of several within one moment the last comes first
    return Revisions(sorted(found, key=lambda one: one.at, reverse=True), indicator_id)


def _version(row: Sequence[Any]) -> _Version:
    unit, period, state, value, source, superseded_by, superseded_at, recorded_at, *words, remarks = row
    told = [word or "" for word in words]
    return _Version(
        unit,
        period,
        Known(State(state), value),
        source,
        superseded_by,
        superseded_at,
        recorded_at,
        (told[0], told[1], told[2], told[3]),
        (told[4], told[5], told[6], told[7]),
        remarks,
    )


def _chain(versions: Sequence[_Version]) -> Iterable[Revision]:
    """The versions of one figure, earliest first, as revisions."""
    first, last = versions[0], versions[-1]
    if first.recorded_at is not None:
        yield _sent(first, None, first.recorded_at)
    for before, after in pairwise(versions):
        at = before.superseded_at
        if before.superseded_by == after.source and at is not None:
            yield _sent(after, before.known, at)
            continue
        yield from _removed(before)
        if after.recorded_at is not None:
            yield _sent(after, None, after.recorded_at)
    if last.superseded_at is not None:
        yield from _removed(last)


def _sent(version: _Version, old: Known | None, at: datetime) -> Revision:
    return Revision(
        version.period,
        old,
        version.known,
        at,
        *version.whence,
        version.remarks,
        unit_id=version.unit,
        source_id=version.source,
    )


def _removed(version: _Version) -> Iterable[Revision]:
    if version.superseded_at is not None:
        at, by = version.superseded_at, version.superseded_by or 0
        yield Revision(
            version.period, version.known, None, at, *version.whither, unit_id=version.unit, source_id=by
        )


_COMMUNES_OF_THEN = """
    SELECT q.id AS period, q.ends_before - 1 AS day, p.unit_id
    FROM period q
    JOIN unit_position own ON own.unit_id = %(unit)s AND own.valid @> (q.ends_before - 1)
    JOIN unit_counted p ON p.path > own.path AND p.path < own.path || ':' AND p.level = 3
        AND (p.valid @> (q.ends_before - 1)) IS TRUE
    WHERE q.id = ANY(%(periods)s)
"""
_COMMUNES_OF_THE_MAP = """
    SELECT DISTINCT q.id AS period, q.ends_before - 1 AS day, m.from_unit AS unit_id
    FROM unit_position own
    JOIN unit_position t ON t.path > own.path AND t.path < own.path || ':' AND t.level = 3
        AND (t.valid @> %(on)s::date) IS TRUE
    JOIN unit_mapping m ON m.to_unit = t.unit_id AND (m.on_map @> %(on)s::date) IS TRUE
    JOIN period q ON q.id = ANY(%(periods)s) AND m.reported @> (q.ends_before - 1)
    WHERE own.unit_id = %(unit)s AND own.valid @> %(on)s::date
"""
_BELOW = """
    WITH below AS MATERIALIZED ({communes})
    SELECT below.unit_id, t.kind_id, t.name, count(*)::int, max(g.superseded_at),
        (array_agg(g.state ORDER BY g.id))[1], (array_agg(g.value ORDER BY g.id))[1],
        (array_agg(f.state))[1], (array_agg(f.value))[1], count(*) OVER ()::int
    FROM below
    JOIN figure_superseded g ON g.unit = below.unit_id AND g.indicator = %(indicator)s
        AND g.period = below.period AND {until}
    JOIN unit_term t ON t.unit_id = below.unit_id AND (t.valid @> below.day) IS TRUE
    LEFT JOIN {now} f ON f.unit = g.unit AND f.indicator = g.indicator AND f.period = g.period
    GROUP BY below.unit_id, t.kind_id, t.name, g.period
    ORDER BY 5 DESC, below.unit_id
    LIMIT %(limit)s OFFSET %(offset)s
"""
# What stood at a moment: of what was replaced later the first, else what still stands, if it was there.
_THEN = """LATERAL (
    SELECT h.unit, h.indicator, h.period, h.state, h.value, h.id FROM figure_superseded h
    WHERE h.unit = g.unit AND h.indicator = g.indicator AND h.period = g.period
        AND h.superseded_at > %(moment)s
        AND (h.source IN (SELECT id FROM figure_source WHERE recorded_at > %(moment)s)) IS NOT TRUE
    UNION ALL
    SELECT n.unit, n.indicator, n.period, n.state, n.value, NULL FROM figure n
    WHERE n.unit = g.unit AND n.indicator = g.indicator AND n.period = g.period
        AND (n.source IN (SELECT id FROM figure_source WHERE recorded_at > %(moment)s)) IS NOT TRUE
    ORDER BY id NULLS LAST LIMIT 1
)"""


def revised_below(
    unit_id: int,
    indicator_id: int,
    periods: Sequence[int],
    *,
    on: date | None = None,
    until: datetime | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> tuple[list[RevisedBelow], int]:
    """Some of the communes whose figures of these periods were ever revised, the latest first; and how many
    there are (0 beyond the last). One query.

    The communes are those below the unit by the tree of the time, or those that went into it on the map of
    `on`. `until` gives the revisions up to a moment, and the figures as they stood then.
    """
    communes = _COMMUNES_OF_THEN if on is None else _COMMUNES_OF_THE_MAP
    values: dict[str, Any] = {
        "unit": unit_id,
        "indicator": indicator_id,
        "periods": list(periods),
        "on": on,
        "moment": until,
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        sql = _BELOW.format(
            communes=communes,
            until="true" if until is None else "g.superseded_at <= %(moment)s",
            now="figure" if until is None else _THEN,
        )
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    found = [
        RevisedBelow(
            below,
            kind,
            name,
            count,
            at,
            Known(State(first_state), first),
            None if state is None else Known(State(state), value),
        )
        for below, kind, name, count, at, first_state, first, state, value, _ in rows
    ]
    return found, rows[0][-1] if rows else 0


_CHANGED = """
    SELECT min(at) FROM (
        SELECT g.superseded_at AS at
        FROM unnest(%(periods)s::int[], %(indicators)s::int[]) AS k (period, indicator)
        JOIN figure_superseded g ON g.unit = %(unit)s AND g.period = k.period AND g.indicator = k.indicator
        WHERE g.superseded_at > %(moment)s
        UNION ALL
        SELECT s.recorded_at
        FROM unnest(%(periods)s::int[], %(indicators)s::int[]) AS k (period, indicator)
        JOIN figure f ON f.unit = %(unit)s AND f.period = k.period AND f.indicator = k.indicator
        JOIN figure_source s ON s.id = f.source
        WHERE s.recorded_at > %(moment)s
    ) later
"""


def changed_since(unit_id: int, runs: Iterable[Run], moment: datetime) -> datetime | None:
    """When the first of a unit's own figures of these runs was sent or changed after a moment. One query."""
    keys = [(period, run.indicator_id) for run in runs for period in run.periods]
    if not keys:
        return None
    periods, indicators = (list(column) for column in zip(*keys, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGED, {"unit": unit_id, "periods": periods, "indicators": indicators, "moment": moment}
        )
        found: datetime | None = cursor.fetchone()[0]
    return found


def told(known: Known | None) -> Text | None:
    """Why there is no value, in words; None where there is one."""
    if known is None:
        return Text(vi="không có", en="none")
    return {
        State.MISSING: Text(vi="chưa có số liệu", en="missing"),
        State.NOT_APPLICABLE: Text(vi="không áp dụng", en="not applicable"),
        State.REFUSED: Text(vi="từ chối", en="refused"),
    }.get(known.state)
