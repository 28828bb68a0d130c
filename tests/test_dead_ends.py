"""Pages that lead nowhere say what to do next, in both languages, to strangers and to who has signed in."""

import pytest
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User

pytestmark = pytest.mark.django_db
DOES_NOT_EXIST = {"vi": "Không có trang này", "en": "There is no such page"}


@pytest.mark.parametrize("language", DOES_NOT_EXIST)
def test_what_is_not_there_leads_on(language: str) -> None:
    browser = Client()
    browser.cookies["django_language"] = language
    stranger = browser.get("/khong-co/?a=1").content.decode()
    assert DOES_NOT_EXIST[language] in stranger
    assert reverse("search") in stranger
    assert f'href="{reverse("login")}?next=/khong-co/%3Fa%3D1"' in stranger
    browser.force_login(User.objects.create_user("an"))
    known = browser.get("/khong-co/")
    assert known.status_code == 404
    for name in ("search", "my_work", "why"):
        assert f'<a href="{reverse(name)}">' in known.content.decode(), name


def test_what_may_not_be_seen_leads_to_the_reasons_and_to_ones_work() -> None:
    browser = Client()
    browser.cookies["django_language"] = "en"
    browser.force_login(User.objects.create_user("an"))
    answer = browser.get(reverse("round_new"))
    assert answer.status_code == 403
    for words in ("You may not see this", "Why can I not do this", "Go to My work", reverse("why")):
        assert words in answer.content.decode()
