"""Signing in by password and by code, as a browser does it; what is locked, written down and ended."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.accounts.signing.models import CountedTries, RunningSession
from kieumau.accounts.signing.tests.log import Log

PASSWORD, OTHER = "mật khẩu dài 12", "một mật khẩu khác"
WAIT_VI, WAIT_EN = "Hãy thử lại sau 30 giây", "Try again in 30 seconds"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many seconds are left to wait does not depend on how long a sign-in takes."""
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture(autouse=True)
def _codes_are_new() -> Iterator[None]:
    """A code used in one test may be used in the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def an() -> User:
    return User.objects.create_user("an", password=PASSWORD, email="an@example.vn")


def sign_in(client: Client, password: str = PASSWORD, name: str = "an", **extra: Any) -> Any:
    return client.post("/dang-nhap/", {"username": name, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def speak(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language


def code_of(secret: str) -> str:
    """The one that a phone shows now; the first of those that are good may end at any moment."""
    _ends, now, _begins = yield_hotp_counters_from_time()
    code: str = format_hotp_value(hotp_value(secret, now))
    return code


def turn_on_codes(client: Client) -> str:
    """Through the pages; returns the key."""
    page = client.get("/tai-khoan/ma-mot-lan/", follow=True)
    if "/xac-nhan/" in page.redirect_chain[-1][0]:
        page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    found = re.search(r'one-time-key">([\w ]+)<', page.content.decode())
    assert found
    assert 'href="otpauth://totp/' in page.content.decode(), "a phone cannot read its own screen"
    key = found[1].replace(" ", "")
    done = client.post("/tai-khoan/ma-mot-lan/", {"code": code_of(key)})
    assert done.status_code == 302, done.content.decode()
    return key


def test_a_password_of_before_is_kept_by_argon2_after_the_next_sign_in(
    client: Client, an: User, settings: Any, hashers_in_use: list[str]
) -> None:
    settings.PASSWORD_HASHERS = hashers_in_use
    an.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000)
    an.save()
    assert sign_in(client).status_code == 302
    an.refresh_from_db()
    assert an.password.startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")


def test_the_sixth_wrong_password_from_one_place_waits_in_both_languages(
    client: Client, an: User, log: Log
) -> None:
    for _ in range(5):
        assert "không đi với nhau" in sign_in(client, OTHER).content.decode()
    assert WAIT_VI in sign_in(client, OTHER).content.decode()
    assert WAIT_VI in sign_in(client).content.decode(), "the right one waits too: nothing is given away"
    speak(client, "en")
    assert WAIT_EN in sign_in(client).content.decode()
    assert log.verbs() == ["signing.failed"]
    entry = log.entries().get()
    assert (entry.object_kind, entry.object_name, entry.new) == ("user", "an", None)


def test_a_name_that_nobody_has_is_answered_as_one_that_somebody_has(
    client: Client, an: User, log: Log
) -> None:
    there = [sign_in(Client(), OTHER, "an").content.decode() for _ in range(6)]
    nowhere = [sign_in(Client(), OTHER, "binh").content.decode() for _ in range(6)]
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    for one, other in zip(there, nowhere, strict=True):
        assert token.sub("", one) == token.sub("", other).replace('value="binh"', 'value="an"')
    last = log.entries().last()
    assert last is not None
    assert last.object_name == "", "what was typed may be a password"


def test_the_victim_is_not_locked_out(client: Client, an: User) -> None:
    assert sign_in(client).status_code == 302
    client.post("/dang-xuat/")
    guesser = Client()
    for _ in range(6):
        sign_in(guesser, OTHER)
    assert WAIT_VI in sign_in(guesser).content.decode()
    assert sign_in(client).status_code == 302, "a browser that signed in before, at the same address"
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert sign_in(elsewhere).status_code == 302, "a new browser at another address"


def test_a_right_password_takes_the_count_back(client: Client, an: User) -> None:
    for _ in range(4):
        sign_in(client, OTHER)
    assert sign_in(client).status_code == 302
    assert CountedTries.objects.filter(tries__gt=4).count() == 0


def test_a_cookie_made_up_is_no_known_browser(client: Client, an: User) -> None:
    for _ in range(5):
        sign_in(client, OTHER)
    client.cookies["known_browser"] = "eyJtYXJrIjoieCIsImFjY291bnRzIjpbXX0:1x:y"
    assert WAIT_VI in sign_in(client).content.decode()


def test_no_address_and_no_device_stand_in_the_log(client: Client, an: User, log: Log) -> None:
    sign_in(client, REMOTE_ADDR="203.113.131.9", HTTP_USER_AGENT="Mozilla Chrome/1 Windows")
    entry = log.entries().get(verb="signing.signed_in")
    assert (entry.actor_name, entry.old, entry.new) == ("an", None, None)
    session = RunningSession.objects.get()
    assert (session.device, session.network) == ("Chrome · Windows", "203.113.0.0/16")


def test_an_account_that_was_closed_says_so_to_its_owner_only(client: Client, an: User) -> None:
    an.is_active = False
    an.save()
    assert "không đi với nhau" in sign_in(client, OTHER).content.decode()
    assert "đã bị đóng" in sign_in(client, follow=True).content.decode()
    assert not is_in(client)


def test_sessions_are_seen_and_ended_one_by_one(client: Client, an: User, log: Log) -> None:
    others = [Client(), Client()]
    for one in (client, *others):
        sign_in(one, HTTP_USER_AGENT="Mozilla Firefox/1 Linux", REMOTE_ADDR="203.113.131.9")
    page = client.get("/tai-khoan/phien/").content.decode()
    assert page.count('scope="row"') == 3
    assert "Firefox · Linux" in page
    assert "203.113.0.0/16" in page
    assert "203.113.131.9" not in page
    key = others[0].session.session_key
    number = RunningSession.objects.get(session_key=key).pk
    client.post(f"/tai-khoan/phien/{number}/")
    assert [is_in(one) for one in (client, *others)] == [True, False, True]
    client.post("/tai-khoan/phien/khac/")
    assert [is_in(one) for one in (client, *others)] == [True, False, False]
    assert log.verbs()[3:] == ["signing.end_session", "signing.end_others"]


def test_nobody_ends_the_session_of_somebody_else(client: Client, an: User) -> None:
    User.objects.create_user("binh", password=PASSWORD)
    sign_in(client)
    stranger = Client()
    sign_in(stranger, name="binh")
    number = RunningSession.objects.get(user=an).pk
    stranger.post(f"/tai-khoan/phien/{number}/")
    assert is_in(client)


def test_signing_out_leaves_the_list(client: Client, an: User) -> None:
    sign_in(client)
    client.post("/dang-xuat/")
    assert not RunningSession.objects.exists()
    assert not is_in(client)


def test_changing_the_password_ends_the_others_and_says_so_by_mail(
    client: Client, an: User, log: Log, settings: Any
) -> None:
    settings.KIEUMAU_MAIL = True
    other = Client()
    sign_in(client)
    sign_in(other)
    typed = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    wrong = client.post("/tai-khoan/mat-khau/", {**typed, "oldpassword": OTHER}).content.decode()
    assert "không phải mật khẩu hiện tại" in wrong
    short = client.post("/tai-khoan/mat-khau/", {**typed, "password1": "1234"}).content.decode()
    assert 'href="#id_password1"' in short
    assert client.post("/tai-khoan/mat-khau/", typed).status_code == 302
    assert [is_in(client), is_in(other)] == [True, False]
    assert [one.session_key for one in RunningSession.objects.all()] == [client.session.session_key]
    assert Session.objects.count() >= 1
    assert sign_in(Client(), OTHER).status_code == 302
    assert log.verbs()[-3:] == ["signing.end_others", "signing.change_password", "signing.signed_in"]
    assert [message.to for message in mail.outbox] == [["an@example.vn"]]
    assert "đã được đổi" in mail.outbox[0].subject


def test_a_session_is_noted_once_an_hour(client: Client, an: User) -> None:
    sign_in(client)
    row = RunningSession.objects.get()
    is_in(client)
    assert RunningSession.objects.get().seen_at == row.seen_at
    session = client.session
    session["seen_at"] -= 3601
    session.save()
    RunningSession.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    is_in(client)
    assert RunningSession.objects.get().seen_at >= row.seen_at


def test_codes_are_asked_for_after_the_password(client: Client, an: User, log: Log) -> None:
    sign_in(client)
    secret = turn_on_codes(client)
    assert secret not in str(Authenticator.objects.get(type="totp").data), "kept encrypted"
    codes = client.get("/tai-khoan/ma-du-phong/").content.decode()
    recovery = re.findall(r"<code>(\w+)</code>", codes)
    assert len(recovery) == 10
    client.post("/dang-xuat/")
    answer = sign_in(client)
    assert answer.headers["Location"].startswith("/dang-nhap/ma/")
    assert not is_in(client), "the password alone lets nobody in"
    for _ in range(2):
        assert "không đúng" in client.post("/dang-nhap/ma/", {"code": "000000"}).content.decode()
    cache.clear()
    assert client.post("/dang-nhap/ma/", {"code": code_of(secret)}).status_code == 302
    assert is_in(client)
    client.post("/dang-xuat/")
    sign_in(client)
    assert client.post("/dang-nhap/ma/", {"code": recovery[0]}).status_code == 302
    assert is_in(client)
    stranger = Client()
    sign_in(stranger)
    assert stranger.post("/dang-nhap/ma/", {"code": recovery[0]}).status_code == 200, "once only"
    client.post("/tai-khoan/xac-nhan/?next=/tai-khoan/", {"password": PASSWORD})
    assert log.verbs()[:3] == ["signing.signed_in", "signing.add_factor", "signing.make_codes"]
    client.post("/tai-khoan/ma-mot-lan/tat/")
    assert not Authenticator.objects.exists()
    assert log.verbs()[-1] == "signing.remove_factor"


def test_a_code_is_good_once_whichever_process_is_asked(client: Client, an: User) -> None:
    sign_in(client)
    secret = turn_on_codes(client)
    client.post("/dang-xuat/")
    code = code_of(secret)
    outcomes = []
    for browser in (client, Client(REMOTE_ADDR="198.51.100.7")):
        cache.clear()  # another process remembers nothing of this one
        sign_in(browser)
        outcomes.append(browser.post("/dang-nhap/ma/", {"code": code}).status_code)
    assert outcomes == [302, 200]


def test_guessing_codes_waits_and_does_not_wait_for_the_owner(client: Client, an: User) -> None:
    sign_in(client)
    secret = turn_on_codes(client)
    client.post("/dang-xuat/")
    guesser = Client()
    sign_in(guesser)
    for _ in range(5):
        guesser.post("/dang-nhap/ma/", {"code": "000000"})
    assert WAIT_VI in guesser.post("/dang-nhap/ma/", {"code": "000000"}).content.decode()
    cache.clear()
    sign_in(client)
    assert client.post("/dang-nhap/ma/", {"code": code_of(secret)}).status_code == 302


def test_what_concerns_signing_in_asks_for_the_password_once_more(client: Client, an: User) -> None:
    sign_in(client)
    for address in ("/tai-khoan/ma-mot-lan/", "/tai-khoan/khoa/them/"):
        answer = client.get(address)
        assert answer.headers["Location"].startswith("/tai-khoan/xac-nhan/?next="), address


def test_a_role_that_needs_a_second_factor_opens_nothing_before(
    client: Client, an: User, settings: Any
) -> None:
    settings.KIEUMAU_SECOND_FACTOR = frozenset({"superuser"})
    an.is_superuser = True
    an.save()
    sign_in(client)
    assert client.get("/").headers["Location"] == "/tai-khoan/"
    assert "cần bước xác thực thứ hai" in client.get("/tai-khoan/").content.decode()
    turn_on_codes(client)
    assert client.get("/bo-tieu-chi/").status_code == 200


def test_a_forgotten_password_is_set_by_mail_once(client: Client, an: User, log: Log, settings: Any) -> None:
    settings.KIEUMAU_MAIL = True
    other = Client()
    sign_in(other)
    for address in ("an@example.vn", "nobody@example.vn"):
        page = client.post("/quen-mat-khau/", {"email": address}, follow=True)
        assert "Nếu địa chỉ" in page.content.decode()
    assert len(mail.outbox) == 1
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True)
    done = client.post(form.redirect_chain[-1][0], {"password1": OTHER, "password2": OTHER}, follow=True)
    assert "Mật khẩu mới đã được đặt" in done.content.decode()
    assert not is_in(client), "it lets nobody in by itself"
    assert not is_in(other)
    assert sign_in(client, OTHER).status_code == 302
    assert "không còn dùng được" in Client().get(link[1], follow=True).content.decode()
    assert "signing.reset_password" in log.verbs()


@pytest.mark.parametrize(("hours", "is_good"), [(23, True), (25, False)])
def test_the_link_of_the_mail_is_good_for_a_day(
    client: Client, an: User, settings: Any, monkeypatch: pytest.MonkeyPatch, hours: int, is_good: bool
) -> None:
    settings.KIEUMAU_MAIL = True
    client.post("/quen-mat-khau/", {"email": "an@example.vn"})
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    later = datetime.now() + timedelta(hours=hours)  # noqa: DTZ005 (as Django's own clock, which it stands for)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _: later)
    page = client.get(link[1], follow=True).content.decode()
    assert ("không còn dùng được" not in page) is is_good


def test_nobodys_inbox_is_flooded(client: Client, an: User, settings: Any) -> None:
    settings.KIEUMAU_MAIL = True
    for _ in range(5):
        answer = client.post("/quen-mat-khau/", {"email": "an@example.vn"})
    assert WAIT_VI in answer.content.decode()
    assert "cho địa chỉ này hoặc từ đây" in answer.content.decode(), "perhaps it was not from here"
    assert len(mail.outbox) == 3


def test_who_asks_in_the_name_of_another_locks_nobody_out(client: Client, an: User, settings: Any) -> None:
    settings.KIEUMAU_MAIL = True
    sign_in(client)
    client.post("/dang-xuat/")
    User.objects.create_user("guesser", password=PASSWORD)
    stranger = Client(REMOTE_ADDR="198.51.100.7")
    sign_in(stranger, PASSWORD, "guesser")
    stranger.post("/dang-xuat/")
    for _ in range(4):
        answer = stranger.post("/quen-mat-khau/", {"email": "an@example.vn"})
    assert WAIT_VI in answer.content.decode(), "a browser that knows another account is a stranger's"
    for _ in range(4):
        mail.outbox.clear()
        answer = client.post("/quen-mat-khau/", {"email": "AN@example.vn"})
        assert len(mail.outbox) == (answer.status_code == 302)
    assert WAIT_VI in answer.content.decode(), "the own browser asks three times as well"


def test_without_a_mail_server_the_page_says_whom_to_ask(client: Client, an: User) -> None:
    assert "không gửi thư" in client.get("/quen-mat-khau/").content.decode()
    client.post("/quen-mat-khau/", {"email": "an@example.vn"})
    assert not mail.outbox
