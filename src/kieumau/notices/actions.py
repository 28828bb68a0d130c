"""Telling people, reading, choosing, and sending what waits by mail."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.db import connection, transaction
from django.db.models import QuerySet

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.calendars.working_days import ZONE
from kieumau.kernel.messages import Text
from kieumau.notices import verbs
from kieumau.notices.kinds import Kind
from kieumau.notices.models import Notice, Preference
from kieumau.notices.rules import Mail, may_mail

MOST_IN_A_MAIL = 50


@dataclass(frozen=True, slots=True)
class Word:
    """What is told: a kind, a sentence, where it leads, and a key that keeps it from being told twice."""

    kind: Kind
    text: Text
    url: str
    key: str
    unit_id: int | None = None


def tell(
    word: Word, people: QuerySet[Any, Any] | Sequence[int], *, now: datetime, but: int | None = None
) -> int:
    """Tell people something, once each; how many were told. Two statements for any number of people.

    `people` is a sub-select of ids of users (`accounts.scopes.holders`) or some ids; `but` leaves one out, as
    whoever did what is told. Inside the transaction of what is told: both happen, or neither.
    """
    told = User.objects.filter(pk__in=people, is_active=True)
    if but is not None:
        told = told.exclude(pk=but)
    sql, params = told.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO notice (person_id, kind, unit_id, key, text_vi, text_en, url, made_at)
            SELECT p.id, %s, %s, %s, %s, %s, %s, %s FROM ({sql}) p(id)
            ON CONFLICT DO NOTHING -- naming what conflicts would need rows of others to be seen
            """,
            [
                word.kind.code,
                word.unit_id,
                word.key[:200],
                word.text.vi[:500],
                word.text.en[:500],
                word.url,
                now,
                *params,
            ],
        )
        return int(cursor.rowcount)


def tell_each(told: Sequence[tuple[Word, int]], *, now: datetime) -> int:
    """Tell many people each his own: a word and the id of whoever it is for, once each. Returns how many.

    Few statements for any number. Inside the transaction of what is told.
    """
    rows = [
        Notice(
            person_id=person,
            kind=word.kind.code,
            unit_id=word.unit_id,
            key=word.key[:200],
            text_vi=word.text.vi[:500],
            text_en=word.text.en[:500],
            url=word.url,
            made_at=now,
        )
        for word, person in told
    ]
    return len(Notice.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True))


def read(notice: Notice, *, now: datetime) -> None:
    """The person has seen it."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)


def read_all(person: User, *, now: datetime) -> int:
    """The person has seen everything there is; how much was new."""
    return Notice.objects.filter(person=person, read_at=None, made_at__lte=now).update(read_at=now)


@dataclass(frozen=True, slots=True)
class Choice:
    """How somebody wants to be told by mail."""

    mail: Mail
    language: str
    quiet_from: time | None
    quiet_until: time | None
    muted: tuple[str, ...]


@transaction.atomic
def choose(person: User, choice: Choice, *, now: datetime) -> Preference:
    """Put down how somebody wants to be told."""
    made, _ = Preference.objects.update_or_create(
        person=person,
        defaults={
            "mail": choice.mail,
            "language": choice.language,
            "quiet_from": choice.quiet_from,
            "quiet_until": choice.quiet_until,
            "muted": sorted(choice.muted),
        },
    )
    new = {"mail": str(choice.mail), "muted": sorted(choice.muted)}
    audit.record(actor=person, verb=verbs.CHOOSE, object=("user", person.pk), new=new, now=now)
    return made


def send_mail(*, now: datetime) -> int:
    """Mail everybody what waits for him, one mail each, as he chose; how many mails went out.

    A mail that could not be sent is tried again the next time; one that was sent is never sent twice unless
    the machine dies between sending and noting it. Muted kinds stay in the inbox alone.
    """
    if not settings.KIEUMAU_MAIL:
        return 0
    waiting: dict[int, list[Notice]] = defaultdict(list)
    rows = Notice.objects.filter(mailed_at=None, read_at=None, person__is_active=True).exclude(
        person__email=""
    )
    for one in rows.select_related("person").order_by("made_at", "pk"):
        waiting[one.person_id].append(one)
    wishes = {one.person_id: one for one in Preference.objects.filter(person__in=waiting)}
    sent = 0
    with get_connection() as mail:
        for person_id, notices in waiting.items():
            wish = wishes.get(person_id) or Preference(person_id=person_id)
            told = [one for one in notices if one.kind not in wish.muted]
            if told and _may(wish, now):
                mail.send_messages([_message(told, wish, mail)])
                _note(wish, told, now)
                sent += 1
    return sent


def _may(wish: Preference, now: datetime) -> bool:
    return may_mail(
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
    Preference.objects.update_or_create(person_id=wish.person_id, defaults={"mailed_at": now})


def _message(told: list[Notice], wish: Preference, mail: Any) -> EmailMessage:
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
    return EmailMessage(subject, "\n\n".join(lines), to=[told[0].person.email], connection=mail)
