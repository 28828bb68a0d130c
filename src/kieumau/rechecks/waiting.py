"""What waits for a person among re-checks: those he may do, of dossiers that he had no hand in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kieumau.rechecks.access import CHECK
from kieumau.rechecks.queries import waiting_for
from kieumau.web.work import MOST, Line, Pile


def piles(person: Any, now: datetime) -> Iterator[Pile]:
    """One query."""
    if not person.has_perm(CHECK):
        return
    rows = waiting_for(person).annotate(total=Window(Count("pk")))
    asked = ("pk", "dossier__unit_id", "criterion__code", "draw__round__name", "total")
    found = list(rows.values(*asked)[:MOST])
    lines = [
        Line(
            f"{row['draw__round__name']}: {row['criterion__code']}",
            reverse("recheck", args=[row["pk"]]),
            row["dossier__unit_id"],
        )
        for row in found
    ]
    yield Pile(_("Re-checks to do"), found[0]["total"] if found else 0, reverse("rechecks"), lines)
