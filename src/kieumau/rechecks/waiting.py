"""What waits for a person among re-checks: those he may do, of dossiers that he had no hand in; and those
that found otherwise than the dossier, for who decides on it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from kieumau.kernel.messages import Text
from kieumau.rechecks.access import CHECK
from kieumau.rechecks.differing import to_be_weighed
from kieumau.rechecks.models import Recheck
from kieumau.rechecks.queries import waiting_for
from kieumau.rounds.access import DECIDE
from kieumau.web.work import MOST, Line, Pile

_NAMED = ("criterion__code", "criterion__title_vi", "criterion__title_en")
SHORT = 90  # characters of a criterion's title: some are a paragraph


def piles(person: Any, now: datetime) -> Iterator[Pile]:
    """One query for who decides on dossiers, one for who re-checks; a superuser is given no re-checks."""
    if person.has_perm(DECIDE):
        rows = to_be_weighed(person).order_by("-at", "-pk")
        yield _pile(_("Re-checks that found otherwise"), rows, "dossier", "dossier_id")
    if person.has_perm(CHECK) and not person.is_superuser:
        yield _pile(_("Re-checks to do"), waiting_for(person), "recheck", "pk")


def _pile(title: str | Promise, rows: QuerySet[Recheck, Any], page: str, key: str) -> Pile:
    """Re-checks, each leading to a page of itself or of its dossier."""
    asked = (key, "dossier__unit_id", *_NAMED, "draw__round__name", "total")
    found = list(rows.annotate(total=Window(Count("pk"))).values(*asked)[:MOST])
    lines = [
        Line(
            _says(row),
            reverse(page, args=[row[key]]),
            row["dossier__unit_id"],
        )
        for row in found
    ]
    return Pile(title, found[0]["total"] if found else 0, reverse("rechecks"), lines)


def _says(row: dict[str, Any]) -> Text:
    """The criterion by its number and title, and the round: nobody knows numbers by heart."""
    code, made = row["criterion__code"], row["draw__round__name"]
    vi, en = (Truncator(row[one]).chars(SHORT) for one in _NAMED[1:])
    return Text(vi=f"{made}: {code}. {vi}", en=f"{made}: {code}. {en}")
