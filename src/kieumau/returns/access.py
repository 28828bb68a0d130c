"""The doors to returns. Roles and scope come with the accounts issue; until then one function a door."""

from typing import Any

from django.http import Http404

from kieumau.returns.models import Return


def may_enter(user: Any) -> bool:
    """May the person enter figures of any unit, and submit them? Whoever has signed in, for now."""
    return bool(user is not None and user.is_authenticated)


def may_review(user: Any) -> bool:
    """May the person accept, send back and unlock? Whoever has signed in, for now.

    Nobody accepts what he submitted himself: that is a rule of the return, not of the door.
    """
    return may_enter(user)


def readable(return_id: int) -> Return:
    """A return with its form, deadline and period, for whoever may read pages. 404 where there is none."""
    rows = Return.objects.select_related(
        "form", "deadline__obligation", "period", "submitted_by", "accepted_by"
    )
    found = rows.filter(pk=return_id).first()
    if found is None:
        raise Http404
    return found
