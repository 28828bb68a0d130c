"""Sentences about wrong YAML values: both languages, and no library's English in the Vietnamese."""

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import Field
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from kieumau.kernel.messages import Refused
from kieumau.kernel.yamlfile import Name, Shape, read_text
from kieumau.kernel.yamlwords import RULES, rule


class Circle(Shape):
    kind: Literal["circle"]
    radius: Decimal


class Square(Shape):
    kind: Literal["square"]
    side: Decimal


class Everything(Shape):
    """A field of every sort that a file of ours has."""

    text: Annotated[str, Field(min_length=2, max_length=5, pattern="^[a-z]+$")] = "ab"
    whole: int = Field(default=1, ge=1, le=12)
    above: Decimal = Field(default=Decimal(1), gt=0, lt=50, max_digits=4, decimal_places=2)
    yes: bool = False
    day: date | None = None
    hour: time = time(0)
    word: Literal["csv", "xlsx"] = "csv"
    words: tuple[str, ...] = Field(default=("a",), min_length=1, max_length=2)
    items: list[Name] = Field(default_factory=list)
    table: dict[str, str] = Field(default_factory=dict)
    either: Literal["rest"] | tuple[str, ...] = ()
    name: Name = Name(vi="-", en="-")
    form: Annotated[Circle | Square, Field(discriminator="kind")] | None = None


VALUES = [
    "a lot", "", "x", "abcdefgh", "A", "true", "0", "-1", "99", "0.001", "12345", "010", "1:30", "NaN",
    "99999999999999999999", "1e400", "2025-13-01", "2025-07-01", "2025-07-01 10:00:00", "25:00", "[]", "[1]",
    "[a, b, c]", "{}", "{a: 1}", "{1: a}", "{kind: line}", "{kind: circle}", "~",
]  # fmt: skip
# Pydantic's words, none of which is Vietnamese or a word of ours.
ENGLISH = re.compile(
    r"\b(should|input|valid|invalid|value|string|integer|number|decimal|expected|least|most|characters?|"
    r"date|datetime|time|tuple|list|dictionary|model|boolean|unable|parse|pattern|error|items?|or|be)\b"
)


def sentences(text: str) -> list[tuple[str, str]]:
    try:
        read_text(text, Everything, "x.yaml")
    except Refused as refused:
        return [(problem.reason.vi, problem.reason.en) for problem in refused.problems]
    return []


@pytest.mark.parametrize("field", list(Everything.model_fields))
def test_every_wrong_value_is_refused_in_vietnamese_too(field: str) -> None:
    seen = [(value, *both) for value in VALUES for both in sentences(f"{field}: {value}\n")]
    assert seen
    for value, vi, en in seen:
        ours = re.sub("“[^”]*”", "", vi)  # names and values stand in quotes
        assert not ENGLISH.search(ours), (value, vi)
        assert "không đúng yêu cầu" not in vi, (value, vi, en)
        assert vi != en


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_kind_of_fault_brings_its_english_along(kind: str) -> None:
    facts: dict[str, Any] = {"error": "INPUT is too short", "expected": "'a' or 'b'", "class": "Thing"}
    detail = ErrorDetails(type=kind, loc=("x",), msg="Input should be SO", input="y", ctx=facts)
    said = rule(detail)
    assert said.vi
    assert "Input" not in said.vi
    assert "INPUT" not in said.vi
    assert " or " not in said.vi


def test_every_rule_is_about_a_fault_that_pydantic_knows() -> None:
    assert set(RULES) <= set(get_args(ErrorType))


def test_sentences_as_people_read_them() -> None:
    assert sentences("whole: many") == [
        (
            "“whole” phải là số nguyên, viết như 12; tệp ghi “many”.",
            "“whole” must be a whole number, such as 12; the file has “many”.",
        )
    ]
    assert sentences("word: pdf") == [
        (
            "“word” phải là một trong: “csv”, “xlsx”; tệp ghi “pdf”.",
            "“word” must be one of: “csv”, “xlsx”; the file has “pdf”.",
        )
    ]
    assert sentences("either: 3") == [
        (
            "“either” phải là một trong: “rest”, hoặc phải là danh sách; tệp ghi “3”.",
            "“either” must be one of: “rest”, or must be a list; the file has “3”.",
        )
    ]
    assert sentences("form: {kind: line}") == [
        (
            "“form” phải có “kind” là một trong: “circle”, “square”; tệp ghi “line”.",
            "“form” must have one of these as “kind”: “circle”, “square”; the file has “line”.",
        )
    ]
    assert sentences("[1, 2]")[0][0] == "Tệp phải là nhóm khóa (tên: giá trị); tệp có một danh sách 2 mục."


@pytest.mark.parametrize(
    "text", ["a: b: c", "a: 'x", "a: [1", "a: 1\n\t- x", 'a: "\\q"', "a: 1\n---\nb: 2", "a\nb: 1", "a: %x\n%"]
)
def test_what_is_no_yaml_is_said_in_vietnamese(text: str) -> None:
    ((vi, en),) = sentences(text)
    assert not ENGLISH.search(vi)
    assert not re.search("found|expect", vi)
    assert "not valid YAML" in en
