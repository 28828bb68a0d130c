"""How far two figures compare, as tables: who reported, what was redefined, everything that is told."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.indicators.maps.comparing import (
    Lacking,
    Who,
    all_of,
    change_between,
    differing,
    mark_of_pair,
    rose_from_zero,
)
from kieumau.indicators.maps.rules import Amount, Judged, Mark, Redefined
from kieumau.kernel.messages import Text

SAME, WHOLE = (Judged(mark, Text(vi=mark.name, en=mark.name)) for mark in (Mark.SAME, Mark.WHOLE))
NOT = Judged(Mark.NOT_COMPARABLE, SAME.why)
ALL, HALF = Amount(Fraction(9), 4, expected=4), Amount(Fraction(9), 2, expected=4)
REFUSED = Amount(Fraction(9), 3, refused_count=1, expected=4)
OTHER_SIZE, NOBODY = Amount(Fraction(9), 8, expected=8), Amount(expected=4)
NOTE = Text(vi="gồm cả vụ nhỏ.", en="small cases too.")
SPAN = date(2024, 1, 1), date(2025, 9, 14)
ANYBODY, SOMEBODY, AT_LEAST = Who(0), Who(10), Who(3, is_least=True)


@pytest.mark.parametrize(
    ("now", "before", "who", "mark", "vi"),
    [
        (ALL, ALL, None, Mark.SAME, "SAME"),
        (ALL, OTHER_SIZE, None, Mark.SAME, "SAME"),
        (ALL, HALF, None, Mark.COMPLETENESS, "Kỳ này có 4/4 số liệu, cùng kỳ 2/4."),
        # As many are not the same ones.
        (HALF, HALF, ANYBODY, Mark.SAME, "SAME"),
        (HALF, HALF, SOMEBODY, Mark.COMPLETENESS,
         "Kỳ này có 2/4 số liệu, cùng kỳ 2/4, khác nhau ở 10 đơn vị."),
        (HALF, HALF, AT_LEAST, Mark.COMPLETENESS,
         "Kỳ này có 2/4 số liệu, cùng kỳ 2/4, khác nhau ở ít nhất 3 đơn vị."),
        (HALF, HALF, None, Mark.COMPLETENESS,
         "Kỳ này có 2/4 số liệu, cùng kỳ 2/4; chưa so được có phải cùng những đơn vị đó không."),
        # A refusal is no figure.
        (REFUSED, ALL, None, Mark.COMPLETENESS, "Kỳ này có 3/4 số liệu (1 bị từ chối), cùng kỳ 4/4."),
        (ALL, NOBODY, None, Mark.COMPLETENESS, "Kỳ này có 4/4 số liệu, cùng kỳ 0/4."),
        # Where nothing was expected there is nothing to lack.
        (ALL, Amount(), None, Mark.SAME, "SAME"),
        (NOBODY, NOBODY, None, Mark.SAME, "SAME"),
    ],
)  # fmt: skip
def test_who_reported(now: Amount, before: Amount, who: Who | None, mark: Mark, vi: str) -> None:
    judged = mark_of_pair([SAME], now, before, SPAN, (), who)
    assert (judged.mark, judged.why.vi) == (mark, vi)


def test_large_counts_are_written_as_numbers() -> None:
    now, before = Amount(Fraction(9), 3_299, expected=3_321), Amount(Fraction(9), 9_974, 0, 1, 10_035)
    said = mark_of_pair([SAME], now, before, SPAN, (), Who(1_100)).why
    assert said.vi == (
        "Kỳ này có 3.299/3.321 số liệu, cùng kỳ 9.974/10.035 (1 bị từ chối), khác nhau ở 1.100 đơn vị."
    )
    assert "3,299 of 3,321 figures" in said.en


def test_who_reported_in_english() -> None:
    assert mark_of_pair([SAME], HALF, REFUSED, SPAN, (), AT_LEAST).why.en == (
        "2 of 4 figures are there, a year ago 3 of 4 (1 refused); "
        "they differ in who reported for at least 3 units."
    )


def lacking(of: int, *units: int) -> Lacking:
    return Lacking(frozenset(units), of)


@pytest.mark.parametrize(
    ("now", "before", "count"),
    [
        ({}, {}, 0),
        # The same commune is missing both times; another one is.
        ({(1, 0): lacking(1, 1)}, {(1, 0): lacking(1, 1)}, 0),
        ({(1, 0): lacking(1, 1)}, {(2, 0): lacking(1, 2)}, 2),
        # 95 of 100 both times, but five others.
        ({(unit, 0): lacking(1, unit) for unit in range(5)},
         {(unit, 0): lacking(1, unit) for unit in range(5, 10)}, 10),
        # In another month of the window.
        ({(1, 0): lacking(1, 1)}, {(1, 1): lacking(1, 1)}, 1),
        # A unit made of three: all three of then and the one of now lack, or only a part of then.
        ({(9, 0): lacking(1, 9)}, {(9, 0): lacking(3, 1, 2, 3)}, 0),
        ({(9, 0): lacking(1, 9)}, {(9, 0): lacking(3, 1)}, 1),
        ({}, {(9, 0): lacking(3, 1)}, 1),
        # Of the same three another one.
        ({(9, 0): lacking(3, 1)}, {(9, 0): lacking(3, 2)}, 1),
        ({(9, 0): lacking(3, 1)}, {(9, 0): lacking(3, 1)}, 0),
        # A unit that was made anew of one: who it was does not matter.
        ({(9, 0): lacking(1, 9)}, {(9, 0): lacking(1, 4)}, 0),
    ],
)  # fmt: skip
def test_units_are_compared_on_the_map(
    now: dict[tuple[int, int], Lacking], before: dict[tuple[int, int], Lacking], count: int
) -> None:
    assert differing(now, before) == differing(before, now) == count


UNITS = st.frozensets(st.integers(0, 9))


@given(UNITS, UNITS)
def test_without_mergers_it_is_the_symmetric_difference(now: frozenset[int], before: frozenset[int]) -> None:
    sides = [{(unit, 0): lacking(1, unit) for unit in side} for side in (now, before)]
    assert differing(*sides) == len(now ^ before)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([], ANYBODY),
        ([ANYBODY], ANYBODY),
        ([ANYBODY, None], None),
        ([SOMEBODY], SOMEBODY),
        ([SOMEBODY, None], Who(10, is_least=True)),
        ([SOMEBODY, AT_LEAST], Who(10, is_least=True)),
    ],
)
def test_what_is_made_of_several(parts: list[Who | None], found: Who | None) -> None:
    assert all_of(parts) == found


@pytest.mark.parametrize(
    ("since", "is_told"),
    [
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), False),  # both under the new rule, whole
        (date(2024, 6, 1), True),  # inside the earlier window
        (date(2025, 3, 1), True),
        (date(2025, 9, 14), True),  # on the last day of the later one
        (date(2025, 9, 15), False),
    ],
)
def test_a_definition_that_changed_within(since: date, is_told: bool) -> None:
    judged = mark_of_pair([SAME], ALL, ALL, SPAN, [Redefined(since, NOTE)])
    assert (judged.mark is Mark.DEFINITION) == is_told


def test_everything_is_told_the_weakest_first() -> None:
    judged = mark_of_pair([SAME, WHOLE, NOT], ALL, HALF, SPAN, [Redefined(date(2025, 3, 1), NOTE)])
    assert [one.mark for one in judged.every] == [
        Mark.NOT_COMPARABLE,
        Mark.COMPLETENESS,
        Mark.DEFINITION,
        Mark.WHOLE,
    ]
    assert judged.told.vi == (
        "SAME Kỳ này có 4/4 số liệu, cùng kỳ 2/4. Từ 1/3/2025 chỉ tiêu được tính khác: gồm cả vụ nhỏ. WHOLE"
    )


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [
        ("391", "434", "-43/434"),
        ("9398", "12407", "-3009/12407"),
        ("5", "0", None),
        ("0", "0", "0"),
        (None, "5", None),
        ("0", "5", "-1"),
    ],
)
def test_change(now: str | None, before: str, change: str | None) -> None:
    found = change_between(Fraction(now) if now else None, Fraction(before))
    assert found == (Fraction(change) if change else None)


@pytest.mark.parametrize(
    ("now", "before", "mark", "is_share", "change", "from_zero"),
    [
        (3, 0, Mark.SAME, False, None, True),  # said as “was 0 a year ago”
        (0, 0, Mark.SAME, False, Fraction(0), False),  # “unchanged”
        (3, 2, Mark.NOT_COMPARABLE, False, None, False),
        (3, 0, Mark.NOT_COMPARABLE, False, None, False),
        (3, 0, Mark.SAME, True, Fraction(3), True),  # of shares the difference
        (3, 2, Mark.COMPLETENESS, False, Fraction(1, 2), False),
    ],
)
def test_why_there_is_no_rate(
    now: int, before: int, mark: Mark, is_share: bool, change: Fraction | None, from_zero: bool
) -> None:
    pair = Fraction(now), Fraction(before)
    assert change_between(*pair, mark, is_share=is_share) == change
    assert rose_from_zero(*pair, mark) == from_zero
