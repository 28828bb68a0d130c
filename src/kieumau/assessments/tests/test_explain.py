"""Why a criterion came out as it did: from the frozen figures, with their sources."""

import json
from datetime import timedelta

import pytest

from kieumau.assessments import queries
from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.assessments.queries import Explanation
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE_THE_END,
    LATER,
    NOW,
    POINTS_RULE,
    QUARTER,
    World,
    complete,
    set_text,
)
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.values import State
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.models import Figure
from kieumau.kernel.messages import Refused


@pytest.fixture
def small(world: World) -> CriteriaSet:
    """A set under which one commune was judged: sixteen of 25 areas recognized."""
    world.record(complete("C11", crime=(1, 1, 1), recognised=16), name="form of December")
    return judged(world, set_text("small"))


def judged(world: World, text: str, *, at_end: bool = True) -> CriteriaSet:
    """A set, published and judged."""
    found = world.publish(text)
    on = AFTER_THE_END if at_end else BEFORE_THE_END
    assess_all(criteria_set=found, window=QUARTER, on=on, now=NOW)
    return found


def explain(
    world: World, small: CriteriaSet, criterion: str, unit: str = "C11", language: str = "en"
) -> Explanation:
    """The explanation of one criterion of one commune."""
    return queries.explain(
        criteria_set=small,
        criterion_code=criterion,
        unit_id=world.units[unit],
        window=QUARTER,
        language=language,
    )


def test_the_sentence_holds_the_numbers(world: World, small: CriteriaSet) -> None:
    english = explain(world, small, "share").sentence
    vietnamese = explain(world, small, "share", language="vi").sentence
    assert "16" in english
    assert "25" in english
    assert "64%" in english
    assert "70%" in english
    assert "64 %" in vietnamese
    assert vietnamese != english


def test_figures_come_with_their_sources(world: World, small: CriteriaSet) -> None:
    found = explain(world, small, "trend")
    table = [(str(figure.period.en), str(figure.value.value)) for figure in found.figures]
    assert table == [("Q4 2025", "3"), ("Q4 2024", "15")]
    assert [
        (source.name, source.recorded_at, source.figure_count) for source in found.figures[0].sources
    ] == [("form of December", NOW, 3)]


def test_it_stays_what_it_was_whatever_happens_to_the_figures(world: World, small: CriteriaSet) -> None:
    """Figures written behind the back of everything: the verdict keeps what it was judged on."""
    before = explain(world, small, "share")
    Figure.objects.filter(unit=world.units["C11"]).update(value=99)
    after = explain(world, small, "share")
    assert (after.sentence, after.outcome, after.trace) == (before.sentence, before.outcome, before.trace)
    assert [figure.value for figure in after.figures] == [figure.value for figure in before.figures]


def test_a_restated_figure_brings_its_new_source(world: World, small: CriteriaSet) -> None:
    world.record({("C11", "recognised", "2025-12"): 18}, name="correction", at=LATER)
    found = explain(world, small, "share")
    assert found.outcome is Outcome.MET
    names = {figure.operand.indicator: [source.name for source in figure.sources] for figure in found.figures}
    assert names == {"recognised": ["correction"], "areas": ["form of December"]}


def test_the_sources_of_a_verdict_that_was_not_judged_again(world: World, small: CriteriaSet) -> None:
    """A figure restated later under another source does not slip into an older verdict."""
    world.record({("C11", "solved", "2025-12"): 5}, name="much later", at=LATER + timedelta(days=9))
    kept = Assessment.objects.filter(unit=world.units["C11"])
    kept.update(judged_at=NOW)
    names = [source.name for figure in explain(world, small, "derived").figures for source in figure.sources]
    assert set(names) == {"form of December"}


def test_a_derived_indicator_keeps_the_formula_it_was_published_with(
    world: World, small: CriteriaSet
) -> None:
    before = explain(world, small, "derived")
    catalogue = world.folder / "world.yaml"
    text = catalogue.read_text(encoding="utf-8").replace("solved / crime", "solved / crime / 2")
    catalogue.write_text(text, encoding="utf-8")
    load_catalogue(catalogue, actor="test")
    assert explain(world, small, "derived").trace == before.trace
    assert world.publish(set_text("small")).version == 2


def test_documents_and_judgments_say_what_is_asked(world: World, small: CriteriaSet) -> None:
    plan = explain(world, small, "plan")
    assert plan.sentence == (
        "Needed: a plan, dated from 1 October 2025 to 31 December 2025. Nobody has decided it yet."
    )
    assert explain(world, small, "plan", language="vi").sentence == (
        "Cần có: kế hoạch, ký từ 01/10/2025 đến 31/12/2025. Chưa có người kết luận."
    )
    assert explain(world, small, "advice").sentence.startswith("Does it advise well?")


def test_what_does_not_apply_says_why(world: World) -> None:
    world.record(complete("C11", crime=(0, 0, 0)))
    small = judged(world, set_text("small"))
    assert explain(world, small, "derived").sentence.startswith("Not applicable: ")
    assert explain(world, small, "derived", unit="C12").sentence.startswith("Whether it applies")


def test_what_is_not_due_says_when(world: World) -> None:
    small = judged(world, set_text("small"), at_end=False)
    assert explain(world, small, "share").outcome is Outcome.NOT_DUE
    assert explain(world, small, "share").sentence.endswith("Due on 31 December 2025.")
    assert explain(world, small, "plan", language="vi").sentence.endswith("Hạn: 31/12/2025.")


def test_missing_figures_are_named(world: World) -> None:
    world.record({("C11", "areas", "2025-12"): 25, ("C11", "recognised", "2025-12"): State.MISSING})
    small = judged(world, set_text("small"))
    found = explain(world, small, "share")
    assert found.outcome is Outcome.NO_DATA
    assert "recognized" in found.sentence.lower()


def test_plain_data_for_programs(world: World) -> None:
    world.record(complete("C11", crime=(1, 1, 1), recognised=16))
    points = judged(world, set_text("points", POINTS_RULE))
    for criterion in points.criteria.all():
        plain = json.loads(json.dumps(explain(world, points, criterion.code).as_dict()))
        assert plain["criterion"] == criterion.code
        assert plain["outcome"] in {outcome.key for outcome in Outcome}
    share = explain(world, points, "share").as_dict()
    assert share["figures"][0]["value"] == "16"
    assert share["version"] == 1


def test_all_criteria_of_a_unit(world: World, small: CriteriaSet) -> None:
    judged = queries.assessment(small, QUARTER, world.units["C11"])
    found = queries.explain_found(judged, small, QUARTER, "en")
    assert {one.criterion_code: one.outcome for one in found} == world.outcomes(small, "C11")


@pytest.mark.parametrize(
    ("unit", "criterion", "problem", "hint"),
    [("C11", "shar", "unknown-criterion", "share"), ("P1", "share", "not-judged-yet", "assess")],
)
def test_what_there_is_not(
    world: World, small: CriteriaSet, unit: str, criterion: str, problem: str, hint: str
) -> None:
    with pytest.raises(Refused) as refused:
        explain(world, small, criterion, unit=unit)
    assert refused.value.problems[0].code == problem
    assert hint in refused.value.problems[0].in_("en")
