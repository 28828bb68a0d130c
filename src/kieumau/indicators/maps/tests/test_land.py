"""A part of the area, all of the people: figures follow the people, and the mark says so."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kieumau.indicators.maps.queries import MappedValue, values_on_map, year_on_year
from kieumau.indicators.maps.rules import REPORTED, Map, Mark
from kieumau.indicators.maps.wide import wide_on_map
from kieumau.indicators.tests.cast import Country, operand
from kieumau.units.actions import record_change
from kieumau.units.models import Level, Unit
from kieumau.units.rules import Act, Share, TermRow

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)
ON = Map(date(2026, 4, 1))
ASKED = operand("crime.occurred", "2026-02")
# C22 ends: all its people go to C31, land without people to C21, which lives on.
ACT = Act(
    "land", DAY, ends=("m/C22",), begins=(TermRow("m/C31", "m", "C31", "Ê Đê", "xa", "m/P2", DAY),),
    shares=(Share("m/C22", "m/C31", Decimal(1), "people"), Share("m/C22", "m/C21", Decimal(0), "people")),
)  # fmt: skip


@pytest.fixture
def divided(country: Country) -> Country:
    """February: 100 in C21, 22 in C22."""
    country.record(("2026-02", "C21", "crime.occurred", 100), ("2026-02", "C22", "crime.occurred", 22))
    record_change(act=ACT, actor=None)
    return country


def shown(key: str) -> MappedValue:
    return values_on_map(Unit.objects.get(key=key).pk, [ASKED], ON)[ASKED]


def test_figures_follow_the_people(divided: Country) -> None:
    assert (shown("m/C31").value, shown("m/C21").value) == (Fraction(22), Fraction(100))


def test_the_mark_says_which_share_was_used(divided: Country) -> None:
    found = shown("m/C31").judged
    assert found.mark is Mark.ESTIMATED
    assert found.why.vi == "Ước tính: gồm 100 % xã Ê Đê (theo dân số)."
    assert found.why.en == "Estimated: 100% of Ê Đê Commune (by people)."
    assert shown("m/C21").mark is Mark.SAME


def test_a_list_marks_them_alike(divided: Country) -> None:
    wide = wide_on_map([ASKED], date(2026, 4, 1), level=Level.COMMUNE)
    for key in ("m/C31", "m/C21"):
        assert wide[Unit.objects.get(key=key).pk][ASKED].mark is shown(key).mark


def test_as_reported_it_is_another_unit(divided: Country) -> None:
    unit_id = Unit.objects.get(key="m/C31").pk
    pair = year_on_year(unit_id, ["crime.occurred"], operand("crime.occurred", "2027-02").window, REPORTED)
    assert pair["crime.occurred"].mark is Mark.NOT_COMPARABLE
