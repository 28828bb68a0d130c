"""`kieumau try` as somebody types it, over a town of four wards."""

import json
from pathlib import Path

import pytest

from kieumau.assessments.models import Assessment
from kieumau.cli.tests.test_commands import CATALOGUE, FIGURES, MAPPING, SET, UNITS, run
from kieumau.criteria.models import CriteriaSet

pytestmark = pytest.mark.django_db

PERIOD = "2025"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A town with figures, a set in force that asks for 60 %, and a draft that asks for 70 %."""
    files = {
        "units.csv": UNITS,
        "catalogue.yaml": CATALOGUE,
        "mapping.yaml": MAPPING,
        "figures.csv": FIGURES,
        "set.yaml": SET.replace("70%", "60%"),
        "draft.yaml": SET,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for words in (
        ("units", "load", tmp_path / "units.csv"),
        ("indicators", "load", tmp_path / "catalogue.yaml"),
        ("figures", "load", tmp_path / "figures.csv", "--mapping", tmp_path / "mapping.yaml"),
        ("criteria", "load", tmp_path / "set.yaml"),
    ):
        done = run(*words)
        assert done.exit_code == 0, done.output
    return tmp_path / "draft.yaml"


def test_json_has_everything(draft: Path) -> None:
    answer = json.loads(run("try", draft, "--period", PERIOD, "--json").stdout)
    [period] = answer["periods"]
    assert (period["period"], period["against"]) == ("civil:2025", {"set": "mau-70", "version": 1})
    assert (period["units"]["met"], period["units_before"]["met"]) == (1, 2)
    assert period["changes"] == [{"from": "met", "to": "not_met", "units": 1}]
    assert period["changed"] == [{"unit": "mau:W3", "from": "met", "to": "not_met"}]
    assert period["decided_by"] == ["1"]
    assert period["by_province"]["mau:B1"]["met"] == 1
    assert not Assessment.objects.exists()
    assert CriteriaSet.objects.count() == 1


def test_tables_in_both_languages(draft: Path) -> None:
    vi = run("try", draft, "--period", PERIOD, "--lang", "vi").stdout
    en = run("try", draft, "--period", PERIOD, "--lang", "en").stdout
    assert "Số đơn vị đổi kết quả: 1." in vi
    assert "Units whose outcome changes: 1." in en
    assert "Cái Khế" in vi
    assert "it alone" in en


def test_against_another_set(draft: Path) -> None:
    other = draft.with_name("other.yaml")
    other.write_text(SET.replace("mau-70", "mau-90").replace("70%", "90%"), encoding="utf-8")
    assert run("criteria", "load", other).exit_code == 0
    answer = json.loads(run("try", draft, "--period", PERIOD, "--against", "mau-90", "--json").stdout)
    assert answer["periods"][0]["changes"] == [{"from": "not_met", "to": "met", "units": 1}]


def test_a_faulty_draft_is_refused_with_its_line(draft: Path) -> None:
    draft.write_text(SET.replace("areas.recognised", "areas.recognized"), encoding="utf-8")
    done = run("try", draft, "--period", PERIOD, "--json")
    assert done.exit_code == 1
    [problem] = json.loads(done.stdout)["problems"]
    assert problem["row"] == SET[: SET.index("formula:")].count("\n") + 1
    assert "areas.recognised" in problem["en"]


def test_a_set_that_is_not_there(draft: Path) -> None:
    done = run("try", draft, "--period", PERIOD, "--against", "nothing", "--lang", "en")
    assert done.exit_code == 1
    assert "nothing" in done.stderr
