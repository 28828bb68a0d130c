"""Telling people, reading, choosing, and forgetting what was read long ago."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.audit.actions import Said
from kieumau.kernel.messages import Text
from kieumau.notices import verbs
from kieumau.notices.kinds import Kind
from kieumau.notices.models import Notice, Preference
from kieumau.notices.rules import Mail


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


_TELL_EACH = """
INSERT INTO notice (person_id, kind, unit_id, key, text_vi, text_en, url, made_at)
SELECT (t->>0)::bigint, t->>1, (t->>2)::int, t->>3, t->>4, t->>5, t->>6, %(now)s
FROM jsonb_array_elements(%(rows)s::jsonb) WITH ORDINALITY AS told(t, place) ORDER BY place
ON CONFLICT DO NOTHING -- naming what conflicts would need rows of others to be seen
"""


def tell_each(told: Sequence[tuple[Word, int]], *, now: datetime) -> int:
    """Tell many people each his own: a word and the id of whoever it is for, once each. Returns how many.

    One statement for any number; what somebody was told before is not counted. Inside the transaction of
    what is told.
    """
    rows = [
        [
            person,
            word.kind.code,
            word.unit_id,
            word.key[:200],
            word.text.vi[:500],
            word.text.en[:500],
            word.url,
        ]
        for word, person in told
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TELL_EACH, {"rows": json.dumps(rows), "now": now})
        return int(cursor.rowcount)


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
    before = Preference.objects.filter(person=person).first() or Preference(person=person)
    old = _said(before)
    made, _ = Preference.objects.update_or_create(
        person=person,
        defaults={
            "mail": choice.mail.value,
            "language": choice.language,
            "quiet_from": choice.quiet_from,
            "quiet_until": choice.quiet_until,
            "muted": sorted(choice.muted),
        },
    )
    audit.record(
        actor=person, verb=verbs.CHOOSE, object=("user", person.pk), old=old, new=_said(made), now=now
    )
    return made


def _said(one: Preference) -> Said:
    def hour(at: time | None) -> str | None:
        return at.strftime("%H:%M") if at else None

    return {
        "mail": one.mail,
        "language": one.language,
        "quiet_from": hour(one.quiet_from),
        "quiet_until": hour(one.quiet_until),
        "muted": one.muted,
    }


KEPT = timedelta(days=365)


def prune(*, now: datetime) -> int:
    """Delete what was read more than a year ago; how much."""
    return Notice.objects.filter(read_at__lt=now - KEPT).delete()[0]
