"""What may be said of a criterion, as a table."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kieumau.assessments.rules import Outcome, Score
from kieumau.criteria.rules import AllOf, CriterionDefinition, Documented, Judged, Measured, Points
from kieumau.rounds.proving import Proof
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Question, Said, refusals, score_of

S, V, A = Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL
NAME = {"vi": "Tên", "en": "Name"}
ASKED = {"code": "plan", "name": NAME}
EVERY = AllOf(kind="all")
COUNTED = Points.model_validate(
    {"kind": "points", "classes": [{"code": "good", "name": NAME, "from": 5}], "meets_from": 5}
)
MET, NOT_MET, NOT_DUE, N_A = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE, Outcome.NOT_APPLICABLE


def criterion(kind: str, points: int | None = None) -> CriterionDefinition:
    common = {"code": "1", "title": NAME, "kind": kind}
    if points is not None:
        common["points"] = {"max": points}
    if kind == "measured":
        return Measured.model_validate({**common, "formula": "1 = 1"})
    if kind == "documented":
        return Documented.model_validate({**common, "document": ASKED})
    return Judged.model_validate({**common, "question": NAME})


TABLE = [
    # kind, stage, is due, the stage before, documents (named, accepted), what is said, why not
    ("judged", S, True, None, (0, 0), Said(MET), []),
    ("judged", S, True, None, (0, 0), Said(NOT_MET), []),
    ("judged", S, False, None, (0, 0), Said(NOT_DUE), []),
    ("judged", S, True, None, (0, 0), Said(NOT_DUE), ["is-due"]),
    ("judged", S, True, None, (0, 0), Said(N_A), ["no-reason"]),
    ("judged", S, True, None, (0, 0), Said(N_A, remark="không có trường học"), []),
    ("judged", S, True, None, (0, 0), Said(Outcome.NO_DATA), ["no-such-answer"]),
    ("measured", S, True, None, (0, 0), Said(MET), ["figures-say-it"]),
    ("measured", V, True, Said(NOT_MET), (0, 0), Said(MET), ["difference-not-explained"]),
    ("measured", V, True, Said(NOT_MET), (0, 0), Said(MET, remark="số liệu sai"), []),
    ("documented", S, True, None, (0, 0), Said(MET), []),  # the document may come until it is submitted
    ("documented", V, True, Said(MET), (1, 0), Said(MET), ["nothing-accepted"]),
    ("documented", V, True, Said(MET), (1, 1), Said(MET), []),
    ("documented", V, True, Said(MET), (1, 0), Said(NOT_MET, remark="ký sau quý I"), []),
    ("judged", A, True, Said(MET), (0, 0), Said(NOT_MET), ["difference-not-explained"]),
    ("judged", A, True, Said(MET), (0, 0), Said(MET), []),
    ("judged", S, True, None, (0, 0), Said(MET, Decimal(3)), ["points-not-counted"]),
]


@pytest.mark.parametrize(("kind", "stage", "is_due", "before", "proof", "said", "codes"), TABLE)
def test_what_may_be_said(
    kind: str,
    stage: Stage,
    is_due: bool,
    before: Said | None,
    proof: tuple[int, int],
    said: Said,
    codes: list[str],
) -> None:
    question = Question(criterion(kind), EVERY, stage, is_due, before, Proof(*proof))
    assert [problem.code for problem in refusals(question, said)] == codes


WITH_POINTS = [
    (Said(MET, Decimal(4)), [], Score(Fraction(4), Fraction(4))),
    (Said(NOT_MET, Decimal("2.5")), [], Score(Fraction(5, 2), Fraction(5, 2))),
    (Said(MET), ["no-points"], Score(Fraction(4), Fraction(4))),
    (Said(MET, Decimal(5)), ["points-out-of-range"], None),
    (Said(MET, Decimal(-1)), ["points-out-of-range"], None),
    (Said(NOT_DUE), [], Score(Fraction(0), Fraction(4))),
    (Said(N_A, remark="không có"), [], Score(Fraction(4), Fraction(4))),
]


@pytest.mark.parametrize(("said", "codes", "score"), WITH_POINTS)
def test_points(said: Said, codes: list[str], score: Score | None) -> None:
    question = Question(criterion("judged", 4), COUNTED, S, said.outcome is not NOT_DUE)
    assert [problem.code for problem in refusals(question, said)] == codes
    if score is not None:
        assert score_of(question, said) == score
