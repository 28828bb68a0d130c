"""Files out, forms out and in, tokens: as somebody types the commands."""

import csv
from pathlib import Path

import openpyxl
import pytest

from kieumau.accounts.models import Token
from kieumau.cli.tests.test_commands import run
from kieumau.exports.forms.sheets import HEADING_ROW
from kieumau.indicators.models import Figure
from kieumau.quality.tests.country import Country

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(kept_checked: Country) -> Country:
    return kept_checked


def test_figures_go_into_a_file(country: Country, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    words = ("figures", "export", "--period", "2025-06..2025-07", "--indicators", "theft,fraud", "-o", path)
    assert run(*words, "--within", "P2", "--map", "today", "--lang", "en").exit_code == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12 * 2 * 2
    assert {row["map"] for row in rows} == {"today"}
    refused = run(*words, "--level", "hamlet", "--map", "x")
    assert refused.exit_code == 1
    assert "hamlet" in refused.output
    assert len(list(tmp_path.glob("out*"))) == 1


@pytest.mark.parametrize(
    ("name", "words", "begins"),
    [
        ("a.csv", [], b"\xef\xbb\xbfunit,"),
        ("a", [], b"\xef\xbb\xbfunit,"),
        ("a.xlsx", [], b"PK"),
        ("A.XLSX", [], b"PK"),
        ("a.parquet", [], b"PAR1"),
        ("a.csv", ["--format", "sdmx-csv"], b"STRUCTURE"),
        ("a.doc", [], b""),  # refused, nothing written
    ],
)
def test_a_file_is_what_its_name_says(
    country: Country, tmp_path: Path, name: str, words: list[str], begins: bytes
) -> None:
    path = tmp_path / name
    asked = ("figures", "export", "--period", "2025-06", "--indicators", "theft", "-o", path, *words)
    assert run(*asked).exit_code == (0 if begins else 1)
    assert path.exists() == bool(begins)
    assert not begins or begins in path.read_bytes()[:20]


def test_verdicts_of_a_set_that_is_not_there(country: Country, tmp_path: Path) -> None:
    words = ("verdicts", "export", "--set", "none", "--period", "2025", "-o", tmp_path / "v.csv")
    assert run(*words).exit_code == 1


def test_a_form_goes_out_and_comes_back(country: Country, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    asked = ("figures", "form", "--form", "kho", "--unit", "A01", "--period", "2026-07", "-o", path)
    assert run(*asked).exit_code == 0
    for value, code in ((-1, 1), (5, 0)):
        book = openpyxl.load_workbook(path)
        book.active[f"G{HEADING_ROW + 1}"] = value
        book.save(path)
        assert run("figures", "take-form", path).exit_code == code
    assert (tmp_path / "form-sua.xlsx").exists()
    assert Figure.objects.filter(unit=country.units["A01"], value=5).exists()


def test_a_token_is_shown_once() -> None:
    made = run("tokens", "add", "báo cáo", "--days", "3", "--lang", "en")
    assert made.exit_code == 0
    secret = made.output.split()[0]
    assert secret.startswith("km_")
    assert run("tokens", "add", "báo cáo").exit_code == 1
    listed = run("tokens", "list")
    assert "báo cáo" in listed.output
    assert secret not in listed.output
    assert run("tokens", "revoke", "báo cáo").exit_code == 0
    assert Token.objects.get().revoked_at
