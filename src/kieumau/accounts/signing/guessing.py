"""Counting tries at a secret, and making whoever fails too often wait.

A try is counted before the secret is looked at and taken back when it was right, so that many at once
gain nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kieumau.accounts.signing.models import CountedTries
from kieumau.accounts.signing.rules import FORGOTTEN_AFTER, Bucket, tries_now, wait_after


class MustWait(Exception):
    """Too many tries from here; `until` says when the next is looked at."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


@transaction.atomic
def begin_try(buckets: Sequence[Bucket], *, now: datetime) -> datetime | None:
    """Count one try; returns until when the next must wait if this one fails, None where it need not.

    Raises `MustWait`, and counts nothing, while any of the places has to wait. Three queries.
    """
    keys = sorted(bucket.key for bucket in buckets)
    CountedTries.objects.bulk_create(
        [CountedTries(key=key, last_at=now) for key in keys], ignore_conflicts=True
    )
    # In one order, so that two at once never wait for each other.
    rows = {
        row.key: row for row in CountedTries.objects.select_for_update().filter(key__in=keys).order_by("key")
    }
    waiting = [row.locked_until for row in rows.values() if row.locked_until and row.locked_until > now]
    if waiting:
        raise MustWait(max(waiting))
    for bucket in buckets:
        row = rows[bucket.key]
        row.tries = tries_now(row.tries, row.last_at, now) + 1
        row.last_at = now
        wait = wait_after(row.tries, bucket.free)
        row.locked_until = now + wait if wait else None
    CountedTries.objects.bulk_update(rows.values(), ["tries", "last_at", "locked_until"])
    return max((row.locked_until for row in rows.values() if row.locked_until), default=None)


@transaction.atomic
def take_back(buckets: Sequence[Bucket], *, began: datetime) -> None:
    """The try that began then was right: the first place begins anew, the others forget this one try.

    An address is not forgiven all its failures for one success, or a guesser with an account of his own
    would sign in between guesses.
    """
    own, *shared = buckets
    CountedTries.objects.filter(key=own.key).delete()
    for bucket in shared:
        row = CountedTries.objects.select_for_update().filter(key=bucket.key).first()
        if row is not None:
            row.tries = max(row.tries - 1, 0)
            if row.last_at <= began:
                row.locked_until = None  # of this try alone: what stood before had passed, or it would wait
            row.save(update_fields=["tries", "locked_until"])


def forget_old(*, now: datetime) -> int:
    """Delete the counts of a quiet day; returns how many. Called now and then by sign-ins themselves."""
    return CountedTries.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()[0]
