"""Caps on a class: how many units of an area may be in it, how many are, how many too many.

A cap is about a population, so no single verdict can keep to it. This reports; which unit loses its
class is for an authority to decide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor

from django.db import connection

from kieumau.assessments.page_rows import Values, full_name
from kieumau.assessments.page_then import Rows, among
from kieumau.assessments.rules import Outcome
from kieumau.assessments.setting import period_id
from kieumau.calendars.library import calendar as calendar_of
from kieumau.criteria.classes import class_name, order
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import LEVELS, Cap
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Text

UNDECIDED = ""


@dataclass(frozen=True, slots=True)
class Capped:
    """One class in one area: units that are in it, that may be, units counted, units still open.

    `may_be` is the most there can be once units that are too many have fallen into the class below
    (or units have risen from there, as many as there are), all others staying where they are.
    """

    are: int
    may_be: int
    counted: int
    open: int

    @property
    def excess(self) -> int:
        """How many units would have to leave the class; 0 where the cap is kept."""
        return max(0, self.are - self.may_be)

    @property
    def is_certain(self) -> bool:
        """Has every unit a class?"""
        return not self.open


def capped(cap: Cap, classes: Iterable[str], counts: Mapping[str, int]) -> Capped:
    """What a cap says of an area. Exact.

    `classes` are those of the set from the highest, `counts` how many units are in each (`UNDECIDED`:
    whose class is not certain yet; below the last class counts as no class and is not rated).

    A unit that leaves the class falls into the one below. Where that one is counted and the class
    itself is not (“20 % of those rated good”), each fall makes the base larger: 10 excellent and 20
    good make 30, of which 5 may be excellent, for 5 ≤ 20 % of 25. Where both are counted the base stays.
    """
    order = list(classes)
    of = set(cap.of or order)
    below = dict(pairwise(order)).get(cap.class_)
    are, base = counts.get(cap.class_, 0), sum(counts.get(code, 0) for code in of)
    grows = (below in of) - (cap.class_ in of)
    step = 1 + cap.share * grows  # by how much the cap comes nearer with every unit that falls
    room = cap.share * base - are
    rising = counts.get(below, 0) if below else 0  # nobody else can come into the class
    more = min(rising, floor(Fraction(room) / step)) if step else rising
    return Capped(are, max(0, are + more), base, counts.get(UNDECIDED, 0))


@dataclass(frozen=True, slots=True)
class AreaCap:
    """A cap in one area, with the area's name."""

    cap: Cap
    class_name: Text
    unit_id: int
    name: Text
    sort_key: str
    found: Capped

    @property
    def line(self) -> Text:
        """The whole in a sentence."""
        return cap_line(self)


# Units without a class that nothing open can change (points below the last class) are not undecided.
_CLASSES = """
SELECT area.unit_id, t.kind_id, t.name, t.sort_key,
    CASE WHEN a.class_code <> '' THEN a.class_code
         WHEN a.points = a.points_possible OR a.outcome = %(not_applicable)s THEN NULL ELSE '' END AS class,
    count(*)
FROM assessment a
JOIN unit_position p ON p.unit_id = a.unit AND p.valid @> %(day)s
JOIN unit_position area ON area.level = %(level)s AND area.valid @> %(day)s
    AND starts_with(p.path, area.path)
JOIN unit_term t ON t.unit_id = area.unit_id AND t.valid @> %(day)s
WHERE a.criteria_set_id = %(set)s AND a.period = %(period)s
    AND (%(area)s::int IS NULL OR area.unit_id = %(area)s)
GROUP BY 1, 2, 3, 4, 5
ORDER BY t.sort_key, area.unit_id
"""


def caps(
    criteria_set: CriteriaSet, window: Window, area_id: int | None = None, then: Rows | None = None
) -> list[AreaCap]:
    """Every cap of a set in every area with units judged, or in one, in Vietnamese order.

    `then` are verdicts known earlier, counted instead of those that stand. Areas are those of the window's
    last day. One query for each level that caps name; none for a set without caps. Raises Refused for a
    window that is not a period of the set.
    """
    says = definition(criteria_set)
    found: list[AreaCap] = []
    read: dict[str, list[tuple[int, Text, str, dict[str, int]]]] = {}
    for cap in says.caps or ():
        if cap.within not in read:
            read[cap.within] = _areas(criteria_set, window, cap.within, area_id, then)
        found += [
            AreaCap(
                cap, class_name(says, cap.class_), unit_id, name, sort_key, capped(cap, order(says), counts)
            )
            for unit_id, name, sort_key, counts in read[cap.within]
        ]
    return found


def _areas(
    criteria_set: CriteriaSet, window: Window, within: str, area_id: int | None, then: Rows | None
) -> list[tuple[int, Text, str, dict[str, int]]]:
    from_day = calendar_of(window.calendar).last_day(window)
    asked: Values = {
        "set": criteria_set.pk,
        "period": period_id(criteria_set, window),
        "day": from_day,
        "level": LEVELS[within],
        "area": area_id,
        "not_applicable": Outcome.NOT_APPLICABLE.value,
    }
    query, given = among(_CLASSES, then)
    with connection.cursor() as cursor:
        cursor.execute(query, {**asked, **given})
        rows = cursor.fetchall()
    found: dict[int, tuple[int, Text, str, dict[str, int]]] = {}
    for unit_id, kind, name, sort_key, class_code, count in rows:
        area = found.setdefault(unit_id, (unit_id, full_name(kind, name), sort_key, {}))
        if class_code is not None:
            area[3][class_code] = count
    return list(found.values())


def cap_line(one: AreaCap) -> Text:
    """“Tỉnh A: 10 “Excellent”, at most 5 may be, 5 too many” · with what is still open."""
    found = one.found
    vi = f"{one.name.vi}: {found.are} “{one.class_name.vi}”, được tối đa {found.may_be}"
    en = f"{one.name.en}: {found.are} “{one.class_name.en}”, at most {found.may_be} may be"
    if found.excess:
        vi, en = f"{vi}, vượt {found.excess}", f"{en}, {found.excess} too many"
    if found.open:
        vi, en = f"{vi}; {found.open} đơn vị chưa rõ loại", f"{en}; {found.open} units have no class yet"
    return Text(vi=vi, en=en)
