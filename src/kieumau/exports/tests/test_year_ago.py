"""A year ago beside every figure: its number, the change, and how far the two compare."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kieumau.calendars.library import calendar
from kieumau.exports.asking import ask
from kieumau.exports.blocks import figure_blocks
from kieumau.exports.rows import BY_MARK, FigureRow
from kieumau.indicators.actions import open_source, remove_figures
from kieumau.indicators.maps.queries import year_on_year
from kieumau.indicators.maps.redefining import note_redefinition
from kieumau.indicators.maps.rules import REPORTED, map_of_today
from kieumau.kernel.messages import Text
from kieumau.quality.tests.country import NOW, Country, period

TODAY = date(2026, 7, 20)


def rows(**words: Any) -> list[FigureRow]:
    asked = ask(**{"indicators": ["theft"], "period": "2026-05", "today": TODAY, "language": "en", **words})
    return [row for block in figure_blocks(asked) for row in block]


def told(unit: str, **words: Any) -> FigureRow:
    return next(row for row in rows(**words) if row.unit == unit)


@pytest.mark.parametrize(
    ("unit", "on", "mark", "has_number"),
    [
        # A13 and A14 became A15 on 1 July 2025
        ("A01", "reported", "as-reported", True),
        ("A01", "today", "same-territory", True),
        ("A15", "reported", "not-comparable", False),
        ("A15", "today", "whole-predecessors", True),
    ],
)
def test_a_merged_ward_has_a_year_ago_on_todays_map(
    country: Country, unit: str, on: str, mark: str, has_number: bool
) -> None:
    row = told(unit, on=on)
    assert (row.year_ago_comparability, row.year_ago is not None) == (mark, has_number)
    assert row.year_ago_note
    assert (row.change is not None) == has_number


def test_the_change_is_exact_to_twelve_places(country: Country) -> None:
    row = told("A15", on="today")
    assert row.value is not None
    assert row.year_ago is not None
    exact = (Fraction(row.value) - Fraction(row.year_ago)) / Fraction(row.year_ago)
    assert row.change is not None
    assert abs(Fraction(row.change) - exact) <= Fraction(1, 2 * 10**12)


def test_who_is_missing_is_counted_and_marked(country: Country) -> None:
    ago = period(2025, 5)
    remove_figures(
        [(ago, country.units["A01"], country.indicators["theft"])],
        source=open_source(name="bỏ", recorded_at=NOW),
    )
    ward = told("A01")
    assert (ward.year_ago, ward.year_ago_state, ward.year_ago_comparability) == (
        None,
        "missing",
        "completeness-differs",
    )
    province = told("P1", level="province", on="today")
    assert (province.reported, province.expected) == (13, 13)
    assert (province.year_ago_reported, province.year_ago_expected) == (13, 14)
    assert province.year_ago_comparability == "completeness-differs"
    assert "13 of 14" in province.year_ago_note


def test_what_was_counted_otherwise_in_between_is_marked_with_its_note(country: Country) -> None:
    note = Text(vi="Tính cả vụ nhỏ.", en="Small cases count.")
    note_redefinition(indicator="theft", since=date(2025, 9, 1), note=note, actor="an", now=NOW)
    row = told("A01")
    assert row.year_ago_comparability == "definition-changed"
    assert "Small cases count." in row.year_ago_note


def test_it_can_be_left_out(country: Country) -> None:
    row = told("A01", with_year_ago=False)
    assert (row.year_ago, row.change, row.year_ago_state, row.year_ago_reported) == (None, None, "", None)


@pytest.mark.parametrize("level", ["commune", "province", "nation"])
@pytest.mark.parametrize("on", ["reported", "today"])
@pytest.mark.parametrize("asked", ["2026-05", "2026-Q2"])
def test_a_list_says_what_a_single_look_up_says(country: Country, level: str, on: str, asked: str) -> None:
    window = calendar("civil").window(asked)
    shown = REPORTED if on == "reported" else map_of_today(TODAY)
    codes = ["theft", "people", "theft.share"]
    for row in rows(indicators=codes, period=asked, level=level, on=on):
        one = year_on_year(country.units[row.unit], [row.indicator], window, shown)[row.indicator]
        assert (row.year_ago and Fraction(row.year_ago)) == (
            one.before.value and Fraction(row.year_ago or Decimal(0))
            if row.year_ago_fraction
            else one.before.value
        ), row
        if one.before.value is not None:
            expected = BY_MARK[one.judged.mark].value
            assert row.year_ago_comparability in {expected, "as-reported"}, (row, replace(one.judged))
