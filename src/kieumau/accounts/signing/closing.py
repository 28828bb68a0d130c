"""An account is closed for good, and what is known of people is forgotten in time."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from kieumau.accounts.acting import everywhere
from kieumau.accounts.granting import end_role, may_end
from kieumau.accounts.models import Grant, User
from kieumau.accounts.signing import verbs
from kieumau.accounts.signing.guessing import forget_old
from kieumau.accounts.signing.models import Invitation, RunningSession
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.kernel.messages import Problem, Refused, Text

# How long a mail address is kept after it is of no use: to answer a question, to tell of what was done.
INVITATION_KEPT = timedelta(days=30)
ACCOUNT_KEPT = timedelta(days=90)


class CannotClose(Refused):
    """This account cannot be closed so, or not by this person."""


@transaction.atomic
def close_account(*, person: User, reason: str, actor: Actor, now: datetime) -> User:
    """Nobody signs in under this name any more; roles, sessions, second factors and sign-ons end.

    The name stays, for the log and what was signed; the mail address for `ACCOUNT_KEPT`. `actor` who is no
    person is the installation's operator. Raises `CannotClose`: no reason, oneself, closed already, a person
    with roles that the actor could not end.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if problem := why_not(actor, person):
        raise CannotClose([problem])
    if not reason.strip():
        raise CannotClose([_WHY])
    last = _end_roles(person, reason=reason, actor=actor, now=now)
    _end_sessions(person)
    Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).delete()
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    person.is_active, person.closed_at = False, now
    person.set_unusable_password()
    person.save(update_fields=["is_active", "closed_at", "password"])
    audit.record(
        actor=actor,
        verb=verbs.CLOSE_ACCOUNT,
        object=("user", person.pk),
        name=person.get_username(),
        unit_id=last.unit_id if last else None,
        why=reason,
        now=now,
    )
    return person


def why_not(actor: Actor, person: User) -> Problem | None:
    """Why the actor may not close that account; None where he may."""
    if person.closed_at is not None:
        return _CLOSED
    if not isinstance(actor, User):
        return None
    if actor.pk == person.pk:
        return _YOURSELF
    if actor.is_superuser:
        return None
    with everywhere():  # of what the actor does not see nothing could be said
        grants = list(Grant.objects.filter(user=person).order_by("pk"))
    running = [one for one in grants if one.ended_at is None]
    if person.is_superuser or not grants or not all(may_end(actor, one) for one in running or grants[-1:]):
        return _ELSEWHERE
    return None


def holds_within_reach(actor: User, person: User) -> bool:
    """Has the person a role, now or before, that the actor could end? Then he is told why not to close."""
    return any(may_end(actor, one) for one in Grant.objects.filter(user=person).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted: mail addresses, and sessions that no longer let anybody in."""

    addresses: int
    sessions: int


@transaction.atomic
def forget(*, now: datetime, actor: Actor = None) -> Forgotten:
    """Wipe mail addresses of invitations and accounts that ended long ago, and dead sessions.

    Run every night; a handful of queries. What happened stays in the log, which holds no address: of this
    too, only how many there were. A night that finds nothing leaves no entry.
    """
    over = Coalesce("accepted_at", "revoked_at", "expires_at")
    old = Invitation.objects.alias(over=over).filter(over__lt=now - INVITATION_KEPT).exclude(email="")
    addresses = old.update(email="")
    closed = User.objects.filter(closed_at__lt=now - ACCOUNT_KEPT)
    EmailAddress.objects.filter(user__in=closed).delete()
    addresses += closed.exclude(email="").update(email="")
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    RunningSession.objects.filter(~Exists(alive)).delete()
    forget_old(now=now)
    gone = Forgotten(addresses, sessions)
    if addresses or sessions:
        audit.record(actor=actor, verb=verbs.FORGET, new=asdict(gone), now=now)
    return gone


def _end_roles(person: User, *, reason: str, actor: Actor, now: datetime) -> Grant | None:
    """Every role that runs ends, wherever it is; gives the last one that the person was given."""
    with everywhere():
        for one in Grant.objects.filter(user=person, ended_at=None).order_by("pk"):
            end_role(grant_id=one.pk, reason=reason, actor=actor, now=now)
        return Grant.objects.filter(user=person).order_by("-pk").first()


def _end_sessions(person: User) -> None:
    running = RunningSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=running.values("session_key")).delete()
    running.delete()


_CLOSED = Problem("closed-account", Text(vi="Tài khoản này đã đóng.", en="This account is closed."))
_WHY = Problem("no-reason", Text(vi="Cần ghi lý do.", en="A reason is needed."))
_YOURSELF = Problem(
    "not-yourself",
    Text(vi="Không ai tự đóng tài khoản của mình.", en="Nobody closes his own account."),
    Text(vi="Nhờ người khác có quyền cấp vai trò.", en="Ask somebody else who gives roles."),
)
WORKS_ELSEWHERE = "works-elsewhere"
_ELSEWHERE = Problem(
    WORKS_ELSEWHERE,
    Text(
        vi="Người này còn vai trò mà bạn không kết thúc được, hoặc chưa có vai trò trong phạm vi của bạn.",
        en="This person holds roles that you could not end, or never held one within your reach.",
    ),
    Text(
        vi="Kết thúc các vai trò trong phạm vi của bạn, hoặc nhờ cấp trên.",
        en="End the roles within your reach, or ask the level above.",
    ),
)
