"""What figures were before: every revision with who, when and why; and figures as known at a moment.

Nothing is ever overwritten: what a figure was goes to `Superseded` in the same statement, with the source
that replaced it. A figure as known at a moment is read by `facts` (`as_known_at`); here is the way between.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import connection

from kieumau.formulas.values import State
from kieumau.indicators.runs import Run
from kieumau.indicators.whence import SourceCell, cells_of
from kieumau.kernel.messages import Text

MOST_BELOW = 50
Cells = Mapping[tuple[int, int], SourceCell]  # source, period


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
    down.
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
    SELECT v.period, v.state, v.value, v.source, v.superseded_by, v.superseded_at,
        s.recorded_at, s.recorded_by, s.name, s.mapping, s.sha256,
        n.recorded_by, n.name, n.mapping, n.sha256,
        coalesce((
            SELECT string_agg(DISTINCT m.text, '; ') FROM figure_remark m
            WHERE m.unit = %(unit)s AND m.period = v.period AND m.source = v.source
        ), '')
    FROM (
        SELECT id, period, state, value, source, superseded_by, superseded_at FROM figure_superseded
        WHERE unit = %(unit)s AND indicator = %(indicator)s AND period = ANY(%(periods)s)
        UNION ALL
        SELECT NULL, period, state, value, source, NULL, NULL FROM figure
        WHERE unit = %(unit)s AND indicator = %(indicator)s AND period = ANY(%(periods)s)
    ) v
    LEFT JOIN figure_source s ON s.id = v.source
    LEFT JOIN figure_source n ON n.id = v.superseded_by
    ORDER BY v.period, v.id NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class _Version:
    """One row of the answer: a figure with the source it came from, and by whom and when it was replaced."""

    period: int
    known: Known
    source: int
    superseded_by: int | None
    superseded_at: datetime | None
    recorded_at: datetime | None
    whence: tuple[str, str, str, str]
    whither: tuple[str, str, str, str]
    remarks: str


def revisions(unit_id: int, indicator_id: int, periods: Sequence[int]) -> list[Revision]:
    """Everything that happened to a unit's own figures of these periods, the latest first.

    One query, and one for the cells of files, which are opened (some 50 ms for half a million figures, of
    the latest twenty files). The first revision of a period is the figure as it was sent first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, {"unit": unit_id, "indicator": indicator_id, "periods": list(periods)})
        versions = [_version(row) for row in cursor.fetchall()]
    by_period: dict[int, list[_Version]] = defaultdict(list)
    for version in versions:
        by_period[version.period].append(version)
    files = {version.source for version in versions if version.whence[2]}
    keys = {(period, unit_id, indicator_id) for period in by_period}
    cells = {
        (source, period): cell
        for (source, (period, _, _)), cell in (cells_of(files, keys) if files else {}).items()
    }
    found = [revision for chain in by_period.values() for revision in _chain(chain, cells)]
    found.reverse()  # of several within one moment the last comes first
    return sorted(found, key=lambda one: one.at, reverse=True)


def _version(row: Sequence[Any]) -> _Version:
    period, state, value, source, superseded_by, superseded_at, recorded_at, *words, remarks = row
    told = [word or "" for word in words]
    return _Version(
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


def _chain(versions: Sequence[_Version], cells: Cells) -> Iterable[Revision]:
    """The versions of one figure, earliest first, as revisions."""
    first, last = versions[0], versions[-1]
    if first.recorded_at is not None:
        yield _sent(first, None, first.recorded_at, cells)
    for before, after in pairwise(versions):
        at = before.superseded_at
        if before.superseded_by == after.source and at is not None:
            yield _sent(after, before.known, at, cells)
            continue
        yield from _removed(before)
        if after.recorded_at is not None:
            yield _sent(after, None, after.recorded_at, cells)
    if last.superseded_at is not None:
        yield from _removed(last)


def _sent(version: _Version, old: Known | None, at: datetime, cells: Cells) -> Revision:
    cell = cells.get((version.source, version.period))
    return Revision(version.period, old, version.known, at, *version.whence, version.remarks, cell)


def _removed(version: _Version) -> Iterable[Revision]:
    if version.superseded_at is not None:
        yield Revision(version.period, version.known, None, version.superseded_at, *version.whither)


_BELOW = """
    SELECT p.unit_id, t.kind_id, t.name, count(*)::int, max(g.superseded_at),
        (array_agg(g.state ORDER BY g.id))[1], (array_agg(g.value ORDER BY g.id))[1],
        (array_agg(f.state))[1], (array_agg(f.value))[1]
    FROM period q
    JOIN unit_position own ON own.unit_id = %(unit)s AND own.valid @> (q.ends_before - 1)
    JOIN unit_counted p ON p.path > own.path AND p.path < own.path || ':' AND p.level = 3
        AND (p.valid @> (q.ends_before - 1)) IS TRUE
    JOIN figure_superseded g ON g.unit = p.unit_id AND g.indicator = %(indicator)s AND g.period = q.id
    JOIN unit_term t ON t.unit_id = p.unit_id AND t.valid @> (q.ends_before - 1)
    LEFT JOIN figure f ON f.unit = g.unit AND f.indicator = g.indicator AND f.period = g.period
    WHERE q.id = ANY(%(periods)s)
    GROUP BY p.unit_id, t.kind_id, t.name, g.period
    ORDER BY 5 DESC, p.unit_id
    LIMIT %(most)s
"""


def revised_below(unit_id: int, indicator_id: int, periods: Sequence[int]) -> list[RevisedBelow]:
    """The communes below whose figures of these periods were ever revised, the latest first. One query.

    At most `MOST_BELOW`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _BELOW,
            {
                "unit": unit_id,
                "indicator": indicator_id,
                "periods": list(periods),
                "most": MOST_BELOW,
            },
        )
        rows = cursor.fetchall()
    return [
        RevisedBelow(
            below,
            kind,
            name,
            count,
            at,
            Known(State(first_state), first),
            None if state is None else Known(State(state), value),
        )
        for below, kind, name, count, at, first_state, first, state, value in rows
    ]


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
