"""YAML files: exact numbers, lines of every key, every fault with its place."""

from datetime import date
from decimal import Decimal

import pytest

from kieumau.kernel.messages import Refused
from kieumau.kernel.yamlfile import Name, Shape, load_with_lines, read_text


class Item(Shape):
    code: str
    weight: Decimal = Decimal(1)


class File(Shape):
    title: Name
    items: list[Item]
    is_open: bool = False


GOOD = """\
title: {vi: Tên, en: Name}
items:
  - code: a
    weight: 0.1
  - code: no
is_open: true
"""


def test_numbers_stay_exact_and_words_stay_words() -> None:
    file = read_text(GOOD, File, "x.yaml")
    assert file.items[0].weight == Decimal("0.1")
    assert file.items[1].code == "no"
    assert file.is_open is True


FAULTS = [
    # the fault in the file                        code             line  word in the sentence
    (GOOD.replace("code: a", "cod: a"), "unknown-key", 3, "code"),
    (GOOD.replace("code: a\n    ", ""), "missing-key", 3, "code"),
    (GOOD.replace("0.1", "a lot"), "wrong-value", 4, "a lot"),
    (GOOD.replace("is_open: true", "items: []"), "repeated-key", 6, "items"),
    (GOOD + "\t- x", "not-yaml", 7, "YAML"),
    ("", "empty-file", None, ""),
    ("a: &x [1]\nb: *x\n", "alias", 2, "*"),
    ("[" * 10_000, "too-deep", 1, ""),
    (GOOD + "? [a]\n: 1\n", "key-not-plain", 7, ""),
    (GOOD + "? {a: 1}\n: 1\n", "key-not-plain", 7, ""),
    (GOOD.replace("code: a", 'code: "a\\0"'), "control-character", 3, "U+0000"),
    (GOOD.replace("code: a", '"a\\x1b": a'), "control-character", 3, "U+001B"),
    (GOOD.replace("0.1", "!!int 010"), "tag", 4, "!"),
    (GOOD.replace("0.1", "!!bool maybe"), "tag", 4, "!"),
    ("a: " + "x" * 2_100_000, "too-large", None, "2 MB"),
]


PLAIN = [
    # as written       as read
    ("12", 12),
    ("-3", -3),
    ("0", 0),
    ("010", "010"),  # YAML 1.1: 8
    ("0x1F", "0x1F"),
    ("0b11", "0b11"),
    ("1:30", "1:30"),  # YAML 1.1: 90
    ("1_000", "1_000"),
    ("+84", "+84"),
    ("1e3", "1e3"),
    ("9" * 5000, "9" * 5000),
    ("0.10", "0.10"),
    ("no", "no"),
    ("true", True),
    ("~", None),
    ("", None),
    ("2025-07-01", date(2025, 7, 1)),
    ("2025-02-30", "2025-02-30"),
    ("2025-07-01 10:00:00", "2025-07-01 10:00:00"),
    ("<<", "<<"),
    ("=", "="),
]


@pytest.mark.parametrize(("written", "read"), PLAIN, ids=[written[:20] for written, _ in PLAIN])
def test_nothing_is_guessed(written: str, read: object) -> None:
    content, _ = load_with_lines(f"a: {written}\n", "x.yaml")
    assert content == {"a": read}
    assert type(content["a"]) is type(read)


def test_text_may_hold_tabs_and_lines() -> None:
    assert load_with_lines('a: "x\\ty"\nb: |\n  1\n  2\n', "x.yaml")[0] == {"a": "x\ty", "b": "1\n2\n"}


@pytest.mark.parametrize(
    ("text", "code", "line", "word"),
    FAULTS,
    ids=[f"{number}-{fault[1]}" for number, fault in enumerate(FAULTS)],
)
def test_a_fault_names_its_line_in_both_languages(text: str, code: str, line: int | None, word: str) -> None:
    with pytest.raises(Refused) as caught:
        read_text(text, File, "x.yaml")
    problem = next(problem for problem in caught.value.problems if problem.code == code)
    if line is not None:
        assert problem.place.row == line
    for language in ("vi", "en"):
        assert word in problem.in_(language)


def test_every_fault_is_found_in_one_pass() -> None:
    text = GOOD.replace("0.1", "a lot").replace("is_open: true", "is_opn: 3").replace("en: Name", "de: Name")
    with pytest.raises(Refused) as caught:
        read_text(text, File, "x.yaml")
    codes = sorted(problem.code for problem in caught.value.problems)
    assert codes == ["missing-key", "unknown-key", "unknown-key", "wrong-value"]


def test_lines_of_paths() -> None:
    _, lines = load_with_lines(GOOD, "x.yaml")
    assert lines["items", 1, "code"] == 5
