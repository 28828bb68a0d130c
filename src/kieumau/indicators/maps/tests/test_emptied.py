"""A province loses all it had and gets what was another's: a list tells whose figures they are."""

from datetime import date

import pytest

from kieumau.indicators.maps.queries import values_on_map
from kieumau.indicators.maps.rules import Map
from kieumau.indicators.maps.wide import wide_on_map
from kieumau.indicators.tests.cast import Country, operand
from kieumau.units.actions import record_change
from kieumau.units.models import Level, Unit
from kieumau.units.rules import Act, TermRow, even_shares

pytestmark = pytest.mark.django_db

DAY = date(2026, 4, 1)
SPRING = operand("crime.occurred", "2026-03", to="2026-04")
MOVED = TermRow("m/C15", "m", "C15", "Phú Lộc", "xa", "m/P2", DAY)
HALVES = tuple(TermRow(f"m/{code}", "m", code, code, "xa", "m/P1", DAY) for code in ("C31", "C32"))
ACTS = [
    Act("joined", date(2026, 1, 1), ends=("m/C22",), shares=even_shares("m/C22", ["m/C21"])),
    Act("moved", DAY, ends=("m/C15",), begins=(MOVED,), shares=even_shares("m/C15", ["m/C15"])),
    Act("divided", DAY, ends=("m/C12",), begins=HALVES, shares=even_shares("m/C12", ["m/C31", "m/C32"])),
    Act("dissolved", DAY, ends=("m/C21",)),
]


def test_each_month_counts_where_its_communes_are_on_the_map(country: Country) -> None:
    """In April P1 has three communes and P2 one, as in March; on March's map all four are P1's."""
    for act in ACTS:
        record_change(act=act, actor=None)
    country.units.update({code: Unit.objects.get(key=f"m/{code}").pk for code in ("C31", "C32")})
    for month, figures in (
        ("2026-03", {"C11": 1, "C12": 2, "C15": 4, "C21": 100}),
        ("2026-04", {"C11": 10, "C31": 20, "C32": 30, "C15": 40}),
    ):
        country.record(*((month, code, "crime.occurred", number) for code, number in figures.items()))
    wide = wide_on_map([SPRING], date(2026, 3, 31), level=Level.PROVINCE)
    for code, wanted in (("P1", 107), ("P2", 100)):
        unit_id = country.units[code]
        assert wide[unit_id][SPRING].value == wanted
        assert values_on_map(unit_id, [SPRING], Map(date(2026, 3, 31)))[SPRING].value == wanted
