"""Reads: who holds which role where."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kieumau.accounts.models import Grant
from kieumau.units.models import Position, Term
from kieumau.units.queries import AFTER_ALL_PATHS

IN_ORDER = ("path", "role", "user__username", "pk")


def grants_listed(on: date, *, within: str = "", is_everything: bool = False) -> QuerySet[Grant]:
    """Grants with person, `unit_name` and `path` today, from the top of the tree down; one query.

    `within` is a path: only the units there. `is_everything` shows those that ended or have run out too.
    """
    name = Term.objects.filter(unit_id=OuterRef("unit_id")).order_by("-valid").values("name")[:1]
    path = Position.objects.filter(unit_id=OuterRef("unit_id"), valid__contains=on).values("path")[:1]
    shown = {"unit_name": Coalesce(Subquery(name), Value("")), "path": Coalesce(Subquery(path), Value(""))}
    found = Grant.objects.select_related("user", "given_by", "ended_by").annotate(**shown)
    if within:
        there: Any = {"path__gte": within, "path__lt": within + AFTER_ALL_PATHS}
        found = found.filter(**there)
    if not is_everything:
        running = Q(ends_before__isnull=True) | Q(ends_before__gt=on)
        found = found.filter(running, ended_at__isnull=True)
    return found.order_by(*IN_ORDER)
