"""Caps on a class in a trial: how many units of an area would be in it, how many may be."""

from collections import Counter

from django.db import connection

from kieumau.assessments.caps import UNDECIDED, AreaCap, capped
from kieumau.assessments.page_rows import Values, full_name
from kieumau.calendars.library import calendar as calendar_of
from kieumau.criteria.classes import class_name, order
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import LEVELS, Cap, Definition
from kieumau.kernel.messages import Text
from kieumau.trials.trying import PeriodTrial, UnitTrial

# The units of a day with the unit of the level above them; the name of that one by the way.
_AREAS = """
SELECT p.unit_id, area.unit_id, t.kind_id, t.name, t.sort_key
FROM unit_position p
JOIN unit_position area ON area.level = %(level)s AND area.valid @> %(day)s
    AND starts_with(p.path, area.path)
JOIN unit_term t ON t.unit_id = area.unit_id AND t.valid @> %(day)s
WHERE p.valid @> %(day)s AND p.level = %(judged)s
ORDER BY t.sort_key, area.unit_id
"""


def trial_caps(draft: CriteriaSet, tried: PeriodTrial) -> list[AreaCap]:
    """`caps` of a draft that is tried: by the classes of the trial. One query for each cap."""
    says = definition(draft)
    classes = {unit.unit_id: _class_in_trial(unit) for unit in tried.units}
    found: list[AreaCap] = []
    for cap in says.caps or ():
        areas: dict[int, tuple[Text, str, Counter[str]]] = {}
        for unit_id, area_id, kind, name, sort_key in _units_by_area(says, tried, cap):
            if unit_id in classes:
                area = areas.setdefault(area_id, (full_name(kind, name), sort_key, Counter()))
                if (code := classes[unit_id]) is not None:
                    area[2][code] += 1
        found += [
            AreaCap(cap, class_name(says, cap.class_), area_id, *area[:2], capped(cap, order(says), area[2]))
            for area_id, area in areas.items()
        ]
    return found


def _class_in_trial(unit: UnitTrial) -> str | None:
    """The class, nothing where it is open, None where the unit is in no class for certain."""
    if unit.class_code:
        return unit.class_code
    return UNDECIDED if unit.is_class_open else None


def _units_by_area(says: Definition, tried: PeriodTrial, cap: Cap) -> list[tuple[int, int, str, str, str]]:
    asked: Values = {
        "day": calendar_of(tried.window.calendar).last_day(tried.window),
        "level": LEVELS[cap.within],
        "judged": LEVELS[says.applies_to.level],
    }
    with connection.cursor() as cursor:
        cursor.execute(_AREAS, asked)
        rows: list[tuple[int, int, str, str, str]] = cursor.fetchall()
    return rows
