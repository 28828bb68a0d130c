"""The pages of the checks: nothing swept yet, everything sound, something found; in both languages."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from kieumau.accounts.models import User
from kieumau.calendars.library import calendar, decode
from kieumau.quality.actions import sweep
from kieumau.quality.checks import CHECKS
from kieumau.quality.jobs import check_store
from kieumau.quality.models import Doubt, Sweep
from kieumau.quality.tests.country import NOW, load
from kieumau.quality.tests.test_checks import plant
from kieumau.returns.tests.cast import give

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


def test_whoever_decides_on_returns_has_the_store_checked_by_the_worker(
    signed_in: Client, tmp_path: Path
) -> None:
    """Asked for once, however often the button is pressed; nobody else is offered it."""
    found = load(tmp_path)
    assert "Rà soát ngay" not in signed_in.get("/ra-soat/").content.decode()
    assert signed_in.post("/ra-soat/chay-ngay/").status_code == 404
    give(User.objects.get(username="an"), "verifier", found.units["P1"])
    assert "Rà soát ngay" in signed_in.get("/ra-soat/").content.decode()
    said = [signed_in.post("/ra-soat/chay-ngay/", follow=True).content.decode() for _ in range(2)]
    assert "xem lại trang này sau một phút" in said[0]
    assert "đang chờ chạy" in said[1]
    assert ProcrastinateJob.objects.filter(queue_name="quality").count() == 1
    check_store("an")
    assert Sweep.objects.get().by == "an"


def test_a_finding_leads_to_its_figure_of_that_month(signed_in: Client, tmp_path: Path) -> None:
    found = load(tmp_path)
    plant(found, "negative-count")
    sweep(actor="test", now=NOW)
    doubt = Doubt.objects.get(check_code="negative-count")
    page = signed_in.get("/ra-soat/negative-count/").content.decode()
    address = page.partition(f'href="/don-vi/{doubt.unit}/so-lieu/')[2].partition('"')[0]
    code = next(code for code, number in found.indicators.items() if number == doubt.indicator)
    window = decode(doubt.period or 0)
    assert address == f"{code}/?ky={calendar('civil').period_code(window)}&amp;ban-do=bao-cao"
    shown = signed_in.get(f"/don-vi/{doubt.unit}/so-lieu/{address.replace('&amp;', '&')}")
    assert shown.status_code == 200


def test_a_page_of_places_takes_few_queries(
    signed_in: Client, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    load(tmp_path)
    sweep(actor="test", now=NOW)
    with django_assert_max_num_queries(10):
        signed_in.get("/ra-soat/")
    with django_assert_max_num_queries(10):
        signed_in.get("/ra-soat/namesakes/")
