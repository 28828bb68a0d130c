"""What a unit first claimed beside what verifiers first found: sending back without a word hides nothing."""

from datetime import timedelta
from fractions import Fraction

import pytest

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.rechecks import queries
from kieumau.rechecks.rules import Inflation
from kieumau.rounds.actions import conclude, look_at_evidence, say, send_back, submit
from kieumau.rounds.models import Dossier, StageFinding
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round
from kieumau.rounds.tests.test_life import submitted

S, V = Stage.SELF, Stage.VERIFICATION
MET, NOT_MET, NOT_DUE, EXEMPT = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE, Outcome.NOT_APPLICABLE

# What happens to criterion 1.2, one step a day. "claim"/"find": the unit says, verifiers say, of it.
SUBMIT, CONCLUDE, BACK, BACK_WHOLE = "submit", "conclude", "send 1.2 back", "send the whole back"
EARLY, LATER = "before it is due", "once it is due"
DAYS = {EARLY: -15, LATER: 1}  # its due day is 14 November, and NOW eight days later
Step = str | tuple[Stage, Outcome]


def claim(outcome: Outcome) -> Step:
    return S, outcome


def find(outcome: Outcome) -> Step:
    return V, outcome


TOO_KIND = Inflation(compared=1, met_before=1, met_after=0)  # claimed as met, found not met
EARNED = Inflation(compared=1, met_before=1, met_after=1)
MODEST = Inflation(compared=1, met_before=0, met_after=1)
NOTHING = Inflation()
CASES: dict[str, tuple[list[Step], Inflation]] = {
    "never sent back, found as claimed": ([claim(MET), SUBMIT, find(MET), CONCLUDE], EARNED),
    "never sent back, found not met": ([claim(MET), SUBMIT, find(NOT_MET), CONCLUDE], TOO_KIND),
    "never sent back, better than claimed": ([claim(NOT_MET), SUBMIT, find(MET), CONCLUDE], MODEST),
    "verifiers correct themselves before they are done": (
        [claim(MET), SUBMIT, find(MET), find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "verifiers are not done yet": ([claim(MET), SUBMIT, find(NOT_MET)], NOTHING),
    "sent back with a finding, put right after": (
        [claim(MET), SUBMIT, find(NOT_MET), BACK, claim(NOT_MET), claim(MET), SUBMIT, find(MET), CONCLUDE],
        TOO_KIND,
    ),
    "sent back with a finding, the claim taken back": (
        [claim(MET), SUBMIT, find(NOT_MET), BACK, claim(NOT_MET), SUBMIT, CONCLUDE],
        TOO_KIND,
    ),
    "sent back without a finding, nothing found yet": ([claim(MET), SUBMIT, BACK], NOTHING),
    "sent back without a finding, found not met then": (
        [claim(MET), SUBMIT, BACK, SUBMIT, find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "sent back without a finding, the claim taken back": (
        [claim(MET), SUBMIT, BACK, claim(NOT_MET), SUBMIT, find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "sent back without a finding, put right and found met": (
        [claim(MET), SUBMIT, BACK, claim(NOT_MET), claim(MET), SUBMIT, find(MET), CONCLUDE],
        EARNED,
    ),
    "sent back twice without a finding": (
        [claim(MET), SUBMIT, BACK, SUBMIT, BACK, claim(NOT_MET), SUBMIT, find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "the whole sent back without a finding": (
        [claim(MET), SUBMIT, BACK_WHOLE, claim(NOT_MET), SUBMIT, find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "the whole sent back with a finding": (
        [claim(MET), SUBMIT, find(NOT_MET), BACK_WHOLE, SUBMIT, find(MET), CONCLUDE],
        TOO_KIND,
    ),
    "claimed only after it was sent back": (
        [claim(EXEMPT), SUBMIT, BACK, claim(MET), SUBMIT, find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "found before it was claimed: not a finding of the claim": (
        [claim(EXEMPT), SUBMIT, find(NOT_MET), BACK, claim(MET), SUBMIT, BACK, SUBMIT, find(MET), CONCLUDE],
        EARNED,
    ),
    "not yet due at first, as the unit says": (
        [EARLY, claim(NOT_DUE), SUBMIT, BACK, LATER, claim(MET), SUBMIT, find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "not yet due at first, as the days say; nobody answered": (
        [EARLY, SUBMIT, BACK, LATER, claim(MET), SUBMIT, find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "claimed and verified before it is due": (
        [EARLY, claim(MET), SUBMIT, find(NOT_DUE), BACK, LATER, SUBMIT, find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "found not applicable at first": (
        [claim(MET), SUBMIT, find(EXEMPT), BACK, SUBMIT, find(NOT_MET), CONCLUDE],
        TOO_KIND,
    ),
    "not applicable by both": ([claim(EXEMPT), SUBMIT, find(EXEMPT), CONCLUDE], NOTHING),
    "claimed, found not applicable": ([claim(MET), SUBMIT, find(EXEMPT), CONCLUDE], NOTHING),
}


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """Not submitted yet; of every other criterion that people judge both say that it does not apply."""
    made = open_round(world, stages=(S, V))
    found = Dossier.objects.select_related("round__period").get(round=made, unit=world.unit("Cái Khế"))
    said(found, cast, S, EXEMPT, DAYS[EARLY], code="1.1")
    return found


def said(dossier: Dossier, cast: People, stage: Stage, outcome: Outcome, day: int, code: str = "1.2") -> None:
    """Somebody of that stage says so, with a remark of that day."""
    before = StageFinding.objects.filter(dossier=dossier, stage=stage, criterion__code=code).first()
    say(
        dossier.pk,
        criterion=code,
        stage=stage,
        said=Said(outcome, remark=f"Ngày {day}"),
        seen=before.version if before else None,
        actor=cast.officer if stage is S else cast.verifier,
        now=NOW + timedelta(days=day),
    )


def take(step: Step, dossier: Dossier, cast: People, day: int) -> None:
    now = NOW + timedelta(days=day)
    if isinstance(step, tuple):
        said(dossier, cast, *step, day)
    elif step == SUBMIT:
        submit(dossier.pk, actor=cast.officer, now=now)
    elif step == CONCLUDE:
        said(dossier, cast, V, EXEMPT, day, code="1.1")
        unseen = StageFinding.objects.get(dossier=dossier, stage=V, criterion__code="1.2")
        said(dossier, cast, V, Outcome(unseen.outcome), day)
        conclude(dossier.pk, actor=cast.verifier, now=now)
    else:
        codes = ["1.2"] if step == BACK else []
        send_back(dossier.pk, actor=cast.verifier, now=now, reason="Xem lại", criteria=codes)


def compared(dossier: Dossier) -> Inflation:
    (own,) = (one for one in queries.by_unit(dossier.round) if one.dossier_id == dossier.pk)
    return own.by_verifiers


@pytest.mark.parametrize("case", CASES)
def test_the_first_claim_beside_the_first_finding(dossier: Dossier, cast: People, case: str) -> None:
    steps, expected = CASES[case]
    day = DAYS[LATER]
    for step in steps:
        if step in {EARLY, LATER}:
            day = DAYS[str(step)]
        else:
            take(step, dossier, cast, day)
            day += 1
    assert compared(dossier) == expected


def test_four_claims_of_which_one_was_sent_back_and_not_met() -> None:
    """The share is exact, and nothing to compare is not zero."""
    four = Inflation(compared=3, met_before=3, met_after=3) + TOO_KIND
    assert four.index == Fraction(1, 4)
    assert NOTHING.index is None


def test_what_figures_say_is_compared_with_nothing(world: Cast, cast: People) -> None:
    made = open_round(world, stages=(S, V))
    found = Dossier.objects.select_related("round__period").get(round=made, unit=world.unit("Cái Khế"))
    evidence = submitted(found, cast)
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    said(found, cast, V, MET, 1, code="1.1")
    said(found, cast, V, NOT_MET, 1)
    conclude(found.pk, actor=cast.verifier, now=NOW + timedelta(days=2))
    assert StageFinding.objects.filter(dossier=found, stage=V).count() == 5
    assert compared(found) == Inflation(compared=2, met_before=2, met_after=1)


def test_units_of_which_anything_is_compared_stand_first() -> None:
    """The others follow; a province has a hundred of them."""
    nothing, kind = (
        queries.UnitInflation(pk, pk, None, one, NOTHING) for pk, one in enumerate((NOTHING, TOO_KIND))
    )
    assert [one.is_silent for one in (nothing, kind)] == [True, False]
