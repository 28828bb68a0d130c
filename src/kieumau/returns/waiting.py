"""What waits for a person among returns: those to enter, and those to review."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Value, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.scopes import units_in_scope
from kieumau.calendars.library import calendar, decode
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.kernel.messages import Text
from kieumau.returns.access import ENTER, REVIEW
from kieumau.returns.models import Return
from kieumau.returns.rules import State
from kieumau.web.work import MOST, Line, Pile

_TITLES = {ENTER: _("Returns to enter"), REVIEW: _("Returns to review")}
_STATES = {ENTER: [State.DRAFT.value, State.SENT_BACK.value], REVIEW: [State.SUBMITTED.value]}


def piles(person: Any, now: datetime) -> Iterator[Pile]:
    """Owed returns that are open to be entered, and submitted ones. One query."""
    parts = [_part(person, permission, now) for permission in _TITLES if person.has_perm(permission)]
    rows = list(parts[0].union(*parts[1:], all=True)) if parts else []
    for permission, title in _TITLES.items():
        own = [row for row in rows if row["kind"] == permission]
        if own:
            lines = [_line(row) for row in own]
            yield Pile(title, own[0]["total"], reverse("returns"), lines)


def _part(person: Any, permission: str, now: datetime) -> QuerySet[Return, Any]:
    """The first of those that a permission is about, each with the number of all."""
    asked = Return.objects.filter(
        state__in=_STATES[permission], is_owed=True, unit__in=units_in_scope(person, permission)
    )
    if permission == ENTER:
        asked = asked.filter(deadline__opens_at__lte=now, locks_at__gt=now)
    asked = asked.annotate(
        kind=Value(permission),
        total=Window(Count("pk")),
        # Whoever reviews has until the lock, not until the day on which the unit must have sent it.
        due_at=F("deadline__due_at") if permission == ENTER else F("locks_at"),
    ).order_by("due_at", "pk")
    return asked.values(
        "kind", "total", "pk", "unit_id", "period_id", "due_at", "form__title_vi", "form__title_en"
    )[:MOST]


def _line(row: dict[str, Any]) -> Line:
    window = decode(row["period_id"])
    label = calendar(window.calendar).label(window)
    says = Text(vi=f"{row['form__title_vi']}, {label.vi}", en=f"{row['form__title_en']}, {label.en}")
    due_on = day_of(row["due_at"]) - ONE_DAY
    return Line(says, reverse("return_entry", args=[row["pk"]]), row["unit_id"], due_on)
