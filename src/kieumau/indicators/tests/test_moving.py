"""Totals follow units that move, without being made anew: always what a rebuild from the facts would say."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from kieumau.formulas.values import State
from kieumau.indicators.actions import open_source, remove_figures
from kieumau.indicators.actions.totals import check_totals, rebuild_totals
from kieumau.indicators.models import Total
from kieumau.indicators.tests.cast import Country, at
from kieumau.units.actions import record_change, undo_change, undo_changes
from kieumau.units.rules import Act, TermRow, even_shares

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 1)


def transfer(key: str, unit: str, to: str, day: date = DAY) -> Act:
    """A commune goes to another province."""
    begun = TermRow(f"m/{unit}", "m", unit, unit, "xa", f"m/{to}", day)
    return Act(key, day, ends=(f"m/{unit}",), begins=(begun,), shares=even_shares(f"m/{unit}", [f"m/{unit}"]))


def totals() -> list[tuple[object, ...]]:
    return sorted(Total.objects.values_list())


def test_a_transfer_takes_its_figures_along_from_its_day_on(country: Country) -> None:
    country.record(*((month, unit, "crime.occurred", number)
                     for month in ("2026-01", "2026-02", "2026-03")
                     for unit, number in (("C11", 1), ("C12", 10), ("C21", 100), ("C22", 1000))))  # fmt: skip
    before = totals()
    record_change(act=transfer("t", "C12", "P2"), actor=None)
    assert check_totals() == []
    found = {(row.period, row.unit): row.value for row in Total.objects.all()}
    p1, p2 = country.units["P1"], country.units["P2"]
    months = [country.key(f"2026-0{month}", "C11", "crime.occurred")[0] for month in (1, 2, 3)]
    assert [found[month, p1] for month in months] == [11, 1, 1]
    assert [found[month, p2] for month in months] == [1100, 1110, 1110]
    assert rebuild_totals() == 0
    undo_change(key="t", actor=None)
    assert totals() == before


def test_the_last_figure_of_a_province_leaves_no_empty_total(country: Country) -> None:
    country.record(("2026-03", "C21", "fires", 3), ("2026-03", "C21", "people", State.REFUSED))
    record_change(act=transfer("t", "C21", "P1"), actor=None)
    assert {row.unit for row in Total.objects.all()} == {country.units["P1"]}
    assert check_totals() == []


@pytest.mark.parametrize("seed", range(4))
def test_any_moves_with_figures_in_between(country: Country, seed: int) -> None:
    chance = random.Random(seed)
    day, keys = date(2025, 8, 1), []
    source = open_source(name="thử", recorded_at=at(1))
    start = totals()
    for step in range(8):
        rows = {}
        for _ in range(12):
            place = (f"2026-{chance.randint(1, 9):02}", chance.choice(["C11", "C12", "C15", "C21", "C22"]))
            value = chance.choice([State.MISSING, State.REFUSED, Decimal(chance.randint(0, 99)) / 7])
            rows[place] = (*place, chance.choice(["crime.occurred", "people", "rank"]), value)
        country.record(*rows.values())
        act = transfer(
            f"{seed}.{step}", chance.choice(["C11", "C15", "C21"]), chance.choice(["P1", "P2"]), day
        )
        record_change(act=act, actor=None)
        keys.append(act.key)
        assert check_totals() == []
        if chance.random() < 0.3:
            remove_figures([country.key(*row[:3]) for row in list(rows.values())[:4]], source=source)
            undo_change(key=keys.pop(), actor=None)
            assert check_totals() == []
        day += timedelta(days=chance.randint(1, 90))
    kept = totals()
    undo_changes(keys=keys, actor=None)
    assert check_totals() == []
    assert rebuild_totals() == 0
    assert kept or not start
