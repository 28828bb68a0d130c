"""The page of exports and the addresses that stream: open to readers, closed to strangers."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings

from kieumau.accounts.models import User
from kieumau.exports import form_views
from kieumau.exports.forms.sheets import HEADING_ROW
from kieumau.indicators.imports.sheets import Limits
from kieumau.indicators.models import Figure, Source
from kieumau.quality.tests.country import Country, period
from kieumau.returns.tests.cast import give

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


FORM = "/bieu-mau/tai-ve/?mau=kho&ky=2026-07&don-vi=A01"


def filled(client: Client, value: Any) -> SimpleUploadedFile:
    """A form as it is downloaded, with one number in it."""
    book = openpyxl.load_workbook(BytesIO(client.get(FORM).content))
    book.active[f"G{HEADING_ROW + 1}"] = value
    buffer = BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("Báo cáo/../tháng 7.xlsx", buffer.getvalue())


@pytest.fixture
def sender(reader: Client, country: Country) -> Client:
    """An enters the figures of A01."""
    give(User.objects.get(username="an"), "officer", country.units["A01"])
    return reader


def test_a_form_is_downloaded_filled_in_and_sent(sender: Client, country: Country) -> None:
    response = sender.post("/bieu-mau/nop/", {"tep": filled(sender, 7)})
    assert response.status_code == 200
    assert Source.objects.latest("id").name == "tháng 7.xlsx"
    assert Figure.objects.filter(value=7, unit=country.units["A01"]).exists()


# The unit that the cells name, as typed; is it stored?
UNITS = [("A01", True), (" A01 ", True), ("A02", False), (" A02", False), ("P1", False)]


@pytest.mark.parametrize(("code", "is_stored"), UNITS)
@pytest.mark.parametrize(
    ("language", "said"), [("vi", "Bạn không có quyền nhập"), ("en", "You may not enter")]
)
def test_only_figures_of_one_s_own_units_are_taken(
    sender: Client, country: Country, code: str, is_stored: bool, language: str, said: str
) -> None:
    """Whatever unit a workbook names: it is the figures' unit that counts, not the form's."""
    sender.cookies["django_language"] = language
    book = openpyxl.load_workbook(BytesIO(sender.get(FORM).content))
    book.active[f"G{HEADING_ROW + 1}"] = 7
    book.active[f"A{HEADING_ROW + 1}"] = code
    buffer = BytesIO()
    book.save(buffer)
    count = Figure.objects.count()
    response = sender.post("/bieu-mau/nop/", {"tep": SimpleUploadedFile("x.xlsx", buffer.getvalue())})
    assert response.status_code == (200 if is_stored else 422)
    assert (said in response.content.decode()) == (not is_stored)
    assert Figure.objects.count() == count + is_stored


def test_a_lock_that_falls_while_a_form_is_taken_is_told(sender: Client, country: Country) -> None:
    """The database refuses what was still open when it was asked: told at the form, nothing stored."""
    file = filled(sender, 7)
    with connection.cursor() as cursor:
        cursor.execute(REFUSING)
    response = sender.post("/bieu-mau/nop/", {"tep": file})
    assert response.status_code == 422
    assert "trong lúc lưu, báo cáo đã khóa hoặc đã nộp" in response.content.decode()
    assert not Figure.objects.filter(value=7, unit=country.units["A01"], period=period(2026, 7)).exists()


# A guard of the database's own that no question asked before knows of.
REFUSING = """
    CREATE FUNCTION refuses_all() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'locked' USING ERRCODE = 'restrict_violation'; END $$;
    CREATE TRIGGER refuses_all AFTER INSERT ON figure EXECUTE FUNCTION refuses_all();
"""


def test_a_faulty_form_comes_back_as_a_workbook(sender: Client, country: Country) -> None:
    response = sender.post("/bieu-mau/nop/", {"tep": filled(sender, -7)})
    assert response.status_code == 422
    html = response.content.decode()
    content = b64decode(html.partition("base64,")[2].partition('"')[0])
    cell = openpyxl.load_workbook(BytesIO(content)).active[f"G{HEADING_ROW + 1}"]
    assert "-7" in cell.comment.text


def test_forms_are_not_sent_by_strangers_nor_as_anything_else(
    reader: Client, sender: Client, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = Client()
    nobody.force_login(User.objects.create_user("chi"))
    assert nobody.post("/bieu-mau/nop/", {"tep": filled(reader, 7)}).status_code == 403
    assert "multipart" not in nobody.get("/bieu-mau/").content.decode()
    with override_settings(KIEUMAU_OPEN_READING=True):
        assert Client().post("/bieu-mau/nop/").status_code == 302
        assert "multipart" not in Client().get("/bieu-mau/").content.decode()
    for sent in ({}, {"tep": "text"}, {"tep": SimpleUploadedFile("x.xlsx", b"PK\x03\x04")}):
        assert reader.post("/bieu-mau/nop/", sent).status_code == 422
    monkeypatch.setattr(form_views, "LIMITS", Limits(file_bytes=10))
    large = SimpleUploadedFile("x.xlsx", b"x" * 11)
    assert reader.post("/bieu-mau/nop/", {"tep": large}).status_code == 422
    assert reader.get("/bieu-mau/nop/").status_code == 405
    assert reader.get("/bieu-mau/tai-ve/?mau=x&ky=%00&don-vi=").status_code == 400
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(User.objects.create_user("binh"))
    assert careful.post("/bieu-mau/nop/", {}).status_code == 403
