"""Doubtful figures as somebody types them: in a file, and by hand."""

import json
from pathlib import Path

import pytest

from kieumau.cli.tests.test_commands import CATALOGUE, FIGURES, MAPPING, UNITS, run
from kieumau.indicators.models import Figure, Remark

pytestmark = pytest.mark.django_db

CHECKS = """\
checks:
  - code: part
    title: {vi: Khu được công nhận là một phần, en: Areas recognized are a part}
    condition: areas.recognised <= areas.total
    severity: hard
    action: {vi: Xem lại tổng số., en: Look at the total again.}
  - code: many
    title: {vi: Nhiều khu, en: Many areas}
    condition: areas.total <= 24
    severity: soft
    action: {vi: Nêu lý do., en: Say why.}
"""
ENTER = ("figures", "enter", "--unit", "W3", "--period", "2025-12")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    for name, text in (
        ("units.csv", UNITS),
        ("mau.yaml", CATALOGUE + CHECKS),
        ("so.yaml", MAPPING),
        ("figures.csv", FIGURES),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run("units", "load", tmp_path / "units.csv").exit_code == 0
    assert run("indicators", "load", tmp_path / "mau.yaml").exit_code == 0
    return tmp_path


def test_a_doubtful_file_says_how_to_go_on(town: Path) -> None:
    words = ("figures", "load", town / "figures.csv", "--mapping", town / "so.yaml")
    refused = run(*words)
    assert refused.exit_code == 1
    assert "--remark" in refused.output
    assert "many (cần ghi chú): 2 lần không đạt" in refused.output
    kept = run(*words, "--remark", "mới nhập xã", "--lang", "en")
    assert kept.exit_code == 0
    assert "Remark: mới nhập xã" in kept.output
    assert "2 with a remark" in kept.output
    assert Remark.objects.count() == 2


def test_typed_in(town: Path) -> None:
    assert run(*ENTER, "areas.total=20", "areas.recognised=16").exit_code == 0
    refused = run(*ENTER, "areas.total=12")
    assert refused.exit_code == 1
    assert "Khu được công nhận: 16 khu, vượt mức 12 (Khu dân cư)" in refused.output
    asked = run(*ENTER, "areas.total=30", "--lang", "en")
    assert "need a remark (many)" in asked.output
    told = json.loads(run(*ENTER, "areas.total=30", "--remark", "many=sáp nhập", "--json").stdout)
    assert (told["revised"], told["remarked"]) == (1, ["many"])
    assert run(*ENTER, "areas.recognised=refused").exit_code == 0
    assert Figure.objects.filter(state=3).count() == 1


# what was typed wrong, and a piece of the answer
MISTAKES = [
    ("areas.totl=3", "areas.total"),
    ("areas.total", "mã=giá trị"),
    ("areas.total=", "không có giá trị"),
    ("areas.total=1.5", "thập phân"),
]


@pytest.mark.parametrize(("word", "said"), MISTAKES, ids=[word for word, _ in MISTAKES])
def test_mistakes(town: Path, word: str, said: str) -> None:
    result = run(*ENTER, word)
    assert result.exit_code == 1
    assert said in result.output
