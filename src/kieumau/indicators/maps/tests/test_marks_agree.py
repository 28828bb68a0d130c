"""The marks of a list are those of the single figures, after any chain of acts."""

import random
from datetime import date, timedelta

import pytest

from kieumau.indicators.maps.queries import values_on_map
from kieumau.indicators.maps.rules import Map, Mark
from kieumau.indicators.maps.tests.test_additivity import ASKED, STEPS, communes
from kieumau.indicators.maps.wide import wide_on_map
from kieumau.indicators.tests.cast import Country
from kieumau.units.actions import record_change
from kieumau.units.models import Level

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(6))
def test_after_any_acts(country: Country, seed: int) -> None:
    chance = random.Random(seed)
    day, days = date(2025, 12, 1), [date(2025, 6, 30)]
    for step in range(chance.randint(2, 6)):
        open_ = communes()
        if len(open_) < 3:
            break
        record_change(act=chance.choice(STEPS)(chance, f"m{seed}.{step}", day, open_), actor=None)
        days += [day - timedelta(days=1), day]
        day += timedelta(days=chance.choice([1, 20, 31, 75]))
    found = set()
    for on in (date(2026, 12, 31), *chance.sample(days, 2)):
        for level in (Level.PROVINCE, Level.COMMUNE):
            for unit_id, row in wide_on_map(ASKED, on, level=level).items():
                alone = values_on_map(unit_id, ASKED, Map(on))
                assert {one: row[one].mark for one in ASKED} == {one: alone[one].mark for one in ASKED}
                found |= {value.mark for value in row.values()}
    assert Mark.SAME in found
