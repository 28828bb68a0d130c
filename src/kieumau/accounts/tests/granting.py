"""How tests give people roles: by the real action, as the installation's operator."""

from datetime import date

from django.utils import timezone

from kieumau.accounts.granting import Wanted, give_role
from kieumau.accounts.models import Grant, User
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

LONG_AGO = date(2020, 1, 1)
COUNTRY = [{"code": "0", "name": "Trống", "kind": "quoc-gia", "parent": "", "valid_from": "2000-01-01"}]


def grant(user: User, role: str, unit_id: int | None = None, programme: str = "") -> list[Grant]:
    """The person holds the role over the unit; without one over every country (made where none is)."""
    units = [unit_id] if unit_id is not None else countries()
    held = Grant.objects.filter(user=user, role=role, programme=programme, ended_at=None)
    missing = set(units) - set(held.values_list("unit_id", flat=True))
    now = timezone.now()
    return [
        give_role(user=user, wanted=Wanted(role, one, programme, LONG_AGO), actor="tests", now=now)
        for one in sorted(missing)
    ]


def countries() -> list[int]:
    """The units that stand in no other."""
    roots = Term.objects.filter(parent=None, valid__contains=timezone.now().date())
    if not roots.exists():
        load_rows(COUNTRY, actor=None, register="empty")
    return list(roots.values_list("unit_id", flat=True))
