"""Reads of pages as known at an earlier moment: verdicts worked out anew in the place of those stored."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder

from kieumau.assessments.earlier import Earlier, runs_by
from kieumau.assessments.models import Assessment
from kieumau.assessments.page_judged import Judged
from kieumau.criteria.models import CriteriaSet
from kieumau.units.models import Position

Rows = Mapping[int, Assessment]  # by unit

_COLUMNS = {
    "criteria_set_id": "int",
    "period": "int",
    "unit": "int",
    "judged_on": "date",
    "outcome": "int",
    "outcomes": "int[]",
    "met_count": "int",
    "not_met_count": "int",
    "class_code": "text",
    "points": "numeric",
    "points_possible": "numeric",
    "criterion_points": "numeric[]",
}
_THEN = f"""(
    SELECT given.*, NULL::jsonb AS operands
    FROM jsonb_to_recordset(%(then)s::jsonb) AS given ({", ".join(" ".join(one) for one in _COLUMNS.items())})
) a"""


def judged_by(offered: Iterable[Judged], known_at: datetime | None) -> list[Judged]:
    """Those that had been judged by a moment (None: by now). One query at most."""
    found = list(offered)
    if known_at is None or all(one.judged_at <= known_at for one in found):
        return found
    runs = runs_by(known_at)
    return [one for one in found if one.judged_at <= known_at or (one.set_id, one.window.key) in runs]


def rows_below(chosen: Judged | None, area_id: int, known_at: datetime | None) -> Rows | None:
    """The verdicts on all units of an area as known at a moment; None where those stored are wanted."""
    if chosen is None or known_at is None:
        return None
    stood = Position.objects.filter(unit=area_id, valid__contains=chosen.last_day)
    path = stood.values_list("path", flat=True).first()
    if path is None:
        return {}
    criteria_set = CriteriaSet.objects.get(pk=chosen.set_id)
    return Earlier(known_at).verdicts(criteria_set, chosen.window, within=path)


def among(query: str, rows: Rows | None) -> tuple[str, dict[str, str]]:
    """A query that names stored verdicts `assessment a`, over these instead; and what it has to be given.

    They come without the figures they rest on.
    """
    if rows is None:
        return query, {}
    given = [{column: getattr(row, column) for column in _COLUMNS} for row in rows.values()]
    return query.replace("assessment a", _THEN), {"then": json.dumps(given, cls=DjangoJSONEncoder)}
