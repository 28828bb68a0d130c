"""The rules as tables. No database: what is tested here is what a decision would quote."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.assessments import rules
from kieumau.assessments.rules import Counts, Outcome, Score
from kieumau.criteria.rules import AllOf, AtLeast, CriterionPoints, Points
from kieumau.formulas.values import State

MET, NOT_MET, NOT_DUE = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE
NA, NO_DATA, NOT_JUDGED = Outcome.NOT_APPLICABLE, Outcome.NO_DATA, Outcome.NOT_JUDGED
V, MISSING, N_A, REFUSED = State.VALUE, State.MISSING, State.NOT_APPLICABLE, State.REFUSED

YES, NO, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("condition", "applies", "states", "before_due", "after_due"),
    [
        # the formula says     applies   its figures         before the due day  on and after it
        (YES, YES, [V, V], MET, MET),
        (NO, YES, [V, V], NOT_DUE, NOT_MET),
        (UNKNOWN, YES, [V, MISSING], NOT_DUE, NO_DATA),
        (UNKNOWN, YES, [V, REFUSED], NOT_DUE, NO_DATA),
        (UNKNOWN, YES, [V, N_A], NOT_DUE, NA),
        (UNKNOWN, YES, [MISSING, N_A], NOT_DUE, NO_DATA),
        (UNKNOWN, YES, [V, V], NOT_DUE, NO_DATA),  # a division by zero: there is no answer
        (YES, YES, [V, MISSING], MET, MET),  # true whatever the missing figure is
        (NO, YES, [V, MISSING], NOT_DUE, NOT_MET),
        (YES, NO, [V], NOT_DUE, NA),
        (NO, NO, [V], NOT_DUE, NA),
        (UNKNOWN, NO, [MISSING], NOT_DUE, NA),
        (YES, UNKNOWN, [V, MISSING], NOT_DUE, NO_DATA),
        (NO, UNKNOWN, [V, N_A], NOT_DUE, NA),
    ],
)
def test_measured(
    condition: bool | None,
    applies: bool | None,
    states: list[State],
    before_due: Outcome,
    after_due: Outcome,
) -> None:
    assert rules.measured(condition, applies, states, is_due=False) is before_due
    assert rules.measured(condition, applies, states, is_due=True) is after_due


@pytest.mark.parametrize(
    ("applies", "states", "before_due", "after_due"),
    [
        (YES, [], NOT_DUE, NOT_JUDGED),
        (NO, [V], NOT_DUE, NA),
        (UNKNOWN, [MISSING], NOT_DUE, NO_DATA),
        (UNKNOWN, [N_A], NOT_DUE, NA),
    ],
)
def test_documented_and_judged_criteria_wait_for_a_person(
    applies: bool | None, states: list[State], before_due: Outcome, after_due: Outcome
) -> None:
    assert rules.by_a_person(applies, states, is_due=False) is before_due
    assert rules.by_a_person(applies, states, is_due=True) is after_due


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([MET, MET], MET),
        ([MET, NA], MET),
        ([NA, NA], NA),
        ([MET, NOT_MET, NO_DATA], NOT_MET),  # one miss fails all, whatever is open
        ([MET, NO_DATA, NOT_JUDGED, NOT_DUE], NO_DATA),
        ([MET, NOT_JUDGED, NOT_DUE], NOT_JUDGED),
        ([MET, NOT_DUE, NA], NOT_DUE),
    ],
)
def test_all_of(outcomes: list[Outcome], expected: Outcome) -> None:
    assert rules.all_of(Counts.of(outcomes)) is expected


@pytest.mark.parametrize(
    ("k", "outcomes", "expected"),
    [
        (3, [MET, MET, MET, NOT_MET, NOT_MET], MET),
        (3, [MET, MET, MET, NO_DATA, NO_DATA], MET),  # decided before everything is known
        (3, [MET, MET, NOT_MET, NOT_MET, NOT_MET], NOT_MET),
        (3, [MET, MET, NOT_MET, NOT_MET, NOT_DUE], NOT_DUE),
        (3, [MET, MET, NOT_MET, NO_DATA, NOT_DUE], NO_DATA),
        (3, [MET, NOT_MET, NOT_MET, NOT_MET, NO_DATA], NOT_MET),  # 1 + 1 can no longer be 3
        (2, [MET, NA, NA], NOT_MET),
        (2, [NA, NA, NA], NA),
    ],
)
def test_at_least(k: int, outcomes: list[Outcome], expected: Outcome) -> None:
    assert rules.at_least(k, Counts.of(outcomes)) is expected


def test_thanh_hoa_12_october_2023() -> None:
    """Eighteen of 22 criteria met, the other four not yet due: so the whole is not yet due."""
    counts = Counts.of([MET] * 18 + [NOT_DUE] * 4)
    assert (counts.met, counts.not_due, counts.total) == (18, 4, 22)
    assert rules.all_of(counts) is NOT_DUE
    assert rules.all_of(Counts.of([MET] * 22)) is MET


CLASSES = [
    {"code": "excellent", "name": {"vi": "Xuất sắc", "en": "Excellent"}, "from": "90"},
    {"code": "good", "name": {"vi": "Khá", "en": "Good"}, "from": "70"},
    {"code": "fair", "name": {"vi": "Trung bình", "en": "Fair"}, "from": "50"},
]


def by_points(**changes: object) -> Points:
    return Points.model_validate({"kind": "points", "classes": CLASSES, "meets_from": "70", **changes})


@pytest.mark.parametrize(
    ("outcome", "maximum", "formula", "value", "expected"),
    [
        (MET, "10", None, None, ("10", "10")),
        (NOT_MET, "10", None, None, ("0", "0")),
        (NO_DATA, "10", None, None, ("0", "10")),
        (NOT_DUE, "10", None, None, ("0", "10")),
        (NOT_JUDGED, "10", None, None, ("0", "10")),
        (NA, "10", None, None, ("10", "10")),
        (NOT_MET, "1", "bands(…)", "0.5", ("0.5", "0.5")),  # 70 to below 80 per cent
        (MET, "1", "bands(…)", "1", ("1", "1")),
        (NOT_MET, "24", "24 - 6 * count(…)", "-6", ("0", "0")),  # deductions stop at nothing
        (MET, "24", "24 - 6 * count(…)", "30", ("24", "24")),
        (MET, "1", "bands(…)", None, ("0", "1")),
        (NO_DATA, "1", "bands(…)", "1", ("0", "1")),
    ],
)
def test_points_of_a_criterion(
    outcome: Outcome, maximum: str, formula: str | None, value: str | None, expected: tuple[str, str]
) -> None:
    points = CriterionPoints(max=Decimal(maximum), formula=formula)
    found = rules.score(outcome, points, Decimal(value) if value else None, by_points())
    assert found == Score(Decimal(expected[0]), Decimal(expected[1]))


def test_what_does_not_apply_may_bring_nothing() -> None:
    found = rules.score(NA, CriterionPoints(max=Decimal(5)), None, by_points(not_applicable="zero"))
    assert found == Score(Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    ("sure", "possible", "outcomes", "expected"),
    [
        ("92", "92", [MET], (MET, "excellent")),
        ("90", "90", [MET], (MET, "excellent")),
        ("89.5", "89.5", [MET], (MET, "good")),
        ("69.999", "69.999", [NOT_MET], (NOT_MET, "fair")),
        ("49", "49", [NOT_MET], (NOT_MET, "")),
        ("75", "85", [MET, NO_DATA], (MET, "good")),  # good already, and excellent is out of reach
        ("75", "95", [MET, NO_DATA], (MET, "")),  # met for certain, the class is not
        ("60", "80", [MET, NOT_DUE], (NOT_DUE, "")),
        ("20", "60", [NOT_MET, NO_DATA], (NOT_MET, "")),
    ],
)
def test_points_and_classes(
    sure: str, possible: str, outcomes: list[Outcome], expected: tuple[Outcome, str]
) -> None:
    found = rules.result(by_points(), outcomes, [Score(Decimal(sure), Decimal(possible))])
    assert (found.outcome, found.class_code) == expected


OUTCOMES = st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=40)


@given(OUTCOMES)
def test_counts_count_everything_once(outcomes: list[Outcome]) -> None:
    counts = Counts.of(outcomes)
    assert counts.total == len(outcomes)
    assert counts.by_outcome() == {outcome: Counter(outcomes)[outcome] for outcome in Outcome}


@given(OUTCOMES, st.integers(1, 40))
def test_a_final_verdict_stays_whatever_the_open_criteria_become(outcomes: list[Outcome], k: int) -> None:
    """Once met or not met, no answer to an open criterion may change it."""
    for rule in (AllOf(kind="all"), AtLeast(kind="at_least", k=k)):
        now = rules.result(rule, outcomes).outcome
        for answer in (MET, NOT_MET):
            later = [answer if outcome in rules.OPEN else outcome for outcome in outcomes]
            final = rules.result(rule, later).outcome
            if now in (MET, NOT_MET):
                assert final is now
            assert final not in rules.OPEN


@given(OUTCOMES)
def test_all_of_is_the_same_as_all_must_be_met(outcomes: list[Outcome]) -> None:
    """`all` agrees with `at_least n` wherever every criterion applies."""
    applying = [outcome for outcome in outcomes if outcome is not NA] or [MET]
    everything = AtLeast(kind="at_least", k=len(applying))
    assert rules.result(AllOf(kind="all"), applying) == rules.result(everything, applying)
