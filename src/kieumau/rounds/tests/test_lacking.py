"""What a criterion lacks at its stage, as a table; pages tell just what submitting and concluding refuse."""

from datetime import date

import pytest

from kieumau.assessments.rules import Outcome
from kieumau.criteria.rules import CriterionDefinition, Documented, Judged
from kieumau.rounds.lacking import Found, Need, Standing, needs
from kieumau.rounds.proving import Asking, Proof
from kieumau.rounds.rules import Stage

NAME = {"vi": "Kế hoạch", "en": "Plan"}
YEAR = (date(2025, 11, 16), date(2026, 11, 16))
PLAN: CriterionDefinition = Documented.model_validate(
    {"code": "1", "title": NAME, "kind": "documented", "document": {"code": "plan", "name": NAME}}
)
JUDGED: CriterionDefinition = Judged.model_validate(
    {"code": "1", "title": NAME, "kind": "judged", "question": NAME}
)
BEFORE, DUE = date(2026, 11, 14), date(2026, 11, 15)
MET, NOT_MET, NOT_DUE = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE
S, V, A = Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL
NONE, NAMED, ACCEPTED = Proof(), Proof(named=1), Proof(named=1, accepted=1)


def by_figures(outcome: Outcome, version: int = 1) -> Found:
    return Found(outcome, is_measured=True, version=version)


def about(outcome: Outcome, version: int | None = 1) -> Found:
    return Found(outcome, about=version)


UNIT = [
    # criterion, what dates say, what the unit said, documents, the day, what is lacking
    (JUDGED, None, None, NONE, DUE, Need.ANSWER),
    (JUDGED, None, Found(MET), NONE, DUE, None),
    (JUDGED, NOT_DUE, None, NONE, BEFORE, None),
    # The due day has come: neither a stored verdict nor what was put down by dates is an answer.
    (JUDGED, NOT_DUE, None, NONE, DUE, Need.ANSWER),
    (JUDGED, None, by_figures(NOT_DUE), NONE, DUE, Need.ANSWER),
    (JUDGED, None, Found(NOT_DUE), NONE, BEFORE, None),
    (JUDGED, None, Found(NOT_DUE), NONE, DUE, Need.DUE),
    (JUDGED, Outcome.NOT_APPLICABLE, None, NONE, DUE, None),
    (PLAN, None, Found(MET), NONE, DUE, Need.DOCUMENT),
    (PLAN, None, Found(MET), NAMED, DUE, None),
    (PLAN, None, Found(NOT_MET), NONE, DUE, None),
]
OTHERS = [
    # criterion, stage, found before, found here, documents, evidence to judge?, the day, what is lacking
    (JUDGED, V, Found(MET), None, NONE, False, DUE, [Need.LOOK]),
    (JUDGED, V, None, None, NONE, False, DUE, [Need.LOOK]),
    (JUDGED, V, Found(MET), about(MET), NONE, False, DUE, []),
    (JUDGED, V, Found(MET, version=2), about(MET), NONE, False, DUE, [Need.LOOK_AGAIN]),
    (JUDGED, V, None, about(MET), NONE, False, DUE, [Need.LOOK_AGAIN]),
    # What figures said is confirmed by itself, unless somebody found otherwise.
    (JUDGED, V, by_figures(MET, 2), None, NONE, False, DUE, []),
    (JUDGED, V, by_figures(MET, 2), by_figures(NOT_MET), NONE, False, DUE, []),
    (JUDGED, V, by_figures(MET, 2), about(NOT_MET), NONE, False, DUE, [Need.LOOK_AGAIN]),
    (JUDGED, V, Found(MET), by_figures(MET), NONE, False, DUE, [Need.LOOK_AGAIN]),
    # "Not due" ends with the due day, whoever said it.
    (JUDGED, V, by_figures(NOT_DUE), None, NONE, False, BEFORE, []),
    (JUDGED, V, by_figures(NOT_DUE), None, NONE, False, DUE, [Need.DUE]),
    (JUDGED, A, Found(NOT_DUE), about(NOT_DUE), NONE, False, DUE, [Need.DUE]),
    # Met on an accepted document alone.
    (PLAN, V, Found(MET), about(MET), NAMED, False, DUE, [Need.ACCEPTED]),
    (PLAN, V, Found(MET), about(MET), ACCEPTED, False, DUE, []),
    (PLAN, V, Found(MET), about(NOT_MET), NONE, False, DUE, []),
    (PLAN, V, Found(MET), None, NAMED, True, DUE, [Need.EVIDENCE, Need.LOOK]),
    (PLAN, V, Found(MET), about(MET), NAMED, True, DUE, [Need.EVIDENCE, Need.ACCEPTED]),
]


@pytest.mark.parametrize(("criterion", "figures", "own", "proof", "today", "need"), UNIT)
def test_what_the_unit_still_has_to_do(
    criterion: CriterionDefinition,
    figures: Outcome | None,
    own: Found | None,
    proof: Proof,
    today: date,
    need: Need | None,
) -> None:
    one = Standing(Asking(criterion, *YEAR), S, figures=figures, own=own, proof=proof)
    assert list(needs(one, today)) == ([need] if need else [])


@pytest.mark.parametrize(
    ("criterion", "stage", "before", "own", "proof", "is_pending", "today", "found"), OTHERS
)
def test_what_verifiers_and_appraisers_still_have_to_do(
    criterion: CriterionDefinition,
    stage: Stage,
    before: Found | None,
    own: Found | None,
    proof: Proof,
    is_pending: bool,
    today: date,
    found: list[Need],
) -> None:
    one = Standing(
        Asking(criterion, *YEAR), stage, own=own, before=before, proof=proof, is_pending=is_pending
    )
    assert list(needs(one, today)) == found
