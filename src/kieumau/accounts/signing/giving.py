"""The roles that come with an invitation: what whoever invites may give, given in his name."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from kieumau.accounts.granting import Wanted, give_role, why_not
from kieumau.accounts.models import User
from kieumau.accounts.signing.models import Invitation
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.over import Over


def check_roles(actor: User, over: Over, roles: Sequence[str], *, until: date | None) -> list[Problem]:
    """Why the actor may not give these roles over that unit; empty where he may."""
    wanted = _wanted(roles, over.unit_id or 0, over.programme, until)
    found = [why_not(actor, User(), one) for one in wanted]
    return list({problem.code: problem for problem in found if problem}.values())


def give_roles(invitation: Invitation, user: User, *, now: datetime) -> None:
    """Give them, as whoever invited. Raises `Refused` where he may no longer."""
    giver = invitation.made_by
    if invitation.roles and not giver.is_active:
        reason = Text(
            vi="Tài khoản của người mời đã bị đóng. Hãy xin lời mời mới.",
            en="The account of whoever invited is closed. Ask for a new invitation.",
        )
        raise Refused([Problem("closed-account", reason)])
    wanted = _wanted(invitation.roles, invitation.unit_id, invitation.programme, invitation.roles_until)
    for one in wanted:
        give_role(user=user, wanted=one, actor=giver, now=now)


def _wanted(roles: Sequence[str], unit_id: int, programme: str, until: date | None) -> list[Wanted]:
    """`until` is the last day included."""
    ends_before = until + timedelta(days=1) if until else None
    return [Wanted(role, unit_id, programme, ends_before=ends_before) for role in roles]
