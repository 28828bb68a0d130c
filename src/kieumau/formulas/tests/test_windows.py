"""Which figures a formula asks for, and over which window."""

import pytest

from kieumau.formulas.expanding import read
from kieumau.formulas.placing import operands
from kieumau.formulas.tests.civil import CATALOGUE, CIVIL, OCTOBER, window
from kieumau.formulas.windows import Operand, Window

ASKED = [
    # formula                                   asked for October 2025
    ("fires > 0", ["fires@2025-10"]),
    ("previous(fires)", ["fires@2025-9"]),
    ("year_ago(fires)", ["fires@2024-10"]),
    ("previous(year_ago(fires))", ["fires@2024-9"]),
    ("year_ago(previous(fires))", ["fires@2024-9"]),
    ("change(fires)", ["fires@2025-10", "fires@2024-10"]),
    ("previous(change(fires))", ["fires@2025-9", "fires@2024-9"]),
    ("change(change(fires))", ["fires@2025-10", "fires@2024-10", "fires@2023-10"]),
    ("total(fires, last: 3)", ["fires@2025-8..2025-10"]),
    ("total(fires, last: 1)", ["fires@2025-10"]),
    ("previous(total(fires, last: 3))", ["fires@2025-7..2025-9"]),
    ("total(previous(fires), last: 3)", ["fires@2025-5..2025-7"]),
    ("to_date(fires)", ["fires@2025-1..2025-10"]),
    ("change(to_date(fires))", ["fires@2025-1..2025-10", "fires@2024-1..2024-10"]),
    ("in_year(fires, 2019)", ["fires@2019-10"]),
    ("in_year(fires, 2031)", ["fires@2031-10"]),
    ("in_year(total(fires, last: 12), 2019)", ["fires@2018-11..2019-10"]),
    ("total(in_year(fires, 2019), last: 3)", ["fires@2019-8..2019-10"]),
    ("previous(in_year(fires, 2019))", ["fires@2019-9"]),
    ("change(fires, since: 2019)", ["fires@2025-10", "fires@2019-10"]),
    (
        "change(change(fires), since: 2019)",
        ["fires@2025-10", "fires@2024-10", "fires@2019-10", "fires@2018-10"],
    ),
    # A ratio of totals, never a sum of ratios.
    (
        "total(tips.resolved / tips.received, last: 3)",
        ["tips.resolved@2025-8..2025-10", "tips.received@2025-8..2025-10"],
    ),
    # A derived indicator is moved by what stands inside it.
    ("to_date(clearance)", ["crime.solved@2025-1..2025-10", "crime.total@2025-1..2025-10"]),
    # Each figure once.
    ("fires + fires + previous(fires)", ["fires@2025-10", "fires@2025-9"]),
    ("3 > 2", []),
]


@pytest.mark.parametrize(("formula", "expected"), ASKED)
def test_windows_are_pushed_down_to_the_figures(formula: str, expected: list[str]) -> None:
    wanted = []
    for item in expected:
        code, _, at = item.partition("@")
        wanted.append(Operand(code, window(at)))
    assert list(operands(read(formula, CATALOGUE).tree, OCTOBER, CIVIL)) == wanted


def test_no_window_is_asked_for_where_the_calendar_has_none() -> None:
    nine_months = window("2025-1", kind="nine_months")
    tree = read("previous(fires) > year_ago(fires)", CATALOGUE).tree
    assert operands(tree, nine_months, CIVIL) == (Operand("fires", window("2024-1", kind="nine_months")),)


def test_keys_are_read_back() -> None:
    operand = Operand("crime.total", Window("tt124-area", "month", (2025, 8), (2025, 10)))
    assert operand.key == "crime.total@tt124-area:month:2025-8..2025-10"
    assert Operand.from_key(operand.key) == operand


@pytest.mark.parametrize("key", ["", "crime.total", "@civil:month:2025-8..2025-10", "a@civil:month:2025-8"])
def test_other_texts_are_no_keys(key: str) -> None:
    with pytest.raises(ValueError, match="not the key"):
        Operand.from_key(key)
