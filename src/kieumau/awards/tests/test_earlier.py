"""Titles of before: from a table, on a page; what is wrong with a row is told at its cell."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rustpy_xlsxwriter import write_worksheet

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.awards import queries
from kieumau.awards.actions import record_all_earlier
from kieumau.awards.models import Title
from kieumau.awards.reading import read_titles
from kieumau.kernel.messages import Refused, Text
from kieumau.programmes.tests.cast import NOW, TODAY, Cast

HEAD = "unit,programme,title_vi,title_en,reference,decided_on,issuer,starts_on,last_day,certificate"


@pytest.fixture
def cast(kept_programme: Cast) -> Cast:
    return kept_programme


def file(folder: Path, *rows: str) -> Path:
    path = folder / "titles.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


def recorded(path: Path) -> list[Title]:
    return record_all_earlier(read_titles(path), actor="tests", now=NOW)


# A row; the title: whose, what it is called, first and last day.
GOOD = [
    (
        "31135,phuong-kieu-mau,,,9/QĐ-BCA,01/12/2024,Bộ Công an,,,",
        ("31135", "Công an phường kiểu mẫu", date(2024, 12, 1), date(2025, 11, 30)),
    ),
    (
        "31174,,Xã 3 không,Commune of three noes,9/QĐ-UBND,2024-12-01,UBND,2025-01-01,2027-12-31,17",
        ("31174", "Xã 3 không", date(2025, 1, 1), date(2027, 12, 31)),
    ),
]


@pytest.mark.parametrize(("row", "expected"), GOOD)
def test_a_row_is_a_title(cast: Cast, tmp_path: Path, row: str, expected: tuple[Any, ...]) -> None:
    path = file(tmp_path, row)
    (made,) = recorded(path)
    assert (made.unit_id, made.name_vi, made.valid.lower, made.last_day) == (
        cast.units[expected[0]],
        *expected[1:],
    )
    with pytest.raises(Refused, match="put down already"):
        recorded(path)


# A row, and where in it something is wrong: code of the problem and column.
WRONG = [
    ("99999,,Xã,Commune,9/QĐ,2024-12-01,UBND,,,", "unknown-unit", "unit"),
    ("31135,,Xã,Commune,9/QĐ,2025-12-01,UBND,,,", "unknown-unit", "unit"),  # merged by then
    ("31174,,Xã,Commune,9/QĐ,32/12/2024,UBND,,,", "wrong-date", "decided_on"),
    ("31174,,Xã,Commune,,2024-12-01,UBND,,,", "wrong-reference", "reference"),
    ("31174,khác,Xã,Commune,9/QĐ,2024-12-01,UBND,,,", "wrong-programme", "programme"),
    ("31174,,Xã,Commune,9/QĐ,2024-12-01,UBND,2025-01-01,2024-01-01,", "ends-before-it-begins", ""),
    ("31174,,Xã,,9/QĐ,2024-12-01,UBND,,,", "no-name", ""),
    ("92,phuong-kieu-mau,,,9/QĐ,2024-12-01,UBND,,,", "not-of-the-programme", ""),  # a province
]


@pytest.mark.parametrize(("row", "code", "column"), WRONG)
def test_a_bad_row_is_told_and_no_row_is_written(
    cast: Cast, tmp_path: Path, row: str, code: str, column: str
) -> None:
    path = file(tmp_path, GOOD[1][0], row)
    with pytest.raises(Refused) as caught:
        recorded(path)
    found = [(one.code, one.place.row, one.place.column) for one in caught.value.problems]
    assert found == [(code, 3, column)]
    assert not Title.objects.exists()


def test_a_workbook_is_read_as_well(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "titles.xlsx"
    columns = HEAD.split(",")
    rows = [dict(zip(columns, row.split(","), strict=True)) for row, _ in GOOD]
    write_worksheet(rows, str(path))
    found = read_titles(path)
    assert [one.unit_id for one in found] == [cast.units["31135"], cast.units["31174"]]
    assert found[1].decision.reference == "9/QĐ-UBND"
    write_worksheet([{"unit": "31174", "reference": "1"}], str(path))
    with pytest.raises(Refused, match="decided_on"):
        read_titles(path)


def signed_in(cast: Cast, code: str, role: str = "programme_office") -> Client:
    user = User.objects.create_user(f"{role}.{code}")
    grant(user, role, cast.units[code])
    client = Client()
    client.force_login(user)
    return client


TYPED = {
    "unit": "An Hòa",
    "programme": "phuong-kieu-mau",
    "reference": "9/QĐ-BCA",
    "decided_on": "2024-12-01",
    "issuer": "Bộ Công an",
    "starts_on": "2024-12-01",
    "ends_before": "2027-01-01",
}


def test_the_office_records_what_a_unit_held_before_it_was_merged(cast: Cast) -> None:
    office, address = signed_in(cast, "92"), reverse("title_earlier")
    assert address in office.get(reverse("titles")).content.decode()
    assert office.get(address).status_code == 200
    for wrong in ({}, {**TYPED, "unit": "Không có"}, {**TYPED, "programme": ""}):
        assert office.post(address, wrong).status_code == 422
    done = office.post(address, TYPED)
    made = Title.objects.get()
    assert done["location"] == reverse("title", args=[made.pk])
    assert office.get(done["location"]).status_code == 200
    (held,) = queries.of_unit(cast.units["31149"], TODAY)
    assert (held.title, held.by) == (made, Text(vi="Phường An Hòa", en="An Hòa Ward"))
    assert office.post(address, TYPED).status_code == 422, "once only"


def test_nobody_records_titles_of_another_province(cast: Cast) -> None:
    address = reverse("title_earlier")
    assert signed_in(cast, "38").post(address, TYPED).status_code == 422
    assert signed_in(cast, "92", "verifier").get(address).status_code == 403
    assert address not in Client().get(reverse("titles")).content.decode()
    assert not Title.objects.exists()
