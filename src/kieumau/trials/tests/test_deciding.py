"""Which criterion alone stands in the way, as a table; and by trying every one of them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.assessments import rules
from kieumau.assessments.judging import Verdict
from kieumau.assessments.rules import Outcome, Score
from kieumau.criteria.rules import AllOf, AtLeast, CriterionPoints, Definition, Points
from kieumau.criteria.tests.sets import SMALL
from kieumau.kernel.yamlfile import read_text
from kieumau.trials.deciding import deciding

MET, NOT, DUE, NA, DATA, JUDGE = Outcome
ALL = AllOf(kind="all")
TWO = AtLeast(kind="at_least", k=2)
POINTS = Points.model_validate(
    {
        "kind": "points",
        "meets_from": 12,
        "classes": [{"code": "good", "name": {"vi": "Tốt", "en": "Good"}, "from": 12}],
    }
)
MAXIMA = (Decimal(10), Decimal(5), Decimal(1))


def definition(rule: AllOf | AtLeast | Points) -> Definition:
    """Three criteria of 10, 5 and 1 points under a rule."""
    small = read_text(SMALL, Definition, "small.yaml")
    criteria = tuple(
        criterion.model_copy(update={"points": CriterionPoints(max=most)})
        for criterion, most in zip(small.criteria, MAXIMA, strict=True)
    )
    return small.model_copy(update={"rule": rule, "criteria": criteria})


def verdict(rule: AllOf | AtLeast | Points, outcomes: tuple[Outcome, ...]) -> Verdict:
    scores: tuple[Score, ...] = ()
    if isinstance(rule, Points):
        scores = tuple(
            rules.score(outcome, CriterionPoints(max=most), None, rule)
            for outcome, most in zip(outcomes, MAXIMA, strict=True)
        )
    return Verdict(outcomes, scores, rules.result(rule, outcomes, scores))


@pytest.mark.parametrize(
    ("rule", "outcomes", "decide"),
    [
        (ALL, (MET, MET, MET), ()),  # met already
        (ALL, (MET, NOT, MET), (1,)),
        (ALL, (NOT, NOT, MET), ()),  # two are lacking: neither is enough alone
        (ALL, (NOT, NA, NA), (0,)),
        (ALL, (MET, DATA, NA), (1,)),  # a figure is missing, and it alone
        (ALL, (NA, NA, NA), ()),
        (TWO, (MET, NOT, DUE), (1, 2)),  # either would do
        (TWO, (NOT, NOT, NOT), ()),
        (POINTS, (NOT, MET, MET), (0,)),  # 6 points; 10 more are enough
        (POINTS, (MET, NOT, JUDGE), (1,)),  # 10 points; 5 are enough, 1 is not
    ],
)
def test_table(
    rule: AllOf | AtLeast | Points, outcomes: tuple[Outcome, ...], decide: tuple[int, ...]
) -> None:
    assert deciding(definition(rule), verdict(rule, outcomes)) == decide


@given(st.sampled_from([ALL, TWO, POINTS]), st.tuples(*[st.sampled_from(list(Outcome))] * 3))
def test_no_other_way(rule: AllOf | AtLeast | Points, outcomes: tuple[Outcome, ...]) -> None:
    """Met in its place, exactly the criteria that decide make the set met."""
    now = verdict(rule, outcomes)
    enough = tuple(
        index
        for index, outcome in enumerate(outcomes)
        if outcome is not NA
        and verdict(rule, (*outcomes[:index], MET, *outcomes[index + 1 :])).result.outcome is MET
    )
    settled = now.result.outcome in (MET, NA)
    assert deciding(definition(rule), now) == (() if settled else enough)


def test_met_without_its_maximum() -> None:
    """A criterion met with 7 of 10 points decides only where its other three points are enough."""
    found = verdict(POINTS, (MET, NOT, MET))
    scores = (Score(Fraction(7), Fraction(7)), *found.scores[1:])
    lower = replace(found, scores=scores, result=rules.result(POINTS, found.outcomes, scores))
    assert lower.result.outcome is NOT
    assert deciding(definition(POINTS), lower) == (1,)  # 8 points now: 5 more reach 12, 3 more do not
