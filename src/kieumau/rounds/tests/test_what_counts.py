"""What counts as met while a dossier is under way: not what lost the documents that bore it."""

from datetime import date

import pytest

from kieumau.assessments.rules import Counts, Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.criteria.rules import CriterionDefinition, Documented, Judged
from kieumau.rounds.actions import (
    add_evidence,
    conclude,
    decide,
    look_at_evidence,
    remove_evidence,
    say,
    send_back,
)
from kieumau.rounds.dossier_page import Page, page_of
from kieumau.rounds.lacking import counts
from kieumau.rounds.models import Dossier, StageFinding
from kieumau.rounds.proving import Proof
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, dossier_of, resolution, staff
from kieumau.rounds.tests.test_life import submitted, verified
from kieumau.rounds.tests.test_pages import Grant, page

NAME = {"vi": "Kế hoạch", "en": "Plan"}
PLAN: CriterionDefinition = Documented.model_validate(
    {"code": "1", "title": NAME, "kind": "documented", "document": {"code": "plan", "name": NAME}}
)
JUDGED: CriterionDefinition = Judged.model_validate(
    {"code": "1", "title": NAME, "kind": "judged", "question": NAME}
)
MET, NOT_MET, NOT_JUDGED = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_JUDGED
S, V, A = Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL
NONE, NAMED, ACCEPTED = Proof(), Proof(named=1), Proof(named=1, accepted=1)

TABLE = [
    # the criterion, found last, at which stage, documents that nobody refused; submitted once; does it count?
    (PLAN, MET, S, NONE, False, True),  # a claim: nobody has looked yet
    (PLAN, MET, S, NAMED, True, True),  # still its claim: nobody has refused what bears it
    (PLAN, MET, S, NONE, True, False),  # refused, or taken back since
    (PLAN, MET, V, ACCEPTED, True, True),
    (PLAN, MET, V, NAMED, True, False),  # a new one, at which nobody has looked
    (PLAN, MET, V, NONE, True, False),  # accepted by verifiers, refused by appraisers
    (PLAN, MET, A, ACCEPTED, True, True),
    (PLAN, NOT_MET, S, NONE, True, True),
    (JUDGED, MET, S, NONE, True, True),  # asks for no document
]


@pytest.mark.parametrize(("criterion", "outcome", "stage", "proof", "was_submitted", "does"), TABLE)
def test_what_counts(
    criterion: CriterionDefinition,
    outcome: Outcome,
    stage: Stage,
    proof: Proof,
    was_submitted: bool,
    does: bool,
) -> None:
    assert counts(criterion, outcome, stage, proof, was_submitted=was_submitted) is does


@pytest.fixture
def cast(kept_judged: Cast, grant: Grant) -> People:
    return staff(kept_judged, grant)


@pytest.fixture
def dossier(kept_judged: Cast) -> Dossier:
    """That of Cái Khế, whose criterion 1.1 asks for a resolution and whose 1.2 for none."""
    return dossier_of(kept_judged)


def shown(dossier: Dossier) -> Page:
    found = Dossier.objects.select_related("round__period", "round__criteria_set").get(pk=dossier.pk)
    return page_of(found, NOW)


def stands_at(dossier: Dossier) -> tuple[Outcome, Counts]:
    """What 1.1 stands at, and how many criteria at what."""
    made = shown(dossier)
    line = made.line("1.1")
    assert line is not None
    return line.outcome, made.result.counts


def test_what_a_refused_document_bore_is_open_until_another_comes(dossier: Dossier, cast: People) -> None:
    evidence = submitted(dossier, cast)
    outcome, claimed = stands_at(dossier)
    assert outcome is MET
    look_at_evidence(evidence, is_accepted=False, reason="Mờ", actor=cast.verifier, now=NOW)
    outcome, left = stands_at(dossier)
    assert outcome is NOT_JUDGED
    assert (left.met, left.total) == (claimed.met - 1, claimed.total)
    send_back(dossier.pk, reason="Chụp lại", actor=cast.verifier, now=NOW)
    remove_evidence(evidence, actor=cast.officer, now=NOW)
    assert stands_at(dossier)[0] is NOT_JUDGED  # not by taking it back either
    another = resolution(dossier.unit_id, date(2026, 3, 10))
    add_evidence(dossier.pk, criterion="1.1", document=another, actor=cast.officer, now=NOW)
    assert stands_at(dossier)[0] is MET  # its claim again, on a paper at which nobody has looked


def test_what_verifiers_found_stands_on_what_is_still_accepted(dossier: Dossier, cast: People) -> None:
    verified(dossier, cast)
    assert stands_at(dossier)[0] is MET
    (evidence,) = dossier.evidence.all()
    look_at_evidence(evidence, is_accepted=False, reason="Giả", actor=cast.appraiser, now=NOW)
    assert stands_at(dossier)[0] is NOT_JUDGED
    found = StageFinding.objects.filter(dossier=dossier, criterion__code="1.1").order_by("stage")
    assert [one.outcome for one in found] == [MET, MET]  # what was said stays said


def test_what_is_decided_reads_as_it_did(dossier: Dossier, cast: People) -> None:
    evidence = submitted(dossier, cast)
    look_at_evidence(evidence, is_accepted=False, reason="Mờ", actor=cast.verifier, now=NOW)
    no = Said(NOT_MET, remark="Văn bản mờ")
    for stage, who in ((V, cast.verifier), (A, cast.appraiser)):
        for code in ("1.1", "1.2"):
            say(dossier.pk, criterion=code, stage=stage, said=no, seen=None, actor=who, now=NOW)
        conclude(dossier.pk, actor=who, now=NOW)
    outcome, before = stands_at(dossier)
    assert outcome is NOT_MET
    decide(dossier.pk, is_met=False, decision="12/QĐ-BCA", actor=cast.appraiser, now=NOW)
    assert stands_at(dossier) == (NOT_MET, before)


def test_the_pages_say_why(dossier: Dossier, cast: People) -> None:
    evidence = submitted(dossier, cast)
    assert "does not count as met" not in page(cast.officer, "dossier", dossier.pk).content.decode()
    look_at_evidence(evidence, is_accepted=False, reason="Mờ", actor=cast.verifier, now=NOW)
    text = page(cast.officer, "dossier", dossier.pk).content.decode()
    assert "does not count as met: no document that shows it is accepted" in text
    assert "So far" in text  # no longer what the unit said
    text = page(cast.officer, "dossier_criterion", dossier.pk, "1.1").content.decode()
    assert "Found met, this does not count" in text
    assert "Found met" not in page(cast.officer, "dossier_criterion", dossier.pk, "1.2").content.decode()
