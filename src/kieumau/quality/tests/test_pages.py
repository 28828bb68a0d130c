"""The pages of the checks: nothing swept yet, everything sound, something found; in both languages."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kieumau.accounts.models import User
from kieumau.quality.actions import sweep
from kieumau.quality.checks import CHECKS
from kieumau.quality.tests.country import NOW, load
from kieumau.quality.tests.test_checks import plant

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(User.objects.create_user("an"))
    return client


def test_nothing_was_checked_yet(signed_in: Client) -> None:
    assert "chưa được rà soát" in signed_in.get("/ra-soat/").content.decode()
    assert signed_in.get("/ra-soat/negative-count/").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_was_found_stands_on_the_pages(signed_in: Client, tmp_path: Path, language: str) -> None:
    plant(load(tmp_path), "negative-count")
    sweep(actor="test", now=NOW)
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    overview = signed_in.get("/ra-soat/").content.decode()
    for check in CHECKS:
        assert check.meaning.in_(language) in overview.replace("&#x27;", "'").replace("&amp;", "&")
    page = signed_in.get("/ra-soat/negative-count/").content.decode()
    assert {"vi": "Phường Phố A01", "en": "Phố A01 Ward"}[language] in page
    assert {"vi": "Giá trị -1.", "en": "The value is -1."}[language] in page


def test_a_page_of_places_takes_few_queries(
    signed_in: Client, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    load(tmp_path)
    sweep(actor="test", now=NOW)
    with django_assert_max_num_queries(10):
        signed_in.get("/ra-soat/")
    with django_assert_max_num_queries(10):
        signed_in.get("/ra-soat/namesakes/")
