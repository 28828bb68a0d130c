"""The roles that come with an invitation: what whoever invites may give, given in his name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kieumau.accounts.granting import Wanted, give_role, why_not
from kieumau.accounts.models import User
from kieumau.accounts.roles import roles as known_roles
from kieumau.accounts.signing.models import Invitation
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.over import Over

# Only the day of the end speaks against it: that one chooses in the same form.
_LONGER = "longer-than-yours"


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


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody may give over a unit: roles in the order of the file, in these programmes or in all."""

    roles: tuple[str, ...]
    programmes: tuple[str, ...]
    in_all: bool


def offer(actor: User, unit_id: int, programmes: Iterable[str]) -> Offer:
    """What the actor may give over a unit; which role in which programme is asked once more at sending."""
    by_programme = {code: _may_give(actor, unit_id, code) for code in ("", *programmes)}
    given = set().union(*by_programme.values())
    return Offer(
        tuple(role for role in known_roles() if role in given),
        tuple(code for code, roles in by_programme.items() if code and roles),
        bool(by_programme[""]),
    )


def _may_give(actor: User, unit_id: int, programme: str) -> set[str]:
    wanted = _wanted(list(known_roles()), unit_id, programme, None)
    problems = {one.role: why_not(actor, User(), one) for one in wanted}
    return {role for role, problem in problems.items() if problem is None or problem.code == _LONGER}


def _wanted(roles: Sequence[str], unit_id: int, programme: str, until: date | None) -> list[Wanted]:
    """`until` is the last day included."""
    ends_before = until + timedelta(days=1) if until else None
    return [Wanted(role, unit_id, programme, ends_before=ends_before) for role in roles]
