"""Roles given and ended: by somebody who may, within what he has, never to himself."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from kieumau.accounts import verbs
from kieumau.accounts.held import Held, allowing, forget
from kieumau.accounts.models import Grant, User
from kieumau.accounts.roles import roles
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.models import Term
from kieumau.units.over import Over

GRANT = "accounts.grant"


class CannotGive(Refused):
    """This role cannot be given so, or not by this person."""


class CannotEnd(Refused):
    """This grant cannot be ended so, or not by this person."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be given: a role over a unit, in all programmes or in one, from a day on."""

    role: str
    unit_id: int
    programme: str = ""
    starts_on: date | None = None  # today
    ends_before: date | None = None  # until it is ended


@transaction.atomic
def give_role(*, user: User, wanted: Wanted, actor: Actor, now: datetime, reason: str = "") -> Grant:
    """Somebody holds a role over a unit from now on. `actor` who is no person is the installation's operator.

    Raises `CannotGive`: to oneself, more than one has (other units, another programme, longer), a role that
    one's own role does not give, a role held already, a person who may not sign in, days that are none.
    """
    starts_on = wanted.starts_on or day_of(now)
    _check(user, wanted, starts_on, day_of(now))
    if isinstance(actor, User) and (problem := why_not(actor, user, wanted)):
        raise CannotGive([problem])
    try:
        with transaction.atomic():
            given = Grant.objects.create(
                user=user,
                role=wanted.role,
                unit_id=wanted.unit_id,
                programme=wanted.programme,
                starts_on=starts_on,
                ends_before=wanted.ends_before,
                given_at=now,
                given_by=actor if isinstance(actor, User) else None,
                reason=reason.strip()[:500],
            )
    except IntegrityError as error:
        if "grant_is_held_once_at_a_time" not in str(error):
            raise
        raise CannotGive([_HELD]) from None
    said = {"role": given.role, "programme": given.programme, "starts_on": starts_on}
    audit.record(
        actor=actor,
        verb=verbs.GIVE_ROLE,
        object=("user", user.pk),
        name=user.get_username(),
        unit_id=given.unit_id,
        new=said | {"grant": given.pk, "ends_before": given.ends_before},
        why=reason,
        now=now,
    )
    forget(user)
    return given


@transaction.atomic
def end_role(*, grant_id: int, reason: str, actor: Actor, now: datetime) -> Grant:
    """A grant counts no more; it stays, with the reason. One's own may always be given back.

    Raises `CannotEnd`: no reason, ended already, not there, or a role that the person could not give there.
    """
    found = Grant.objects.select_for_update(of=("self",)).select_related("user").filter(pk=grant_id).first()
    if found is None or found.ended_at is not None:
        reason_ = Text(
            vi="Quyền này không có hoặc đã kết thúc.", en="There is no such role, or it has ended."
        )
        raise CannotEnd([Problem("no-such-grant", reason_)])
    if not reason.strip():
        raise CannotEnd([_WHY])
    if isinstance(actor, User) and not may_end(actor, found):
        raise CannotEnd([_NOT_YOURS])
    found.ended_at, found.end_reason = now, reason.strip()[:500]
    found.ended_by = actor if isinstance(actor, User) else None
    found.save(update_fields=["ended_at", "end_reason", "ended_by"])
    audit.record(
        actor=actor,
        verb=verbs.END_ROLE,
        object=("user", found.user_id),
        name=found.user.get_username(),
        unit_id=found.unit_id,
        old={"grant": found.pk, "role": found.role, "programme": found.programme},
        why=reason,
        now=now,
    )
    forget(found.user)
    return found


def may_end(person: User, grant: Grant) -> bool:
    """May the person end this grant: his own, or one that he could give?"""
    if person.is_superuser or grant.user_id == person.pk:
        return True
    return any(grant.role in roles()[one.role].gives for one in _own(person, grant.unit_id, grant.programme))


def why_not(giver: User, user: User, wanted: Wanted) -> Problem | None:
    """Why the person may not give that; None where he may."""
    if giver.pk == user.pk:
        return _YOURSELF
    if giver.is_superuser:
        return None
    own = _own(giver, wanted.unit_id, wanted.programme)
    if not own:
        return _ELSEWHERE
    giving = [one for one in own if wanted.role in roles()[one.role].gives]
    if not giving:
        return _OTHER_ROLE
    return None if any(_lasts(one, wanted.ends_before) for one in giving) else _LONGER


def _own(person: User, unit_id: int, programme: str) -> tuple[Held, ...]:
    return allowing(person, GRANT, Over(unit_id, programme))


def _lasts(own: Held, ends_before: date | None) -> bool:
    return own.ends_before is None or (ends_before is not None and ends_before <= own.ends_before)


def _check(user: User, wanted: Wanted, starts_on: date, today: date) -> None:
    problems = []
    if wanted.role not in roles():
        reason = Text(vi=f"Không có vai trò “{wanted.role}”.", en=f"There is no role “{wanted.role}”.")
        problems.append(Problem("unknown-role", reason, Text(vi=", ".join(roles()), en=", ".join(roles()))))
    if not Term.objects.filter(unit_id=wanted.unit_id, valid__contains=max(starts_on, today)).exists():
        reason = Text(vi="Đơn vị không còn trong ngày ấy.", en="The unit is not there on that day.")
        problems.append(Problem("unknown-unit", reason))
    if not user.is_active:
        reason = Text(vi="Tài khoản này đã khóa.", en="This account is closed.")
        problems.append(Problem("closed-account", reason))
    if wanted.ends_before is not None and wanted.ends_before <= max(starts_on, today):
        reason = Text(vi="Ngày hết hạn phải sau ngày bắt đầu.", en="It must end after it has begun.")
        problems.append(Problem("ends-too-early", reason))
    if problems:
        raise CannotGive(problems)


_HELD = Problem(
    "held-already",
    Text(vi="Người này đã có vai trò ấy tại đơn vị ấy.", en="This person holds that role there already."),
    Text(vi="Kết thúc quyền cũ trước.", en="End the old one first."),
)
_WHY = Problem("no-reason", Text(vi="Cần ghi lý do.", en="A reason is needed."))
_NOT_YOURS = Problem(
    "not-yours-to-end",
    Text(
        vi="Bạn chỉ kết thúc được quyền mà bạn có thể cấp, hoặc quyền của chính mình.",
        en="You can end only what you could give, or your own roles.",
    ),
)
_YOURSELF = Problem(
    "not-to-yourself",
    Text(vi="Không ai tự cấp quyền cho mình.", en="Nobody gives himself a role."),
    Text(vi="Nhờ người khác có quyền cấp.", en="Ask somebody else who may give roles."),
)
_ELSEWHERE = Problem(
    "not-your-place",
    Text(
        vi="Bạn không có quyền cấp quyền tại đơn vị này, hoặc không trong mọi chương trình.",
        en="You may not give roles over this unit, or not in that many programmes.",
    ),
)
_OTHER_ROLE = Problem(
    "not-your-role",
    Text(vi="Vai trò của bạn không cấp được vai trò này.", en="Your role does not give this role."),
)
_LONGER = Problem(
    "longer-than-yours",
    Text(vi="Quyền của bạn hết hạn trước ngày ấy.", en="Your own role ends before that day."),
    Text(vi="Chọn ngày hết hạn sớm hơn.", en="Choose an earlier end."),
)
