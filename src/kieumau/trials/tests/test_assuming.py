"""A trial that counts what nobody has answered as met: the outcomes replaced by hand, and added up anew."""

import random
from datetime import date

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from kieumau.assessments import rules
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.test_references import DEPENDENT, text_of
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE_THE_END,
    FIGURES_ONLY,
    NOW,
    POINTS_RULE,
    QUARTER,
    World,
    random_figures,
    set_text,
)
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Measured, Points
from kieumau.trials.sliding import moved, slide, thresholds
from kieumau.trials.tests.test_trying import RULES
from kieumau.trials.trying import PeriodTrial, may_be_assumed, try_set

TRUTHS = st.sampled_from([True, False, None])
ALL = set_text("all")


def tried(draft: CriteriaSet, on: date, against: CriteriaSet | None = None, **assuming: bool) -> PeriodTrial:
    others = {QUARTER: against} if against else {}
    [found] = try_set(draft, [QUARTER], on=on, now=NOW, against=others, **assuming).periods
    return found


@given(TRUTHS, st.booleans(), st.booleans(), st.sets(st.sampled_from(rules.OPEN)))
def test_what_is_assumed_is_a_condition_that_is_true(
    applies: bool | None, because: bool, is_due: bool, awaited: set[Outcome]
) -> None:
    known = {"is_inapplicable": because, "is_due": is_due}
    assumed = rules.by_a_person(applies, **known, awaited=awaited, is_assumed=True)
    assert assumed is rules.measured(True, applies, **known, awaited=awaited)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("level", ["commune", "province"])
def test_as_if_replaced_by_hand(world: World, rule: str, level: str) -> None:
    """After the end of the period “nobody has answered” becomes met, and nothing else changes."""
    random_figures(world, 40 + RULES.index(rule))
    draft = draft_of(set_text("any", rule, level, "phuong, xa" if level == "commune" else "tinh"), "x.yaml")
    says = definition(draft)
    plain = {one.unit_id: one for one in tried(draft, AFTER_THE_END).units}
    assumed = tried(draft, AFTER_THE_END, assume_answered=True)
    assert {one.unit_id for one in assumed.units} == set(plain)
    for unit in assumed.units:
        was = plain[unit.unit_id].outcomes
        by_hand = tuple(Outcome.MET if one is Outcome.NOT_JUDGED else one for one in was)
        assert unit.outcomes == by_hand
        if not isinstance(says.rule, Points):
            assert unit.outcome is rules.result(says.rule, by_hand).outcome
    assert any(Outcome.NOT_JUDGED in one.outcomes for one in plain.values())


def test_before_the_day_as_well(world: World) -> None:
    """What is not due yet is met already by figures, and so by an answer."""
    random_figures(world, 44)
    found = tried(draft_of(ALL, "x.yaml"), BEFORE_THE_END, assume_answered=True)
    plan = next(one for one in found.criteria if one.code == "plan")
    assert (plan.counts.met, plan.counts.total) == (8, 8)


@pytest.mark.parametrize("rule", RULES)
def test_the_version_compared_with_is_assumed_alike(world: World, rule: str) -> None:
    random_figures(world, 50 + RULES.index(rule))
    issued = world.publish(set_text("any", rule))
    stricter = draft_of(set_text("any", rule).replace("70%", "10%"), "x.yaml")
    found = tried(stricter, AFTER_THE_END, issued, assume_answered=True)
    alone = tried(issued, AFTER_THE_END, assume_answered=True)
    assert {one.unit_id: one.was for one in found.units} == {one.unit_id: one.outcome for one in alone.units}


def test_criteria_that_ask_for_an_assumed_one_see_it_met(world: World) -> None:
    random_figures(world, 3)
    found = tried(
        draft_of(text_of("t", {"1": "criterion(plan) = met"}) + PLAN, "x.yaml"),
        AFTER_THE_END,
        assume_answered=True,
    )
    assert [one.counts.met for one in found.criteria] == [8, 8]


PLAN = """\
  - code: plan
    kind: documented
    title: {vi: Có kế hoạch, en: There is a plan}
    document: {code: plan, name: {vi: kế hoạch, en: a plan}}
"""


@pytest.mark.parametrize("text", [ALL, set_text("p", POINTS_RULE), text_of("t", DEPENDENT)])
def test_a_slide_assumes_as_a_trial_does(world: World, text: str) -> None:
    """And says of the criterion alone what the trial says of it."""
    cache.clear()
    random_figures(world, 60)
    for code in ("other", "dependent"):
        world.publish(set_text(code, POINTS_RULE))
    draft, chance = draft_of(text, "x.yaml"), random.Random(8)
    for threshold in thresholds(draft):
        value = chance.choice(threshold.candidates())
        slid = slide(draft, QUARTER, threshold, value, on=AFTER_THE_END, now=NOW, assume_answered=True)
        found = tried(moved(draft, threshold, value), AFTER_THE_END, assume_answered=True)
        assert slid.counts == found.counts
        own = {one.code: one.counts for one in found.criteria}.get(threshold.criterion)
        assert slid.of_criterion == own


def test_who_may_assume(world: World) -> None:
    """Only sets that have something which figures do not answer."""
    figures, both = draft_of(FIGURES_ONLY, "x.yaml"), draft_of(ALL, "x.yaml")
    assert not may_be_assumed(figures)
    assert may_be_assumed(figures, both)
    assert all(isinstance(one, Measured) for one in definition(figures).criteria)
