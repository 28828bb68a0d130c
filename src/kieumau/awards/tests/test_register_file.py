"""The register as a file: the titles of the page with its filters, all of them, and only what is public."""

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from kieumau.accounts.acting import acting
from kieumau.accounts.tests.test_row_security import serving
from kieumau.awards.actions import Recognition, record_earlier, withdraw
from kieumau.awards.rules import Decision, Ground
from kieumau.kernel.messages import Text
from kieumau.programmes.tests.cast import NOW, Cast

NAME = Text(vi="Công an phường kiểu mẫu", en="Model ward police")
TAKEN = Decision("15/QĐ-BCA", date(2026, 6, 1), "Bộ Công an")


@pytest.fixture(autouse=True)
def _titles(kept_programme: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two wards of Cần Thơ; that of An Bình was withdrawn, and its decision looks like a formula."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    cast, said = kept_programme, Recognition(date(2026, 1, 15), certificate="CN-17")
    by: dict[str, Any] = {"programme": cast.programme, "actor": "tests", "now": NOW}
    for unit, number in (("31149", "9/QĐ-BCA"), ("31150", "=1+1")):
        decision = Decision(number, date(2026, 1, 15), "Bộ Công an")
        made = record_earlier(cast.units[unit], NAME, decision, said, **by)
    withdraw(made.pk, TAKEN, ground=Ground.FORGED_DOSSIER, reason="Làm giả biên bản", actor="tests", now=NOW)


def fetched(language: str = "vi", **asked: str) -> bytes:
    """The file as a stranger gets it."""
    client = Client()
    client.cookies["django_language"] = language
    with acting(None), serving():
        answer = client.get(reverse("titles_file"), asked)
        assert answer.status_code == 200
        pieces = cast(Iterable[bytes], cast(StreamingHttpResponse, answer).streaming_content)
        return b"".join(pieces)


def rows(**asked: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fetched(**asked).decode("utf-8-sig"))))


def test_every_title_with_how_it_stands() -> None:
    withdrawn, held = sorted(rows(), key=lambda one: one["standing"])[::-1]
    if held["standing"] == "đã thu hồi":
        withdrawn, held = held, withdrawn
    assert (held["unit_name"], held["reference"], held["withdrawn_on"]) == ("Phường Cái Khế", "9/QĐ-BCA", "")
    assert (held["decided_on"], held["first_day"], held["last_day"]) == (
        "2026-01-15",
        "2026-01-15",
        "2027-01-14",
    )
    assert (withdrawn["standing"], withdrawn["withdrawn_on"]) == ("đã thu hồi", "2026-06-01")
    assert (withdrawn["withdrawn_by"], withdrawn["ground"]) == ("15/QĐ-BCA", "làm giả hồ sơ")
    assert withdrawn["reference"] == "'=1+1", "no spreadsheet runs it"
    assert withdrawn["address"].startswith("http://testserver/danh-hieu/")


FILTERS = [
    # what is asked for, how many there are
    ({}, 2),
    ({"tinh-trang": "withdrawn"}, 1),
    ({"tinh-trang": "expired"}, 0),
    ({"tim": "cái khế"}, 1),
    ({"chuong-trinh": "không có"}, 0),
]


@pytest.mark.parametrize(("asked", "count"), FILTERS)
def test_the_filters_are_those_of_the_page(asked: dict[str, str], count: int) -> None:
    assert len(rows(**asked)) == count == len(Client().get(reverse("titles"), asked).context["rows"])


@pytest.mark.parametrize(("language", "heading"), [("vi", "Số quyết định"), ("en", "Day of the decision")])
def test_a_workbook_in_the_language_of_the_reader(language: str, heading: str) -> None:
    with zipfile.ZipFile(io.BytesIO(fetched(language, dang="xlsx"))) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert heading in text
    assert "9/QĐ-BCA" in text


def test_there_are_no_other_formats() -> None:
    assert Client().get(reverse("titles_file"), {"dang": "exe"}).status_code == 404


def test_the_page_leads_to_the_file_with_its_filters() -> None:
    text = Client().get(reverse("titles"), {"tinh-trang": "withdrawn"}).content.decode()
    address = reverse("titles_file")
    for word in ("csv", "xlsx"):
        assert f'href="{address}?tinh-trang=withdrawn&amp;dang={word}"' in text
