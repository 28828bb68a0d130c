"""Units as people name them: line by line, every fault told."""

from datetime import date

import pytest

from kieumau.units.actions import load_rows
from kieumau.units.models import Unit
from kieumau.units.naming import typed, units_meant, units_named
from kieumau.units.queries import terms

TODAY = date(2026, 11, 22)
COUNTRY = [
    # code, name, kind, parent, last day but one
    ("VN", "Việt Nam", "quoc-gia", "", ""),
    ("92", "Cần Thơ", "thanh-pho", "VN", ""),
    ("38", "Thanh Hóa", "tinh", "VN", ""),
    ("31149", "Cái Khế", "phuong", "92", ""),
    ("31135", "An Hòa", "phuong", "92", "2025-07-01"),
    ("31150", "An Bình", "phuong", "92", ""),
    ("31174", "Mỹ Khánh", "xa", "92", ""),
    ("31200", "Thuận Hưng", "phuong", "92", ""),
    ("31201", "Thới Lai, Đông Bình", "xa", "92", ""),
    ("14812", "An Hưng", "phuong", "38", ""),
    ("14813", "An Bình", "xa", "38", ""),
    ("14814", "Đông Sơn", "phuong", "38", ""),
    ("14815", "Hạc Thành", "phuong", "38", ""),
    ("14816", "Hạc Thanh", "phuong", "38", ""),
]
# What is typed; the codes that are found; the codes of the problems.
TYPED = [
    ("14812", ["14812"], []),
    ("vn:14812", ["14812"], []),
    ("Phường An Hưng", ["14812"], []),
    ("an hung", ["14812"], []),
    ("AN HƯNG", ["14812"], []),
    ("14812\tPhường An Hưng\tThanh Hóa", ["14812"], []),
    ("1;14812;An Hưng", ["14812"], []),  # a number in front, as lists have it
    ("An Bình", [], ["ambiguous-unit"]),
    ("An Bình, Thanh Hóa", ["14813"], []),
    ("Xã An Bình", ["14813"], []),
    ("An Bình, thành phố Cần Thơ", ["31150"], []),
    ("An Binh Ward", ["31150"], []),
    ("14812, Đông Sơn", [], ["code-of-another"]),
    ("An Hòa", [], ["unknown-unit"]),  # is no more on that day
    ("Thanh Hóa", [], ["unknown-unit"]),  # of another level
    ("99999", [], ["unknown-unit"]),
    ("\n\n14814\n\nMỹ Khánh\n14814\n", ["14814", "31174"], []),
    ("a\nb\n14814", ["14814"], ["unknown-unit", "unknown-unit"]),
    ("Phường Cái Khế (31149)", ["31149"], []),  # as the pages write it
    ("An Bình (Thanh Hóa)", ["14813"], []),
    ("Thới Lai, Đông Bình", ["31201"], []),  # a name with a comma of its own
    ("Hưng", [], ["unknown-unit"]),  # a part of a name is no name
    ("Thuận", [], ["unknown-unit"]),
    ("Hạc Thành", ["14815"], []),  # spelled so
    ("hac thanh", [], ["ambiguous-unit"]),
    ("An Hưng, Cần Thơ", [], ["unknown-unit"]),  # of that name there is one, and it lies elsewhere
    ("An Hưng (99999)", [], ["unknown-unit"]),
    ("14812, 99999", [], ["code-of-another"]),
    ("14812;31149", [], ["code-of-another"]),
    ("14812, An Hưng, Cần Thơ", [], ["code-of-another"]),
    ("38;Thanh Hóa;14812;An Hưng", ["14812"], []),  # the province in front, as lists have it
    ("Thanh Hóa;14812", ["14812"], []),
    ("Cần Thơ;14812", [], ["code-of-another"]),
    ("Cần Thơ;An Bình", [], ["unknown-unit"]),
    ("Xã Thới Lai, Đông Bình (31201)", ["31201"], []),  # as the pages write it
    ("31201, Xã Thới Lai, Đông Bình", ["31201"], []),
    ("7;An Hưng", ["14812"], []),
    ("7.;;An Bình;Thanh Hóa", ["14813"], []),
    ("1;2;14812", ["14812"], []),
    ("99999;An Hưng", [], ["unknown-unit"]),
    (",", [], ["unknown-unit"]),
    ("", [], []),
    ("\x00", [], []),
]


@pytest.fixture(autouse=True)
def country(db: None) -> None:
    """Two provinces; one ward that is no more."""
    keys = ("code", "name", "kind", "parent", "valid_to")
    rows = [dict(zip(keys, row, strict=True)) | {"valid_from": "2020-01-01"} for row in COUNTRY]
    load_rows(rows, actor=None, register="vn")


@pytest.mark.parametrize(("text", "codes", "problems"), TYPED)
def test_units_named_by_people(text: str, codes: list[str], problems: list[str]) -> None:
    found = units_named(text, TODAY, level=3)
    assert [one.code for one in found.found] == codes
    assert [one.code for one in found.problems] == problems


# The same where units of every level are meant: provinces are then units like all others.
OF_ANY_LEVEL = [
    ("Cần Thơ", ["92"], []),
    ("Thành phố Cần Thơ (92)", ["92"], []),
    ("92, Thành phố Cần Thơ", ["92"], []),
    ("Phường Cái Khê X, Cần Thơ", [], ["unknown-unit"]),
    ("Phường Cái Khế, Cần Thơ", ["31149"], []),
    ("Phường Cái Khế (31149), Cần Thơ", ["31149"], []),
    ("Phường Cái Khế, Thanh Hóa", [], ["unknown-unit"]),
    ("An Hưng (99999)", [], ["unknown-unit"]),
    ("An Hưng (38)", ["14812"], []),  # the code of its province
    ("An Hưng (92)", [], ["code-of-another"]),
    ("An Bình, Thanh Hóa", ["14813"], []),
    ("An Bình, Việt Nam", [], ["unknown-unit"]),
    ("99999, Cần Thơ", [], ["unknown-unit"]),
    ("Cần Thơ, Thanh Hóa", [], ["unknown-unit"]),
    ("Cái Khế, An Bình", [], ["unknown-unit"]),
    ("92;14812", [], ["code-of-another"]),
    ("38;14812;An Hưng", ["14812"], []),
    ("1;Cần Thơ", ["92"], []),
    (";;Cần Thơ", ["92"], []),
    ("Việt Nam", ["VN"], []),
]


@pytest.mark.parametrize(("text", "codes", "problems"), OF_ANY_LEVEL)
def test_units_of_any_level_named_by_people(text: str, codes: list[str], problems: list[str]) -> None:
    found = units_named(text, TODAY)
    assert [one.code for one in found.found] == codes
    assert [one.code for one in found.problems] == problems


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_unit_is_found_as_the_pages_write_it(language: str) -> None:
    for unit in terms(TODAY).select_related("kind"):
        for written in (typed(unit, language), f"{unit.code}, {unit.full_name(language)}"):
            assert units_named(written, TODAY).ids == [unit.unit_id], written


def test_a_fault_names_its_line_and_what_was_perhaps_meant() -> None:
    (problem,) = units_named("14812\nAn Bình", TODAY, level=3).problems
    assert problem.place.row == 2
    assert "An Bình Ward (31150, Cần Thơ)" in problem.reason.en
    assert "Xã An Bình (14813, Thanh Hóa)" in problem.reason.vi


def test_units_out_of_reach_are_not_named() -> None:
    city = terms(TODAY).get(code="92")
    among = Unit.objects.filter(pk__in=terms(TODAY, city.path).values("unit_id"))
    found = units_named("An Bình\nAn Hưng", TODAY, among=among)
    assert [one.code for one in found.found] == ["31150"]
    assert [one.code for one in found.problems] == ["unknown-unit"]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("An Hưng", ["14812"]),
        ("an hung", ["14812"]),
        ("An Bình", ["31150", "14813"]),
        ("An Hòa", []),
        ("Hưng", []),
        ("", []),
    ],
)
def test_what_one_line_may_mean(line: str, codes: list[str]) -> None:
    assert sorted(one.code for one in units_meant(line, TODAY)) == sorted(codes)
