"""Owners are reminded of due days, owners and givers of those that have passed; run every night."""

from datetime import datetime, timedelta

from django.db import transaction

from kieumau.assignments import kinds, verbs
from kieumau.assignments.queries import open_ones
from kieumau.assignments.rules import SOON_DAYS
from kieumau.assignments.telling import tell_of_days
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.calendars.working_days import day_of

LOOK_BACK_DAYS = 14  # a night that was missed is made up for; older ones stand on the pages anyway


@transaction.atomic
def remind(*, actor: Actor, now: datetime) -> int:
    """Tell of what is due within three days and what became overdue; how many were told. Safe to repeat."""
    today = day_of(now)
    rows = open_ones().order_by("due_on", "pk")
    soon = rows.filter(due_on__range=(today, today + timedelta(days=SOON_DAYS)))
    late = rows.filter(due_on__range=(today - timedelta(days=LOOK_BACK_DAYS), today - timedelta(days=1)))
    told = tell_of_days(soon, kinds.SOON, now) + tell_of_days(late, kinds.OVERDUE, now)
    if told:
        audit.record(actor=actor, verb=verbs.REMIND, new={"reminders": told}, now=now)
    return told
