"""An Bình and Cái Khế, September 2025 against September 2024, worked out by hand.

On 1 July 2025 An Bình ward took in Mỹ Khánh commune and a part of Long Tuyền ward, Cái Khế took in An Hòa
and a part of Bùi Hữu Nghĩa. How large the parts are nobody has published: halves, and so said.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kieumau.calendars.library import calendar, window
from kieumau.formulas.values import State
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.catalogue import SHIPPED
from kieumau.indicators.maps.queries import YearOnYear, year_on_year
from kieumau.indicators.maps.rules import REPORTED, Map, Mark, map_of_today
from kieumau.indicators.queries import catalogue
from kieumau.indicators.tests.cast import at
from kieumau.units.actions import load_vietnam
from kieumau.units.queries import predecessors, term

pytestmark = pytest.mark.django_db

BEFORE, TODAY = date(2025, 6, 30), date(2026, 11, 22)
SEPTEMBER = "nd09:2025-09"
# code before, name, property crimes in September 2024, of these solved
THEN = [
    ("31150", "An Bình", 12, 9), ("31312", "Mỹ Khánh", 5, 5), ("31183", "Long Tuyền", 7, 4),
    ("31117", "Cái Khế", 10, 8), ("31120", "An Hòa", 6, 3), ("31178", "Bùi Hữu Nghĩa", 4, 2),
]  # fmt: skip
# code since, name, the same in September 2025
NOW = [("31150", "An Bình", 18, 15), ("31120", "Cái Khế", 15, 12)]


def load_can_tho() -> None:
    """Units and catalogue as shipped, the figures above."""
    load_vietnam(["92"], actor=None)
    load_catalogue(SHIPPED / "vn-commune.yaml")
    own, known = calendar("nd09"), catalogue()
    rows = []
    for period, day, figures in (("2024-09", BEFORE, THEN), ("2025-09", TODAY, NOW)):
        (number,) = own.period_ids(own.window(period))
        for code, name, crimes, solved in figures:
            unit = term(code, day)
            assert unit.name == name
            for indicator, value in (("crime.property", crimes), ("crime.solved", solved)):
                rows.append((number, unit.unit_id, known[indicator].id, State.VALUE, Decimal(value)))
    record_figures(rows, source=open_source(name="thử", recorded_at=at(1)))


@pytest.fixture
def can_tho(kept_can_tho: None) -> None:
    """That."""


def pair(code: str, on: Map = map_of_today(TODAY), indicator: str = "crime.property") -> YearOnYear:  # noqa: B008
    unit = term(code, TODAY)
    return year_on_year(unit.unit_id, [indicator], window(SEPTEMBER), on)[indicator]


@pytest.mark.parametrize(
    ("code", "now", "before", "change", "why"),
    [
        # 12 + 5 + 7/2 = 20.5; (18 − 20.5) / 20.5 = −5/41
        ("31150", "18", "41/2", "-5/41",
         "Ước tính: gồm 50 % phường Long Tuyền (chia đều), cùng trọn phường An Bình và xã Mỹ Khánh."),
        # 10 + 6 + 4/2 = 18; (15 − 18) / 18 = −1/6
        ("31120", "15", "18", "-1/6",
         "Ước tính: gồm 50 % phường Bùi Hữu Nghĩa (chia đều), cùng trọn phường An Hòa và phường Cái Khế."),
    ],
)  # fmt: skip
def test_a_year_ago_by_hand(can_tho: None, code: str, now: str, before: str, change: str, why: str) -> None:
    found = pair(code)
    assert (found.now.value, found.before.value, found.change) == tuple(map(Fraction, (now, before, change)))
    assert (found.now.mark, found.mark) == (Mark.SAME, Mark.ESTIMATED)
    assert set(found.judged.why.vi[:-1].split("trọn ")[1].split(" và ")) == set(
        why[:-1].split("trọn ")[1].split(" và ")
    )
    assert found.judged.why.vi.startswith(why.split(", cùng", maxsplit=1)[0])


def test_by_code_one_would_have_compared_other_territories(can_tho: None) -> None:
    """The code 31120 was An Hòa's: 15 against 6 would have been a rise of 150 %."""
    found = pair("31120", REPORTED)
    assert (found.before.state, found.change, found.mark) == (State.MISSING, None, Mark.NOT_COMPARABLE)


@pytest.mark.parametrize(("code", "name"), [("31150", "Mỹ Khánh"), ("31120", "An Hòa")])
def test_predecessors_are_named(can_tho: None, code: str, name: str) -> None:
    unit = term(code, TODAY)
    assert name in {old.name for old in predecessors(unit.unit_id)}
    given = {origin.name.vi.partition(" ")[2]: origin.total for origin in pair(code).before.origins}
    assert given[name] == {"Mỹ Khánh": 5, "An Hòa": 6}[name]
