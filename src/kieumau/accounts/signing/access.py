"""Who may invite people, and to which unit."""

from typing import Any

from django.http import Http404

from kieumau.units.over import Over

INVITE = "accounts.invite"


def may_invite(user: Any, unit_id: int) -> bool:
    """May the person invite others to work for a unit? It takes `accounts.invite` over it."""
    return bool(user is not None and user.is_authenticated and user.has_perm(INVITE, Over(unit_id=unit_id)))


def inviting(user: Any, unit_id: int) -> None:
    """The door to a unit's invitations: 404 for whoever may not invite there."""
    if not may_invite(user, unit_id):
        raise Http404
