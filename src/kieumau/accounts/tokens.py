"""Tokens for programs: made, looked up, revoked. Only their fingerprints are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from kieumau.accounts import verbs
from kieumau.accounts.models import Token
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.kernel.messages import Problem, Refused, Text

PREFIX = "km_"
MOST_DAYS = 3_660


def make_token(*, name: str, days: int, actor: Actor, now: datetime) -> tuple[Token, str]:
    """A new token that is good for so many days, and the secret, which nobody can read again.

    Raises `Refused` for an empty or known name and for less than a day.
    """
    name = name.strip()[:100]
    if not name or not 1 <= days <= MOST_DAYS:
        reason = Text(
            vi=f"Cần có tên, và thời hạn từ 1 đến {MOST_DAYS} ngày.",
            en=f"A name is needed, and between 1 and {MOST_DAYS} days.",
        )
        raise Refused([Problem("bad-token", reason)])
    secret = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            made = Token.objects.create(
                name=name,
                digest=_digest(secret),
                made_at=now,
                made_by=actor if isinstance(actor, str) else actor.get_username() if actor else "",
                expires_at=now + timedelta(days=days),
            )
            audit.record(
                actor=actor,
                verb=verbs.MAKE_TOKEN,
                object=("token", made.pk),
                name=name,
                new={"expires_at": made.expires_at},
                now=now,
            )
    except IntegrityError:
        reason = Text(vi=f"Đã có mã tên “{name}”.", en=f"There is a token “{name}” already.")
        raise Refused([Problem("repeated-token", reason)]) from None
    return made, secret


def tokens() -> QuerySet[Token]:
    """Every token without its fingerprint, which pages may not read."""
    return Token.objects.defer("digest")


@transaction.atomic
def revoke_token(*, name: str, now: datetime, actor: Actor = None) -> Token:
    """Close a token for good; twice does no harm. Raises `Refused` for an unknown name."""
    found = tokens().filter(name=name).first()
    if found is None:
        reason = Text(vi=f"Không có mã tên “{name}”.", en=f"There is no token “{name}”.")
        raise Refused([Problem("unknown-token", reason)])
    if found.revoked_at is None:
        found.revoked_at = now
        found.save(update_fields=["revoked_at"])
        audit.record(actor=actor, verb=verbs.REVOKE_TOKEN, object=("token", found.pk), name=name, now=now)
    return found


def token_of(secret: str, now: datetime) -> Token | None:
    """The token whose secret this is, if it still opens anything. One query."""
    if not secret.startswith(PREFIX):
        return None
    found = Token.objects.raw("SELECT * FROM account_token_of(%s, %s)", [_digest(secret), now])
    return next(iter(found), None)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
