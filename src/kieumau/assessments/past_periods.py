"""Which periods of a set there are figures for: those on which a draft can be tried."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import decode
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import placed
from kieumau.formulas.windows import Window
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Refused

# A loose index scan: one probe for each reporting period, however many figures.
_REPORTED = """
WITH RECURSIVE known AS (
    SELECT min(period) AS period FROM figure
    UNION ALL
    SELECT (SELECT min(f.period) FROM figure f WHERE f.period > known.period) FROM known
    WHERE known.period IS NOT NULL
)
SELECT period FROM known WHERE period IS NOT NULL
"""


def past_periods(draft: CriteriaSet, today: date) -> list[Window]:
    """Periods of the set that have begun and in which its units report figures, the newest first.

    A period counts from the first reporting period of the set's indicators that ends in it; for a set
    without figures, from any. One query, cheap however many figures there are.
    """
    asked = _reported_as(draft, today)
    calendar = calendar_of(draft.calendar)
    found: dict[Window, date] = {}
    for reported in _reporting_periods():
        if asked and (reported.calendar, reported.kind) not in asked:
            continue
        try:
            window = calendar.containing(draft.period_kind, calendar_of(reported.calendar).last_day(reported))
        except Refused:  # a period that does not follow upon another, such as nine months
            window = calendar.period(draft.period_kind, reported.last[0], 1)
        starts_on, _ = calendar.bounds(window)
        if starts_on <= today:
            found[window] = starts_on
    return sorted(found, key=lambda window: found[window], reverse=True)


def latest_ended(periods: Sequence[Window], today: date) -> Window | None:
    """The first of the periods, the newest first, that is over; else the newest; None of none."""
    ended = (window for window in periods if calendar_of(window.calendar).last_day(window) < today)
    return next(ended, periods[0] if periods else None)


def in_force_in(row: CriteriaSet, windows: Sequence[Window]) -> list[Window]:
    """The periods on whose last day a version is in force."""
    return [one for one in windows if calendar_of(one.calendar).last_day(one) in row.in_force]


def _reporting_periods() -> list[Window]:
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED)
        return [decode(row[0]) for row in cursor.fetchall()]


def _reported_as(draft: CriteriaSet, today: date) -> set[tuple[str, str]]:
    """The calendars and kinds of period in which the figures that a set asks for are reported."""
    asked = placed(draft, calendar_of(draft.calendar).period(draft.period_kind, today.year, 1))
    known = catalogue()
    indicators = {one.indicator for one in (*asked.operands, *asked.operands_below)}
    return {(known[code].calendar, known[code].period_kind) for code in indicators if code in known}
