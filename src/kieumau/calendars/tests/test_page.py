"""The page of days off: everybody reads it, who may change it does, two editors notice each other."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kieumau.calendars.days_off import load_days_off, working_days
from kieumau.calendars.models import SpecialDay

pytestmark = pytest.mark.django_db
SWAP = {
    "on": "2026-01-02",
    "kind": "off",
    "name_vi": "Nghỉ hoán đổi",
    "name_en": "Swapped",
    "source": "Thông báo",
    "version": "0",
}


@pytest.fixture
def office(client: Client, admin_client: Client) -> Client:
    """Somebody who may change days off, with the year 2026 filled in."""
    load_days_off([2026], actor="thử", now=timezone.now())
    return admin_client


def test_a_year_is_listed_with_its_sources(office: Client) -> None:
    html = office.get("/ngay-nghi/?nam=2026").content.decode()
    for words in ("Quốc khánh", "31/08/2026", "làm bù", "22/08/2026", "holidays"):
        assert words in html
    assert office.get("/ngay-nghi/?nam=abc").status_code == 200
    assert office.get("/ngay-nghi/?nam=2026&ngay=2026-13-45").status_code == 200


def test_a_day_is_set_and_taken_away(office: Client) -> None:
    assert office.post("/ngay-nghi/", SWAP).status_code == 302
    assert not working_days().is_working(date(2026, 1, 2))
    gone = {**SWAP, "kind": "plain", "version": "1"}
    assert office.post("/ngay-nghi/", gone).status_code == 302
    assert working_days().is_working(date(2026, 1, 2))


def test_the_second_of_two_editors_sees_what_the_first_wrote(office: Client) -> None:
    office.post("/ngay-nghi/", SWAP)
    response = office.post("/ngay-nghi/", {**SWAP, "name_vi": "Khác"})
    assert response.status_code == 409
    html = response.content.decode()
    assert "Nghỉ hoán đổi" in html
    assert 'value="Khác"' in html


def test_what_is_wrong_is_said_and_nothing_changes(office: Client) -> None:
    before = SpecialDay.objects.count()
    for wrong in ({"on": "2026-02-30"}, {"source": ""}, {"kind": "worked"}):
        assert office.post("/ngay-nghi/", {**SWAP, **wrong}).status_code == 422
    assert SpecialDay.objects.count() == before


def test_a_year_is_filled_by_a_button_and_only_by_who_may(
    office: Client, client: Client, django_user_model: Any
) -> None:
    assert office.post("/ngay-nghi/?nam=2025", {"do": "load"}).status_code == 302
    assert SpecialDay.objects.filter(on__year=2025).exists()
    reader = Client()
    reader.force_login(django_user_model.objects.create_user("an"))
    assert reader.post("/ngay-nghi/", SWAP).status_code == 403
    assert Client().post("/ngay-nghi/", SWAP).status_code == 302
    assert "Sửa một ngày" not in reader.get("/ngay-nghi/").content.decode()
