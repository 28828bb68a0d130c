"""Acts from the command line, and figures on maps: the whole way there and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kieumau.cli.app import app
from kieumau.indicators.tests.cast import Country
from kieumau.units.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(kept_country: Country) -> Country:
    """The small country with two months of figures of three communes."""
    kept_country.record(*((month, unit, "crime.occurred", number)
                   for month in ("2025-09", "2026-09")
                   for unit, number in (("C11", 10), ("C12", 11), ("C15", 100), ("C21", 4),
                                        ("C22", 5))))  # fmt: skip
    return kept_country


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def got(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


MERGER = ("--key", "gop", "--on", "2026-10-01", "--merge", "C11,C12", "--into", "C11:An Thi:phuong",
          "--reference", "NQ 9")  # fmt: skip


def test_a_merger_seen_recorded_read_and_undone(country: Country) -> None:
    seen = got("units", "change", "preview", *MERGER, "--indicator", "crime.occurred")
    assert set(seen) == {"map", "carried", "effects"}
    assert not Change.objects.filter(key="gop").exists()
    assert run("units", "change", "record", *MERGER).exit_code == 0
    assert [act["key"] for act in got("units", "change", "list")] == ["gop"]
    there = ("figures", "get", "--unit", "C11", "--indicator", "crime.occurred", "--period", "2026-09")
    on_map = got(*there, "--map", "2026-11-01")
    assert (on_map["value"], on_map["year_ago"]["value"], on_map["change"]) == ("21", "21", "0")
    assert on_map["comparability"]["mark"] == "whole"
    assert [(one["name"]["en"], one["gave"], one["acts"]) for one in on_map["origins"]] == [
        ("An Bình Ward", "10", ["NQ 9"]), ("Ân Thi Commune", "11", ["NQ 9"]),
    ]  # fmt: skip
    assert got(*there, "--map", "reported")["value"] == "10"
    said = run(*there, "--map", "2026-11-01", "--lang", "en").stdout
    assert "whole predecessors added" in said
    assert run("units", "change", "undo", "gop").exit_code == 0
    assert got(*there, "--map", "2026-11-01")["value"] == "10"


ACTS = """\
key: NQ 12
takes_effect_on: 2026-10-01
reference: Nghị quyết 12
summary: {vi: Chia và chuyển, en: A split and a transfer}
split:
  - unit: C15
    basis: people
    into:
      - {code: C15, name: Phú Lộc, share: 0.6, lives_on: true}
      - {code: C16, name: Phú Đông, share: 0.4, parent: P2}
transfer:
  - {unit: C12, to: P2}
rename:
  - {unit: C12, name: Ân Thi Mới, kind: phuong}
"""


def test_an_act_from_a_file(country: Country, tmp_path: Path) -> None:
    path = tmp_path / "act.yaml"
    path.write_text(ACTS, encoding="utf-8")
    shown = run(
        "units", "change", "preview", "--file", str(path), "--indicator", "crime.occurred", "--lang", "vi"
    )
    assert shown.exit_code == 0, shown.output
    assert run("units", "change", "record", "--file", str(path)).exit_code == 0
    there = ("figures", "get", "--indicator", "crime.occurred", "--period", "2026-09", "--map", "2026-11-01")
    assert got(*there, "--unit", "C16")["value"] == "40"
    assert got(*there, "--unit", "C16")["mark"] == "estimated"
    assert got(*there, "--unit", "C12")["mark"] == "same"
    assert [got(*there, "--unit", unit)["value"] for unit in ("P1", "P2", "N")] == ["70", "60", "130"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--key", "x", "--on", "2026-10-01", "--merge", "C99,C12", "--into", "C11:An Thi"), "unknown-unit"),
        (("--key", "x", "--on", "2026-10-01", "--merge", "C11,C12", "--into", "C11"), "act-not-described"),
        (("--key", "x", "--on", "hôm qua", "--rename", "C11", "--name", "x"), "not-a-date"),
        (("--on", "2026-10-01", "--rename", "C11", "--name", "x"), "act-not-described"),
        (("--key", "x", "--on", "2026-10-01"), "empty-act"),
        (("--key", "x", "--on", "2026-10-01", "--split", "C11", "--part", "C11:A:0.5",
          "--part", "C17:B:0.4"), "shares-not-one"),
        (("--key", "x", "--on", "2026-10-01", "--split", "C11", "--part", "C11:A:half",
          "--part", "C17:B:0.4"), "wrong-share"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_said(country: Country, words: tuple[str, ...], code: str) -> None:
    result = run("units", "change", "record", *words, "--json")
    assert result.exit_code == 1
    assert code in [problem["code"] for problem in json.loads(result.stdout)["problems"]]


def test_a_map_or_formula_that_is_none(country: Country) -> None:
    there = ("figures", "get", "--unit", "C11", "--period", "2026-09", "--json")
    unknown = json.loads(run(*there, "--indicator", "crime.occurred", "--map", "yesterday").stdout)
    assert unknown["problems"][0]["code"] == "unknown-map"
    formula = json.loads(run(*there, "--indicator", "people + 1", "--map", "today").stdout)
    assert formula["problems"][0]["code"] == "unknown-indicator"
