"""The same figures on several maps: mergers, splits, transfers, undoing; and what is said about them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kieumau.formulas.values import State
from kieumau.formulas.windows import Window
from kieumau.indicators.maps.queries import (
    YearOnYear,
    figure_on_map,
    series_on_map,
    year_on_year,
)
from kieumau.indicators.maps.redefining import note_redefinition
from kieumau.indicators.maps.rules import REPORTED, Map, Mark
from kieumau.indicators.tests.cast import Country, at, operand
from kieumau.kernel.messages import Text
from kieumau.units.actions import record_change, undo_change
from kieumau.units.models import Unit
from kieumau.units.rules import Act, Share, TermRow, even_shares

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)
NOW, THEN = Map(date(2026, 11, 22)), Map(date(2026, 2, 28))


def commune(key: str, name: str, parent: str = "P1", day: date = DAY, code: str = "") -> TermRow:
    return TermRow(f"m/{key}", "m", code or key, name, "xa", f"m/{parent}", day)


MERGER = Act(
    "merger", DAY, "NQ 9", ends=("m/C11", "m/C12"), begins=(commune("C19", "An Thi"),),
    shares=(*even_shares("m/C11", ["m/C19"]), *even_shares("m/C12", ["m/C19"])),
)  # fmt: skip
JOINING = Act(
    "joining", DAY, ends=("m/C12",), shares=even_shares("m/C12", ["m/C11"]),
)  # fmt: skip
SPLIT = Act(
    "split", DAY, ends=("m/C11",), begins=(commune("C17", "An Đông"), commune("C18", "An Tây")),
    shares=(Share("m/C11", "m/C17", Decimal("0.3"), "people"),
            Share("m/C11", "m/C18", Decimal("0.7"), "people")),
)  # fmt: skip
TRANSFER = Act(
    "transfer", DAY, ends=("m/C12",), begins=(commune("C12", "Ân Thi", "P2"),),
    shares=even_shares("m/C12", ["m/C12"]),
)  # fmt: skip


def window(code: str) -> Window:
    return operand("people", code).window


def unit(key: str) -> int:
    return Unit.objects.get(key=f"m/{key}").pk


def grown(country: Country, *keys: str) -> Country:
    """The country with units that acts have made."""
    return Country(country.units | {key: unit(key) for key in keys}, country.indicators)


def value(key: str, period: str, on: Map, indicator: str = "crime.occurred") -> Fraction | None:
    return figure_on_map(unit(key), indicator, window(period), on).value


def test_the_peers_fixture_adds_what_was_reported(country: Country) -> None:
    """A (10, 12) and B (11, 13) make 21 and 25, not 11 and 13; undoing restores everything."""
    country.record(*((month, code, "crime.occurred", number) for code, month, number in (
        ("C11", "2026-01", 10), ("C11", "2026-02", 12),
        ("C12", "2026-01", 11), ("C12", "2026-02", 13))))  # fmt: skip
    record_change(act=MERGER, actor=None)
    assert [value("C19", month, NOW) for month in ("2026-01", "2026-02")] == [21, 25]
    assert [value("C11", month, REPORTED) for month in ("2026-01", "2026-02")] == [10, 12]
    assert [value("C12", month, THEN) for month in ("2026-01", "2026-02")] == [11, 13]
    found = figure_on_map(unit("C19"), "crime.occurred", window("2026-01"), NOW)
    assert found.mark is Mark.WHOLE
    assert found.judged.why.vi == "Gồm trọn phường An Bình và xã Ân Thi."
    assert [(one.unit_id, one.total, one.acts) for one in found.origins] == [
        (unit("C11"), Fraction(10), ("NQ 9",)), (unit("C12"), Fraction(11), ("NQ 9",)),
    ]  # fmt: skip
    undo_change(key="merger", actor=None)
    assert [value("C11", month, NOW) for month in ("2026-01", "2026-02")] == [10, 12]
    assert figure_on_map(unit("C19"), "crime.occurred", window("2026-01"), NOW).mark is Mark.NOT_COMPARABLE


def test_a_merger_into_a_live_unit_adds_too(country: Country) -> None:
    """22 into a live unit with 1,800 is 1,822, not 22."""
    country.record(("2026-02", "C11", "people", 1800), ("2026-02", "C12", "people", 22))
    country.record(("2026-03", "C11", "people", 1830))
    record_change(act=JOINING, actor=None)
    assert value("C11", "2026-02", NOW, "people") == 1822
    assert value("C11", "2026-02", REPORTED, "people") == 1800
    assert value("C11", "2026-03", NOW, "people") == 1830
    months = [window("2026-02"), window("2026-03")]
    series = series_on_map(unit("C11"), "people", months, NOW)
    assert [series[month].mark for month in months] == [Mark.WHOLE, Mark.SAME]
    # Back on the map of before: nobody knows better than halves, and the sum stays what it was.
    assert [value(key, "2026-03", THEN, "people") for key in ("C11", "C12")] == [915, 915]


def test_a_split_is_estimated_by_the_stated_shares(country: Country) -> None:
    country.record(("2026-02", "C11", "crime.occurred", 10), ("2026-02", "C11", "crime.solved", 7))
    record_change(act=SPLIT, actor=None)
    assert [value(key, "2026-02", NOW) for key in ("C17", "C18")] == [3, 7]
    found = figure_on_map(unit("C17"), "crime.occurred", window("2026-02"), NOW)
    assert found.mark is Mark.ESTIMATED
    assert found.judged.why.vi == "Ước tính: gồm 30 % phường An Bình (theo dân số)."
    # A rate is worked out from its parts on the same map.
    assert value("C17", "2026-02", NOW, "crime.clearance") == Fraction(7, 10)
    grown(country, "C17", "C18").record(
        ("2026-03", "C17", "crime.occurred", 4), ("2026-03", "C18", "crime.occurred", 5)
    )
    assert value("C11", "2026-03", THEN) == 9
    assert figure_on_map(unit("C11"), "crime.occurred", window("2026-03"), THEN).mark is Mark.WHOLE


def test_a_window_that_straddles_an_act_is_tiled_by_its_periods(country: Country) -> None:
    for month in ("2026-01", "2026-02"):
        country.record((month, "C11", "crime.occurred", 10), (month, "C12", "crime.occurred", 1))
    record_change(act=MERGER, actor=None)
    grown(country, "C19").record(("2026-03", "C19", "crime.occurred", 100))
    quarter = window("2026-Q1")
    found = figure_on_map(unit("C19"), "crime.occurred", quarter, NOW)
    assert (found.value, found.mark) == (Fraction(122), Mark.WHOLE)
    assert found.amount.expected == 5
    # On the old map March is handed back by halves.
    assert figure_on_map(unit("C11"), "crime.occurred", quarter, THEN).value == 70


def test_one_missing_part_makes_the_whole_missing(country: Country) -> None:
    country.record(("2026-02", "C11", "crime.occurred", 10), ("2026-01", "C11", "crime.occurred", 5),
                   ("2026-01", "C12", "crime.occurred", State.REFUSED))  # fmt: skip
    record_change(act=MERGER, actor=None)
    found = [
        figure_on_map(unit("C19"), "crime.occurred", window(month), NOW) for month in ("2026-02", "2026-01")
    ]
    assert [one.state for one in found] == [State.MISSING, State.REFUSED]
    assert (found[0].amount.reported, found[0].amount.expected) == (1, 2)


def test_what_does_not_add_up_is_not_added(country: Country) -> None:
    country.record(
        ("2026-02", "C11", "rank", 3), ("2026-02", "C12", "rank", 4), ("2026-02", "C15", "rank", 5)
    )
    record_change(act=MERGER, actor=None)
    found = figure_on_map(unit("C19"), "rank", window("2026-02"), NOW)
    assert (found.state, found.mark) == (State.MISSING, Mark.NOT_COMPARABLE)
    assert value("C15", "2026-02", NOW, "rank") == 5


def every_commune(country: Country, month: str, numbers: list[int]) -> None:
    codes = ("C11", "C12", "C15", "C21", "C22")
    country.record(
        *((month, code, "crime.occurred", number) for code, number in zip(codes, numbers, strict=True))
    )


def test_provinces_and_the_nation_on_every_map(country: Country) -> None:
    every_commune(country, "2026-02", [1, 10, 100, 1000, 10000])
    every_commune(country, "2026-04", [2, 20, 200, 2000, 20000])
    record_change(act=TRANSFER, actor=None)
    on = {
        map_.word: [value(key, "2026-02", map_) for key in ("P1", "P2", "N")]
        for map_ in (REPORTED, THEN, NOW)
    }
    assert on == {
        "reported": [111, 11000, 11111],
        THEN.word: [111, 11000, 11111],
        NOW.word: [101, 11010, 11111],
    }
    assert [value(key, "2026-04", THEN) for key in ("P1", "P2", "N")] == [222, 22000, 22222]
    found = figure_on_map(unit("P2"), "crime.occurred", window("2026-02"), NOW)
    assert found.mark is Mark.WHOLE
    assert found.judged.why.vi == "Gồm trọn tỉnh Đông Hải và xã Ân Thi."
    given = figure_on_map(unit("P1"), "crime.occurred", window("2026-02"), NOW)
    assert given.judged.why.vi == "Cùng địa bàn."


def test_a_district_that_is_no_more_on_its_own_map(country: Country) -> None:
    country.record(("2026-02", "C11", "crime.occurred", 4), ("2026-02", "C12", "crime.occurred", 5))
    assert value("D1", "2026-02", Map(date(2025, 6, 30))) == 9
    assert figure_on_map(unit("D1"), "crime.occurred", window("2026-02"), NOW).mark is Mark.NOT_COMPARABLE


def pair(key: str, on: Map, indicator: str = "crime.occurred", period: str = "2026-03") -> YearOnYear:
    return year_on_year(unit(key), [indicator], window(period), on)[indicator]


def test_a_year_ago_on_todays_map(country: Country) -> None:
    country.record(
        *(("2025-03", code, "crime.occurred", 5) for code in ("C11", "C12", "C13", "C14", "C21", "C22"))
    )
    country.record(*(("2026-03", code, "crime.occurred", 8) for code in ("C11", "C12", "C15", "C21", "C22")))
    merged = pair("C15", NOW)
    assert (merged.now.value, merged.before.value, merged.change) == (
        Fraction(8),
        Fraction(10),
        Fraction(-1, 5),
    )
    assert (merged.mark, merged.judged.why.vi) == (Mark.WHOLE, "Gồm trọn phường Cần Thơ và xã Đại Lộc.")
    assert pair("C11", NOW).mark is Mark.SAME
    reported = pair("C15", REPORTED)
    assert (reported.mark, reported.before.state) == (Mark.NOT_COMPARABLE, State.MISSING)
    assert reported.judged.why.vi.startswith("Khi đó địa bàn thuộc")
    province = pair("P1", NOW)
    assert (province.now.value, province.before.value, province.mark) == (
        Fraction(24),
        Fraction(20),
        Mark.SAME,
    )
    assert pair("P1", REPORTED).mark is Mark.SAME
    assert (pair("N", NOW).mark, pair("N", NOW).before.value) == (Mark.SAME, Fraction(30))
    assert pair("N", NOW).before.value == pair("N", REPORTED).before.value


def test_other_marks_of_a_pair(country: Country) -> None:
    country.record(("2025-03", "C11", "crime.occurred", 5), ("2026-03", "C11", "crime.occurred", 8))
    country.record(("2026-03", "C12", "crime.occurred", 8))
    assert pair("C12", NOW).mark is Mark.COMPLETENESS
    note = Text(vi="gồm cả vụ nhỏ.", en="small cases too.")
    note_redefinition(indicator="crime.occurred", since=date(2025, 7, 1), note=note, actor="x", now=at(1))
    assert pair("C11", NOW).mark is Mark.DEFINITION
    assert pair("C11", NOW, "crime.clearance").judged.why.vi.endswith("gồm cả vụ nhỏ.")


def test_a_page_of_indicators_takes_few_queries(
    country: Country, django_assert_max_num_queries: object
) -> None:
    every_commune(country, "2026-02", [1, 10, 100, 1000, 10000])
    record_change(act=TRANSFER, actor=None)
    codes = ["crime.occurred", "crime.solved", "crime.clearance", "people"]
    for key in ("C12", "P2", "N"):
        year_on_year(unit(key), codes, window("2026-02"), NOW)
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            year_on_year(unit(key), codes, window("2026-02"), NOW)
