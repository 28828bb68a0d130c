"""A page of verdicts: pairs of a unit of the map and a unit that was judged, in the order of their ids.

As judged every unit stands for itself. On a map it stands with the units whose territory it has (ADR 21).
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from django.db import connection

from kieumau.api.shapes import FindingOut, VerdictOut
from kieumau.assessments.earlier import Earlier
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.audit.past import as_known
from kieumau.criteria.queries import definition
from kieumau.exports.blocks import one_moment
from kieumau.exports.rows import Compared
from kieumau.exports.verdicts import ON_MAP, AskedVerdicts, asked_values
from kieumau.units.models import Term
from kieumau.units.queries import terms


class Pair(NamedTuple):
    """A unit of the map with a judged unit of whose territory it has the share; `is_only` it alone."""

    unit: int
    judged: int
    share: Fraction
    is_only: bool


_AS_JUDGED = """
    SELECT p.unit_id, p.unit_id AS judged, '{1}'::numeric[] AS parts, '{1}'::numeric[] AS of FROM place p
"""
_STORED = """
    WHERE EXISTS (
        SELECT FROM assessment a
        WHERE a.unit = j.judged AND a.criteria_set_id = %(set)s AND a.period = %(period)s
    )
"""
_PAIRS = """
    WITH place AS (
        SELECT unit_id FROM unit_position
        WHERE valid @> %(day)s::date AND level = %(level)s AND path >= %(path)s AND path < %(path)s || ':'
            AND unit_id >= %(unit)s
    ), judged AS ({judged})
    SELECT * FROM (
        SELECT j.unit_id, j.judged, j.parts, j.of, count(*) OVER (PARTITION BY j.unit_id) FROM judged j
        WHERE j.judged IS NOT NULL
    ) j
    {stored} {joined} (j.unit_id, j.judged) > (%(unit)s, %(judged)s)
    ORDER BY 1, 2 LIMIT %(limit)s
"""


def verdicts_after(asked: AskedVerdicts, key: str, limit: int) -> tuple[list[VerdictOut], str | None]:
    """The verdicts of one period behind a key `unit.judged` (empty: the first), and the next key.

    Five queries; as known on a day those units are judged again that have changed since.
    """
    unit, _, judged = key.partition(".")
    with one_moment(), as_known(asked.known_at):
        values = asked_values(asked, asked.windows[0])
        if values is None:
            return [], None
        found = _pairs(
            asked, {**values, "unit": int(unit or 0), "judged": int(judged or 0), "limit": limit + 1}
        )
        pairs = found[:limit]
        rows = _verdicts(asked, values, [pair.judged for pair in pairs])
        names = _names(values["day"], [pair.unit for pair in pairs])
        was = _names(values["last_day"], [pair.judged for pair in pairs])
        codes = [one.code for one in definition(asked.criteria_set).criteria]
        items = [
            _item(asked, pair, rows[pair.judged], names.get(pair.unit), was.get(pair.judged), codes)
            for pair in pairs
            if pair.judged in rows
        ]
    following = f"{pairs[-1].unit}.{pairs[-1].judged}" if len(found) > limit else None
    return items, following


def _pairs(asked: AskedVerdicts, values: Mapping[str, Any]) -> list[Pair]:
    is_stored = asked.known_at is None
    query = _PAIRS.format(
        judged=_AS_JUDGED if asked.on.is_reported else ON_MAP,
        stored=_STORED if is_stored else "",
        joined="AND" if is_stored else "WHERE",
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [
            Pair(
                unit,
                judged,
                sum((Fraction(a) / Fraction(b) for a, b in zip(parts, of, strict=True)), Fraction(0)),
                count == 1,
            )
            for unit, judged, parts, of, count in cursor.fetchall()
        ]


def _verdicts(
    asked: AskedVerdicts, values: Mapping[str, Any], unit_ids: Sequence[int]
) -> Mapping[int, Assessment]:
    """By unit; stored, or as known then."""
    if asked.known_at is not None:
        return Earlier(asked.known_at).verdicts(asked.criteria_set, asked.windows[0], unit_ids=unit_ids)
    rows = Assessment.objects.filter(
        criteria_set=asked.criteria_set, period=values["period"], unit__in=unit_ids
    )
    return {row.unit: row for row in rows.defer("operands")}


def _names(day: Any, unit_ids: Sequence[int]) -> Mapping[int, Term]:
    return {row.unit_id: row for row in terms(day).filter(unit_id__in=unit_ids)}


def _item(
    asked: AskedVerdicts,
    pair: Pair,
    one: Assessment,
    unit: Term | None,
    was: Term | None,
    codes: Sequence[str],
) -> VerdictOut:
    points = one.criterion_points or [None] * len(codes)
    compared = Compared.SAME if pair.is_only and pair.share == 1 else Compared.NOT_COMPARABLE
    if asked.on.is_reported:
        compared = Compared.AS_REPORTED
    return VerdictOut(
        unit_id=pair.unit,
        unit=unit.code if unit else "",
        unit_name=unit.full_name(asked.language) if unit else "",
        judged_unit_id=pair.judged,
        judged_unit=was.code if was else "",
        judged_unit_name=was.full_name(asked.language) if was else "",
        share=str(pair.share),
        comparability=compared.value,
        comparability_note=compared.sentence.in_(asked.language),
        outcome=Outcome(one.outcome).key,
        points=_text(one.points),
        points_possible=_text(one.points_possible),
        class_code=one.class_code,
        judged_on=one.judged_on,
        findings=[
            FindingOut(criterion=code, outcome=Outcome(outcome).key, points=_text(won))
            for code, outcome, won in zip(codes, one.outcomes, points, strict=True)
        ],
        known_on=asked.known_on,
    )


def _text(value: Any) -> str | None:
    return None if value is None else f"{value:f}"
