"""The tree changes, and no verdict is left behind it."""

import pytest

from kieumau.assessments import following
from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE_THE_END,
    COMMUNES,
    NOW,
    QUARTER,
    Figures,
    World,
    complete,
    set_text,
)
from kieumau.criteria.models import CriteriaSet
from kieumau.indicators.actions.totals import rebuild_after_tree_change
from kieumau.units.registry import after_tree_change

MET, NOT_MET = Outcome.MET, Outcome.NOT_MET


@pytest.fixture
def sets(world: World) -> dict[str, CriteriaSet]:
    """Communes of P1 have few recognized areas, those of P2 all; everybody is judged."""
    figures: Figures = {}
    for unit in COMMUNES:
        figures |= complete(unit, crime=(1, 1, 1), recognised=10 if unit[1] == "1" else 25)
    world.record(figures)
    sets = {
        "communes": world.publish(set_text("communes")),
        "provinces": world.publish(set_text("provinces", level="province", kinds="tinh")),
        "nation": world.publish(set_text("nation", level="nation", kinds="quoc-gia")),
    }
    for criteria_set in sets.values():
        assess_all(criteria_set=criteria_set, window=QUARTER, on=AFTER_THE_END, now=NOW)
    return sets


def test_the_totals_hear_of_the_tree_before_the_verdicts() -> None:
    heard = [rebuild_after_tree_change, following.judge_after_tree_change]
    assert [listen for listen in after_tree_change if listen in heard] == heard


def test_a_province_that_gets_communes_of_another(world: World, sets: dict[str, CriteriaSet]) -> None:
    assert world.outcomes(sets["provinces"], "P1")["share"] == NOT_MET  # 40 of 100
    world.move("C21", "P1")
    world.move("C22", "P1")
    assert world.outcomes(sets["provinces"], "P1")["share"] == NOT_MET  # 90 of 150
    for unit in ("C11", "C12", "C13"):
        world.move(unit, "P2")
    assert world.outcomes(sets["provinces"], "P1")["share"] == MET  # 60 of 75


def test_a_commune_no_longer_there(world: World, sets: dict[str, CriteriaSet]) -> None:
    world.end("C11", "2025-12-31")
    assert sorted(world.assessments(sets["communes"])) == [unit for unit in COMMUNES if unit != "C11"]


def test_a_commune_that_becomes_a_ward_stays_where_it_is_but_not_under_the_set_of_communes(
    world: World,
) -> None:
    communes_only = world.publish(set_text("xa", kinds="xa"))
    assess_all(criteria_set=communes_only, window=QUARTER, on=AFTER_THE_END, now=NOW)
    assert "C13" in world.assessments(communes_only)
    world.rename("C13", "phuong")
    assert "C13" not in world.assessments(communes_only)


@pytest.mark.parametrize("few", [0, following.FEW])
def test_verdicts_are_what_judging_all_anew_gives(
    world: World, sets: dict[str, CriteriaSet], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(following, "FEW", few)
    world.move("C11", "P2")
    world.end("C14", "2025-12-31")
    for criteria_set in sets.values():
        stored = world.assessments(criteria_set)
        tally = assess_all(criteria_set=criteria_set, window=QUARTER, on=AFTER_THE_END, now=NOW)
        assert (tally.judged, tally.written, tally.removed) == (len(stored), 0, 0)


def test_the_day_of_judging_stays_and_nothing_is_judged_for_the_first_time(
    world: World, sets: dict[str, CriteriaSet]
) -> None:
    early = world.publish(set_text("early"))
    assess_all(criteria_set=early, window=QUARTER, on=BEFORE_THE_END, now=NOW, within=world.paths["P2"])
    world.move("C24", "P1")
    assert sorted(world.assessments(early)) == ["C21", "C22", "C23", "C24"]
    days = Assessment.objects.filter(criteria_set=early).values_list("judged_on", flat=True)
    assert set(days) == {BEFORE_THE_END}


def test_rows_that_come_out_the_same_stay_untouched(world: World, sets: dict[str, CriteriaSet]) -> None:
    world.move("C11", "P2")
    found = Assessment.objects.exclude(criteria_set=sets["provinces"])
    assert set(found.values_list("judged_at", flat=True)) == {NOW}
