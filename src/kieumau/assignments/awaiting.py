"""What waits among assignments and visits: to do, to close, overdue; visits to come or to follow."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kieumau.assignments.access import CLOSE, GIVE, READ, REPORT, reached
from kieumau.assignments.models import Assignment, Conclusion, Visit
from kieumau.assignments.queries import View, open_ones
from kieumau.assignments.rules import State
from kieumau.calendars.working_days import day_of
from kieumau.web.work import MOST, Line, Pile

_TO_DO, _TO_CLOSE, _LATE = "to-do", "to-close", "late"
_TITLES = {
    _TO_DO: (_("Assignments to do"), f"?xem={View.TO_DO}"),
    _TO_CLOSE: (_("Assignments reported, to be closed"), f"?xem={View.GIVEN}&tinh-trang=reported"),
    _LATE: (_("Assignments given that are overdue"), f"?xem={View.OVERDUE}"),
}


def piles(person: Any, now: datetime) -> Iterator[Pile]:
    """Two queries at most: assignments, and visits."""
    today = day_of(now)
    gave = reached(person, GIVE, "giver") | reached(person, CLOSE, "giver")
    parts: dict[str, QuerySet[Assignment]] = {}
    if person.has_perm(REPORT):
        parts[_TO_DO] = open_ones().filter(reached(person, REPORT, "owner"))
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
        yield _visits(person, now)


def _first(rows: QuerySet[Assignment], kind: str) -> QuerySet[Assignment, Any]:
    """The first by their due days, each with the number of all."""
    counted = rows.annotate(kind=Value(kind), total=Window(Count("pk"))).order_by("due_on", "pk")
    return counted.values("kind", "total", "pk", "owner_id", "text", "due_on")[:MOST]


def _line(row: dict[str, Any]) -> Line:
    return Line(row["text"], reverse("assignment", args=[row["pk"]]), row["owner_id"], row["due_on"])


def _visits(person: Any, now: datetime) -> Pile:
    """Visits to come, and for whoever gives there those with conclusions nobody was given. One query."""
    concluded = Conclusion.objects.filter(visit=OuterRef("pk"))
    asked = Q(starts_on__gte=day_of(now)) & reached(person, READ, "unit", "leader")
    if person.has_perm(GIVE):
        open_ended = Exists(concluded.filter(assignments=None))
        asked |= Q(open_ended) & (reached(person, GIVE, "unit") | reached(person, GIVE, "leader"))
    rows = Visit.objects.filter(asked).annotate(total=Window(Count("pk"))).order_by("starts_on", "pk")
    found = list(rows.values("pk", "unit_id", "purpose", "starts_on", "total")[:MOST])
    lines = [
        Line(row["purpose"], reverse("visit", args=[row["pk"]]), row["unit_id"], row["starts_on"])
        for row in found
    ]
    title = _("Visits to come, or whose conclusions nobody was given")
    return Pile(title, found[0]["total"] if found else 0, reverse("visits"), lines)
