"""Every address of the product: who may open it, what it answers, in both languages.

An address that is not in `ADDRESSES` fails the first test: whoever adds a page says here what becomes of
it for a stranger, for a visitor of an open installation, and for what does not exist.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.test import Client, TestCase, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kieumau.accounts.models import User
from kieumau.accounts.signing.urls import urlpatterns as signing
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.tests.cast import NOW, SET, Cast, load_world
from kieumau.criteria.actions import make_draft
from kieumau.criteria.models import Draft
from kieumau.quality.actions import sweep
from kieumau.quality.checks import BY_CODE
from kieumau.returns.actions import load_form, open_periods
from kieumau.returns.models import Return
from kieumau.units.models import Change

# Name of the address: (one that is there, one whose parts name nothing; empty where there are no parts).
Pair = tuple[str, str]
ADDRESSES: dict[str, Callable[[Cast], Pair]] = {
    "home": lambda cast: ("/", ""),
    "unit": lambda cast: (f"/don-vi/{cast.unit('Cái Khế')}/", "/don-vi/99999999/"),
    "figure": lambda cast: (
        f"/don-vi/{cast.unit('Cái Khế')}/so-lieu/crime.total/",
        f"/don-vi/{cast.unit('Cái Khế')}/so-lieu/khac/",
    ),
    "acts": lambda cast: ("/don-vi/thay-doi/", ""),
    "act": lambda cast: (f"/don-vi/thay-doi/{Change.objects.get().pk}/", "/don-vi/thay-doi/99999999/"),
    "search": lambda cast: ("/tim/?q=cai+khe", ""),
    "criteria_sets": lambda cast: ("/bo-tieu-chi/", ""),
    "criteria_set": lambda cast: ("/bo-tieu-chi/model-ward/1/", "/bo-tieu-chi/khac/1/"),
    "criterion": lambda cast: ("/bo-tieu-chi/model-ward/1/2.3/", "/bo-tieu-chi/model-ward/1/9.9/"),
    "explanation": lambda cast: (
        f"/don-vi/{cast.unit('Cái Khế')}/tieu-chi/model-ward/1/2.3/",
        "/don-vi/99999999/tieu-chi/model-ward/1/2.3/",
    ),
    "returns": lambda cast: ("/bao-cao/", ""),
    "returns_of_unit": lambda cast: (
        f"/don-vi/{cast.unit('Cái Khế')}/bao-cao/",
        "/don-vi/99999999/bao-cao/",
    ),
    "return_entry": lambda cast: (f"/bao-cao/{_return_of(cast.unit('Cái Khế'))}/", "/bao-cao/99999999/"),
    "days_off": lambda cast: ("/ngay-nghi/?nam=2026", ""),
    "quality": lambda cast: ("/ra-soat/", ""),
    "exports": lambda cast: ("/du-lieu/", ""),
    "forms": lambda cast: ("/bieu-mau/", ""),
    "quality_check": lambda cast: ("/ra-soat/negative-count/", "/ra-soat/khac/"),
}
# Pages of those who have signed in, open installation or not; {} is the number of a draft.
_DRAFT = "/bo-tieu-chi/ban-thao/{}/"
SIGNED_IN = {
    "drafts": "/bo-tieu-chi/ban-thao/",
    "draft_new": "/bo-tieu-chi/ban-thao/moi/",
    "draft_upload": "/bo-tieu-chi/ban-thao/tai-len/",
    "draft": _DRAFT,
    "draft_head": f"{_DRAFT}chung/",
    "draft_criterion_new": f"{_DRAFT}tieu-chi/moi/",
    "draft_criterion": f"{_DRAFT}tieu-chi/1/",
    "draft_indicators": f"{_DRAFT}chi-tieu/?tim=khu",
    "draft_yaml": f"{_DRAFT}yaml/",
    "draft_delete": f"{_DRAFT}xoa/",
    "draft_trial": f"{_DRAFT}thu/",
    "draft_issue": f"{_DRAFT}ban-hanh/",
}
# The same for the shelf of a unit and what stands on it: walked in `documents.tests.test_pages`.
DOCUMENTS = {"shelf", "document_new", "document", "document_edit", "document_delete"}
DOCUMENTS |= {"document_files", "file", "file_remove"}
# Parts of those pages, and what they send: tested beside their views.
PARTS = {
    "new_act",
    "undo_act",
    "draft_download",
    "draft_restore",
    "draft_slide",
    "draft_take",
    "judge",
    "return_decide",
    "return_explain",
}
NONSENSE = ("ky=%27%22%3E%3Cb%3E", "bo=%00", "trang=-1", "xep=__class__", "kq=%F0%9F%92%A9", "tinh=0")
# Not pages that show something: signing in and out, and the switch of languages. Walked in `Doors`.
LOGIN, LOGOUT, LANGUAGE = "/dang-nhap/", "/dang-xuat/", "/ngon-ngu/setlang/"
DOORS = {"login": LOGIN, "logout": LOGOUT, "set_language": LANGUAGE}
# For auditors only: tested in `audit.tests.test_pages`.
AUDITORS = {"audit_log"}
# Files and JSON, tested beside their views.
STREAMED = {"export_figures", "export_verdicts", "form_download", "form_upload"}
# One's own account and the ways in: walked in `accounts.signing.tests.test_pages`.
ACCOUNT = {entry.name or "" for entry in signing} - set(DOORS)
# What every role gets at every address: `test_roles_at_doors`.
_TABLE = Path(__file__).with_name("doors_by_role.txt").read_text(encoding="utf-8").splitlines()[1:]
BY_ROLE = {line.split()[0] for line in _TABLE if not line.startswith("api:")}
# What the editor of rules asks: JSON, no pages. Tested in `criteria.tests.test_live`.
WORDS, CHECK = "/bo-tieu-chi/tu-vung/", "/bo-tieu-chi/kiem-tra/"
QUESTIONS = {"criteria_words": WORDS, "criteria_check": CHECK}
SOMEWHERE_ELSE = ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)")
# Only where settings ask for it.
DEBUG_ONLY = {"styleguide"}


def _return_of(unit_id: int) -> int:
    return Return.objects.get(unit_id=unit_id).pk


def named(resolver: URLResolver) -> Iterator[str]:
    """The names of all addresses; one without a name is told by its pattern. The API is walked in `api`."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.name or str(entry.pattern)
        elif entry.namespace != "api":
            yield from named(entry)


def test_every_address_is_walked() -> None:
    assert set(named(get_resolver())) - DEBUG_ONLY == {
        *(*ADDRESSES, *DOORS, *QUESTIONS, *STREAMED),
        *(*SIGNED_IN, *PARTS, *DOCUMENTS, *AUDITORS, *ACCOUNT, *BY_ROLE),
    }


class EveryAddress(TestCase):
    """Walked over the small country."""

    cast: ClassVar[Cast]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = load_world()
        load_form("vn-commune-month", actor="test", now=NOW)
        open_periods(actor="test", now=NOW)
        sweep(actor="test", now=NOW, checks=[BY_CODE["negative-count"]])

    def pairs(self) -> list[Pair]:
        """What is there and what is not, for every address."""
        return [pair(self.cast) for pair in ADDRESSES.values()]

    def speak(self, language: str) -> None:
        """Choose a language as the switch does."""
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    @override_settings(KIEUMAU_OPEN_READING=False)
    def test_a_closed_installation_asks_a_stranger_to_sign_in(self) -> None:
        for there, nowhere in self.pairs():
            for address in filter(None, (there, nowhere)):
                response = self.client.get(address)
                assert response.status_code == 302, address
                assert response.headers["Location"].startswith(f"{LOGIN}?next="), address

    @override_settings(KIEUMAU_OPEN_READING=False)
    def test_whoever_reads_returns_opens_every_page(self) -> None:
        an = User.objects.create_user("an")
        grant(an, "auditor")
        self.client.force_login(an)
        for there, nowhere in self.pairs():
            assert self.client.get(there).status_code == 200, there
            if nowhere:
                assert self.client.get(nowhere).status_code == 404, nowhere

    @override_settings(KIEUMAU_OPEN_READING=True)
    def test_an_open_installation_lets_everybody_read_in_both_languages(self) -> None:
        for language in ("vi", "en"):
            self.speak(language)
            for there, nowhere in self.pairs():
                response = self.client.get(there)
                assert response.status_code == 200, there
                html = response.content.decode()
                assert f'<html lang="{language}">' in html, there
                assert html.count("<h1") == 1, there
                assert "synthetic" in html, there
                if nowhere:
                    assert self.client.get(nowhere).status_code == 404, nowhere

    @override_settings(KIEUMAU_OPEN_READING=True)
    def test_an_open_installation_lets_nobody_write(self) -> None:
        for there, _ in self.pairs():
            # 401: the form of a return gives back what was typed, and stores nothing.
            assert self.client.post(there).status_code in {302, 401, 405}, there

    @override_settings(KIEUMAU_OPEN_READING=True)
    def test_what_is_not_there_is_said_in_words(self) -> None:
        for language, words in (("vi", "Không có trang này"), ("en", "There is no such page")):
            self.speak(language)
            for nowhere in [nowhere for _, nowhere in self.pairs() if nowhere] + [
                "/khong-co/",
                "/don-vi/abc/",
            ]:
                response = self.client.get(nowhere)
                assert response.status_code == 404, nowhere
                assert words in response.content.decode(), nowhere

    @override_settings(KIEUMAU_OPEN_READING=True)
    def test_every_page_answers_head_and_an_address_with_nonsense(self) -> None:
        for there, _ in self.pairs():
            head = self.client.head(there)
            assert (head.status_code, head.content) == (200, b""), there
            mark = "&" if "?" in there else "?"
            for nonsense in NONSENSE:
                response = self.client.get(f"{there}{mark}{nonsense}")
                assert response.status_code in {200, 400}, (there, nonsense)
                assert '"><b>' not in response.content.decode(), (there, nonsense)


@pytest.mark.django_db
def test_the_editor_is_answered_only_where_its_page_is_open(client: Client) -> None:
    assert {name: reverse(name) for name in QUESTIONS} == QUESTIONS
    for is_open, status in ((False, 302), (True, 200)):
        with override_settings(KIEUMAU_OPEN_READING=is_open):
            assert client.get(WORDS).status_code == status
            assert client.post(CHECK, "{}", content_type="application/json").status_code == 302
    client.force_login(User.objects.create_user("an"))
    assert client.get(CHECK).status_code == 405
    assert client.post(CHECK, "{}", content_type="application/json").status_code == 400
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(CHECK, "{}", content_type="application/json").status_code in {302, 403}


class PagesOfTheSignedIn(TestCase):
    """Drafts are nobody's to see who has not said who he is."""

    draft: ClassVar[Draft]

    @classmethod
    def setUpTestData(cls) -> None:
        load_world()
        cls.draft = make_draft(text=SET.read_text(encoding="utf-8"), actor="an", now=NOW)

    def test_a_stranger_is_asked_to_sign_in_even_where_reading_is_open(self) -> None:
        for is_open in (False, True):
            with override_settings(KIEUMAU_OPEN_READING=is_open):
                for address in SIGNED_IN.values():
                    response = self.client.get(address.format(self.draft.pk))
                    assert response.status_code == 302, address
                    assert response.headers["Location"].startswith(f"{LOGIN}?next="), address

    def test_whoever_drafts_reads_them_in_both_languages(self) -> None:
        an = User.objects.create_user("an")
        grant(an, "appraiser")
        self.client.force_login(an)
        for language in ("vi", "en"):
            self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            for address in SIGNED_IN.values():
                response = self.client.get(address.format(self.draft.pk))
                html = response.content.decode()
                assert response.status_code == 200, address
                assert f'<html lang="{language}">' in html, address
                assert html.count("<h1") == 1, address
                if "{}" in address:
                    assert self.client.get(address.format(99999999)).status_code == 404, address
                mark = "&" if "?" in address else "?"
                for nonsense in NONSENSE:
                    page = self.client.get(f"{address.format(self.draft.pk)}{mark}{nonsense}")
                    assert page.status_code in {200, 400}, (address, nonsense)
                    assert '"><b>' not in page.content.decode(), (address, nonsense)


class Doors(TestCase):
    """Signing in, signing out, choosing a language: open or closed, known or unknown, right or wrong."""

    PASSWORD: ClassVar = "mật khẩu dài 12"
    person: ClassVar[User]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.person = User.objects.create_user("an", password=cls.PASSWORD)

    def sign_in(self, name: str = "an", password: str = PASSWORD, back: str = "") -> Any:
        """Fill in the form and send it."""
        return self.client.post(LOGIN, {"username": name, "password": password, "next": back})

    def test_each_door_stands_where_it_is_said_to(self) -> None:
        assert {name: reverse(name) for name in DOORS} == DOORS

    def test_signing_in_is_asked_for_in_both_languages_open_or_closed(self) -> None:
        for is_open in (False, True):
            for language, words in (("vi", "Đăng nhập"), ("en", "Sign in")):
                self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
                with override_settings(KIEUMAU_OPEN_READING=is_open):
                    response = self.client.get(LOGIN)
                html = response.content.decode()
                assert response.status_code == 200
                assert f'<html lang="{language}">' in html
                assert words in html
                assert html.count("<h1") == 1

    @override_settings(KIEUMAU_OPEN_READING=False)
    def test_a_right_password_lets_in_and_a_wrong_one_is_said(self) -> None:
        for language, words in (("vi", "Có lỗi cần sửa"), ("en", "There is a problem")):
            self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            for name, password in (("an", "khác"), ("nobody", self.PASSWORD), ("", ""), ("an", "\0")):
                response = self.sign_in(name, password)
                assert response.status_code == 200, (name, password)
                assert words in response.content.decode(), (name, password)
                assert self.client.get("/tim/").status_code == 302
        response = self.sign_in(back="/tim/?q=an")
        assert (response.status_code, response.headers["Location"]) == (302, "/tim/?q=an")
        assert self.client.get("/tim/").status_code == 200

    def test_nobody_is_sent_away_from_here(self) -> None:
        for address in SOMEWHERE_ELSE:
            assert self.sign_in(back=address).headers["Location"] == "/viec-cua-toi/", address
            response = self.client.post(LANGUAGE, {"language": "en", "next": address})
            assert response.headers["Location"] == "/", address

    @override_settings(KIEUMAU_OPEN_READING=False)
    def test_signing_out_needs_a_button(self) -> None:
        self.client.force_login(self.person)
        assert self.client.get(LOGOUT).status_code == 405
        assert self.client.get("/tim/").status_code == 200, "a link somewhere signs nobody out"
        response = self.client.post(LOGOUT)
        assert response.status_code == 302
        assert self.client.get("/tim/").status_code == 302
        assert self.client.post(LOGOUT).status_code == 302, "twice does no harm"

    def test_anybody_may_choose_a_language_and_only_one_there_is(self) -> None:
        for is_open in (False, True):
            with override_settings(KIEUMAU_OPEN_READING=is_open):
                for language in ("en", "vi"):
                    response = self.client.post(LANGUAGE, {"language": language, "next": LOGIN})
                    assert (response.status_code, response.headers["Location"]) == (302, LOGIN)
                    assert f'<html lang="{language}">' in self.client.get(LOGIN).content.decode()
                for nonsense in ("fr", "", "\0", "<b>"):
                    self.client.post(LANGUAGE, {"language": nonsense, "next": LOGIN})
                    assert '<html lang="vi">' in self.client.get(LOGIN).content.decode(), nonsense
                assert self.client.get(LANGUAGE).status_code == 302

    def test_a_door_needs_the_token_of_the_page_it_stands_on(self) -> None:
        careful = Client(enforce_csrf_checks=True)
        careful.force_login(self.person)
        for address in DOORS.values():
            assert careful.post(address, {}).status_code == 403, address


@pytest.mark.django_db
@override_settings(KIEUMAU_OPEN_READING=True)
def test_an_empty_installation_answers_every_address_without_parts(client: Client) -> None:
    for address in ("/", "/tim/", "/tim/?q=an", "/bo-tieu-chi/"):
        assert client.get(address).status_code == 200, address
