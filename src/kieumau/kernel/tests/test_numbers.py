"""Numbers as people write them, as tables."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.kernel.messages import Refused
from kieumau.kernel.numbers import (
    DecimalMark,
    Exact,
    exact_decimals,
    format_number,
    format_share,
    parse_number,
    round_half_up,
    whole_number,
)

SENT = [
    # what a browser sent, and the number that it is
    ("0", 0),
    ("007", 7),
    ("9223372036854775807", 2**63 - 1),
    ("9223372036854775808", None),
    ("9" * 5000, None),
    ("", None),
    (None, None),
    ("-1", None),
    ("+1", None),
    (" 1", None),
    ("1\n", None),
    ("1.0", None),
    ("1_000", None),
    ("٣", None),
    ("²", None),
    ("1\x00", None),
]

WRITTEN = [
    # value               decimals  Vietnamese     English
    (Decimal("1061.5"), None, "1.061,5", "1,061.5"),
    (Decimal("1061.5"), 0, "1.062", "1,062"),
    (Decimal("1061.5"), 2, "1.061,50", "1,061.50"),
    (0, 0, "0", "0"),
    (0, 2, "0,00", "0.00"),
    (-9398, 0, "-9.398", "-9,398"),
    (Decimal("-0.4"), 0, "0", "0"),
    (Decimal("-0.5"), 0, "-1", "-1"),
    (Decimal("2.5"), 0, "3", "3"),
    (Decimal("0.05"), 1, "0,1", "0.1"),
    (Fraction(1, 3), None, "0,333333", "0.333333"),
    (Fraction(2, 3), 2, "0,67", "0.67"),
    (1_000_000, None, "1.000.000", "1,000,000"),
    (100, None, "100", "100"),
]


@pytest.mark.parametrize(("value", "decimals", "vi", "en"), WRITTEN)
def test_numbers_are_written_as_the_language_writes_them(
    value: Exact, decimals: int | None, vi: str, en: str
) -> None:
    assert format_number(value, decimals, "vi") == vi
    assert format_number(value, decimals, "en") == en


SHARES = [
    (Fraction(16, 25), "64 %", "64%"),
    (Fraction(9398 - 12407, 12407), "-24,25 %", "-24.25%"),
    (Fraction(5293 - 5494, 5494), "-3,66 %", "-3.66%"),
    (Fraction(51, 61), "83,61 %", "83.61%"),
    (Fraction(391 - 434, 434), "-9,91 %", "-9.91%"),
    (Fraction(180 - 183, 183), "-1,64 %", "-1.64%"),
    (Fraction(53, 180), "29,44 %", "29.44%"),
    (Fraction(6650, 7528), "88,34 %", "88.34%"),
    (Fraction(795, 1000), "79,5 %", "79.5%"),
    (1, "100 %", "100%"),
    (12, "1.200 %", "1,200%"),
    (0, "0 %", "0%"),
]


@pytest.mark.parametrize(("value", "vi", "en"), SHARES)
def test_shares_are_written_in_per_cent(value: Exact, vi: str, en: str) -> None:
    assert (format_share(value, "vi"), format_share(value, "en")) == (vi, en)


READ = [
    ("1061", None, "1061"),
    ("-3", None, "-3"),
    ("−3", None, "-3"),
    ("+3", None, "3"),
    ("1.061,5", None, "1061.5"),
    ("1,061.5", None, "1061.5"),
    ("1.234.567", None, "1234567"),
    ("1,234,567", None, "1234567"),
    ("1 061,5", None, "1061.5"),
    ("1 061", None, "1061"),
    ("  42 ", None, "42"),
    ("0,125", None, "0.125"),
    ("0.125", None, "0.125"),
    ("12,5", None, "12.5"),
    (".5", None, "0.5"),
    ("1.061", ",", "1061"),
    ("1.061", ".", "1.061"),
    ("1,061", ".", "1061"),
    ("1.061,50", ",", "1061.50"),
]


@pytest.mark.parametrize(("text", "mark", "value"), READ)
def test_numbers_are_read_as_people_write_them(text: str, mark: DecimalMark | None, value: str) -> None:
    assert parse_number(text, mark) == Decimal(value)


NOT_READ = [
    ("", None, "not-a-number"),
    ("abc", None, "not-a-number"),
    ("12 vụ", None, "not-a-number"),
    ("1.061.5", None, "not-a-number"),
    ("1.06,1.5", None, "not-a-number"),
    ("1,2,3", None, "not-a-number"),
    ("1 06", None, "not-a-number"),
    ("12.", None, "not-a-number"),
    ("--3", None, "not-a-number"),
    ("1e5", None, "not-a-number"),
    ("NaN", None, "not-a-number"),
    ("Infinity", None, "not-a-number"),
    ("٣", None, "not-a-number"),
    ("9" * 41, None, "not-a-number"),
    ("1.061,5", ".", "not-a-number"),
    ("1,061.5", ",", "not-a-number"),
    ("1.061", None, "ambiguous-number"),
    ("1,061", None, "ambiguous-number"),
]


@pytest.mark.parametrize(("text", "mark", "code"), NOT_READ)
def test_what_is_not_a_number_is_refused_in_both_languages(
    text: str, mark: DecimalMark | None, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        parse_number(text, mark)
    [problem] = refused.value.problems
    assert problem.code == code
    assert problem.in_("vi") != problem.in_("en")


numbers = st.decimals(
    allow_nan=False,
    allow_infinity=False,
    places=3,
    min_value=-(10**12),
    max_value=10**12,
)


@given(numbers)
def test_a_written_number_is_read_back(value: Decimal) -> None:
    assert parse_number(format_number(value, 4, "vi"), ",") == value
    assert parse_number(format_number(value, 4, "en"), ".") == value


@given(st.fractions(), st.integers(-3, 6))
def test_rounding_is_nearest_and_symmetric(value: Fraction, decimals: int) -> None:
    rounded = round_half_up(value, decimals)
    assert abs(rounded - value) <= Fraction(10) ** -decimals / 2
    assert round_half_up(-value, decimals) == -rounded


def test_a_number_of_any_length_is_written() -> None:
    assert len(format_number(10**6_000, 1, "en")) == 6_001 + 2_000 + 2


def test_decimals_needed_for_an_exact_number() -> None:
    assert [exact_decimals(Fraction(n, d)) for n, d in ((1, 8), (16, 25), (7, 1), (1, 3))] == [3, 2, 0, None]


@pytest.mark.parametrize(("text", "number"), SENT, ids=lambda value: str(value)[:25])
def test_a_number_of_an_address_is_plain_digits_that_a_row_may_have(
    text: str | None, number: int | None
) -> None:
    assert whole_number(text) == number


def test_a_number_of_an_address_may_have_a_bound() -> None:
    assert whole_number("100", 100) == 100
    assert whole_number("101", 100) is None
