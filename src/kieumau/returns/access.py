"""The doors to returns: who may read, enter and review those of a unit, by the roles a person holds.

Nobody decides on what he submitted himself: that is a rule of the return, not of the door (`rules.refusals`).
"""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.http import Http404

from kieumau.accounts.doors import Denied
from kieumau.accounts.scopes import units_in_scope
from kieumau.returns.models import Return
from kieumau.units.models import Unit
from kieumau.units.over import Over

READ, ENTER, REVIEW = "returns.read", "returns.enter", "returns.review"


def may_read(user: Any, unit_id: int | None = None) -> bool:
    """May the person see the returns of the unit (of any at all)? Everybody may where reading is open."""
    return bool(settings.KIEUMAU_OPEN_READING or _may(user, READ, unit_id))


def open_returns(user: Any, unit_id: int | None = None) -> None:
    """Lets pass whoever may read the returns of a unit (of any at all). Raises `Denied` otherwise."""
    if not may_read(user, unit_id):
        raise Denied(READ, Over(unit_id))


def may_enter(user: Any, unit_id: int | None) -> bool:
    """May the person enter figures of the unit and submit them? Without a unit: of any unit at all?"""
    return _may(user, ENTER, unit_id)


def may_review(user: Any, unit_id: int | None) -> bool:
    """May the person accept, send back and unlock the unit's returns? Without a unit: of any at all?"""
    return _may(user, REVIEW, unit_id)


def closed_to_entry(user: Any, unit_ids: Collection[int]) -> list[int]:
    """Those of the units whose figures the person may not enter. One query, and one for the person."""
    units = Unit.objects.filter(pk__in=unit_ids).exclude(pk__in=units_in_scope(user, ENTER))
    return list(units.order_by("pk").values_list("pk", flat=True))


def readable(return_id: int) -> Return:
    """A return with its form, deadline and period; who may see it, its page asks. 404 where there is none."""
    rows = Return.objects.select_related(
        "form", "deadline__obligation", "period", "submitted_by", "accepted_by"
    )
    found = rows.filter(pk=return_id).first()
    if found is None:
        raise Http404
    return found


def _may(user: Any, permission: str, unit_id: int | None) -> bool:
    """One query for the person and one for the unit, each asked once a request."""
    return bool(
        user is not None and user.is_authenticated and user.has_perm(permission, Over(unit_id=unit_id))
    )
