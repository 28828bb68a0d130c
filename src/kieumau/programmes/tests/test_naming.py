"""Units as people name them: line by line, every fault told."""

import pytest

from kieumau.programmes.naming import resolve
from kieumau.programmes.tests.cast import TODAY, Cast

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
    ("", [], []),
    ("\x00", [], []),
]


@pytest.mark.parametrize(("text", "codes", "problems"), TYPED)
def test_units_named_by_people(cast: Cast, text: str, codes: list[str], problems: list[str]) -> None:
    found = resolve(text, TODAY, level=3)
    assert [one.code for one in found.found] == codes
    assert [one.code for one in found.problems] == problems


def test_a_fault_names_its_line_and_what_was_perhaps_meant(cast: Cast) -> None:
    (problem,) = resolve("14812\nAn Bình", TODAY, level=3).problems
    assert problem.place.row == 2
    assert "An Bình Ward (31150, Cần Thơ)" in problem.reason.en
    assert "Xã An Bình (14813, Thanh Hóa)" in problem.reason.vi
