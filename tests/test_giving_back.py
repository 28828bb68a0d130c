"""What is typed into a form that asks for a name comes back, but for secrets and what others have sent."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User

PLAIN = "application/x-www-form-urlencoded"
WORDS = "Đợt của năm 2026"
SECRET = "mật khẩu rất dài 12"
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """A browser whose session has ended."""
    found = Client(enforce_csrf_checks=True)
    found.cookies["django_language"] = "en"
    return found


def sent(browser: Client, name: str, typed: dict[str, Any], **headers: str) -> Any:
    """Posted as a page without files posts it, with the token of that browser."""
    page = browser.get("/khong-co/")
    body = urlencode({**typed, "csrfmiddlewaretoken": str(page.context["csrf_token"])})
    return browser.post(reverse(name), body, content_type=PLAIN, headers=headers)


def test_words_stand_there_to_be_sent_again(browser: Client) -> None:
    page = "http://testserver/dot-danh-gia/moi/?a=1"
    answer = sent(browser, "round_new", {"name": WORDS, "period": "2026", "do": "open"}, Referer=page)
    text = answer.content.decode()
    assert answer.status_code == 401
    assert "Your session has ended" in text
    assert f'value="{WORDS}"' in text
    assert '<input type="hidden" name="do" value="open">' in text
    assert f"{reverse('login')}?next=/dot-danh-gia/moi/%3Fa%3D1" in text
    assert not browser.session.keys(), "nothing is kept of a stranger"


def test_signed_in_beside_it_is_sent_once_more(browser: Client) -> None:
    browser.force_login(User.objects.create_user("an"))
    stale = urlencode({"name": WORDS, "csrfmiddlewaretoken": "of before"})
    answer = browser.post(reverse("round_new"), stale, content_type=PLAIN)
    assert answer.status_code == 403
    assert "You have signed in anew" in answer.content.decode()
    assert WORDS in answer.content.decode()


def test_a_button_without_words_leads_to_signing_in_and_back_to_its_page(browser: Client) -> None:
    page = "http://testserver/thong-bao/"
    answer = sent(browser, "round_new", {"do": "open", "period": "2026"}, Referer=page)
    assert answer.url == f"{reverse('login')}?next=/thong-bao/"
    answer = sent(browser, "round_new", {"do": "open"}, Referer="https://elsewhere.example/x")
    assert answer.url == f"{reverse('login')}?next=/"


def test_secrets_are_never_given_back(browser: Client) -> None:
    typed = {"oldpassword": SECRET, "password1": SECRET, "password2": SECRET}
    assert sent(browser, "account_change_password", typed).url.startswith(reverse("login"))
    browser.force_login(User.objects.create_user("an"))
    for name in ("account_change_password", "login"):
        stale = urlencode({**typed, "password": SECRET, "csrfmiddlewaretoken": "of before"})
        answer = browser.post(reverse(name), stale, content_type=PLAIN)
        assert answer.status_code == 403
        assert SECRET not in answer.content.decode()


def test_what_another_site_sends_is_turned_away(browser: Client) -> None:
    evil = {"Origin": "https://evil.example"}
    assert WORDS not in sent(browser, "round_new", {"name": WORDS}, **evil).content.decode()
    browser.force_login(User.objects.create_user("an"))
    assert WORDS not in sent(browser, "round_new", {"name": WORDS}, **evil).content.decode()


def test_of_a_stranger_neither_files_nor_much_is_read() -> None:
    stranger = Client()
    assert stranger.post(reverse("round_new"), {"name": WORDS}).status_code == 302, (
        "a form that may hold files"
    )
    large = urlencode({"name": "x y" * 50_000})
    assert stranger.post(reverse("round_new"), large, content_type=PLAIN).status_code == 302
