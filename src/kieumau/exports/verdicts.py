"""Verdicts out again: a row for every unit and criterion, as judged or on a map.

A verdict was passed on a unit in its borders (ADR 21). On a map every unit shows the verdicts of the units
whose territory it has, as they were given, with the share of each; they are its own only where it was one
whole unit, else the row says that they do not compare.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kieumau.assessments.earlier import Earlier
from kieumau.assessments.models import Assessment
from kieumau.assessments.page_then import Rows, among
from kieumau.assessments.rules import Outcome
from kieumau.audit.past import as_known
from kieumau.calendars.library import calendar
from kieumau.calendars.library import window as window_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition, version
from kieumau.criteria.rules import LEVELS
from kieumau.exports.asking import day_known
from kieumau.exports.blocks import one_moment
from kieumau.exports.periods import place_named, run_of
from kieumau.exports.rows import Column, Compared, Kind
from kieumau.formulas.windows import Window
from kieumau.indicators.maps.rules import Map, read_map
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.units.models import Position, Term
from kieumau.units.queries import AmbiguousUnit, root, unit
from kieumau.web.days import last_moment

BLOCK = 5_000


class VerdictRow(NamedTuple):
    """What one criterion came out as for one unit. `outcome` is empty where there is no verdict.

    `judged_unit` is the unit that was judged, `share` the part of it that belongs to `unit` on the map.
    """

    unit: str
    unit_name: str
    judged_unit: str
    judged_unit_name: str
    share: str
    criteria_set: str
    version: int
    calendar: str
    period: str
    period_start: date
    period_end: date
    criterion: str
    criterion_title: str
    outcome: str
    points: Decimal | None
    unit_outcome: str
    unit_class: str
    judged_on: date | None
    map: str
    comparability: str
    comparability_note: str
    known_on: date | None


_KINDS: dict[str, Kind] = {
    "version": "whole",
    "period_start": "day",
    "period_end": "day",
    "points": "decimal",
    "judged_on": "day",
    "known_on": "day",
}
VERDICT_COLUMNS = tuple(Column(name, _KINDS.get(name, "text")) for name in VerdictRow._fields)


@dataclass(frozen=True, slots=True)
class AskedVerdicts:
    """An export of verdicts, known to make sense."""

    criteria_set: CriteriaSet
    windows: tuple[Window, ...]
    within_id: int
    on: Map
    language: str
    known_on: date | None = None
    note: Text | None = None

    @property
    def known_at(self) -> datetime | None:
        """The last moment of the day whose knowledge is asked for; None: now."""
        return last_moment(self.known_on) if self.known_on else None


def ask_verdicts(
    *,
    criteria_set: str,
    period: str,
    within: str = "",
    on: str = "reported",
    known_on: str = "",
    language: str = "vi",
    today: date,
) -> AskedVerdicts:
    """From words: `code` or `code/version`, `2025` or `2024..2025`. Raises `Refused` with every problem.

    `known_on`: a day, for the verdicts known at its end by the newest version of then; empty for now.
    """
    problems: list[Problem] = []
    day = day_known(known_on, problems, today=today)
    if problems:
        raise Refused(problems)
    known_at = last_moment(day) if day else None
    with as_known(known_at) as past:
        asked = _asked(criteria_set, period, within, on, language, today, known_at)
    return replace(asked, known_on=day, note=past.note)


def _asked(
    criteria_set: str,
    period: str,
    within: str,
    on: str,
    language: str,
    today: date,
    known_at: datetime | None,
) -> AskedVerdicts:
    problems: list[Problem] = []
    found = _set(criteria_set, known_at, problems)
    windows = _windows(found, period, problems) if found else []
    shown = _map(on, today, problems)
    last = calendar(windows[-1].calendar).last_day(windows[-1]) if windows else today
    place = _place(found, within, shown.day or last, problems)
    if problems or found is None or place is None:
        raise Refused(problems)
    return AskedVerdicts(found, tuple(windows), place.unit_id, shown, language)


def _set(criteria_set: str, known_at: datetime | None, problems: list[Problem]) -> CriteriaSet | None:
    code, _, number = criteria_set.partition("/")
    try:
        return version(code, whole_number(number) or 0) if number.isdecimal() else _newest(code, known_at)
    except Refused as refused:
        problems.extend(refused.problems)
        return None


def _windows(found: CriteriaSet, period: str, problems: list[Problem]) -> list[Window]:
    """The periods of the set from the first to the last; what is none joins the problems."""
    first_word, last_word = run_of(period)
    try:
        first = window_of(first_word, found.calendar)
        last = window_of(last_word, found.calendar) if last_word else first
    except Refused as refused:
        problems.extend(refused.problems)
        return []
    own = (found.calendar, found.period_kind)
    if (first.calendar, first.kind) != own or last.kind != first.kind or last < first:
        reason = Text(vi=f"“{period}” không phải kỳ của bộ này.", en=f"“{period}” is no period of this set.")
        problems.append(Problem("bad-range", reason))
        return []
    return list(calendar(first.calendar).windows(first.kind, first, last))


def _map(on: str, today: date, problems: list[Problem]) -> Map:
    try:
        return read_map(on, today=today)
    except Refused as refused:
        problems.extend(refused.problems)
        return Map()


def _place(found: CriteriaSet | None, within: str, day: date, problems: list[Problem]) -> Term | None:
    if not within and found is None:
        return None
    try:
        return place_named(within, day) if within or found is None else _root_of(found, day)
    except Refused as refused:
        problems.extend(refused.problems)
        return None


def _root_of(criteria_set: CriteriaSet, day: date) -> Term:
    """The root, of several trees that of the units that were judged. Raises `Refused`."""
    try:
        return root(day)
    except AmbiguousUnit:
        judged = Assessment.objects.filter(criteria_set=criteria_set).values("unit")[:1]
        tree = Position.objects.filter(unit_id__in=judged).values_list("root", flat=True).first()
        if tree is None:
            raise
        return unit(tree, day)


def _newest(code: str, known_at: datetime | None) -> CriteriaSet:
    versions = CriteriaSet.objects.filter(code=code)
    if known_at is not None:
        versions = versions.filter(loaded_at__lte=known_at)
    found = versions.order_by("-version").first()
    if found is None:
        reason = Text(vi=f"Không có bộ tiêu chí “{code}”.", en=f"There is no criteria set “{code}”.")
        raise Refused([Problem("no-such-set", reason)])
    return found


# The units of the day below the path, each with the units whose verdicts it shows and their shares.
_REPORTED = (
    "SELECT p.unit_id, p.unit_id AS judged, '{1}'::numeric[] AS parts, '{1}'::numeric[] AS of FROM place p"
)
ON_MAP = """
    SELECT p.unit_id, m.from_unit AS judged, array_agg(m.numerator) AS parts, array_agg(m.denominator) AS of
    FROM place p
    LEFT JOIN unit_mapping m ON m.to_unit = p.unit_id AND m.on_map @> %(day)s::date
        AND m.reported @> %(last_day)s::date
    GROUP BY p.unit_id, m.from_unit
"""
_VERDICTS = """
    WITH place AS (
        SELECT unit_id FROM unit_position
        WHERE valid @> %(day)s::date AND level = %(level)s AND path >= %(path)s AND path < %(path)s || ':'
    ), judged AS ({judged})
    SELECT t.code, replace(k.{full}, '{{name}}', t.name), w.code, replace(l.{full}, '{{name}}', w.name),
        j.parts, j.of, c.code, c.{title}, a.outcomes[c.position], a.criterion_points[c.position], a.outcome,
        a.class_code, a.judged_on
    FROM judged j
    JOIN unit_term t ON t.unit_id = j.unit_id AND t.valid @> %(day)s::date
    JOIN unit_kind k ON k.code = t.kind_id
    LEFT JOIN unit_term w ON w.unit_id = j.judged AND w.valid @> %(last_day)s::date
    LEFT JOIN unit_kind l ON l.code = w.kind_id
    {join} JOIN assessment a ON a.unit = j.judged AND a.criteria_set_id = %(set)s AND a.period = %(period)s
    JOIN criterion c ON c.criteria_set_id = %(set)s
    ORDER BY t.sort_key, t.code, t.unit_id, w.sort_key, w.code, j.judged, c.position
"""


def verdict_blocks(asked: AskedVerdicts) -> Iterator[list[VerdictRow]]:
    """The rows of an export as of one moment, by a cursor of the server; ordered by period, unit, criterion.

    As judged only units that were judged have rows; on a map every unit of the level has.
    """
    language = "en" if asked.language.startswith("en") else "vi"
    is_reported = asked.on.is_reported
    query = _VERDICTS.format(
        judged=_REPORTED if is_reported else ON_MAP,
        join="" if is_reported else "LEFT",
        full=f"full_{language}",
        title=f"title_{language}",
    )
    with one_moment(), as_known(asked.known_at):
        for window in asked.windows:
            values = asked_values(asked, window)
            if values is None:
                continue
            then, given = among(query, _known(asked, window))
            with connection.chunked_cursor() as cursor:
                cursor.execute(then, {**values, **given})
                rows = (_row(asked, window, row, language) for row in _fetched(cursor))
                block: list[VerdictRow] = []
                for _, some in groupby(rows, key=lambda row: (row.unit, row.unit_name)):
                    block += _compared(list(some), asked, language)
                    if len(block) >= BLOCK:
                        yield block
                        block = []
                yield block


def _known(asked: AskedVerdicts, window: Window) -> Rows | None:
    """The verdicts of a period as they were known then; None where those stored are wanted."""
    if asked.known_at is None:
        return None
    return Earlier(asked.known_at).verdicts(asked.criteria_set, window)


def _fetched(cursor: CursorWrapper) -> Iterator[Sequence[Any]]:
    while rows := cursor.fetchmany(BLOCK):
        yield from rows


def asked_values(asked: AskedVerdicts, window: Window) -> dict[str, Any] | None:
    """What a query over one period needs; None where the unit asked for was not there."""
    own = calendar(window.calendar)
    last_day = own.last_day(window)
    day = asked.on.day or last_day
    stood = Position.objects.filter(unit_id=asked.within_id, valid__contains=day)
    if (path := stood.values_list("path", flat=True).first()) is None:
        return None
    level = LEVELS[definition(asked.criteria_set).applies_to.level]
    (period,) = own.period_ids(window)
    return {
        "day": day,
        "last_day": last_day,
        "level": level,
        "path": path,
        "set": asked.criteria_set.pk,
        "period": period,
    }


def _row(asked: AskedVerdicts, window: Window, row: Sequence[Any], language: str) -> VerdictRow:
    code, name, was, was_name, parts, of, criterion, title, outcome, points, whole, class_code, judged_on = (
        row
    )
    own = calendar(window.calendar)
    starts_on, ends_before = own.bounds(window)
    share = sum(
        (Fraction(a) / Fraction(b) for a, b in zip(parts, of, strict=True) if a is not None), Fraction(0)
    )
    return VerdictRow(
        code,
        name,
        was or "",
        was_name or "",
        str(share) if was else "",
        asked.criteria_set.code,
        asked.criteria_set.version,
        window.calendar,
        own.period_code(window),
        starts_on,
        ends_before - timedelta(days=1),
        criterion,
        title,
        Outcome(outcome).key if outcome else "",
        points,
        Outcome(whole).key if whole else "",
        class_code or "",
        judged_on,
        asked.on.word,
        Compared.NOT_COMPARABLE.value,
        Compared.NOT_COMPARABLE.sentence.in_(language),
        asked.known_on,
    )


def _compared(rows: Sequence[VerdictRow], asked: AskedVerdicts, language: str) -> list[VerdictRow]:
    """The rows of one unit: its own verdict where one whole unit was judged."""
    if asked.on.is_reported:
        compared = Compared.AS_REPORTED
    elif {(row.judged_unit, row.share) for row in rows} == {(rows[0].judged_unit, "1")}:
        compared = Compared.SAME
    else:
        return list(rows)
    note = compared.sentence.in_(language)
    return [row._replace(comparability=compared.value, comparability_note=note) for row in rows]
