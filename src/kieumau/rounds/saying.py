"""What may be said of one criterion at one stage, and by what it counts. Plain Python, no clock.

At the unit's own stages figures speak for measured criteria; a person answers the others. Verifiers and
appraisers may find anything about any criterion, but say why where they find otherwise than those before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kieumau.assessments.rules import OPEN, ZERO, Outcome, Score, score
from kieumau.criteria.rules import AllOf, AtLeast, CriterionDefinition, Documented, Measured, Points
from kieumau.kernel.messages import Problem, Text
from kieumau.rounds.proving import NO_PROOF, Proof
from kieumau.rounds.rules import SIDE_OF, Side, Stage

# What a person may say; figures that are missing are for figures to say.
SAID = (Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a criterion: its outcome, points where the set counts them, a remark."""

    outcome: Outcome
    points: Decimal | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One criterion at one stage, with what is known before somebody answers.

    `is_due`: its due day has come. `before` is what the stage before said (None: nothing).
    """

    criterion: CriterionDefinition
    rule: AllOf | AtLeast | Points
    stage: Stage
    is_due: bool
    before: Said | None = None
    proof: Proof = NO_PROOF

    @property
    def most_points(self) -> Decimal | None:
        """The most points it can bring; None where the set counts none for it."""
        is_counted = isinstance(self.rule, Points) and self.criterion.points is not None
        return self.criterion.points.max if is_counted and self.criterion.points else None


def refusals(question: Question, said: Said) -> Iterator[Problem]:
    """Why that cannot be said; nothing where it can."""
    is_unit = SIDE_OF[question.stage] is Side.UNIT
    if is_unit and isinstance(question.criterion, Measured):
        yield _problem(
            "figures-say-it",
            "Tiêu chí này do số liệu xác định, không nhập kết quả.",
            "Figures decide this criterion; nobody enters its result.",
        )
        return
    if said.outcome not in SAID:
        yield _problem("no-such-answer", "Chọn một kết quả.", "Choose a result.")
    if said.outcome is Outcome.NOT_DUE and question.is_due:
        yield _problem(
            "is-due",
            "Tiêu chí đã đến hạn: chọn đạt hoặc chưa đạt.",
            "The criterion is due: choose met or not met.",
        )
    if said.outcome is Outcome.NOT_APPLICABLE and not said.remark:
        yield _problem(
            "no-reason",
            "Ghi lý do không áp dụng vào ô “Ghi chú”.",
            "Say why it does not apply, under “Remark”.",
        )
    yield from _about_points(question, said)
    yield from _about_difference(question, said, is_unit=is_unit)
    if not is_unit and lacks_proof(question, said):
        yield _problem(
            "nothing-accepted",
            "Chưa có văn bản nào đủ điều kiện được chấp nhận, nên chưa thể kết luận là đạt.",
            "No document that proves it has been accepted, so this cannot be found met.",
            question.proof.hint,
        )


def lacks_proof(question: Question, said: Said) -> bool:
    """Is a documented criterion said to be met, without a document that shows it at this stage?

    A document must be what is asked for, with a file (see `proving`), and, after the unit's own stages, have
    been accepted by somebody who did not assess.
    """
    is_asked = said.outcome is Outcome.MET and isinstance(question.criterion, Documented)
    return is_asked and not question.proof.suffices(question.stage)


def _about_points(question: Question, said: Said) -> Iterator[Problem]:
    most = question.most_points
    if said.points is None:
        if most is not None and said.outcome in {Outcome.MET, Outcome.NOT_MET}:
            yield _problem("no-points", "Nhập điểm của tiêu chí.", "Enter the points of the criterion.")
    elif most is None:
        yield _problem("points-not-counted", "Tiêu chí này không tính điểm.", "This criterion has no points.")
    elif not 0 <= said.points <= most:
        yield _problem(
            "points-out-of-range", f"Điểm phải từ 0 đến {most:f}.", f"Points must be between 0 and {most:f}."
        )


def _about_difference(question: Question, said: Said, *, is_unit: bool) -> Iterator[Problem]:
    before = question.before
    if is_unit or before is None or said.remark:
        return
    if (said.outcome, said.points) != (before.outcome, before.points):
        yield _problem(
            "difference-not-explained",
            "Kết quả khác với giai đoạn trước: ghi lý do vào ô “Ghi chú”.",
            "This differs from the stage before: say why under “Remark”.",
        )


def score_of(question: Question, said: Said) -> Score:
    """The points that count towards the set's result, exact; nothing for a set without points."""
    points = question.criterion.points
    if points is None or not isinstance(question.rule, Points):
        return Score(ZERO, ZERO)
    if said.outcome in OPEN or said.outcome is Outcome.NOT_APPLICABLE or said.points is None:
        return score(said.outcome, points, None, question.rule)
    return Score(Fraction(said.points), Fraction(said.points))


def _problem(code: str, vi: str, en: str, hint: Text | None = None) -> Problem:
    return Problem(code, Text(vi=vi, en=en), hint)
