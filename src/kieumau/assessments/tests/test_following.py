"""A figure changes, and the verdicts that rest on it are judged again at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.assessments import following
from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE_THE_END,
    COMMUNES,
    LATER,
    NOW,
    QUARTER,
    Figures,
    World,
    complete,
    month_id,
    set_text,
)
from kieumau.criteria.models import CriteriaSet
from kieumau.indicators.actions import open_source, remove_figures

MET, NOT_MET, NOT_DUE, NO_DATA = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE, Outcome.NO_DATA


@pytest.fixture
def small(world: World) -> CriteriaSet:
    """A set, and every commune judged by it: sixteen of 25 areas recognized."""
    figures: Figures = {}
    for unit in COMMUNES:
        figures |= complete(unit, crime=(1, 1, 1), recognised=16)
    world.record(figures)
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    return small


def judged_at(world: World, small: CriteriaSet) -> dict[str, bool]:
    """Was the commune's row written again?"""
    return {code: one.judged_at == LATER for code, one in world.assessments(small).items()}


def test_one_figure_of_one_commune(world: World, small: CriteriaSet) -> None:
    assert world.outcomes(small, "C11")["share"] == NOT_MET
    world.record({("C11", "recognised", "2025-12"): 18}, at=LATER)
    assert world.outcomes(small, "C11")["share"] == MET
    assert judged_at(world, small) == {code: code == "C11" for code in COMMUNES}


def test_a_figure_of_last_year_counts_where_the_formula_looks_there(world: World, small: CriteriaSet) -> None:
    assert world.outcomes(small, "C11")["trend"] == MET
    world.record({("C11", "crime", "2024-10"): 0, ("C11", "crime", "2024-11"): 0}, at=LATER)
    assert world.outcomes(small, "C11")["trend"] == MET  # 3 against 5
    world.record({("C11", "crime", "2024-12"): 3}, at=LATER)
    assert world.outcomes(small, "C11")["trend"] == NOT_MET


@pytest.mark.parametrize(
    ("indicator", "month"),
    [
        ("crime", "2025-06"),  # a month of another quarter
        ("solved", "2024-10"),  # nothing compares solved cases with last year
        ("recognised", "2025-11"),  # of a stock only the last month counts
    ],
)
def test_figures_that_no_formula_asks_for_change_nothing(
    world: World, small: CriteriaSet, indicator: str, month: str
) -> None:
    world.record({("C11", indicator, month): 99}, at=LATER)
    assert not any(judged_at(world, small).values())


def test_a_removed_figure(world: World, small: CriteriaSet) -> None:
    key = (month_id("2025-12"), world.units["C11"], world.indicators["recognised"])
    remove_figures([key], source=open_source(name="a correction", recorded_at=LATER))
    assert world.outcomes(small, "C11")["share"] == NO_DATA


@pytest.mark.parametrize("few", [0, following.FEW])
def test_many_communes_at_once_or_one_by_one(
    world: World, small: CriteriaSet, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(following, "FEW", few)
    world.record({(unit, "recognised", "2025-12"): 18 for unit in ("C11", "C12", "C21")}, at=LATER)
    met = {unit: world.outcomes(small, unit)["share"] == MET for unit in COMMUNES}
    assert met == judged_at(world, small) == {unit: unit in {"C11", "C12", "C21"} for unit in COMMUNES}


def test_the_day_of_judging_stays(world: World) -> None:
    """Judged in the middle of the quarter, judged again as of that day: still not yet due."""
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=BEFORE_THE_END, now=NOW)
    world.record({("C11", "areas", "2025-12"): 25, ("C11", "recognised", "2025-12"): 16}, at=LATER)
    found = world.assessments(small)["C11"]
    assert (found.judged_on, found.judged_at) == (BEFORE_THE_END, LATER)
    assert world.outcomes(small, "C11")["share"] == NOT_DUE


def test_units_that_were_never_judged_stay_so(world: World) -> None:
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW, within=world.paths["P2"])
    world.record(complete("C11", crime=(1, 1, 1)))
    assert sorted(world.assessments(small)) == ["C21", "C22", "C23", "C24"]


def test_a_province_follows_its_communes(world: World, small: CriteriaSet) -> None:
    provinces = world.publish(set_text("provinces", level="province", kinds="tinh"))
    assess_all(criteria_set=provinces, window=QUARTER, on=AFTER_THE_END, now=NOW)
    assert world.outcomes(provinces, "P1")["share"] == NOT_MET
    world.record({("C11", "recognised", "2025-12"): 25, ("C12", "recognised", "2025-12"): 25}, at=LATER)
    assert world.outcomes(provinces, "P1")["share"] == MET  # 82 of 100
    assert Assessment.objects.filter(criteria_set=provinces, judged_at=LATER).count() == 1


def test_every_version_and_period_that_was_judged(world: World, small: CriteriaSet) -> None:
    stricter = world.publish(set_text("small").replace(">= 70%", ">= 75%"))
    assess_all(criteria_set=stricter, window=QUARTER, on=AFTER_THE_END, now=NOW)
    world.record({("C11", "recognised", "2025-12"): 18}, at=LATER)
    assert world.outcomes(small, "C11")["share"] == MET
    assert world.outcomes(stricter, "C11")["share"] == NOT_MET


def test_one_form_costs_a_fixed_number_of_queries(world: World, small: CriteriaSet) -> None:
    counts = []
    for recognised in (17, 18, 19):
        with CaptureQueriesContext(connection) as captured:
            world.record({("C11", "recognised", "2025-12"): recognised}, at=LATER)
        counts.append(len(captured))
    assert counts[0] - 1 == counts[1] == counts[2] <= 29  # a process reads a version once
