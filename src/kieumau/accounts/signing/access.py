"""Who may invite people, and to which unit."""

from typing import Any

from django.http import Http404

from kieumau.accounts.doors import may
from kieumau.accounts.held import held
from kieumau.units.over import Over

INVITE = "accounts.invite"


def may_invite(user: Any, unit_id: int, programme: str) -> bool:
    """May the person invite others to work for a unit in a programme (empty: in all)?

    It takes `accounts.invite` over the unit, in that programme or in all.
    """
    return may(user, INVITE, Over(unit_id, programme))


def inviting(user: Any, unit_id: int) -> None:
    """The door to a unit's invitations: 404 for whoever may not invite there in any programme."""
    own = {"", *(one.programme for one in held(user))}
    if not any(may_invite(user, unit_id, programme) for programme in own):
        raise Http404
