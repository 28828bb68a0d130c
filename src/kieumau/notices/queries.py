"""Reads: how much is new."""

from typing import Any

from kieumau.notices.models import Notice


def unread(user: Any) -> int:
    """How many notices the person has not read. One small query."""
    return Notice.objects.filter(person_id=user.pk, read_at=None).count()
