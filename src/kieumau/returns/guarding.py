"""Figures of a submitted, accepted or locked return stay as they are, whoever would write them.

The database itself refuses (migrations 0002, 0003); asking first gives a person, or an import, a sentence
for every unit and period instead of a failure.
"""

from django.db import connection

from kieumau.calendars.library import calendar, decode
from kieumau.indicators.registry import INCOMING, AtPlace
from kieumau.kernel.messages import Problem, Text
from kieumau.returns.rules import STATE_NAMES, State

MOST = 20

_STANDS = "(r.state IN ('submitted', 'accepted') OR r.locks_at <= return_now())"
# Nearly always none stands: of one place that is one step in an index.
_STANDS_AT = (
    f"SELECT EXISTS (SELECT FROM figure_return r WHERE r.unit_id = %s AND r.period_id = %s AND {_STANDS})"
)
# Only figures that would differ: sending the same again harms nobody.
_STANDING = f"""
    SELECT r.period_id, r.unit_id,
        CASE WHEN r.state IN ('submitted', 'accepted') THEN r.state ELSE 'locked' END,
        (SELECT t.name || ' (' || t.code || ')' FROM unit_term t
            WHERE t.unit_id = r.unit_id ORDER BY t.valid DESC LIMIT 1)
    FROM figure_return r
    WHERE {_STANDS}
"""
_REFUSED_AT = f"""
    {_STANDING} AND (r.period_id, r.unit_id) = (%s, %s) AND EXISTS (
        SELECT FROM return_form_item a WHERE a.form_id = r.form_id AND a.indicator_id = ANY(%s)
    )
"""
_REFUSED = f"""
    {_STANDING} AND (r.period_id, r.unit_id) IN (SELECT i.period, i.unit FROM {INCOMING} i)
        AND EXISTS (
            SELECT FROM {INCOMING} i
            JOIN return_form_item a ON a.form_id = r.form_id AND a.indicator_id = i.indicator
            LEFT JOIN figure f ON (f.period, f.unit, f.indicator) = (i.period, i.unit, i.indicator)
            WHERE (i.period, i.unit) = (r.period_id, r.unit_id)
                AND (f.state, f.value) IS DISTINCT FROM (i.state, i.value)
        )
    ORDER BY r.period_id, r.unit_id
    LIMIT {MOST}
"""


def refused_figures(place: AtPlace | None) -> list[Problem]:
    """What of the figures at a place, or of those coming in, is of returns that must not change.

    At most twenty problems. One query, or two.
    """
    with connection.cursor() as cursor:
        if place is not None:
            cursor.execute(_STANDS_AT, [place.unit, place.period])
        else:
            cursor.execute("SELECT EXISTS (SELECT FROM figure_return)")
        if not cursor.fetchone()[0]:
            return []
        if place is not None:
            cursor.execute(_REFUSED_AT, [place.period, place.unit, sorted(place.indicators)])
        else:
            cursor.execute(_REFUSED)
        return [_refused(*row) for row in cursor.fetchall()]


def _refused(period_id: int, unit_id: int, state: str, unit: str | None) -> Problem:
    window = decode(period_id)
    label = calendar(window.calendar).label(window)
    is_now = STATE_NAMES[State(state)]
    name = unit or str(unit_id)
    return Problem(
        "return-stands",
        Text(
            vi=f"{name}, {label.vi}: báo cáo {is_now.vi}, số liệu không đổi được.",
            en=f"{name}, {label.en}: the return is {is_now.en}; its figures cannot change.",
        ),
        Text(vi="Trả lại hoặc mở khóa báo cáo trước.", en="Send the return back, or unlock it, first."),
    )
