"""Opening periods: which units owe a return is decided once, set by set, from the tree as it stood."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from kieumau.audit import actions as audit
from kieumau.calendars.clock import set_clock
from kieumau.calendars.days_off import working_days
from kieumau.calendars.library import calendar, decode
from kieumau.calendars.rules import FIRST_YEAR, LAST_YEAR
from kieumau.calendars.working_days import WorkingDays, day_of
from kieumau.formulas.windows import Window
from kieumau.indicators.actions.source import name_of
from kieumau.returns import verbs
from kieumau.returns.models import Deadline, Form, Obligation
from kieumau.returns.queries import newest_forms
from kieumau.returns.rules import Moments, moments
from kieumau.units.actions import Actor
from kieumau.units.actions.store import share_tree


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening did: deadlines and returns that are new, drafts of units that turned out not to owe."""

    deadlines: int = 0
    returns: int = 0
    dropped: int = 0


# `unit_counted` leaves out the days on which everything a unit consists of has been reported by others.
_ADD = """
    INSERT INTO figure_return (deadline_id, form_id, form_code, period_id, unit_id, path, province_id, state,
        is_owed, locks_at, version)
    SELECT %(deadline)s, %(form)s, %(form_code)s, %(period)s, p.unit_id, p.path, p.province_id, 'draft',
        %(is_owed)s, %(locks_at)s, 1
    FROM unit_counted p
    JOIN unit_term t ON t.unit_id = p.unit_id AND t.valid @> %(on)s
    WHERE p.level = %(level)s AND p.valid @> %(on)s AND t.register = %(register)s
        AND (%(kinds)s::text[] = '{}' OR t.kind_id = ANY(%(kinds)s::text[]))
    ORDER BY p.path
    ON CONFLICT DO NOTHING
"""
# Nothing was done with them yet (not even a figure entered), and the tree says that the unit was not
# there, or elsewhere.
_DROP = """
    WITH wrong AS (
    SELECT r.id FROM figure_return r
    WHERE r.deadline_id = %(deadline)s AND r.state = 'draft' AND r.version = 1
        AND NOT EXISTS (SELECT FROM return_step s WHERE s.report_id = r.id)
        AND NOT EXISTS (
            SELECT FROM unit_counted p
            JOIN unit_term t ON t.unit_id = p.unit_id AND t.valid @> %(on)s
            WHERE p.unit_id = r.unit_id AND p.path = r.path AND p.level = %(level)s AND p.valid @> %(on)s
                AND (%(kinds)s::text[] = '{}' OR t.kind_id = ANY(%(kinds)s::text[]))
        )
    ), forgotten AS (
        DELETE FROM return_reminder m USING wrong WHERE m.report_id = wrong.id
    )
    DELETE FROM figure_return r USING wrong WHERE r.id = wrong.id
"""


@transaction.atomic
def open_periods(*, actor: Actor, now: datetime, since: date | None = None) -> Opened:
    """Open every period that has ended and is owed; as often as one likes, from a timer or by hand.

    The first time, the periods not yet locked are opened; from then on every later one, none left out.
    `since` opens also older ones, from that day on. A period still before its due moment follows
    corrections of the tree; after it, units that should have owed are added as not owed, so that they can
    report without touching a rate. All of it or nothing.
    """
    share_tree()
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE return_deadline IN SHARE ROW EXCLUSIVE MODE")
    set_clock(now)
    days = working_days()
    whole = Opened()
    for form in newest_forms():
        for obligation in form.obligations.order_by("level", "id"):
            for window in _ended(form, obligation, days, now, since):
                whole = _sum(whole, _open(form, obligation, window, days, actor, now))
    for deadline in Deadline.objects.filter(locks_at__gt=now, opened_at__lt=now).select_related(
        "obligation__form"
    ):
        whole = _sum(whole, _follow_tree(deadline, is_owed=deadline.due_at > now))
    if whole != Opened():
        audit.record(actor=actor, verb=verbs.OPEN_PERIODS, new=asdict(whole), now=now)
    return whole


def _sum(one: Opened, other: Opened) -> Opened:
    return Opened(one.deadlines + other.deadlines, one.returns + other.returns, one.dropped + other.dropped)


def _ended(
    form: Form, obligation: Obligation, days: WorkingDays, now: datetime, since: date | None
) -> Iterator[Window]:
    """The periods of the obligation that have ended and are to be opened, in order of time."""
    own = calendar(form.calendar)
    opened = Deadline.objects.filter(
        obligation__form__code=form.code,
        obligation__level=obligation.level,
        obligation__kinds=obligation.kinds,
        obligation__numbers=obligation.numbers,
    )
    known = set(opened.values_list("period_id", flat=True))
    latest = max((own.last_day(decode(period)) for period in known), default=None)
    first_year = min(day for day in (since, latest, day_of(now)) if day is not None).year - 1
    for year in range(max(first_year, FIRST_YEAR), min(day_of(now).year + 1, LAST_YEAR) + 1):
        for number in range(1, own.per_year(form.period_kind) + 1):
            window = own.period(form.period_kind, year, number)
            last = own.last_day(window)
            is_asked = not obligation.numbers or number in obligation.numbers
            if own.period_ids(window)[0] in known or not (is_asked and _is_owed(obligation, last)):
                continue
            found = _moments(form, obligation, window, days)
            is_next = last > latest if latest else found.locks_at > now
            if found.opens_at <= now and (is_next or (since is not None and since <= last)):
                yield window


def _is_owed(obligation: Obligation, last: date) -> bool:
    return obligation.starts_on <= last and (obligation.ends_before is None or last < obligation.ends_before)


def _moments(form: Form, obligation: Obligation, window: Window, days: WorkingDays) -> Moments:
    own = calendar(form.calendar)
    return moments(own, window, days, obligation.due_working_days, obligation.lock_working_days)


def _open(
    form: Form, obligation: Obligation, window: Window, days: WorkingDays, actor: Actor, now: datetime
) -> Opened:
    found = _moments(form, obligation, window, days)
    deadline = Deadline.objects.create(
        obligation=obligation,
        period_id=calendar(form.calendar).period_ids(window)[0],
        opens_at=found.opens_at,
        due_at=found.due_at,
        locks_at=found.locks_at,
        opened_at=now,
        opened_by=name_of(actor)[:150],
    )
    added = _follow_tree(deadline, is_owed=True)
    return Opened(1, added.returns, added.dropped)


def _follow_tree(deadline: Deadline, *, is_owed: bool) -> Opened:
    """Bring the returns in line with the tree as it stood on the period's last day."""
    obligation, window = deadline.obligation, decode(deadline.period_id)
    values: dict[str, Any] = {
        "deadline": deadline.pk,
        "form": obligation.form_id,
        "form_code": obligation.form.code,
        "period": deadline.period_id,
        "is_owed": is_owed,
        "locks_at": deadline.locks_at,
        "on": calendar(window.calendar).last_day(window),
        "level": obligation.level,
        "register": obligation.register,
        "kinds": obligation.kinds,
    }
    with connection.cursor() as cursor:
        dropped = 0
        if is_owed:
            cursor.execute(_DROP, values)
            dropped = cursor.rowcount
        cursor.execute(_ADD, values)
        return Opened(0, cursor.rowcount, dropped)
