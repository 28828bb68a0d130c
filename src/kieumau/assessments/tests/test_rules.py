"""The rules as tables. No database: what is tested here is what a decision would quote."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.assessments import rules
from kieumau.assessments.rules import Counts, Outcome, Score
from kieumau.calendars.library import calendar
from kieumau.criteria.rules import AllOf, AtLeast, CriterionPoints, Points
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands_of, place
from kieumau.formulas.trace import Trace
from kieumau.formulas.values import NOT_APPLICABLE, REFUSED, OperandValue

MET, NOT_MET, NOT_DUE = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE
NA, NO_DATA, NOT_JUDGED = Outcome.NOT_APPLICABLE, Outcome.NO_DATA, Outcome.NOT_JUDGED

YES, NO, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("condition", "applies", "is_inapplicable", "before_due", "after_due"),
    [
        # the formula says, applies, unknown only as a figure does not apply, before the due day, after it
        (YES, YES, False, MET, MET),
        (NO, YES, False, NOT_DUE, NOT_MET),
        (UNKNOWN, YES, False, NOT_DUE, NO_DATA),
        (UNKNOWN, YES, True, NOT_DUE, NA),
        (YES, NO, False, NOT_DUE, NA),
        (NO, NO, False, NOT_DUE, NA),
        (UNKNOWN, NO, False, NOT_DUE, NA),
        (YES, UNKNOWN, False, NOT_DUE, NO_DATA),
        (NO, UNKNOWN, True, NOT_DUE, NA),
    ],
)
def test_measured(
    condition: bool | None,
    applies: bool | None,
    is_inapplicable: bool,
    before_due: Outcome,
    after_due: Outcome,
) -> None:
    for is_due, expected in ((False, before_due), (True, after_due)):
        found = rules.measured(condition, applies, is_inapplicable=is_inapplicable, is_due=is_due)
        assert found is expected


@pytest.mark.parametrize(
    ("applies", "is_inapplicable", "before_due", "after_due"),
    [
        (YES, False, NOT_DUE, NOT_JUDGED),
        (NO, False, NOT_DUE, NA),
        (UNKNOWN, False, NOT_DUE, NO_DATA),
        (UNKNOWN, True, NOT_DUE, NA),
    ],
)
def test_documented_and_judged_criteria_wait_for_a_person(
    applies: bool | None, is_inapplicable: bool, before_due: Outcome, after_due: Outcome
) -> None:
    for is_due, expected in ((False, before_due), (True, after_due)):
        assert rules.by_a_person(applies, is_inapplicable=is_inapplicable, is_due=is_due) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n_a > 1", True),
        ("n_a + two > 1", True),
        ("n_a > 1 and two > 1", True),
        ("coalesce(missing, 0) + n_a > 1", True),  # what is missing was made good
        ("change(n_a) <= 0", True),
        ("two > 1", False),  # known
        ("n_a > 1 or two > 1", False),  # true whatever it is
        ("missing > 1", False),
        ("n_a + missing > 1", False),
        ("n_a + refused > 1", False),
        ("two / zero > 1", False),
        ("two / zero + n_a > 1", False),  # there would be no answer with the figure either
        ("n_a / zero > 1", False),
        ("n_a > 1 and two / zero > 1", False),
        ("n_a > 1 and change(zero) <= 0", False),
        ("two / coalesce(n_a, 0) > 1", False),
    ],
)
def test_what_does_not_apply_is_told_from_what_has_no_answer(text: str, expected: bool) -> None:
    assert rules.is_inapplicable(trace(text)) is expected


def test_a_cause_in_either_formula_is_a_cause() -> None:
    assert rules.is_inapplicable(trace("n_a > 1"), trace("two > 1"))
    assert not rules.is_inapplicable(trace("n_a > 1"), trace("missing > 1"))
    assert not rules.is_inapplicable()


FIGURES = {"n_a": NOT_APPLICABLE, "refused": REFUSED, "zero": OperandValue.of(0), "two": OperandValue.of(2)}


def trace(text: str) -> Trace:
    """A formula over the figures above, for a month; any other figure is missing."""
    civil = calendar("civil")
    tree = place(parse(text), civil.window("2025-10"), civil)
    asked = operands_of(tree)
    return evaluate_placed(tree, {one: FIGURES[one.indicator] for one in asked if one.indicator in FIGURES})


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
    found = rules.score(outcome, points, Fraction(value) if value else None, by_points())
    assert found == Score(*map(Fraction, expected))


def test_what_does_not_apply_may_bring_nothing() -> None:
    found = rules.score(NA, CriterionPoints(max=Decimal(5)), None, by_points(not_applicable="zero"))
    assert found == Score(Fraction(0), Fraction(0))


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
    found = rules.result(by_points(), outcomes, [Score(Fraction(sure), Fraction(possible))])
    assert (found.outcome, found.class_code) == expected


@pytest.mark.parametrize(
    ("exact", "expected", "class_code", "shown"),
    [
        ("69.9996", NOT_MET, "fair", "69.999"),  # would round up to what meets
        ("70.0004", MET, "good", "70"),
        ("70", MET, "good", "70"),
        ("69.9994", NOT_MET, "fair", "69.999"),
        ("200/3", NOT_MET, "fair", "66.667"),  # half up, as everywhere else
        ("89.9999", MET, "good", "89.999"),  # nor up to a better class
        ("49.9995", NOT_MET, "", "49.999"),
    ],
)
def test_exact_points_decide_and_rounded_ones_do_not_contradict_them(
    exact: str, expected: Outcome, class_code: str, shown: str
) -> None:
    points = Fraction(exact)
    found = rules.result(by_points(), [MET], [Score(points / 3, points / 3)] * 3)
    assert (found.outcome, found.class_code) == (expected, class_code)
    assert found.score == Score(Fraction(shown), Fraction(shown))


@given(st.fractions(0, 100), st.fractions(0, 100))
def test_what_is_shown_is_in_the_class_that_was_decided(sure: Fraction, more: Fraction) -> None:
    rule = by_points()
    found = rules.result(rule, [MET, NO_DATA], [Score(sure, sure), Score(Fraction(0), more)])
    assert found.score is not None
    for exact, shown in ((sure, found.score.sure), (sure + more, found.score.possible)):
        assert rules.class_of(rule, shown) == rules.class_of(rule, exact)
        assert abs(shown - exact) < Fraction(1, 1000)


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
