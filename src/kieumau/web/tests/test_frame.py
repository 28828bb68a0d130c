"""Every page's frame: language, doors, error pages, policy. None of it asks the database."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from kieumau.web import navigation, synthetic
from kieumau.web.middleware import page_above

INLINE = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|\"data:")


@pytest.fixture(autouse=True)
def _own_addresses(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "kieumau.web.tests.addresses"
    settings.KIEUMAU_OPEN_READING = True
    known = dict(navigation._entries)
    navigation._entries.clear()
    with translation.override("vi"):
        yield
    navigation._entries.clear()
    navigation._entries.update(known)


@pytest.fixture(autouse=True)
def _nothing_synthetic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthetic, "_questions", [])


def test_vietnamese_whatever_the_browser_prefers(client: Client) -> None:
    response = client.get("/dang-nhap/", headers={"accept-language": "en-GB,en"})
    assert '<html lang="vi">' in response.text
    assert "Đăng nhập" in response.text
    assert response.headers["Content-Language"] == "vi"


def test_the_switch_chooses_a_language_and_comes_back(client: Client) -> None:
    response = client.post("/ngon-ngu/setlang/", {"language": "en", "next": "/dang-nhap/?a=1"})
    assert response.headers["Location"] == "/dang-nhap/?a=1"
    page = client.get("/dang-nhap/")
    assert '<html lang="en">' in page.text
    assert "Sign in" in page.text
    assert "Cookie" in page.headers["Vary"]


def test_a_page_that_answers_a_form_gives_the_words_back_in_the_other_language(
    client: Client,
) -> None:
    answered = client.post("/style/gui/", {"reason": "Thiếu biên bản", "unit": "7"})
    assert answered.status_code == 422
    sent = re.findall(r'name="sent" value="([^"]*)"', answered.text)
    assert sent, answered.text
    page = client.post(
        "/ngon-ngu/setlang/", {"language": "en", "next": "/style/gui/", "sent": html.unescape(sent[0])}
    )
    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    assert 'action="/style/gui/"' in page.text
    assert 'name="reason"' in page.text
    assert "Thiếu biên bản" in page.text
    assert '<input type="hidden" name="unit" value="7">' in page.text
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    # And back again: the page that holds the words has them for the other language as well.
    again = re.findall(r'name="sent" value="([^"]*)"', page.text)
    assert html.unescape(again[0]) == html.unescape(sent[0])
    assert 'name="next" value="/style/gui/"' in page.text


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:a"])
def test_words_are_given_back_for_addresses_of_this_site_only(client: Client, address: str) -> None:
    page = client.post("/ngon-ngu/setlang/", {"language": "en", "next": address, "sent": "reason=Hai+tu"})
    assert page.status_code == 302
    assert "elsewhere" not in page.headers["Location"]


def test_a_page_without_typed_words_takes_nothing_along(client: Client) -> None:
    assert 'name="sent"' not in client.post("/style/gui/", {"unit": "7"}).text
    assert 'name="sent"' not in client.get("/style/").text


def test_a_browser_is_led_from_an_address_that_takes_forms_to_the_page_above(
    client: Client,
) -> None:
    answer = client.get("/style/gui/", headers={"accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/style/")
    assert client.get("/style/gui/").status_code == 405
    page = client.put("/style/gui/", headers={"accept": "text/html"})
    assert page.status_code == 405
    assert page.headers["Allow"] == "POST"
    assert "<h1" in page.text


@pytest.mark.parametrize(
    ("path", "above"), [("/style/gui/", "/style/"), ("/style/7/a/b/", "/style/"), ("/a/b/", "/"), ("/", "/")]
)
def test_the_page_above(path: str, above: str) -> None:
    assert page_above(path) == above


def test_an_unknown_language_in_the_cookie_is_ignored(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert '<html lang="vi">' in client.get("/dang-nhap/").text


@pytest.mark.parametrize(
    ("address", "method", "is_open", "status"),
    [
        ("/style/", "get", True, 200),
        ("/style/", "head", True, 200),
        ("/style/", "post", True, 302),
        ("/style/", "get", False, 302),
        ("/welcomes/", "get", False, 200),
        ("/dang-nhap/", "get", False, 200),
        ("/ngon-ngu/setlang/", "post", False, 302),
        ("/nowhere/", "get", False, 404),
    ],
)
def test_closed_unless_opened(
    client: Client, settings: Any, address: str, method: str, is_open: bool, status: int
) -> None:
    settings.KIEUMAU_OPEN_READING = is_open
    response = getattr(client, method)(address)
    assert response.status_code == status
    if status == 302 and address == "/style/":
        assert response.headers["Location"].startswith("/dang-nhap/?next=")


@pytest.mark.parametrize(
    ("address", "status", "vietnamese", "english"),
    [
        ("/refuses/", 400, "Không đọc được yêu cầu", "We could not read that request"),
        ("/forbids/", 403, "Bạn không có quyền", "You may not see this"),
        ("/nowhere/", 404, "Không có trang này", "There is no such page"),
        ("/fails/", 500, "Hệ thống gặp lỗi", "Something went wrong on our side"),
    ],
)
def test_error_pages_in_both_languages(address: str, status: int, vietnamese: str, english: str) -> None:
    client = Client(raise_request_exception=False)
    for language, words in (("vi", vietnamese), ("en", english)):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = client.get(address)
        assert response.status_code == status
        assert words in response.text
        assert f'<html lang="{language}">' in response.text


def test_an_expired_form_says_so() -> None:
    response = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"username": "a"})
    assert response.status_code == 403
    assert "Biểu mẫu đã hết hạn" in response.text


@pytest.mark.parametrize("address", ["/style/", "/dang-nhap/", "/nowhere/"])
def test_nothing_is_inline(client: Client, address: str) -> None:
    response = client.get(address)
    assert not INLINE.search(response.text)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_made_up_figures_are_announced_only_when_there_are_any(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "giả lập" not in client.get("/dang-nhap/").text
    synthetic.ask(lambda roots: True)
    assert "giả lập" in client.get("/dang-nhap/").text


def test_the_header_shows_what_packages_add(client: Client) -> None:
    navigation.add("login", "Hai", 2)
    navigation.add("logout", "Một", 1)
    text = client.get("/dang-nhap/").text
    assert text.index("Một") < text.index("Hai")
    assert re.search(r'aria-current="page"\s*>Hai', text)


def test_no_entry_of_the_header_leads_to_a_closed_door(client: Client) -> None:
    navigation.add("login", "Ai cũng vào được", 1)
    navigation.add("logout", "Người có tài khoản", 2, opens_to=navigation.signed_in)
    navigation.add("set_language", "Không ai", 3, is_main=False, opens_to=lambda user: False)
    text = client.get("/dang-nhap/").text
    assert "Ai cũng vào được" in text
    assert "Người có tài khoản" not in text
    assert "Không ai" not in text


def test_the_menu_of_a_phone_holds_what_the_header_does(client: Client) -> None:
    navigation.add("login", "Chính", 1)
    navigation.add("set_language", "Phụ", 2, is_main=False)
    page = client.get("/dang-nhap/").text
    menu = page[page.index('<details class="phone-menu">') : page.index('<nav class="site-nav"')]
    for words in ("Chính", "Phụ", "Đăng nhập", "English"):
        assert words in menu, words
