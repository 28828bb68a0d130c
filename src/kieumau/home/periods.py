"""Which reporting periods there are figures for."""

from datetime import date

from django.db import connection

from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import decode
from kieumau.formulas.windows import Window
from kieumau.home.queries import Place
from kieumau.units.models import Level

_PROVINCES_OF_A_ROOT = "SELECT unit_id FROM unit_position WHERE root_id = %(unit)s AND level = 1"
# A loose index scan over the periods for which the province (all of them, for a nation) has totals.
_PERIODS = """
WITH RECURSIVE known AS (
    SELECT min(period) AS period FROM figure_total
    UNION ALL
    SELECT (SELECT min(f.period) FROM figure_total f WHERE f.period > known.period) FROM known
    WHERE known.period IS NOT NULL
)
SELECT known.period FROM known CROSS JOIN LATERAL (
    SELECT FROM figure_total f WHERE f.period = known.period AND f.unit IN ({provinces}) LIMIT 1
) there
"""


def latest_periods(stands: Place, last_day: date | None) -> dict[tuple[str, str], Window]:
    """The latest period with figures by (calendar, kind), among those that ended by `last_day`.

    The figures looked at are those of the whole province: a commune that has not reported its month
    still shows that month, as missing.
    """
    if stands.unit.level == Level.NATION:
        sql, unit = _PERIODS.format(provinces=_PROVINCES_OF_A_ROOT), stands.unit.id
    else:
        sql, unit = _PERIODS.format(provinces="%(unit)s"), stands.province_id or 0
    with connection.cursor() as cursor:
        cursor.execute(sql, {"unit": unit})
        windows = [decode(row[0]) for row in cursor.fetchall()]
    found: dict[tuple[str, str], Window] = {}
    for window in windows:
        key = (window.calendar, window.kind)
        if last_day and calendar_of(window.calendar).last_day(window) > last_day:
            continue
        if key not in found or found[key].last < window.last:
            found[key] = window
    return found
