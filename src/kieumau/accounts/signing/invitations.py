"""People come in by an invitation: a link, good once and until a day."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from kieumau.accounts.acting import everywhere
from kieumau.accounts.models import User
from kieumau.accounts.roles import roles as known_roles
from kieumau.accounts.signing import verbs
from kieumau.accounts.signing.access import may_invite
from kieumau.accounts.signing.giving import check_roles, give_roles
from kieumau.accounts.signing.models import Invitation
from kieumau.accounts.signing.rules import account_key
from kieumau.audit import actions as audit
from kieumau.calendars.working_days import day_of
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.over import Over

MOST_DAYS = 30
_is_good_name = UnicodeUsernameValidator()


class InvitationIsOver(Exception):
    """The link was used, taken back, ran out or never was."""


@transaction.atomic
def invite(
    *,
    actor: User,
    name: str,
    email: str = "",
    unit_id: int,
    roles: Sequence[str],
    programme: str = "",
    roles_until: date | None = None,
    days: int = 7,
    now: datetime,
) -> tuple[Invitation, str]:
    """Invite somebody to sign in under a name; returns the invitation and its secret, to be shown once.

    Raises `Refused` where the actor may not invite to the unit or give the roles, without any role, where
    the name is no name or taken, for more than 30 days, and for roles that end before the invitation does.
    An open invitation for the name that has run out makes way.
    """
    name = name.strip()
    if problems := _problems(actor, name, Over(unit_id, programme), roles, days):
        raise Refused(problems)
    expires_at = now + timedelta(days=days)
    if roles_until is not None and roles_until < day_of(expires_at):
        raise Refused([_over_too_soon(day_of(expires_at))])
    if problems := check_roles(actor, Over(unit_id, programme), roles, until=roles_until):
        raise Refused(problems)
    _make_way(name, now)
    secret = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        digest=_digest(secret),
        name=name,
        email=email.strip(),
        unit_id=unit_id,
        roles=list(roles),
        programme=programme,
        roles_until=roles_until,
        made_at=now,
        made_by=actor,
        expires_at=expires_at,
    )
    _record_made(made, actor)
    return made, secret


def _make_way(name: str, now: datetime) -> None:
    """End an open invitation for that name that has run out. Raises `Refused` where one still lets in."""
    with everywhere():  # a name is one, whoever invited under it
        waiting = Invitation.objects.filter(name__iexact=name, accepted_at=None, revoked_at=None)
        waiting.filter(expires_at__lte=now).update(revoked_at=now)
        is_invited = waiting.exists()
    if is_invited:
        raise Refused([_name_problem(f"Đã có lời mời cho tên “{name}”.", f"“{name}” is invited already.")])


def _record_made(made: Invitation, actor: User) -> None:
    audit.record(
        actor=actor,
        verb=verbs.INVITE,
        object=("invitation", made.pk),
        name=made.name,
        unit_id=made.unit_id,
        new={"roles": made.roles, "programme": made.programme, "expires_at": made.expires_at.isoformat()},
        now=made.made_at,
    )


@transaction.atomic
def take_back(*, actor: User, invitation_id: int, now: datetime) -> None:
    """An open invitation no longer lets in. Twice does no harm; one that was accepted stays.

    Raises `Refused` where the actor may not invite to its unit, `Invitation.DoesNotExist` for none such.
    """
    found = Invitation.objects.select_for_update().get(pk=invitation_id)
    if not may_invite(actor, found.unit_id, found.programme):
        raise Refused([_may_not()])
    if found.accepted_at is None and found.revoked_at is None:
        found.revoked_at = now
        found.save(update_fields=["revoked_at"])
        audit.record(
            actor=actor,
            verb=verbs.TAKE_BACK,
            object=("invitation", found.pk),
            name=found.name,
            unit_id=found.unit_id,
            now=now,
        )


def open_invitation(secret: str, *, now: datetime) -> Invitation:
    """The invitation whose secret this is. Raises `InvitationIsOver` where it no longer lets anybody in."""
    with everywhere():  # whoever holds the link is nobody yet
        found = Invitation.objects.filter(digest=_digest(secret)).select_related("made_by").first()
    if found is None or not _is_open(found, now):
        raise InvitationIsOver
    return found


@transaction.atomic
def accept(*, invitation_id: int, password: str | None, now: datetime) -> User:
    """Make the account that was promised, with its roles; without a password only an agency lets in.

    The password was found good. Raises `InvitationIsOver`, also for the second of two at once, and `Refused`
    where whoever invited may no longer give these roles or the name was taken meanwhile.
    """
    with everywhere():  # by the link, in the name of whoever invited
        found = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
        if found is None or not _is_open(found, now):
            raise InvitationIsOver
        if User.objects.filter(username__iexact=found.name).exists():
            raise Refused([_name_is_taken(found.name)])
        user = User.objects.create_user(found.name, email=found.email or None, password=password)
        found.accepted_at, found.accepted_by = now, user
        found.save(update_fields=["accepted_at", "accepted_by"])
        give_roles(found, user, now=now)
        audit.record(
            actor=user,
            verb=verbs.ACCEPT,
            object=("invitation", found.pk),
            name=found.name,
            unit_id=found.unit_id,
            now=now,
        )
        return user


def of_unit(unit_id: int) -> QuerySet[Invitation]:
    """The invitations to a unit, the newest first."""
    return Invitation.objects.filter(unit_id=unit_id).select_related("made_by")


def is_open(invitation: Invitation, *, now: datetime) -> bool:
    """Does it still let somebody in?"""
    return _is_open(invitation, now)


def _is_open(found: Invitation, now: datetime) -> bool:
    return found.accepted_at is None and found.revoked_at is None and found.expires_at > now


def _problems(actor: User, name: str, over: Over, roles: Sequence[str], days: int) -> list[Problem]:
    if not may_invite(actor, over.unit_id or 0, over.programme):
        return [_may_not()]
    found = []
    try:
        _is_good_name(name)
        is_name = 0 < len(name) <= 150 and account_key(name) != ""
    except ValidationError:
        is_name = False
    if not is_name:
        found.append(
            _name_problem(
                "Tên đăng nhập chỉ gồm chữ, số và @ . + - _, tối đa 150 ký tự.",
                "A name to sign in with has letters, digits and @ . + - _ only, 150 at most.",
            )
        )
    elif User.objects.filter(Q(username__iexact=name)).exists():
        found.append(_name_is_taken(name))
    if not roles:
        reason = Text(
            vi="Chọn ít nhất một vai trò: không có vai trò thì chưa làm được việc gì.",
            en="Choose at least one role: without any there is nothing that one may do.",
        )
        found.append(Problem("no-role", reason))
    if unknown := set(roles) - set(known_roles()):
        listed = ", ".join(sorted(unknown))
        reason = Text(vi=f"Không có vai trò “{listed}”.", en=f"There is no role “{listed}”.")
        found.append(Problem("unknown-role", reason))
    if not 1 <= days <= MOST_DAYS:
        reason = Text(
            vi=f"Lời mời có hạn từ 1 đến {MOST_DAYS} ngày.",
            en=f"An invitation lasts from 1 to {MOST_DAYS} days.",
        )
        found.append(Problem("bad-days", reason))
    return found


def _over_too_soon(last: date) -> Problem:
    """Whoever accepts on the last day must still come into the roles."""
    reason = Text(
        vi=f"Vai trò phải kéo dài ít nhất đến hết ngày lời mời hết hạn, {last:%d/%m/%Y}.",
        en=f"The roles must last at least to the day on which the invitation runs out, {in_words(last).en}.",
    )
    return Problem("roles-end-before", reason)


def _may_not() -> Problem:
    reason = Text(
        vi="Bạn không có quyền mời người dùng cho đơn vị này, hoặc không trong mọi chương trình.",
        en="You may not invite people to this unit, or not in that many programmes.",
    )
    return Problem("may-not-invite", reason)


def _name_is_taken(name: str) -> Problem:
    if User.objects.filter(username__iexact=name, closed_at__isnull=False).exists():
        return _name_problem(
            f"Tài khoản “{name}” đã đóng và không mở lại. Mời bằng tên khác.",
            f"The account “{name}” was closed for good. Invite under another name.",
        )
    return _name_problem(
        f"Đã có người dùng tên “{name}”. Cấp vai trò cho người đó thay vì mời.",
        f"There is a user “{name}” already. Give that person a role instead of inviting.",
    )


def _name_problem(vi: str, en: str) -> Problem:
    return Problem("bad-name", Text(vi=vi, en=en))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
