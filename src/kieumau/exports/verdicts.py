"""Verdicts out again: a row for every unit and criterion, as judged or on a map.

A verdict was passed on a unit, so it moves with the whole unit only: where the territory of a unit on a
map is that of several units or of a part of one, there is none, and the row says that it does not compare.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from kieumau.assessments.rules import Outcome
from kieumau.calendars.library import calendar
from kieumau.calendars.library import window as window_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition, version
from kieumau.criteria.rules import LEVELS
from kieumau.exports.blocks import one_moment
from kieumau.exports.rows import Column, Compared
from kieumau.formulas.windows import Window
from kieumau.indicators.maps.rules import Map, read_map
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.models import Position
from kieumau.units.queries import root, term

BLOCK = 5_000


class VerdictRow(NamedTuple):
    """What one criterion came out as for one unit. `outcome` is empty where there is no verdict."""

    unit: str
    unit_name: str
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


_KINDS = {
    "version": "whole",
    "period_start": "day",
    "period_end": "day",
    "points": "decimal",
    "judged_on": "day",
}
VERDICT_COLUMNS = tuple(Column(name, _KINDS.get(name, "text")) for name in VerdictRow._fields)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class AskedVerdicts:
    """An export of verdicts, known to make sense."""

    criteria_set: CriteriaSet
    windows: tuple[Window, ...]
    within_id: int
    on: Map
    language: str


def ask_verdicts(
    *,
    criteria_set: str,
    period: str,
    within: str = "",
    on: str = "reported",
    language: str = "vi",
    today: date,
) -> AskedVerdicts:
    """From words: `code` or `code/version`, `2025` or `2024..2025`. Raises `Refused`."""
    code, _, number = criteria_set.partition("/")
    found = version(code, int(number)) if number.isdecimal() else _newest(code)
    first_word, _, last_word = period.partition("..")
    first = window_of(first_word, found.calendar)
    last = window_of(last_word, found.calendar) if last_word else first
    own = calendar(first.calendar)
    if (
        (first.calendar, first.kind) != (found.calendar, found.period_kind)
        or last.kind != first.kind
        or last < first
    ):
        reason = Text(vi=f"“{period}” không phải kỳ của bộ này.", en=f"“{period}” is no period of this set.")
        raise Refused([Problem("bad-range", reason)])
    shown = read_map(on, today=today)
    day = shown.day or own.last_day(last)
    place = term(within, day) if within else root(day)
    return AskedVerdicts(found, tuple(own.windows(first.kind, first, last)), place.unit_id, shown, language)


def _newest(code: str) -> CriteriaSet:
    found = CriteriaSet.objects.filter(code=code).order_by("-version").first()
    if found is None:
        reason = Text(vi=f"Không có bộ tiêu chí “{code}”.", en=f"There is no criteria set “{code}”.")
        raise Refused([Problem("no-such-set", reason)])
    return found


# The units of the day below the path, each with the unit whose verdict is its own: itself as judged; on a
# map the only one that its territory was, whole.
_REPORTED = "SELECT p.unit_id, p.unit_id AS judged FROM place p"
_ON_MAP = """
    SELECT p.unit_id, CASE WHEN count(*) = 1 AND bool_and(m.numerator = m.denominator)
        THEN min(m.from_unit) END AS judged
    FROM place p
    LEFT JOIN unit_mapping m ON m.to_unit = p.unit_id AND m.on_map @> %(day)s::date
        AND m.reported @> %(last_day)s::date
    GROUP BY p.unit_id
"""
_VERDICTS = """
    WITH place AS (
        SELECT unit_id FROM unit_position
        WHERE valid @> %(day)s::date AND level = %(level)s AND path >= %(path)s AND path < %(path)s || ':'
    ), judged AS ({judged})
    SELECT t.code, replace(k.{full}, '{{name}}', t.name), judged.judged IS NULL, c.code, c.{title},
        a.outcomes[c.position], a.criterion_points[c.position], a.outcome, a.class_code, a.judged_on
    FROM judged
    JOIN unit_term t ON t.unit_id = judged.unit_id AND t.valid @> %(day)s::date
    JOIN unit_kind k ON k.code = t.kind_id
    {join} JOIN assessment a ON a.unit = judged.judged AND a.criteria_set_id = %(set)s
        AND a.period = %(period)s
    JOIN criterion c ON c.criteria_set_id = %(set)s
    ORDER BY t.sort_key, t.code, t.unit_id, c.position
"""


def verdict_blocks(asked: AskedVerdicts) -> Iterator[list[VerdictRow]]:
    """The rows of an export as of one moment, by a cursor of the server; ordered by period, unit, criterion.

    As judged only units that were judged have rows; on a map every unit of the level has.
    """
    language = "en" if asked.language.startswith("en") else "vi"
    is_reported = asked.on.is_reported
    query = _VERDICTS.format(
        judged=_REPORTED if is_reported else _ON_MAP,
        join="" if is_reported else "LEFT",
        full=f"full_{language}",
        title=f"title_{language}",
    )
    with one_moment():
        for window in asked.windows:
            values = _values(asked, window)
            if values is None:
                continue
            with connection.chunked_cursor() as cursor:
                cursor.execute(query, values)
                while rows := cursor.fetchmany(BLOCK):
                    yield [_row(asked, window, row, language) for row in rows]


def _values(asked: AskedVerdicts, window: Window) -> dict[str, Any] | None:
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
    code, name, is_nobody, criterion, title, outcome, points, whole, class_code, judged_on = row
    own = calendar(window.calendar)
    starts_on, ends_before = own.bounds(window)
    compared = Compared.SAME
    if asked.on.is_reported:
        compared = Compared.AS_REPORTED
    elif is_nobody:
        compared = Compared.NOT_COMPARABLE
    return VerdictRow(
        code,
        name,
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
        compared.value,
        compared.sentence.in_(language),
    )
