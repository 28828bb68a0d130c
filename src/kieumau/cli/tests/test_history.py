"""What a figure was, who changed it and when, from the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kieumau.cli.app import app
from kieumau.indicators.actions import open_source
from kieumau.indicators.tests.cast import Country

pytestmark = pytest.mark.django_db

WHAT = ("--unit", "C11", "--indicator", "crime.occurred", "--period", "2025-09")


@pytest.fixture
def revised(kept_country: Country) -> None:
    """A figure of September 2025 sent on 20 September and corrected on 5 October."""
    for value, day, name in ((40, (2025, 9, 20), "T9.xlsx"), (4, (2025, 10, 5), "T9 sửa.xlsx")):
        at = datetime(*day, 3, tzinfo=UTC)
        source = open_source(name=name, actor="an", recorded_at=at)
        kept_country.record(("2025-09", "C11", "crime.occurred", value), source=source)


def got(*words: str) -> Any:
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.usefixtures("revised")
def test_every_revision_is_told() -> None:
    found = got("figures", "history", *WHAT)
    assert [(one["old"] and one["old"]["value"], one["new"]["value"], one["by"]) for one in found] == [
        ("40", "4", "an"),
        (None, "40", "an"),
    ]
    assert found[0]["source"] == "T9 sửa.xlsx"
    assert found[0]["at"].startswith("2025-10-05T10:00")


@pytest.mark.usefixtures("revised")
@pytest.mark.parametrize("on", ["reported", "today", "2025-09-30"])
@pytest.mark.parametrize(
    ("known_on", "value"), [("2025-09-19", None), ("2025-10-01", "40"), ("2025-10-05", "4")]
)
def test_a_figure_as_known_on_a_day(on: str, known_on: str, value: str | None) -> None:
    assert got("figures", "get", *WHAT, "--map", on, "--known-on", known_on)["value"] == value


@pytest.mark.usefixtures("revised")
def test_people_read_it_too() -> None:
    said = CliRunner().invoke(app, ["figures", "history", *WHAT, "--lang", "en"]).stdout
    assert "T9.xlsx" in said
    known = CliRunner().invoke(app, ["figures", "get", *WHAT, "--known-on", "2025-10-01", "--lang", "en"])
    assert "as known at the end of 2025-10-01" in known.stdout


MAPPING = """
title: {vi: Một giá trị mỗi dòng, en: One value a row}
unit: {code: "{unit}", register: m}
indicator: {code: "{indicator}"}
period: {code: "{period}"}
values: {column: value}
"""


@pytest.mark.usefixtures("revised")
def test_a_figure_of_a_file_names_its_cell(tmp_path: Path) -> None:
    path, mapping = tmp_path / "T9 lại.csv", tmp_path / "m.yaml"
    path.write_text("unit,indicator,period,value\nC11,crime.occurred,2025-09,5\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    sent = CliRunner().invoke(app, ["figures", "load", str(path), "--mapping", str(mapping)])
    assert sent.exit_code == 0, sent.output
    latest, before, *_ = got("figures", "history", *WHAT)
    assert (latest["source"], latest["sheet"], latest["cell"]) == ("T9 lại.csv", "", "D2")
    assert before["cell"] == ""
    said = CliRunner().invoke(app, ["figures", "history", *WHAT, "--lang", "vi"]).stdout
    assert "D2" in said
