"""`criteria list`, `criteria schema`, caps in `assess`, and `norms`."""

import json
from pathlib import Path

import pytest

from kieumau.cli.tests.test_commands import CATALOGUE, FIGURES, MAPPING, SET, UNITS, run
from kieumau.criteria.schema import schema
from kieumau.indicators.actions import load_catalogue

pytestmark = pytest.mark.django_db

POINTS = """{kind: points, meets_from: 5, classes: [
    {code: top, name: {vi: Giỏi, en: Top}, from: 10}, {code: low, name: {vi: Kém, en: Low}, from: 0}]}
caps: [{class: top, at_most: 10%, within: nation}]"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A town of four wards with figures and a set."""
    files = {"units.csv": UNITS, "catalogue.yaml": CATALOGUE, "mapping.yaml": MAPPING, "figures.csv": FIGURES}
    for name, text in (files | {"set.yaml": SET}).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for words in (
        ("units", "load", tmp_path / "units.csv"),
        ("indicators", "load", tmp_path / "catalogue.yaml"),
        ("figures", "load", tmp_path / "figures.csv", "--mapping", tmp_path / "mapping.yaml"),
        ("criteria", "load", tmp_path / "set.yaml"),
    ):
        done = run(*words)
        assert done.exit_code == 0, done.output
    return tmp_path


def said(*words: object) -> str:
    """What a command says that goes well."""
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.usefixtures("folder")
def test_the_sets_in_force_on_a_day() -> None:
    found = json.loads(said("criteria", "list", "--on", "2025-06-01", "--json"))
    assert [(one["set"], one["version"]) for one in found] == [("mau-70", 1)]
    assert "mau-70" in said("criteria", "list", "--on", "2025-06-01")
    assert json.loads(said("criteria", "list", "--on", "1990-01-01", "--json")) == []
    assert "There is no such set." in said("criteria", "list", "--on", "1990-01-01", "--lang", "en")
    assert run("criteria", "list", "--on", "soon").exit_code == 1


def test_the_schema_is_printed() -> None:
    assert json.loads(said("criteria", "schema")) == schema()


def test_caps_are_told_after_judging(folder: Path) -> None:
    text = SET.replace("{kind: all}", POINTS).replace("code: mau-70", "code: capped")
    (folder / "capped.yaml").write_text(
        text.replace("    formula:", "    points: {max: 10}\n    formula:"), encoding="utf-8"
    )
    said("criteria", "load", folder / "capped.yaml")
    told = said("assess", "capped", "--period", "2025", "--lang", "en")
    assert "“Top”: at most 10% of all units rated, counted by nation." in told
    assert "Which units lose the class is for the authority to decide." in told
    [cap] = json.loads(said("assess", "capped", "--period", "2025", "--json"))["caps"]
    assert (cap["class"], cap["may_be"], cap["excess"] > 0) == ("top", 0, True)


def test_norms_are_listed_shown_and_tried() -> None:
    load_catalogue("vn-commune")
    assert "team-size-hoa-binh" in said("norms", "list")
    assert len(json.loads(said("norms", "list", "--json"))) == 3
    shown = said("norms", "show", "team-size-phu-tho", "--lang", "vi")
    assert "đã đọc trong văn bản" in shown
    assert "floor((households - 350) / 175)" in shown
    words = ("norms", "try", "team-size-ho-chi-minh", "--figure")
    assert "5 members" in said(*words, "population=4500", "--lang", "en")
    assert "4 người" in said(*words, "population=4_499", "--lang", "vi")
    classes = ("norms", "try", "team-size-hoa-binh", "--figure", "households=400", "--class")
    assert [json.loads(said(*classes, one, "--json"))["required"] for one in ("hamlet", "urban")] == [
        "4",
        "3",
    ]
    assert run(*words, "population=many").exit_code == 1
    assert run("norms", "try", "team-size-ho-chi-minh").exit_code == 1
    assert "team-size-hoa-binh" in run("norms", "show", "team-size-hoabinh").output
