"""The page of exports and the addresses that stream: open to readers, closed to strangers."""

from typing import Any

import pytest
from django.test import Client, override_settings

from kieumau.accounts.models import User
from kieumau.quality.tests.country import Country

FIGURES = "/du-lieu/so-lieu/?chi-tieu=theft&ky=2025-06"
pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(User.objects.create_user("an"))
    return client


@override_settings(KIEUMAU_OPEN_READING=False)
def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    for address in ("/du-lieu/", FIGURES, "/du-lieu/ket-qua/"):
        assert client.get(address).status_code == 302


def test_the_page_offers_what_there_is(reader: Client, country: Country) -> None:
    for language, words in (("vi", "Tải số liệu"), ("en", "Download figures")):
        reader.cookies["django_language"] = language
        html = reader.get("/du-lieu/").content.decode()
        assert words in html
        assert html.count("<h1") == 1


def test_an_empty_installation_has_the_page(reader: Client) -> None:
    assert reader.get("/du-lieu/").status_code == 200


@pytest.mark.parametrize("word", ["csv", "xlsx", "parquet", "sdmx-csv"])
def test_figures_are_streamed(reader: Client, country: Country, word: str) -> None:
    response: Any = reader.get(f"{FIGURES}&dang={word}")
    assert response.status_code == 200
    assert response.streaming
    assert response.headers["Content-Disposition"].startswith('attachment; filename="kieumau-2025-06-commune')
    assert len(b"".join(response.streaming_content)) > 100
    assert reader.head(FIGURES).content == b""
    assert reader.post(FIGURES).status_code == 405


def test_a_question_without_sense_gets_the_page_again(reader: Client, country: Country) -> None:
    for wrong in ("chi-tieu=x&ky=2025-06", "chi-tieu=theft&ky=%00", "chi-tieu=theft&ky=2025-06&dang=pdf"):
        response = reader.get(f"/du-lieu/so-lieu/?{wrong}")
        assert response.status_code == 400
        assert "errors" in response.content.decode()
    assert reader.get("/du-lieu/ket-qua/?bo=x&ky=2025").status_code == 400
