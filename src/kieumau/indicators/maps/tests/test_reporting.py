"""Who reported: five others missing is a difference, whatever the counts; on every map, at every level."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from kieumau.formulas.values import State
from kieumau.indicators.maps.queries import YearOnYear, year_on_year
from kieumau.indicators.maps.redefining import concerning, note_redefinition, rests_on
from kieumau.indicators.maps.rules import REPORTED, Map, Mark, Redefined
from kieumau.indicators.tests.cast import Country, at, operand
from kieumau.kernel.messages import Text
from kieumau.units.models import Unit

pytestmark = pytest.mark.django_db

TODAY = Map(date(2026, 11, 22))
NOW, BEFORE = "2026-03", "2025-03"  # C15 was made of C13 and C14 in July 2025
ALL_NOW, ALL_BEFORE = ("C11", "C12", "C15", "C21", "C22"), ("C11", "C12", "C13", "C14", "C21", "C22")


def report(country: Country, lacking_now: Iterable[str], lacking_before: Iterable[str]) -> None:
    """Everybody reports both months but these; a code refuses, with a minus it sends nothing."""
    rows: list[tuple[str, str, str, object]] = []
    for month, everybody, lacking in ((NOW, ALL_NOW, lacking_now), (BEFORE, ALL_BEFORE, lacking_before)):
        refused = set(lacking)
        silent = {code.removeprefix("-") for code in refused if code.startswith("-")}
        for code in everybody:
            if code not in silent:
                rows.append((month, code, "crime.occurred", State.REFUSED if code in refused else 5))
    country.record(*rows)


def compared(key: str, on: Map, indicator: str = "crime.occurred") -> YearOnYear:
    unit = Unit.objects.get(key=f"m/{key}").pk
    return year_on_year(unit, [indicator], operand("people", NOW).window, on)[indicator]


@pytest.mark.parametrize(
    ("now", "before", "nation", "province"),
    [
        ([], [], "", ""),
        # The same commune lacks both times: the two months compare.
        (["-C11"], ["-C11"], "", ""),
        # As many, but another one.
        (["-C11"], ["-C12"], "2", "2"),
        (["-C11"], ["-C21"], "≥2", "+"),
        # A refusal is no figure; whether refused or silent, it lacks.
        (["C11"], ["-C11"], "", ""),
        (["C11"], ["C12"], "2", "2"),
        (["C11"], [], "+", "+"),
        # Of today's C15 all lacks now, and all of the two of then; or one of the two.
        (["-C15"], ["-C13", "-C14"], "", ""),
        (["-C15"], ["-C13"], "1", "1"),
    ],
)
def test_who_reported_is_compared_on_the_map(
    country: Country, now: list[str], before: list[str], nation: str, province: str
) -> None:
    report(country, now, before)
    for key, expected in (("N", nation), ("P1", province)):
        for on in (TODAY, REPORTED):
            judged = compared(key, on).judged
            assert (judged.mark is Mark.COMPLETENESS) == bool(expected), (key, on)
            count = expected.replace("≥", "ít nhất ")
            assert (f"khác nhau ở {count} đơn vị" in judged.why.vi) == (expected not in {"", "+"})


@pytest.mark.parametrize(
    ("now", "before", "nation"),
    [
        # What lacks, by month: “02 C11” is C11 in February.
        (["02 C11"], ["02 C11"], ""),
        (["02 C11", "03 C11"], ["02 C11", "03 C11"], ""),
        # The same commune, but in another month: the kept totals of its province prove it.
        (["02 C11"], ["03 C11"], "≥1"),
        (["02 C11", "03 C21"], ["02 C21", "03 C11"], "≥2"),
        # The province lacks in the same months, as many: only its communes tell.
        (["02 C11", "03 C11"], ["02 C12", "03 C12"], "2"),
        (["02 C11", "03 C21"], ["02 C12", "03 C21"], "2"),
    ],
)
def test_months_of_a_window_are_compared_one_by_one(
    country: Country, now: list[str], before: list[str], nation: str
) -> None:
    for year, everybody, lacking in (("2026", ALL_NOW, now), ("2025", ALL_BEFORE, before)):
        country.record(
            *(
                (f"{year}-{month}", code, "crime.occurred", 5)
                for month in ("02", "03")
                for code in everybody
                if f"{month} {code}" not in lacking
            )
        )
    unit = Unit.objects.get(key="m/N").pk
    window = operand("crime.occurred", "2026-02", to="2026-03").window
    for on in (TODAY, REPORTED):
        judged = year_on_year(unit, ["crime.occurred"], window, on)["crime.occurred"].judged
        assert (judged.mark is Mark.COMPLETENESS) == bool(nation), judged.why.vi
        assert (f"khác nhau ở {nation.replace('≥', 'ít nhất ')} đơn vị" in judged.why.vi) == bool(nation)


def test_a_commune_made_of_two_of_which_one_had_not_reported(country: Country) -> None:
    report(country, [], ["-C13"])
    found = compared("C15", TODAY)
    assert found.mark is Mark.COMPLETENESS
    assert [one.mark for one in found.judged.every] == [Mark.COMPLETENESS, Mark.WHOLE]
    assert found.judged.why.vi == "Kỳ này có 1/1 số liệu, cùng kỳ 1/2."


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("crime", {"crime"}),
        ("crime.total", {"crime.total", "crime.a", "crime.b"}),
        # Spelled alike is not named: neither `crime` nor `crime.total`.
        ("rate", {"rate", "crime.total.old", "people"}),
        ("twice", {"twice", "rate", "crime.total.old", "people", "crime.total", "crime.a", "crime.b"}),
    ],
)
def test_redefinitions_are_matched_by_code(country: Country, code: str, found: set[str]) -> None:
    formulas = {
        "crime": "", "crime.a": "", "crime.b": "", "people": "", "crime.total.old": "",
        "crime.total": "crime.a + crime.b",
        "rate": "crime.total.old / people",
        "twice": "rate * crime.total",
    }  # fmt: skip
    like = country.indicators["people"]
    known = {each: replace(like, code=each, formula=formula) for each, formula in formulas.items()}
    assert set(rests_on(code, known)) == found
    noted = {each: [Redefined(date(2026, 1, 1), Text(vi=each, en=each))] for each in formulas}
    assert {one.note.vi for one in concerning(code, known, noted)} == found


def test_a_definition_that_changed_inside_the_earlier_year(country: Country) -> None:
    report(country, [], [])
    note = Text(vi="gồm cả vụ nhỏ", en="small cases too")
    note_redefinition(indicator="crime.occurred", since=date(2025, 3, 15), note=note, actor="x", now=at(1))
    found = compared("C11", TODAY)
    assert found.mark is Mark.DEFINITION
    assert found.judged.why.vi == "Từ 15/3/2025 chỉ tiêu được tính khác: gồm cả vụ nhỏ."
    assert compared("C11", TODAY, "people").mark is not Mark.DEFINITION
