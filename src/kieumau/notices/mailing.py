"""Sending what waits by mail: one mail for each person, and nobody waits for another's bad address."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.db import connection, transaction
from django.db.models import OuterRef, Q, Subquery

from kieumau.accounts.models import User
from kieumau.calendars.working_days import ZONE
from kieumau.notices.models import Notice, Preference
from kieumau.notices.rules import Mail, mailable_until

MOST_IN_A_MAIL = 50
MOST_AT_ONCE = 500  # people; the others are next five minutes later
MOST_FAILURES = 5
FIRST_RETRY = timedelta(hours=1)  # and twice as long each time
_SENDING = "hashtextextended('notices/mail', 0)"

log = logging.getLogger(__name__)


def send_mail(*, now: datetime) -> int:
    """Mail everybody what waits for him, one mail each, as he chose; how many mails went out.

    An address that is refused is noted, tried again later, and given up after five times; the others get
    their mail. One that was sent is never sent twice unless the machine dies between sending and noting it:
    while somebody else is sending, nothing is done.
    Raises what the mail server's door says where it cannot be reached at all: the next run tries again.
    """
    if not settings.KIEUMAU_MAIL:
        return 0
    with _alone() as alone:
        return _send(now) if alone else 0


@contextmanager
def _alone() -> Iterator[bool]:
    """Is nobody else sending? Held by the connection, so that whoever dies lets it go."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_SENDING})")
        (alone,) = cursor.fetchone() or (False,)
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock({_SENDING})")


def _send(now: datetime) -> int:
    _settle(now)
    sent = 0
    with get_connection() as mail:
        for wish, person, until in _due(now):
            waiting = Notice.objects.filter(person=person, mailed_at=None, made_at__lte=until)
            told = list(waiting.order_by("made_at", "pk"))
            if not told:  # read meanwhile, and forgotten
                continue
            mail.open()
            try:
                mail.send_messages([_message(told, wish, person, mail)])
            except (SMTPException, OSError, ValueError) as error:
                _refused(wish, told, error, now)
                mail.close()
            else:
                _note(wish, told, now)
                sent += 1
    return sent


def _settle(now: datetime) -> None:
    """What is not to be mailed is not looked at again: read already, muted, or of somebody without mail."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE notice n SET mailed_at = %s
            FROM account_user u LEFT JOIN notice_preference p ON p.person_id = u.id
            WHERE u.id = n.person_id AND n.mailed_at IS NULL AND (
                n.read_at IS NOT NULL OR u.email = '' OR NOT u.is_active OR p.mail = 'never'
                OR n.kind = ANY (p.muted))
            """,
            [now],
        )


def _due(now: datetime) -> Sequence[tuple[Preference, User, datetime]]:
    """Those to whom something may be sent now, and until when it was made; the longest without mail first.

    One query.
    """
    waiting = Notice.objects.filter(mailed_at=None).order_by()
    oldest = waiting.filter(person=OuterRef("pk")).order_by("made_at").values("made_at")[:1]
    people = User.objects.filter(pk__in=waiting.values("person_id")).annotate(oldest=Subquery(oldest))
    people = people.filter(
        Q(notice_preference=None)
        | Q(notice_preference__retry_at=None)
        | Q(notice_preference__retry_at__lte=now)
    )
    may = []
    for one in people.select_related("notice_preference").order_by("pk").iterator():
        wish = _wish(one)
        until = _until(wish, now)
        if until is not None and one.oldest <= until:
            may.append((wish, one, until))
    may.sort(key=lambda each: each[0].mailed_at.timestamp() if each[0].mailed_at else 0)
    return may[:MOST_AT_ONCE]


def _wish(person: User) -> Preference:
    found: Preference | None = getattr(person, "notice_preference", None)
    return found or Preference(person_id=person.pk)


def _until(wish: Preference, now: datetime) -> datetime | None:
    return mailable_until(
        Mail(wish.mail),
        now,
        ZONE,
        quiet_from=wish.quiet_from,
        quiet_until=wish.quiet_until,
        mailed_at=wish.mailed_at,
    )


@transaction.atomic
def _note(wish: Preference, told: list[Notice], now: datetime) -> None:
    Notice.objects.filter(pk__in=[one.pk for one in told]).update(mailed_at=now)
    said = {"mailed_at": now, "failures": 0, "retry_at": None}
    Preference.objects.update_or_create(person_id=wish.person_id, defaults=said)


@transaction.atomic
def _refused(wish: Preference, told: list[Notice], error: Exception, now: datetime) -> None:
    """Put it off, each time for longer; what was refused too often stays in the inbox alone."""
    failures = wish.failures + 1
    said: dict[str, Any] = {"failures": failures, "retry_at": now + FIRST_RETRY * 2**wish.failures}
    log.warning("mail to person %s refused (%s times): %s", wish.person_id, failures, type(error).__name__)
    if failures >= MOST_FAILURES:
        Notice.objects.filter(pk__in=[one.pk for one in told]).update(mailed_at=now)
        said = {"failures": 0, "retry_at": None}
    Preference.objects.update_or_create(person_id=wish.person_id, defaults=said)


def _message(told: list[Notice], wish: Preference, person: User, mail: Any) -> EmailMessage:
    """One mail with every line and its address; no more than a page shows."""
    is_english = wish.language == "en"
    count = len(told)
    subject = f"Kiểu Mẫu: {count} thông báo"
    ending = f"… và {count - MOST_IN_A_MAIL} thông báo khác."
    if is_english:
        subject = f"Kiểu Mẫu: {count} notice{'' if count == 1 else 's'}"
        ending = f"… and {count - MOST_IN_A_MAIL} more."
    lines = [
        f"- {one.text_en if is_english else one.text_vi}\n  {settings.KIEUMAU_ADDRESS}{one.url}"
        for one in told[:MOST_IN_A_MAIL]
    ]
    if count > MOST_IN_A_MAIL:
        lines.append(ending)
    return EmailMessage(subject, "\n\n".join(lines), to=[person.email], connection=mail)
