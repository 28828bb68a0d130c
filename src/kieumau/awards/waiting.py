"""What waits for whoever recognizes: titles that run out soon and are followed by no other."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.scopes import in_scope_of_each
from kieumau.awards.access import RECOGNIZE
from kieumau.awards.queries import due_for_renewal
from kieumau.awards.rules import Standing
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Text
from kieumau.web.work import MOST, Line, Pile


def register_of_due() -> str:
    """The address of the register with those titles alone."""
    return f"{reverse('titles')}?tinh-trang={Standing.RENEWAL_DUE}"


def piles(person: Any, now: datetime) -> Iterator[Pile]:
    """One query, for who recognizes: not the operator, who may everything and is told of nothing either."""
    if person.is_superuser or not person.has_perm(RECOGNIZE):
        return
    due = in_scope_of_each(due_for_renewal(day_of(now)), person, RECOGNIZE, "unit_id", "programme__code")
    found = list(due.annotate(total=Window(Count("pk")))[:MOST])
    lines = [
        Line(Text(vi=one.name_vi, en=one.name_en), reverse("title", args=[one.pk]), one.unit_id, one.last_day)
        for one in found
    ]
    yield Pile(
        _("Titles due for re-recognition"), vars(found[0])["total"] if found else 0, register_of_due(), lines
    )
