"""Who is nearest: one figure away from meeting a set, or from the next class of points."""

from decimal import Decimal

from kieumau.assessments.actions import assess_all
from kieumau.assessments.nearest import Near, OneStep, by_nearness, failing
from kieumau.assessments.queries import assessment, explain_found
from kieumau.assessments.reading import operands_from
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    NOW,
    POINTS_RULE,
    QUARTER,
    World,
    complete,
    set_text,
)
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import catalogue_of, definition, placed


def _judged(world: World, rule: str = "{kind: all}") -> CriteriaSet:
    found = world.publish(set_text("near", rule))
    assess_all(criteria_set=found, window=QUARTER, on=AFTER_THE_END, now=NOW)
    return found


def _near(world: World, criteria_set: CriteriaSet, unit: str) -> Near | None:
    search = OneStep(
        definition(criteria_set), placed(criteria_set, QUARTER), catalogue_of(criteria_set), QUARTER
    )
    found = world.assessments(criteria_set)[unit]
    return search.of(operands_from(found.operands), found.judged_on)


def _told(near: Near | None) -> tuple[str, list[tuple[str, int]]] | None:
    if near is None:
        return None
    return near.criterion.code, [(step.operand.indicator, int(step.change)) for step in near.distance.steps]


def test_all_of_one_miss_and_one_figure_that_makes_it_good(world: World) -> None:
    world.record(complete("C11", crime=(1, 1, 1), recognised=16))  # 16 of 25, everything else is fine
    world.record(complete("C12", crime=(7, 7, 7), recognised=16))  # fails two criteria
    world.record(complete("C13", crime=(1, 1, 1)))  # fails none
    criteria_set = _judged(world)
    assert failing(definition(criteria_set)) == (1, 1)
    near = _near(world, criteria_set, "C11")
    assert _told(near) == ("share", [("recognised", 2)])
    assert near is not None
    assert near.after.outcome is Outcome.NOT_JUDGED
    assert _near(world, criteria_set, "C12") is None
    assert _near(world, criteria_set, "C13") is None


def test_points_the_next_class(world: World) -> None:
    world.record(complete("C11", crime=(2, 2, 2), recognised=16))
    criteria_set = _judged(world, POINTS_RULE)
    before = world.assessments(criteria_set)["C11"]
    near = _near(world, criteria_set, "C11")
    assert before.points is not None
    assert near is not None
    assert near.after.score is not None
    threshold = min(Decimal(each) for each in (20, 30) if each > before.points)
    assert near.after.score.sure >= threshold


def test_the_criteria_of_a_unit_the_nearest_first(world: World) -> None:
    world.record(complete("C11", crime=(7, 7, 7), recognised=16))
    criteria_set = _judged(world)
    found = assessment(criteria_set, QUARTER, world.units["C11"])
    explained = explain_found(found, criteria_set, QUARTER, "en")
    away = [(index, one.distance) for index, one in enumerate(explained) if one.distance]
    ordered = [explained[index] for index in by_nearness(away)]
    assert ordered[0].criterion_code == "share"
    assert ordered[0].needs == "2 more cases (recognized) are needed"
    assert all(one.needs for one in explained if one.kind == "measured" and one.outcome is Outcome.NOT_MET)
    assert not any(one.needs for one in explained if one.outcome is Outcome.MET)
    assert ordered[0].as_dict()["distance"]["steps"][0]["change"] == "2"
