"""One cell, as a table: what it is under each way of writing numbers, or why it is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.formulas.values import State
from kieumau.indicators.imports.cells import BLANK, Cell, CellReader, ErrorCell, PercentCell, Rule, cell_text
from kieumau.indicators.imports.mapping import Words
from kieumau.kernel.messages import Problem
from kieumau.kernel.numbers import format_number

COUNT = Rule(decimals=0, is_share=False, negatives=False)
AREA = Rule(decimals=2, is_share=False, negatives=False)
FINE = Rule(decimals=3, is_share=False, negatives=False)
SHARE = Rule(decimals=2, is_share=True, negatives=False)
NET = Rule(decimals=1, is_share=False, negatives=True)
FINEST = Rule(decimals=10, is_share=True, negatives=True)

NUMBERS = [
    # numbers, rule, cell, value
    ("plain", COUNT, "12", "12"),
    ("plain", COUNT, " 12 ", "12"),
    ("plain", COUNT, "007", "7"),
    ("plain", COUNT, "12.0", "12"),
    ("plain", AREA, "1061.5", "1061.5"),
    ("plain", AREA, "1061.50", "1061.5"),
    ("plain", FINE, "1.061", "1.061"),
    ("plain", FINEST, "12345678901234567890123.5", "12345678901234567890123.5"),
    ("plain", FINEST, "-123456789012345678901234.5", "-123456789012345678901234.5"),
    ("plain", FINEST, "123456789012345678901234.5%", "1234567890123456789012.345"),
    ("plain", SHARE, "0.8361", "0.8361"),
    ("plain", SHARE, "83.61%", "0.8361"),
    ("plain", SHARE, "83.61 %", "0.8361"),
    ("plain", NET, "-5.5", "-5.5"),
    ("plain", NET, "−5.5", "-5.5"),
    ("plain", NET, "-0", "0"),
    ("plain", COUNT, 12.0, "12"),
    ("plain", COUNT, 1200.0, "1200"),
    ("plain", AREA, 0.1 + 0.2, "0.3"),
    ("plain", SHARE, PercentCell(0.85), "0.85"),
    ("vi", AREA, "1.061,5", "1061.5"),
    ("vi", COUNT, "1.061", "1061"),
    ("vi", COUNT, "1 061", "1061"),
    ("vi", AREA, "1061,5", "1061.5"),
    ("vi", SHARE, "83,61 %", "0.8361"),
    ("en", AREA, "1,061.5", "1061.5"),
    ("en", COUNT, "1,061", "1061"),
    ("en", COUNT, "12", "12"),
]


@pytest.mark.parametrize(("numbers", "rule", "cell", "value"), NUMBERS)
def test_numbers(numbers: str, rule: Rule, cell: Cell, value: str) -> None:
    read = CellReader(numbers, Words(), rule).read(cell)
    assert read == (State.VALUE, Decimal(value))
    assert isinstance(read, tuple)
    assert str(read[1]) == value


REFUSALS = [
    # numbers, rule, cell, code, part of the English hint
    ("plain", NET, "12345678901234567890123.55", "too-many-decimals", "12345678901234567890123.6"),
    ("plain", AREA, "1.061,5", "number-written-otherwise", "1061.5 (numbers: vi)"),
    ("plain", AREA, "1,061.5", "number-written-otherwise", "1061.5 (numbers: en)"),
    ("plain", COUNT, "1,061", "number-written-otherwise", "1.061 (numbers: vi) or 1061 (numbers: en)"),
    ("plain", COUNT, "1.061", "number-written-otherwise", "1061 (numbers: vi)"),
    ("plain", AREA, "1.061", "number-written-otherwise", "1061 (numbers: vi)"),
    ("plain", COUNT, "1.061.000", "number-written-otherwise", "1061000 (numbers: vi)"),
    ("plain", COUNT, "1 061", "number-written-otherwise", "1061 (numbers: vi)"),
    ("plain", SHARE, "83,61 %", "number-written-otherwise", "83.61 (numbers: vi)"),
    ("vi", AREA, "1,061.5", "number-written-otherwise", "1061.5 (numbers: en)"),
    ("vi", AREA, "1061.5", "number-written-otherwise", "1061.5 (numbers: plain)"),
    ("en", AREA, "1.061,5", "number-written-otherwise", "1061.5 (numbers: vi)"),
    ("plain", COUNT, "mười hai", "not-a-number", "under words"),
    ("plain", COUNT, "12 vụ", "not-a-number", "only the number: 12"),
    ("plain", COUNT, "'12", "not-a-number", "only the number: 12"),
    ("plain", COUNT, "1e5", "not-a-number", ""),
    ("plain", COUNT, "١٢", "not-a-number", ""),
    ("plain", COUNT, "9" * 50, "not-a-number", ""),
    ("plain", COUNT, "9" * 26, "number-too-long", "15 digits"),
    ("plain", COUNT, True, "not-a-number", ""),
    ("plain", COUNT, "-5", "negative", "negatives: allowed"),
    ("plain", COUNT, -5.0, "negative", "negatives: allowed"),
    ("plain", COUNT, "12.5", "too-many-decimals", "nearest is 13"),
    ("plain", AREA, 33.3333333, "too-many-decimals", "nearest is 33.33"),
    ("plain", SHARE, "83.615%", "too-many-decimals", "nearest is 0.8362"),
    ("plain", COUNT, 1e15, "number-too-long", "15 digits"),
    ("plain", COUNT, "85%", "percent", "not a percentage"),
    ("plain", COUNT, PercentCell(0.85), "percent", "not a percentage"),
    ("plain", COUNT, date(2025, 10, 1), "date-in-number", "format the column"),
    ("plain", COUNT, "01/10/2025", "date-in-number", "format the column"),
    ("plain", COUNT, "1-Oct", "date-in-number", "format the column"),
    ("plain", COUNT, ErrorCell("#REF!"), "error-cell", "Repair"),
    ("plain", COUNT, "#N/A", "error-cell", "Repair"),
    ("plain", COUNT, ErrorCell("="), "formula-without-value", "save it again"),
]


@pytest.mark.parametrize(("numbers", "rule", "cell", "code", "hint"), REFUSALS)
def test_refusals(numbers: str, rule: Rule, cell: Cell, code: str, hint: str) -> None:
    read = CellReader(numbers, Words(), rule).read(cell)
    assert isinstance(read, Problem)
    assert read.code == code
    assert hint in (read.hint.en if read.hint else "")
    assert read.reason.vi
    assert read.reason.vi != read.reason.en


WORDS = [
    ("…", State.MISSING),
    ("Chưa có", State.MISSING),
    ("-", State.NOT_APPLICABLE),
    ("N/A", State.NOT_APPLICABLE),
    ("k/a", State.NOT_APPLICABLE),
    ("không áp dụng", State.NOT_APPLICABLE),
    ("không áp dụng", State.NOT_APPLICABLE),  # decomposed accents
    ("Từ  chối", State.REFUSED),
]


@pytest.mark.parametrize(("cell", "state"), WORDS)
def test_words_are_three_different_facts(cell: str, state: State) -> None:
    assert CellReader("plain", Words(), COUNT).read(cell) == (state, None)


def test_an_empty_cell_is_no_figure_and_zero_is_one() -> None:
    reader = CellReader("plain", Words(zero=("-",)), COUNT)
    assert reader.read("") is BLANK
    assert reader.read("  ") is BLANK
    assert reader.read("0") == (State.VALUE, Decimal(0))
    assert reader.read("-") == (State.VALUE, Decimal(0))


def test_true_is_not_one() -> None:
    reader = CellReader("plain", Words(), COUNT)
    assert reader.read(1.0) == (State.VALUE, Decimal(1))
    assert isinstance(reader.read(True), Problem)


@given(st.decimals(min_value=0, max_value=10**12, places=2), st.sampled_from(["vi", "en"]))
def test_what_our_screens_write_is_read_back(number: Decimal, language: str) -> None:
    text = format_number(number, 2, language)
    assert CellReader(language, Words(), AREA).read(text) == (State.VALUE, number)


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_workbook_number_keeps_its_fifteen_digits(number: Decimal) -> None:
    assert CellReader("plain", Words(), AREA).read(float(number)) == (State.VALUE, number)


@given(
    st.one_of(st.text(), st.floats(), st.booleans(), st.dates(), st.times(), st.datetimes(), st.timedeltas())
)
def test_any_cell_is_a_figure_a_blank_or_a_problem(cell: Cell) -> None:
    reader = CellReader("plain", Words(), AREA)
    assert isinstance(cell_text(cell), str)
    read = reader.read(cell)
    assert read is BLANK or isinstance(read, tuple | Problem)
    assert reader.read(cell) == read
