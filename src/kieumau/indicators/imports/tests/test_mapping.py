"""Mappings: templates as a table, and every fault of the YAML with its line."""

from pathlib import Path

import pytest

from kieumau.indicators.imports.mapping import mapping_from_text, read_mapping, shipped
from kieumau.indicators.imports.templates import Template
from kieumau.indicators.imports.tests.trial import LONG, MONTHS
from kieumau.kernel.messages import Refused

TEMPLATES = [
    ("{Mã}", ["31117"], "31117"),
    ("crime.total", [], "crime.total"),
    ("{Major|slug}.{Minor|slug}", ["THEFT", "Từ người"], "theft.tu-nguoi"),
    ("{Mã|pad:5}", ["101"], "00101"),
    ("{Mã|pad:5}", ["E05000001"], "E05000001"),
    ("{Mã|lower}-{Mã|upper}", ["aB", "aB"], "ab-AB"),
    ("{@sheet}", ["T10"], "T10"),
]


@pytest.mark.parametrize(("text", "texts", "filled"), TEMPLATES)
def test_templates(text: str, texts: list[str], filled: str) -> None:
    assert Template.parse(text).fill(texts) == filled


FAULTS = [
    # mapping, code, line, part of the English sentence
    (LONG + "colour: red\n", "unknown-key", 7, "Did you mean"),
    (LONG.replace("register", "regster"), "unknown-key", 3, "Did you mean “register”"),
    (LONG.replace("{unit}", "{unit"), "bad-template", 3, "Unmatched brace"),
    (LONG.replace("{unit}", "{unit|shout}"), "bad-template", 3, "no filter “shout”"),
    (
        LONG.replace('code: "{unit}"', 'code: "{unit}", name: "{unit}"'),
        "code-or-name",
        3,
        "either code or name",
    ),
    (
        LONG.replace("column: value", "column: value, columns: rest"),
        "column-or-columns",
        6,
        "either column or",
    ),
    (LONG.replace("{period}", "{@header}"), "header-once", 2, "with column none"),
    (MONTHS.replace("{@header}", "{period}"), "header-once", 2, "exactly one"),
    (MONTHS.replace("{@header}", "{@header}{period}"), "header-with-columns", 2, "cannot be joined"),
    (LONG.replace('"{period}"', '"{period}", patterns: [MM]'), "bad-pattern", 5, "needs YYYY"),
    (LONG + "encoding: tcvn3\n", "unknown-encoding", 2, "UniKey"),
    (LONG + "encoding: latin-1\n", "unknown-encoding", 2, "windows-1258"),
    (LONG + "numbers: fr\n", "wrong-value", 7, "numbers"),
    (LONG + "delimiter: ';;'\n", "wrong-value", 7, "delimiter"),
    (LONG.replace("values: {column: value}\n", ""), "missing-key", None, "values"),
]


@pytest.mark.parametrize(
    ("text", "code", "line", "sentence"), FAULTS, ids=[f"{row[1]} {n}" for n, row in enumerate(FAULTS)]
)
def test_faults(text: str, code: str, line: int | None, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        mapping_from_text(text)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert sentence in problem.in_("en")
    assert problem.in_("vi") != problem.in_("en")
    if line:
        assert problem.place.row == line


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_mapping_is_read(name: str) -> None:
    assert read_mapping(name).name == f"{name}.yaml"


def test_an_unknown_mapping_and_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        read_mapping("londn")
    assert "“london”" in refused.value.problems[0].in_("en")


def test_a_catalogue_beside_the_mapping_comes_before_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(LONG + "catalogue: own.yaml\n", encoding="utf-8")
    assert read_mapping(tmp_path / "m.yaml").catalogue_path is None
    (tmp_path / "own.yaml").touch()
    assert read_mapping(tmp_path / "m.yaml").catalogue_path == tmp_path / "own.yaml"
