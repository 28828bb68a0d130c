"""What waits among assignments (to do, to close, overdue) and visits (to come, to write up, to follow)."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import BooleanField, Count, F, Func, QuerySet, Value, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kieumau.assignments.access import CLOSE, GIVE, READ, RECORD, REPORT, reached
from kieumau.assignments.models import Assignment, Visit
from kieumau.assignments.queries import View, helped, open_ones
from kieumau.assignments.rules import Standing, State
from kieumau.calendars.working_days import ZONE, day_of
from kieumau.web.work import MOST, Line, Pile

_TO_DO, _HELPED, _TO_CLOSE, _LATE = "to-do", "helped", "to-close", "late"
_TITLES = {
    _TO_DO: (_("Assignments to do"), f"?xem={View.TO_DO}"),
    _HELPED: (_("Assignments to help with"), f"?xem={View.HELPED}"),
    _TO_CLOSE: (_("Assignments reported, to be closed"), f"?xem={View.GIVEN}&tinh-trang=reported"),
    _LATE: (_("Assignments given that are overdue"), f"?xem={View.GIVEN}&tinh-trang={Standing.OVERDUE}"),
}
_TO_COME, _TO_WRITE, _OPEN_ENDED = "to-come", "to-write", "open-ended"
_OF_VISITS = {
    _TO_COME: _("Visits to come"),
    _TO_WRITE: _("Visits that are over, to be written up"),
    _OPEN_ENDED: _("Visits from whose conclusions no assignment follows"),
}


def piles(person: Any, now: datetime) -> Iterator[Pile]:
    """Two queries at most: assignments, and visits."""
    today = day_of(now)
    gave = reached(person, GIVE, "giver") | reached(person, CLOSE, "giver")
    parts: dict[str, QuerySet[Assignment]] = {}
    if person.has_perm(REPORT):
        parts[_TO_DO] = open_ones().filter(reached(person, REPORT, "owner"))
        parts[_HELPED] = helped(person)
    if person.has_perm(CLOSE):
        parts[_TO_CLOSE] = Assignment.objects.filter(gave, state=State.REPORTED.value)
    if person.has_perm(GIVE):
        parts[_LATE] = open_ones().filter(gave, due_on__lt=today)
    asked = [_first(rows, kind) for kind, rows in parts.items()]
    found = list(asked[0].union(*asked[1:], all=True)) if asked else []
    for kind, (title, more) in _TITLES.items():
        own = [row for row in found if row["kind"] == kind]
        if own:
            yield Pile(title, own[0]["total"], reverse("assignments") + more, [_line(row) for row in own])
    if person.has_perm(READ):
        yield from _visits(person, today)


def _first(rows: QuerySet[Assignment], kind: str) -> QuerySet[Assignment, Any]:
    """The first by their due days, each with the number of all."""
    counted = rows.annotate(kind=Value(kind), total=Window(Count("pk"))).order_by("due_on", "pk")
    return counted.values("kind", "total", "pk", "owner_id", "text", "due_on")[:MOST]


def _line(row: dict[str, Any]) -> Line:
    return Line(row["text"], reverse("assignment", args=[row["pk"]]), row["owner_id"], row["due_on"])


def _visits(person: Any, today: date) -> Iterator[Pile]:
    """Visits to come, those to write up, and those from whose conclusions nothing follows. One query."""
    parts = {_TO_COME: Visit.objects.filter(reached(person, READ, "unit", "leader"), ends_on__gte=today)}
    if person.has_perm(RECORD):
        ended = datetime.combine(today, time(), ZONE)
        planned = Visit.objects.filter(reached(person, RECORD, "leader"), ends_on__lt=today)
        nothing = planned.filter(observations=None, conclusions=None)
        parts[_TO_WRITE] = nothing.filter(changed_at__lt=ended, changed_at__date__lte=F("ends_on"))
    if person.has_perm(GIVE):
        led = Visit.objects.filter(reached(person, GIVE, "leader"))
        parts[_OPEN_ENDED] = led.filter(_Awaits("pk"))
    asked = [_first_visits(rows, kind) for kind, rows in parts.items()]
    found = list(asked[0].union(*asked[1:], all=True))
    for kind, title in _OF_VISITS.items():
        own = [row for row in found if row["kind"] == kind]
        if own:
            yield Pile(title, own[0]["total"], reverse("visits"), [_visit_line(row) for row in own])


class _Awaits(Func):
    """Has the visit a conclusion from which nothing follows? Known also of assignments out of sight."""

    function = "visit_awaits_assignment"  # migration 0007
    output_field = BooleanField()


def _first_visits(rows: QuerySet[Visit], kind: str) -> QuerySet[Visit, Any]:
    counted = rows.annotate(kind=Value(kind), total=Window(Count("pk"))).order_by("starts_on", "pk")
    return counted.values("kind", "total", "pk", "unit_id", "purpose", "starts_on", "ends_on")[:MOST]


def _visit_line(row: dict[str, Any]) -> Line:
    due = row["ends_on"] if row["kind"] == _TO_COME else None
    return Line(row["purpose"], reverse("visit", args=[row["pk"]]), row["unit_id"], due)
