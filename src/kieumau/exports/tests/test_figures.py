"""Exports of figures: every row says what it is, on every map, and says the same as a single look-up."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.calendars.library import calendar
from kieumau.exports.asking import ask
from kieumau.exports.blocks import Reading, figure_blocks
from kieumau.exports.rows import BY_MARK, FIGURE_COLUMNS, STATES, FigureRow, written
from kieumau.formulas.windows import Operand
from kieumau.indicators.maps.queries import values_on_map
from kieumau.indicators.maps.redefining import note_redefinition
from kieumau.indicators.maps.rules import REPORTED, map_of_today
from kieumau.kernel.messages import Refused, Text
from kieumau.quality.tests.country import NOW, Country

TODAY = date(2026, 7, 20)
WORDS: dict[str, Any] = {"indicators": ["theft"], "period": "2025-06..2025-07", "today": TODAY}


def rows(**words: Any) -> list[FigureRow]:
    """All rows of an export."""
    return [row for block in figure_blocks(ask(**{**WORDS, **words})) for row in block]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        # what it is exactly, the decimal, the fraction where the decimal is not all of it
        (Decimal("12.50"), (Decimal("12.50"), "")),
        (Fraction(5, 4), (Decimal("1.25"), "")),
        (Fraction(-3), (Decimal(-3), "")),
        (Fraction(1, 3), (Decimal("0.333333333333"), "1/3")),
        (Fraction(-2, 3), (Decimal("-0.666666666667"), "-2/3")),
        (Fraction(10**20) + Fraction(1, 2), (Decimal("100000000000000000000.5"), "")),
    ],
)
def test_a_number_is_exact_or_says_what_it_is(number: Fraction, said: tuple[Decimal, str]) -> None:
    assert written(number) == said


def test_the_columns_are_the_fields() -> None:
    assert tuple(column.name for column in FIGURE_COLUMNS) == FigureRow._fields


def test_a_row_says_everything(country: Country) -> None:
    first = rows(language="en")[0]
    assert first._asdict() == {
        "unit": "A01",
        "unit_name": "Phố A01 Ward",
        "level": "commune",
        "indicator": "theft",
        "indicator_name": "Theft",
        "measure": "cases",
        "calendar": "civil",
        "period": "2025-06",
        "period_start": date(2025, 6, 1),
        "period_end": date(2025, 6, 30),
        "value": Decimal(23),
        "fraction": "",
        "state": "value",
        "map": "reported",
        "comparability": "as-reported",
        "comparability_note": "as it was reported",
        "reported": 1,
        "expected": 1,
        "source": "báo cáo tháng",
        "year_ago": None,
        "year_ago_fraction": "",
        "year_ago_state": "missing",
        "change": None,
        "year_ago_reported": 0,
        "year_ago_expected": 1,
        "year_ago_comparability": "completeness-differs",
        "year_ago_note": "1 of 1 figures are there, a year ago 0 of 1.",
        "known_on": None,
    }


def test_three_maps_tell_three_stories_of_a_merger(country: Country) -> None:
    """A13 and A14 became A15 on 1 July 2025."""

    def told(on: str) -> list[tuple[str, str, str]]:
        return [
            (row.period, row.unit, row.comparability)
            for row in rows(on=on)
            if row.unit in ("A13", "A14", "A15")
        ]

    assert told("reported") == [
        ("2025-06", "A13", "as-reported"),
        ("2025-06", "A14", "as-reported"),
        ("2025-07", "A15", "as-reported"),
    ]
    assert told("today") == [
        ("2025-06", "A15", "whole-predecessors"),
        ("2025-07", "A15", "same-territory"),
    ]
    assert [unit for _, unit, _ in told("2025-06-30")] == ["A13", "A14", "A13", "A14"]


@pytest.mark.parametrize("level", ["commune", "province", "nation"])
@pytest.mark.parametrize("on", ["reported", "today"])
@pytest.mark.parametrize("period", ["2025-06", "2025-Q2", "2025-H2"])
def test_an_export_says_what_a_single_look_up_says(
    country: Country, level: str, on: str, period: str
) -> None:
    window = calendar("civil").window(period)
    shown = REPORTED if on == "reported" else map_of_today(TODAY)
    found = rows(indicators=["theft", "people", "mood"], period=period, level=level, on=on)
    assert found
    for row in found:
        operand = Operand(row.indicator, window)
        one = values_on_map(country.units[row.unit], [operand], shown)[operand]
        assert row.state == STATES[one.state], row
        assert (row.value and Fraction(row.value)) == one.value, row
        if row.state == "value" and on == "today":
            assert row.comparability == BY_MARK[one.mark].value, row


def test_rates_are_worked_out_on_the_map(country: Country) -> None:
    now = {row.indicator: row for row in rows(indicators=["theft", "fraud", "theft.share"], period="2025-06",
                                              on="today") if row.unit == "A15"}  # fmt: skip
    theft, fraud = (Fraction(now[code].value or 0) for code in ("theft", "fraud"))
    share = now["theft.share"]
    assert Fraction(share.fraction or share.value or 0) == theft / (theft + fraud)
    assert share.comparability == "whole-predecessors"


def test_what_was_counted_otherwise_is_marked(country: Country) -> None:
    note = Text(vi="Tính cả vụ nhỏ.", en="Small cases count.")
    note_redefinition(indicator="theft", since=date(2025, 7, 1), note=note, actor="an", now=NOW)
    marks = {(row.period, row.comparability) for row in rows()}
    assert marks == {("2025-06", "definition-changed"), ("2025-07", "as-reported")}


def test_an_export_is_of_a_subtree_and_of_kinds_of_indicators(country: Country) -> None:
    assert {row.unit[0] for row in rows(within="P2")} == {"B"}
    assert {row.indicator for row in rows(indicators=["the*"], within="P2")} == {"theft", "theft.share"}
    assert {row.indicator for row in rows(indicators=["main"], within="P2")} == {
        "theft", "fraud", "fires", "tips", "visits"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"indicators": ["thefts"]}, "unknown-indicator"),
        ({"indicators": []}, "no-indicator"),
        ({"period": "2025-13"}, "unknown-period"),
        ({"period": "2025-07..2025-06"}, "bad-range"),
        ({"period": "2025-06..2025-Q3"}, "bad-range"),
        ({"period": "tt124-commune:2025"}, "other-rhythm"),
        ({"level": "hamlet"}, "unknown-level"),
        ({"on": "yesterday"}, "unknown-map"),
        ({"within": "P9"}, "unknown-unit"),
    ],
)
def test_what_cannot_be_asked_is_said(country: Country, words: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        rows(**words)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_several_mistakes_are_said_at_once(country: Country) -> None:
    with pytest.raises(Refused) as caught:
        rows(indicators=["thefts", "frauds"], level="hamlet", on="yesterday")
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize("on", ["reported", "today"])
def test_queries_follow_blocks_not_units(country: Country, on: str) -> None:
    def count(**words: Any) -> int:
        asked = ask(**{**WORDS, "on": on, **words})
        with CaptureQueriesContext(connection) as queries:
            list(Reading(asked).blocks())
        return len(queries)

    values_on_map(country.units["N"], [], map_of_today(TODAY))
    assert count(within="P1", period="2025-07") == count(
        within="P1", period="2025-07", indicators=["theft", "tips"]
    )
    assert count(period="2025-07") <= 12
