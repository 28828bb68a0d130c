"""Reminders: who is to be reminded is worked out as a set and written down once."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection, transaction

from kieumau.audit import actions as audit
from kieumau.calendars.days_off import working_days
from kieumau.calendars.working_days import ZONE, day_of, end_of
from kieumau.returns import verbs


@dataclass(frozen=True, slots=True)
class Reminded:
    """One reminder that is new: of which return of which unit, and why."""

    kind: str
    return_id: int
    unit_id: int
    unit: str
    form_code: str
    period_id: int
    due_at: datetime

    @property
    def due_on(self) -> date:
        """The due day: the last one that is in time."""
        return day_of(self.due_at - date.resolution)


# Not with the superior; locked ones are past helping.
_REMIND = """
    INSERT INTO return_reminder (report_id, kind, made_on, made_at)
    SELECT r.id, CASE WHEN d.due_at <= %(moment)s THEN 'overdue' ELSE 'due_soon' END, %(on)s, %(now)s
    FROM figure_return r JOIN return_deadline d ON d.id = r.deadline_id
    WHERE r.state IN ('draft', 'sent_back') AND r.is_owed
        AND d.opens_at <= %(moment)s AND r.locks_at > %(moment)s AND d.due_at <= %(until)s
    ON CONFLICT (report_id, kind) DO NOTHING
    RETURNING id
"""
_SHOWN = """
    SELECT m.kind, r.id, r.unit_id, coalesce(t.name, u.key), r.form_code, r.period_id, d.due_at
    FROM return_reminder m
    JOIN figure_return r ON r.id = m.report_id
    JOIN return_deadline d ON d.id = r.deadline_id
    JOIN unit u ON u.id = r.unit_id
    LEFT JOIN LATERAL (
        SELECT name, sort_key FROM unit_term t WHERE t.unit_id = r.unit_id ORDER BY t.valid DESC LIMIT 1
    ) t ON true
    WHERE m.id = ANY(%s)
    ORDER BY m.kind DESC, d.due_at, r.path
"""


@transaction.atomic
def remind(*, on: date, now: datetime, days_ahead: int = 1) -> list[Reminded]:
    """Write down the reminders of a day that are new: overdue, or due within so many working days.

    A return is reminded of once for each of the two; nothing is sent here. `on` is taken at its beginning.
    Three queries.
    """
    days = working_days()
    moment = datetime.combine(on, time(0), ZONE)
    until = end_of(days.add(on, days_ahead))
    with connection.cursor() as cursor:
        cursor.execute(_REMIND, {"moment": moment, "until": until, "on": on, "now": now})
        made = [row[0] for row in cursor.fetchall()]
        if made:
            audit.record(actor=None, verb=verbs.REMIND, new={"reminders": len(made)}, now=now)
        cursor.execute(_SHOWN, [made])
        return [Reminded(*row) for row in cursor.fetchall()]
