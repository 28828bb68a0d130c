"""Who is told what, once; what is read; what goes out by mail."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused
from time import sleep
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as LocMem
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.scopes import holders
from kieumau.audit.models import Entry
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Choice, Word, choose, prune, read_all, tell, tell_each
from kieumau.notices.kinds import Kind
from kieumau.notices.mailing import _SENDING, MOST_FAILURES, send_mail
from kieumau.notices.models import Notice, Preference
from kieumau.notices.rules import Mail
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)  # nine in the morning there
BACK = Kind("test.sent_back", Text(vi="Hồ sơ bị trả lại", en="A dossier was sent back"))


def word(key: str = "dossier:7:2", kind: Kind = BACK) -> Word:
    text = Text(vi="Hồ sơ của phường An Bình bị trả lại", en="The dossier of An Bình was sent back")
    return Word(kind, text, "/ho-so/7/", key, unit_id=None)


@pytest.fixture
def people(db: None) -> tuple[User, User]:
    return (
        User.objects.create_user("hoa", email="hoa@example.vn"),
        User.objects.create_user("minh", email="minh@example.vn"),
    )


def ids(*people: User) -> list[int]:
    return [one.pk for one in people]


def test_everybody_is_told_once(people: tuple[User, User]) -> None:
    assert tell(word(), ids(*people), now=NOW) == 2
    assert tell(word(), ids(*people), now=NOW + timedelta(hours=1)) == 0
    assert tell(word("dossier:7:3"), ids(*people), now=NOW, but=people[1].pk) == 1
    assert {one.person.username: one.key for one in Notice.objects.filter(key="dossier:7:3")} == {
        "hoa": "dossier:7:3"
    }


def test_what_was_told_before_is_not_counted(people: tuple[User, User]) -> None:
    both = [(word(), one) for one in ids(*people)]
    assert tell_each(both[:1], now=NOW) == 1
    assert tell_each([*both, both[1]], now=NOW) == 1  # one had it, the other is meant twice
    assert tell_each(both, now=NOW) == 0
    assert tell_each([], now=NOW) == 0
    assert Notice.objects.count() == 2


def test_those_who_hold_a_role_are_told(people: tuple[User, User], grant: Callable[..., Any]) -> None:
    keys = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    rows = [
        ("VN", "Việt Nam", "quoc-gia", "", "2020-01-01", ""),
        ("92", "Cần Thơ", "thanh-pho", "VN", "2020-01-01", ""),
        ("31150", "An Bình", "phuong", "92", "2020-01-01", ""),
    ]
    load_rows([dict(zip(keys, row, strict=True)) for row in rows], [], actor=None, register="vn")
    ward = Term.objects.get(code="31150").unit_id
    grant(people[0], "officer", ward)
    grant(people[1], "verifier", Term.objects.get(code="92").unit_id)
    assert tell(word(), holders("rounds.assess", ward), now=NOW) == 1
    assert Notice.objects.get().person == people[0]


def test_a_notice_leads_nowhere_else(people: tuple[User, User]) -> None:
    for url in ("https://example.com/", "//example.com/"):
        with pytest.raises(IntegrityError, match="notice_leads_nowhere_else"), transaction.atomic():
            tell(Word(BACK, Text("a", "a"), url, "k"), ids(people[0]), now=NOW)


def test_the_inbox(people: tuple[User, User]) -> None:
    tell(word(), ids(*people), now=NOW)
    client = Client()
    client.force_login(people[0])
    assert "An Bình" in client.get(reverse("notices")).content.decode()
    own, other = (Notice.objects.get(person=one) for one in people)
    assert client.post(reverse("notice", args=[other.pk])).status_code == 404
    assert client.post(reverse("notice", args=[own.pk]))["location"] == "/ho-so/7/"
    own.refresh_from_db()
    assert own.read_at is not None
    assert read_all(people[1], now=NOW) == 1


@pytest.fixture
def mailing(settings: Any) -> None:
    settings.KIEUMAU_MAIL = True
    settings.KIEUMAU_ADDRESS = "https://kieumau.example.vn"


def wish(person: User, mail: Mail, **more: Any) -> Preference:
    given: dict[str, Any] = {"language": "vi", "quiet_from": None, "quiet_until": None, "muted": (), **more}
    return choose(person, Choice(mail=mail, **given), now=NOW)


@pytest.mark.usefixtures("mailing")
def test_mail_is_one_for_each_and_never_twice(people: tuple[User, User]) -> None:
    wish(people[0], Mail.AT_ONCE)
    wish(people[1], Mail.NEVER)
    tell(word(), ids(*people), now=NOW)
    tell(word("dossier:9:1"), ids(*people), now=NOW)
    assert send_mail(now=NOW) == 1
    (sent,) = mail.outbox
    assert sent.to == ["hoa@example.vn"]
    assert sent.subject == "Kiểu Mẫu: 2 thông báo"
    assert "https://kieumau.example.vn/ho-so/7/" in sent.body
    assert send_mail(now=NOW + timedelta(minutes=5)) == 0


@pytest.mark.usefixtures("mailing")
def test_quiet_hours_put_off_and_muted_kinds_stay_in_the_inbox(people: tuple[User, User]) -> None:
    wish(people[0], Mail.AT_ONCE, quiet_from=time(8), quiet_until=time(10))
    wish(people[1], Mail.AT_ONCE, muted=(BACK.code,))
    tell(word(), ids(*people), now=NOW)
    assert send_mail(now=NOW) == 0
    assert send_mail(now=NOW + timedelta(hours=1)) == 1
    assert [one.to for one in mail.outbox] == [["hoa@example.vn"]]


@pytest.mark.usefixtures("mailing")
def test_of_two_workers_one_sends(people: tuple[User, User]) -> None:
    """Whoever comes while another is sending does nothing; who died while sending keeps nobody waiting."""
    wish(people[0], Mail.AT_ONCE)
    tell(word(), ids(people[0]), now=NOW)
    another = connection.copy("default")
    with another.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({_SENDING})")
    assert send_mail(now=NOW) == 0
    another.close()
    assert sent_within(seconds=60)
    assert [one.to for one in mail.outbox] == [["hoa@example.vn"]]


def sent_within(*, seconds: int) -> bool:
    """Is a mail sent within a few tries? A server notices after a moment that a connection has gone."""
    for _try in range(seconds * 20):
        if send_mail(now=NOW):
            return True
        sleep(0.05)
    return False


# When the mail runs, in hours after nine in the morning on which the first word came: how many mails go out.
RUNS = [
    (0, 0),  # at nine it waits for the morning
    (14, 0),  # at eleven in the evening too
    (17, 0),  # and at two at night
    (22, 1),  # at seven
    (22.5, 0),
    (46, 1),  # at seven a day later: what came at ten, after the mail
]


@pytest.mark.usefixtures("mailing")
def test_the_daily_mail_gathers(people: tuple[User, User]) -> None:
    """Who chose nothing gets one mail a day, at seven in the morning, also the first of all."""
    tell(word(), ids(people[0]), now=NOW)
    tell(word("dossier:9:1"), ids(people[0]), now=NOW + timedelta(hours=14))
    for hours, expected in RUNS:
        if hours == 46:
            tell(word("dossier:9:2"), ids(people[0]), now=NOW + timedelta(hours=25))
        assert send_mail(now=NOW + timedelta(hours=hours)) == expected, hours
    assert [one.subject[10:11] for one in mail.outbox] == ["2", "1"]


class Refusing(LocMem):
    """A mail server that refuses one address."""

    def send_messages(self, email_messages: Any) -> int:
        for one in email_messages:
            if one.to == ["hoa@example.vn"]:
                raise SMTPRecipientsRefused({"hoa@example.vn": (550, b"no such user")})
        return super().send_messages(email_messages)


@pytest.mark.usefixtures("mailing")
def test_one_refused_address_stops_nobody_behind_it(people: tuple[User, User], settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    tell(word(), ids(*people), now=NOW - timedelta(hours=3))
    assert send_mail(now=NOW) == 1
    assert [one.to for one in mail.outbox] == [["minh@example.vn"]]
    wish = Preference.objects.get(person=people[0])
    assert (wish.failures, wish.retry_at) == (1, NOW + timedelta(hours=1))
    assert send_mail(now=NOW + timedelta(minutes=5)) == 0  # not asked again at once
    assert Preference.objects.get(person=people[0]).failures == 1
    for day in range(1, MOST_FAILURES):
        assert send_mail(now=NOW + timedelta(days=day)) == 0
    assert not Notice.objects.filter(mailed_at=None).exists()  # given up; it stays in the inbox
    assert Notice.objects.filter(person=people[0], read_at=None).exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tell(word("later"), ids(people[0]), now=NOW + timedelta(days=8))
    assert send_mail(now=NOW + timedelta(days=9)) == 1  # the next word is tried anew


@pytest.mark.usefixtures("mailing")
def test_what_is_not_mailed_is_settled_once(people: tuple[User, User]) -> None:
    wish(people[0], Mail.NEVER)
    wish(people[1], Mail.AT_ONCE, muted=(BACK.code,))
    tell(word(), ids(*people), now=NOW)
    assert send_mail(now=NOW) == 0
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_what_was_read_a_year_ago_is_forgotten(people: tuple[User, User]) -> None:
    tell(word(), ids(*people), now=NOW)
    read_all(people[0], now=NOW)
    assert prune(now=NOW + timedelta(days=365)) == 0
    assert prune(now=NOW + timedelta(days=366)) == 1
    assert Notice.objects.get().person == people[1]  # what nobody read stays


def test_choosing(people: tuple[User, User]) -> None:
    client = Client()
    client.force_login(people[0])
    address = reverse("notice_wishes")
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"mail": "daily", "language": "vi", "quiet_from": "22:00"})
    assert wrong.status_code == 422
    done = client.post(
        address, {"mail": "at_once", "language": "en", "quiet_from": "22:00", "quiet_until": "06:00"}
    )
    assert done.status_code == 302
    made = Preference.objects.get(person=people[0])
    assert (made.mail, made.language, made.quiet_from) == ("at_once", "en", time(22))
    (entry,) = Entry.objects.filter(verb="notices.choose")
    assert entry.old == {
        "mail": "daily",
        "language": "vi",
        "quiet_from": None,
        "quiet_until": None,
        "muted": [],
    }
    assert entry.new is not None
    assert (entry.new["quiet_from"], entry.new["quiet_until"]) == ("22:00", "06:00")
    choose(people[0], Choice(Mail.AT_ONCE, "vi", time(22), time(6), tuple(made.muted)), now=NOW)
    latest = Entry.objects.filter(verb="notices.choose").latest("pk")
    assert (latest.old, latest.new) == ({"language": "en"}, {"language": "vi"})
