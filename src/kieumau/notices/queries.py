"""Reads: how much is new."""

from typing import Any

from kieumau.notices.models import Notice

UNREAD = "unread_notices"
COUNT = "notice_unread(%s)"  # migration 0003


def unread(user: Any) -> int:
    """How many notices the person has not read: asked along with him (`accounts.acting.beside`).

    One small query for somebody who was found another way.
    """
    known: int | None = getattr(user, UNREAD, None)
    return Notice.objects.filter(person_id=user.pk, read_at=None).count() if known is None else known
