"""What figures there are: for which reporting periods, and whether any are made up."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet

from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import decode
from kieumau.formulas.windows import Window
from kieumau.home.places import Place
from kieumau.indicators.models import Source
from kieumau.units.models import Level, Unit

_PROVINCES_OF_A_ROOT = "SELECT unit_id FROM unit_position WHERE root_id = %(unit)s AND level = 1"
# A loose index scan over the periods for which the province (all of them, for a nation) has totals.
_EVERY = """
WITH RECURSIVE known AS (
    SELECT min(period) AS period FROM figure_total
    UNION ALL
    SELECT (SELECT min(f.period) FROM figure_total f WHERE f.period > known.period) FROM known
    WHERE known.period IS NOT NULL
)
"""
_PERIODS = f"""{_EVERY}
SELECT known.period FROM known CROSS JOIN LATERAL (
    SELECT FROM figure_total f WHERE f.period = known.period AND f.unit IN ({{provinces}}) LIMIT 1
) there
"""
# The same as known at a moment: totals are not kept for the past, so the figures themselves are looked at,
# period by period and only as far as the first that counts: planned as one set they are read from end to end.
_OF_A_PROVINCE = """
    f.period = known.period
    AND f.unit = ANY(ARRAY(SELECT unit_id FROM unit_position WHERE province_id = %(unit)s))
    AND (f.source IN (SELECT id FROM figure_source WHERE recorded_at <= %(moment)s)) IS TRUE
"""
_KNOWN_BELOW = f"""{_EVERY}
SELECT known.period FROM known JOIN period q ON q.id = known.period AND q.starts_on <= %(moment)s
CROSS JOIN LATERAL (
    (SELECT 1 FROM figure f WHERE {_OF_A_PROVINCE} LIMIT 1)
    UNION ALL
    (SELECT 1 FROM figure_superseded f WHERE {_OF_A_PROVINCE} AND f.superseded_at > %(moment)s LIMIT 1)
    LIMIT 1
) there
"""
# In a whole country the first figure of a period that counts is soon found: units and later sources are
# looked up as sets (IS TRUE, IS NOT TRUE), where a join would go through whole periods.
_COUNTS = """
    (f.source IN (SELECT id FROM figure_source WHERE recorded_at > %(moment)s)) IS NOT TRUE
    AND (f.unit IN (SELECT unit_id FROM unit_position WHERE root_id = %(unit)s)) IS TRUE
"""
_KNOWN_THEN = f"""{_EVERY}
SELECT known.period FROM known
JOIN period q ON q.id = known.period AND q.starts_on <= %(moment)s
CROSS JOIN LATERAL (
    SELECT FROM figure f WHERE f.period = known.period AND {_COUNTS} LIMIT 1
) there
UNION
SELECT f.period FROM figure_superseded f JOIN period q ON q.id = f.period AND q.starts_on <= %(moment)s
WHERE f.superseded_at > %(moment)s AND {_COUNTS}
"""


def latest_periods(
    stands: Place, last_day: date | None, known_at: datetime | None = None
) -> dict[tuple[str, str], Window]:
    """The latest period with figures by (calendar, kind), among those that ended by `last_day`.

    The figures looked at are those of the whole province: a commune that has not reported its month
    still shows that month, as missing. `known_at` asks for the latest of which anything was known then.
    """
    is_nation = stands.unit.level == Level.NATION
    if known_at is None:
        sql = _PERIODS.format(provinces=_PROVINCES_OF_A_ROOT if is_nation else "%(unit)s")
    else:
        sql = _KNOWN_THEN if is_nation else _KNOWN_BELOW
    unit = stands.unit.id if is_nation else stands.province_id or 0
    with connection.cursor() as cursor:
        cursor.execute(sql, {"unit": unit, "moment": known_at})
        windows = [decode(row[0]) for row in cursor.fetchall()]
    found: dict[tuple[str, str], Window] = {}
    for window in windows:
        key = (window.calendar, window.kind)
        if last_day and calendar_of(window.calendar).last_day(window) > last_day:
            continue
        if key not in found or found[key].last < window.last:
            found[key] = window
    return found


def has_synthetic_figures(root_ids: Collection[int]) -> bool:
    """Does any source of figures say that they are made up? Of the trees with these roots, if given."""
    return synthetic_sources(root_ids).exists()


def synthetic_sources(root_ids: Collection[int]) -> QuerySet[Source]:
    """The sources whose figures are made up; of the trees with these roots, if given."""
    found = Source.objects.filter(is_synthetic=True)
    if root_ids:
        registers = Unit.objects.filter(pk__in=root_ids).values("register")
        found = found.filter(Q(register="") | Q(register__in=registers))
    return found
