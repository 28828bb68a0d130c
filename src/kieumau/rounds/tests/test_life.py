"""A dossier's whole way, and what the database refuses whatever the code does."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.documents.models import Document
from kieumau.rounds.actions import (
    add_evidence,
    conclude,
    decide,
    look_at_evidence,
    say,
    send_back,
    submit,
)
from kieumau.rounds.failures import NotAllowed, NotComplete, OtherSide, SaidMeanwhile, SeenBefore
from kieumau.rounds.freezing import digest, fingerprint
from kieumau.rounds.models import Dossier, Evidence, Hand, StageFinding
from kieumau.rounds.rules import Side, Stage, State
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, resolution

MET, NOT_MET = Said(Outcome.MET), Said(Outcome.NOT_MET)
S, V, A = Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    """That of Cái Khế, whose figures are complete."""
    made = open_round(world)
    return Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))


def answered(dossier: Dossier, cast: People) -> Evidence:
    """The unit has answered what a person must, and named its resolution."""
    document = resolution(dossier.unit_id)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    return add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)


def submitted(dossier: Dossier, cast: People) -> Evidence:
    evidence = answered(dossier, cast)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    return evidence


def verified(dossier: Dossier, cast: People) -> None:
    evidence = submitted(dossier, cast)
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    conclude(dossier.pk, actor=cast.verifier, now=NOW)


def test_the_whole_way(dossier: Dossier, cast: People) -> None:
    verified(dossier, cast)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=A, said=MET, seen=None, actor=cast.appraiser, now=NOW)
    assert conclude(dossier.pk, actor=cast.appraiser, now=NOW).state == State.CONCLUDED
    before = fingerprint(dossier.pk)
    done = decide(dossier.pk, actor=cast.appraiser, now=NOW, is_met=False, decision="Quyết định 12/QĐ-BCA")
    assert done.state == State.DECIDED
    assert fingerprint(dossier.pk) == before
    assert [(one.act, one.by) for one in done.moves.all()] == [
        ("submit", "hoa"),
        ("conclude", "minh"),
        ("conclude", "quang"),
        ("decide", "quang"),
    ]
    assert StageFinding.objects.filter(dossier=dossier).count() == 15
    logged = Entry.objects.filter(object_kind="dossier", object_id=str(dossier.pk))
    assert logged.filter(verb="rounds.say").count() == 6


def test_submitting_freezes_what_figures_say_and_seals_documents(dossier: Dossier, cast: People) -> None:
    evidence = submitted(dossier, cast)
    dossier.refresh_from_db()
    found = Assessment.objects.get(unit=dossier.unit_id, period=dossier.round.period_id)
    assert dossier.frozen is not None
    assert dossier.frozen["operands"] == found.operands
    assert dossier.frozen_sha256 == digest(dossier.frozen)
    measured = StageFinding.objects.filter(dossier=dossier, stage=S, is_measured=True)
    assert {one.criterion.code: one.outcome for one in measured} == {
        code: found.outcomes[index] for index, code in ((2, "2.1"), (3, "2.2"), (4, "2.3"))
    }
    assert Document.objects.get(pk=evidence.document_id).sealed_at == NOW


def test_nothing_is_submitted_that_lacks_an_answer_or_a_document(dossier: Dossier, cast: People) -> None:
    with pytest.raises(NotComplete) as caught:
        submit(dossier.pk, actor=cast.officer, now=NOW)
    assert caught.value.codes == ["1.1", "1.2"]
    say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    say(dossier.pk, criterion="1.1", stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    late = resolution(dossier.unit_id, issued_on=date(2026, 4, 1))
    add_evidence(dossier.pk, criterion="1.1", document=late, actor=cast.officer, now=NOW)
    with pytest.raises(NotComplete) as caught:
        submit(dossier.pk, actor=cast.officer, now=NOW)
    assert [problem.code for problem in caught.value.problems] == ["no-document"]


def test_nobody_marks_his_own_homework(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    with pytest.raises(OtherSide):
        say(dossier.pk, criterion="1.2", stage=V, said=MET, seen=None, actor=cast.officer, now=NOW)
    with pytest.raises(OtherSide):
        conclude(dossier.pk, actor=cast.officer, now=NOW)


def test_the_database_knows_the_sides_by_itself(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    assert Hand.objects.get(dossier=dossier, person=cast.officer).side == Side.UNIT
    criterion = dossier.round.criteria_set.criteria.get(code="1.2")
    own = StageFinding(
        dossier=dossier, stage=V, criterion=criterion, outcome=MET.outcome, person=cast.officer, at=NOW
    )
    with pytest.raises(IntegrityError, match="dossier_finding_is_of_its_side"), transaction.atomic():
        own.save()
    with pytest.raises(IntegrityError, match="dossier_one_side_a_person"), transaction.atomic():
        Hand.objects.create(dossier=dossier, person=cast.officer, side=Side.VERIFIERS)
    with pytest.raises(IntegrityError, match="not in that stage"), transaction.atomic():
        StageFinding.objects.filter(dossier=dossier, stage=S).update(outcome=Outcome.NOT_MET)


def test_the_second_of_two_gets_both_values(dossier: Dossier, cast: People) -> None:
    first = say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    with pytest.raises(SaidMeanwhile) as caught:
        say(dossier.pk, criterion="1.2", stage=S, said=NOT_MET, seen=None, actor=cast.second_officer, now=NOW)
    assert (caught.value.theirs.outcome, caught.value.theirs.person) == (Outcome.MET, cast.officer)
    chosen = say(
        dossier.pk,
        criterion="1.2",
        stage=S,
        said=NOT_MET,
        seen=first.version,
        actor=cast.second_officer,
        now=NOW,
    )
    assert (chosen.outcome, chosen.version) == (Outcome.NOT_MET, 2)
    same = say(dossier.pk, criterion="1.2", stage=S, said=NOT_MET, seen=1, actor=cast.officer, now=NOW)
    assert same.version == 2  # both say the same: nothing to choose


def test_only_what_was_sent_back_is_worked_on_and_looked_at_again(dossier: Dossier, cast: People) -> None:
    evidence = submitted(dossier, cast)
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Cần nêu rõ", criteria=["1.2"])
    with pytest.raises(NotAllowed, match="not sent back"):
        say(dossier.pk, criterion="1.1", stage=S, said=NOT_MET, seen=1, actor=cast.officer, now=NOW)
    say(
        dossier.pk,
        criterion="1.2",
        stage=S,
        said=Said(Outcome.MET, remark="có 3 lần tham mưu"),
        seen=1,
        actor=cast.officer,
        now=NOW,
    )
    submit(dossier.pk, actor=cast.officer, now=NOW)
    with pytest.raises(NotComplete) as caught:
        conclude(dossier.pk, actor=cast.verifier, now=NOW)
    assert [(problem.code) for problem in caught.value.problems] == ["changed-since"]
    say(dossier.pk, criterion="1.2", stage=V, said=MET, seen=1, actor=cast.verifier, now=NOW)
    assert conclude(dossier.pk, actor=cast.verifier, now=NOW).stage == A


LATE = [
    # days after the last day, hour there, is it taken?
    (0, 0, True),
    (0, 23, True),
    (1, 0, False),
]


@pytest.mark.parametrize(("days", "hour", "is_taken"), LATE)
def test_a_stage_ends_with_its_last_day(
    dossier: Dossier, cast: People, days: int, hour: int, is_taken: bool
) -> None:
    at = NOW.replace(hour=0) + timedelta(days=30 + days, hours=hour - 7)

    def said() -> StageFinding:
        return say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=None, actor=cast.officer, now=at)

    if is_taken:
        assert said().version == 1
    else:
        with pytest.raises(NotAllowed, match="deadline"):
            said()


def test_sent_back_until_a_day(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    later = NOW + timedelta(days=35)
    with pytest.raises(NotAllowed):
        send_back(dossier.pk, actor=cast.verifier, now=later, reason="Thiếu", due_until=TODAY)
    send_back(
        dossier.pk, actor=cast.verifier, now=later, reason="Thiếu", due_until=TODAY + timedelta(days=40)
    )
    said = say(dossier.pk, criterion="1.2", stage=S, said=NOT_MET, seen=1, actor=cast.officer, now=later)
    assert said.version == 2


def test_an_act_over_an_older_dossier_is_refused(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    with pytest.raises(SeenBefore) as caught:
        send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Thiếu", seen=1)
    assert caught.value.current == 2


def test_history_stays(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    for change in (dossier.moves.all().update, dossier.hands.all().update):
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            change(dossier=dossier)
    with (
        pytest.raises(IntegrityError, match="not deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM dossier WHERE id = %s", [dossier.pk])
