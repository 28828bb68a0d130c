"""One unit by exact evaluation, all units by one query: the same rows, operands included."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kieumau.assessments import storing
from kieumau.assessments.actions import assess_all, assess_unit
from kieumau.assessments.models import Assessment
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE,
    BEFORE_THE_END,
    COMMUNES,
    NOW,
    POINTS_RULE,
    QUARTER,
    THIS_QUARTER,
    YEAR_AGO,
    Figures,
    Value,
    World,
    set_text,
)
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.values import State
from kieumau.kernel.tests.examples import examples

RULES = ["{kind: all}", "{kind: at_least, k: 3}", POINTS_RULE]
ASKED = [
    *(("crime", month) for month in (*THIS_QUARTER, *YEAR_AGO, *BEFORE)),
    *(("solved", month) for month in THIS_QUARTER),
    ("areas", "2025-12"),
    ("recognised", "2025-12"),
]
LACKING = (State.MISSING, State.NOT_APPLICABLE, State.REFUSED, None)


@pytest.fixture(autouse=True)
def _both_roads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight communes go by COPY, one by parameters, as thousands and one would."""
    monkeypatch.setattr(storing, "FEW", 3)


def stored(criteria_set: CriteriaSet) -> list[dict[str, Any]]:
    """The verdicts without their row ids."""
    rows = Assessment.objects.filter(criteria_set=criteria_set).order_by("unit").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def both_ways(world: World, sets: Sequence[CriteriaSet]) -> None:
    """Judge every set both ways, in the middle and at the end of the period, and compare."""
    for criteria_set in sets:
        for on in (BEFORE_THE_END, AFTER_THE_END):
            assess_all(criteria_set=criteria_set, window=QUARTER, on=on, now=NOW)
            at_once = stored(criteria_set)
            Assessment.objects.filter(criteria_set=criteria_set).delete()
            for unit in COMMUNES:
                assess_unit(
                    criteria_set=criteria_set, window=QUARTER, unit_id=world.units[unit], on=on, now=NOW
                )
            assert stored(criteria_set) == at_once


@pytest.mark.parametrize("seed", range(4))
def test_random_figures(world: World, seed: int) -> None:
    chance = random.Random(seed)
    figures: Figures = {}
    for unit in COMMUNES:
        for name, month in ASKED:
            if chance.random() < 0.08:
                state = chance.choice(LACKING)
                if state is not None:
                    figures[unit, name, month] = state
            else:
                figures[unit, name, month] = chance.choice(["0", "1", "2", "3", "7", "12.50", "0.1"])
    world.record(figures)
    both_ways(world, [world.publish(set_text(f"set-{i}", rule)) for i, rule in enumerate(RULES)])


VALUES: st.SearchStrategy[Value | None] = st.one_of(
    st.decimals(0, 40, places=3).map(str), st.integers(0, 5), st.sampled_from(LACKING)
)


@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(*(VALUES for _ in ASKED)), min_size=8, max_size=8))
def test_any_figures(world: World, drawn: list[tuple[Value | None, ...]]) -> None:
    figures: Figures = {}
    for unit, values in zip(COMMUNES, drawn, strict=True):
        for (name, month), value in zip(ASKED, values, strict=True):
            figures[unit, name, month] = State.MISSING if value is None else value
    world.record(figures)
    both_ways(world, [world.publish(set_text("any", POINTS_RULE))])
