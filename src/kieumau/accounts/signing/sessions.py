"""Sessions that their owner can see and end."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from kieumau.accounts.models import User
from kieumau.accounts.signing import verbs
from kieumau.accounts.signing.models import RunningSession
from kieumau.accounts.signing.rules import device, prefix
from kieumau.audit import actions as audit

# How exact “last seen” is: a write an hour, not one a page.
SEEN_EVERY = timedelta(hours=1)
_SEEN = "seen_at"


def running(user: User, *, now: datetime) -> QuerySet[RunningSession]:
    """The sessions of somebody that still let in, the one seen last first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    return RunningSession.objects.filter(Exists(alive), user=user)


def note(request: HttpRequest, *, address: str, now: datetime) -> None:
    """Write down that this browser is signed in and was seen now."""
    user = request.user
    assert isinstance(user, User)
    if not request.session.session_key:
        request.session.save()
    RunningSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "device": device(request.headers.get("User-Agent", "")),
            "network": prefix(address),
            "seen_at": now,
        },
        create_defaults={
            "user": user,
            "device": device(request.headers.get("User-Agent", "")),
            "network": prefix(address),
            "began_at": now,
            "seen_at": now,
        },
    )
    request.session[_SEEN] = int(now.timestamp())


def is_due(request: HttpRequest, *, now: datetime) -> bool:
    """Was a signed-in browser last noted more than `SEEN_EVERY` ago? Asks nothing of the database.

    A session that was never noted is left alone.
    """
    seen = request.session.get(_SEEN)
    return seen is not None and now.timestamp() - seen > SEEN_EVERY.total_seconds()


@transaction.atomic
def end(*, user: User, session_id: int, now: datetime) -> bool:
    """End one session of one's own; False where there is none such, or no more."""
    found = RunningSession.objects.filter(user=user, pk=session_id).first()
    if found is None:
        return False
    Session.objects.filter(session_key=found.session_key).delete()
    found.delete()
    audit.record(actor=user, verb=verbs.END_SESSION, object=("session", session_id), now=now)
    return True


@transaction.atomic
def end_others(*, user: User, keep: str | None, now: datetime) -> int:
    """End all sessions of somebody but the one with the key `keep`; returns how many ran."""
    others = RunningSession.objects.filter(user=user).exclude(session_key=keep or "")
    count = running(user, now=now).exclude(session_key=keep or "").count()
    Session.objects.filter(session_key__in=others.values("session_key")).delete()
    others.delete()
    if count:
        audit.record(actor=user, verb=verbs.END_OTHERS, new={"sessions": count}, now=now)
    return count


def forget(session_key: str) -> None:
    """A session that was left by its owner is gone from the list."""
    RunningSession.objects.filter(session_key=session_key).delete()
