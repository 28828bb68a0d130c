"""Totals as known at a moment: those of today less what changed since, against the figures themselves."""

import random
from collections.abc import Iterable

import pytest

from kieumau.formulas.values import State
from kieumau.indicators.actions import open_source, remove_figures
from kieumau.indicators.facts import own_figures, rolled_up
from kieumau.indicators.queries import catalogue
from kieumau.indicators.rules import Parts
from kieumau.indicators.runs import Run, runs_of
from kieumau.indicators.tests.cast import Country, at, operand
from kieumau.units.models import Level

MONTHS = ("2025-05", "2025-08")
BELOW = {
    "2025-05": ("C11", "C12", "C13", "C14", "C21", "C22"),
    "2025-08": ("C11", "C12", "C15", "C21", "C22"),
}
INDICATORS = ("crime.occurred", "people")


def runs() -> list[Run]:
    wanted = [operand(indicator, month) for indicator in INDICATORS for month in MONTHS]
    return list(runs_of(wanted, catalogue()))


def added(country: Country, codes: Iterable[str], asked: Run, day: int) -> Parts:
    """What the communes' own figures come to."""
    found = [own_figures(country.units[code], [asked], at(day)).parts for code in codes]
    return sum((one.get((asked.periods[0], asked.indicator_id), Parts()) for one in found), Parts())


@pytest.mark.parametrize("seed", range(3))
def test_a_nation_as_known_is_the_sum_of_its_communes_as_known(country: Country, seed: int) -> None:
    """Sources are recorded in any order, as files of last month are; figures come, change, go, come again."""
    dice = random.Random(seed)
    for number in range(14):
        source = open_source(name=str(number), recorded_at=at(dice.randint(2, 28)))
        month, indicator = dice.choice(MONTHS), dice.choice(INDICATORS)
        codes = dice.sample(BELOW[month], dice.randint(1, 4))
        if number and dice.random() < 0.3:
            remove_figures([country.key(month, code, indicator) for code in codes], source=source)
            continue
        values = [
            dice.choice([0, 1, 7, 12, State.NOT_APPLICABLE, State.REFUSED, State.MISSING]) for _ in codes
        ]
        figures = [(month, code, indicator, value) for code, value in zip(codes, values, strict=True)]
        country.record(*figures, source=source)
    asked = runs()
    for day in range(1, 31, 3):
        known = rolled_up(country.units["N"], Level.NATION, asked, at(day)).parts
        for run in asked:
            year, ordinal = run.operand.window.first
            below = BELOW[f"{year}-{ordinal:02}"]
            found = known.get((run.periods[0], run.indicator_id), Parts())
            assert found == added(country, below, run, day), (day, run.operand.key)
