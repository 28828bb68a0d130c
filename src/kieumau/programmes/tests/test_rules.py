"""The rules of programmes as tables."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.kernel.messages import Refused
from kieumau.programmes.money import briefly, exactly, parse_money
from kieumau.programmes.rules import (
    LineFacts,
    ProgrammeFacts,
    Progress,
    Reach,
    SeatFacts,
    SetFacts,
    StageFacts,
    Sum,
    TargetFacts,
    measured_on,
    progress,
    set_of_year,
    total,
)

APRIL, OCTOBER = date(2023, 4, 1), date(2023, 10, 12)

# Begins, ends, done on, asked on: how the stage stands.
STAGES = [
    (APRIL, OCTOBER, None, date(2023, 3, 31), "to_come"),
    (APRIL, OCTOBER, None, APRIL, "now"),
    (APRIL, OCTOBER, None, OCTOBER, "now"),
    (APRIL, OCTOBER, None, date(2023, 10, 13), "late"),
    (APRIL, OCTOBER, OCTOBER, OCTOBER, "done"),
    (APRIL, OCTOBER, date(2023, 11, 1), date(2023, 10, 20), "late"),  # done later than asked
    (APRIL, OCTOBER, date(2023, 11, 1), date(2023, 12, 1), "done"),
    (APRIL, OCTOBER, APRIL, date(2023, 6, 1), "done"),  # earlier than planned
]


@pytest.mark.parametrize(("starts", "ends", "done", "on", "expected"), STAGES)
def test_a_stage_of_a_plan(starts: date, ends: date, done: date | None, on: date, expected: str) -> None:
    assert progress(starts, ends, done, on) is Progress(expected)


# Units that hold the title, units, target: share, needed, how many more.
TARGETS = [
    (16, 25, "0.7", Fraction(16, 25), 18, 2),  # 64 % fails 70 %: 17.5 units are 18
    (18, 25, "0.7", Fraction(18, 25), 18, 0),
    (1, 3, "0.3333333333", Fraction(1, 3), 1, 0),
    (0, 687, "0.3", Fraction(0), 207, 207),
    (206, 687, "0.3", Fraction(206, 687), 207, 1),
    (687, 687, "1", Fraction(1), 687, 0),
    (0, 0, "1", None, 0, 0),
]


@pytest.mark.parametrize(("held", "units", "target", "share", "needed", "short"), TARGETS)
def test_a_target(
    held: int, units: int, target: str, share: Fraction | None, needed: int, short: int
) -> None:
    reach, asked = Reach(held, units), Fraction(target)
    assert (reach.share, reach.needed(asked), reach.short(asked)) == (share, needed, short)


@given(st.integers(0, 4000), st.integers(1, 4000), st.integers(0, 10_000))
def test_what_is_needed_is_the_least_that_reaches_the_target(held: int, units: int, parts: int) -> None:
    target = Fraction(parts, 10_000)
    needed = Reach(held, units).needed(target)
    assert Fraction(needed, units) >= target
    assert needed == 0 or Fraction(needed - 1, units) < target


TODAY = date(2026, 11, 22)
MEASURED = [(2025, date(2025, 12, 31)), (2026, TODAY), (2027, None)]


@pytest.mark.parametrize(("year", "day"), MEASURED)
def test_the_day_on_which_a_target_is_measured(year: int, day: date | None) -> None:
    assert measured_on(year, TODAY) == day


# Which set applies in a year: 22 criteria from 2023, 20 from 2024.
SETS = [((2023, 2024), 2022, None), ((2023, 2024), 2023, 2023), ((2023, 2024), 2030, 2024), ((), 2023, None)]


@pytest.mark.parametrize(("years", "year", "expected"), SETS)
def test_the_set_of_a_year(years: tuple[int, ...], year: int, expected: int | None) -> None:
    assert set_of_year(years, year) == expected


# Lines of a budget: their sum, and in how many nothing is said. Missing is not zero.
SUMS: list[tuple[list[int | None], int | None, int]] = [
    ([], None, 0),
    ([None, None], None, 2),
    ([0, None], 0, 1),
    ([4_600_000_000, None, 38_000_000], 4_638_000_000, 1),
]


@pytest.mark.parametrize(("amounts", "known", "missing"), SUMS)
def test_amounts_added_up(amounts: list[int | None], known: int | None, missing: int) -> None:
    lines = [None if one is None else Decimal(one) for one in amounts]
    assert total(lines) == Sum(None if known is None else Decimal(known), missing)
    assert sum((total([one]) for one in lines), Sum(None)) == total(lines)


# The amount, in short in Vietnamese and English, exactly.
MONEY = [
    ("4600000000", "4,6 tỷ đồng", "VND 4.6 billion", "4.600.000.000 đồng"),
    ("4638000000", "4,6 tỷ đồng", "VND 4.6 billion", "4.638.000.000 đồng"),
    ("1000000000", "1 tỷ đồng", "VND 1 billion", "1.000.000.000 đồng"),
    ("999990000", "1 tỷ đồng", "VND 1 billion", "999.990.000 đồng"),
    ("999900000", "999,9 triệu đồng", "VND 999.9 million", "999.900.000 đồng"),
    ("15250000000000", "15,3 nghìn tỷ đồng", "VND 15.3 trillion", "15.250.000.000.000 đồng"),
    ("850000", "850.000 đồng", "VND 850,000", "850.000 đồng"),
    ("0", "0 đồng", "VND 0", "0 đồng"),
]


@pytest.mark.parametrize(("value", "vi", "en", "exact"), MONEY)
def test_money_in_words(value: str, vi: str, en: str, exact: str) -> None:
    amount = Decimal(value)
    assert (briefly(amount, "VND", "vi"), briefly(amount, "VND", "en")) == (vi, en)
    assert exactly(amount, "VND", "vi") == exact


TYPED = [
    ("4,6 tỷ", 4_600_000_000),
    ("4.6 billion", 4_600_000_000),
    ("4,638 tỷ đồng", None),  # 4,638 or 4.638? Nobody is asked to guess
    ("4.600.000.000", 4_600_000_000),
    ("4,600,000,000 VND", 4_600_000_000),
    ("4600000000đ", 4_600_000_000),
    ("850.000", 850_000),
    ("500 triệu", 500_000_000),
    ("1,5 nghìn tỷ", 1_500_000_000_000),
    ("0", 0),
    ("-5", None),
    ("nhiều", None),
    ("4 tỷ rưỡi", None),
]


@pytest.mark.parametrize(("text", "amount"), TYPED)
def test_money_typed(text: str, amount: int | None) -> None:
    if amount is None:
        with pytest.raises(Refused):
            parse_money(text)
    else:
        assert parse_money(text) == amount


def test_nothing_typed_is_not_zero() -> None:
    assert parse_money("  ") is None


@given(st.integers(0, 10**15))
def test_money_written_exactly_is_read_back(value: int) -> None:
    for language in ("vi", "en"):
        text = exactly(Decimal(value), "VND", language)
        assert parse_money(text.removeprefix("VND ")) == value


GOOD = ProgrammeFacts(
    1, "Phường kiểu mẫu", "Model ward", "Danh hiệu", "Title", "KH 01", 3, (), 2023, 2030, 12
)
SEAT = SeatFacts(1, "steering", "head", "Phó Chủ tịch UBND", None, "", APRIL, None)
STAGE = StageFacts(1, "Thí điểm", APRIL, OCTOBER, None, None)
LINE = LineFacts(1, 2023, "Trụ sở", "", "VND", Decimal(1), None, Decimal(0), None)
FAULTS = [
    (GOOD, []),
    (ProgrammeFacts(1, "", "", "", "", "", 3, (), 2023, 2022, 0),
     ["no-name", "no-legal-basis", "years-turned-around", "title-without-time"]),
    (SetFacts(1, 2023), []),
    (SetFacts(1, 23), ["no-year"]),
    (SEAT, []),
    (SeatFacts(1, "steering", "head", "", None, "", OCTOBER, APRIL), ["no-post", "days-turned-around"]),
    (STAGE, []),
    (StageFacts(1, "", OCTOBER, APRIL, APRIL, None), ["no-name", "days-turned-around", "done-before-begun"]),
    (TargetFacts(1, 2025, Decimal("0.3")), []),
    (TargetFacts(1, 2025, Decimal(1)), []),
    (TargetFacts(1, 2025, Decimal(0)), ["not-a-share"]),
    (TargetFacts(1, 20250, Decimal("1.01")), ["no-year", "not-a-share"]),
    (LINE, []),
    (LineFacts(1, 2023, "", "", "VND", Decimal(-1), Decimal("0.5"), None, None),
     ["no-purpose", "below-zero", "not-whole"]),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "codes"), FAULTS)
def test_what_cannot_be(facts: SetFacts, codes: list[str]) -> None:
    assert [one.code for one in facts.faults()] == codes
