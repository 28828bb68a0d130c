"""What a dossier must have when it moves on: the day's own verdict, answers that still hold, proof."""

from datetime import UTC, date, datetime

import pytest

from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import add_evidence, conclude, look_at_evidence, say, send_back, submit
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.failures import NotAllowed, NotComplete
from kieumau.rounds.lacking import Need
from kieumau.rounds.models import Dossier, Evidence, StageFinding
from kieumau.rounds.rules import Stage, State
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, resolution
from kieumau.units.models import Term

MET = Said(Outcome.MET)
S, V = Stage.SELF, Stage.VERIFICATION
EARLY = datetime(2026, 10, 1, 2, tzinfo=UTC)  # only 1.1 was due by then


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    return Dossier.objects.get(round=open_round(world, stages=(S, V)), unit=world.unit("Cái Khế"))


def early(dossier: Dossier, cast: People) -> Evidence:
    """Submitted on 1 October, when nobody had to answer 1.2 yet."""
    say(dossier.pk, criterion="1.1", stage=S, said=MET, seen=None, actor=cast.officer, now=EARLY)
    document = resolution(dossier.unit_id)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=EARLY)
    submit(dossier.pk, actor=cast.officer, now=EARLY)
    return evidence


def missing(caught: pytest.ExceptionInfo[NotComplete]) -> list[tuple[str, str]]:
    return [(code, one.code) for code, one in zip(caught.value.codes, caught.value.problems, strict=True)]


def told(dossier: Dossier) -> list[tuple[str, Need | None]]:
    """What the page of the dossier says is lacking."""
    lines = page_of(Dossier.objects.get(pk=dossier.pk), NOW).lacking
    return [(line.criterion.code, line.need) for line in lines]


def test_each_submission_freezes_the_verdict_of_its_own_day(dossier: Dossier, cast: People) -> None:
    """The stored verdict was judged on 22 November; nothing judges it again because days pass."""
    early(dossier, cast)
    dossier.refresh_from_db()
    assert dossier.frozen is not None
    assert dossier.frozen["judged_on"] == "2026-10-01"
    assert dossier.frozen["criteria"]["1.2"][0] == "not_due"
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Thiếu")
    say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=1, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    dossier.refresh_from_db()
    assert dossier.frozen["judged_on"] == TODAY.isoformat()


def test_what_was_not_due_is_no_answer_once_it_is(dossier: Dossier, cast: People) -> None:
    early(dossier, cast)
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Thiếu")
    with pytest.raises(NotComplete) as caught:
        submit(dossier.pk, actor=cast.officer, now=NOW)
    assert missing(caught) == [("1.2", "not-answered")]
    assert told(dossier) == [("1.2", Need.ANSWER)]


def test_who_said_not_due_says_it_again_after_the_due_day(dossier: Dossier, cast: People) -> None:
    not_due = Said(Outcome.NOT_DUE)
    say(dossier.pk, criterion="1.2", stage=S, said=not_due, seen=None, actor=cast.officer, now=EARLY)
    early(dossier, cast)
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Thiếu")
    with pytest.raises(NotComplete) as caught:
        submit(dossier.pk, actor=cast.officer, now=NOW)
    assert missing(caught) == [("1.2", "is-due")]
    assert told(dossier) == [("1.2", Need.DUE)]


def test_figures_that_fell_silent_leave_no_row(dossier: Dossier, cast: People) -> None:
    """1.2 was put down by dates alone; where it is due by now and did not go back, nobody said anything."""
    early(dossier, cast)
    rows = StageFinding.objects.filter(dossier=dossier, stage=S, criterion__code="1.2")
    assert rows.get().is_measured
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Thiếu", criteria=["1.1"])
    submit(dossier.pk, actor=cast.officer, now=NOW)
    assert not rows.exists()


def test_verifiers_do_not_confirm_not_due_after_the_due_day(dossier: Dossier, cast: People) -> None:
    evidence = early(dossier, cast)
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    say(dossier.pk, criterion="1.1", stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    with pytest.raises(NotComplete) as caught:
        conclude(dossier.pk, actor=cast.verifier, now=NOW)
    assert missing(caught) == [("1.2", "is-due"), ("2.1", "is-due")]
    assert told(dossier) == [("1.2", Need.DUE), ("2.1", Need.DUE)]


def test_a_document_that_was_refused_proves_nothing_when_submitted_again(
    dossier: Dossier, cast: People
) -> None:
    say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    say(dossier.pk, criterion="1.1", stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    document = resolution(dossier.unit_id)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    look_at_evidence(evidence, is_accepted=False, reason="Chưa ký", actor=cast.verifier, now=NOW)
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Chưa ký", criteria=["1.1"])
    with pytest.raises(NotComplete) as caught:
        submit(dossier.pk, actor=cast.officer, now=NOW)
    assert missing(caught) == [("1.1", "no-document")]
    signed = resolution(dossier.unit_id, date(2026, 3, 1))
    add_evidence(dossier.pk, criterion="1.1", document=signed, actor=cast.officer, now=NOW)
    assert submit(dossier.pk, actor=cast.officer, now=NOW).stage == V


def test_what_was_not_sent_back_does_not_keep_a_dossier_with_its_unit(dossier: Dossier, cast: People) -> None:
    """The only document of 1.1 was refused and 1.1 found not met; 1.2 alone goes back, and comes again."""
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    document = resolution(dossier.unit_id)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    look_at_evidence(evidence, is_accepted=False, reason="Chưa ký", actor=cast.verifier, now=NOW)
    not_met = Said(Outcome.NOT_MET, remark="Chưa ký")
    say(dossier.pk, criterion="1.1", stage=V, said=not_met, seen=None, actor=cast.verifier, now=NOW)
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Cần nêu rõ", criteria=["1.2"])
    clearer = Said(Outcome.MET, remark="Ba lần")
    say(dossier.pk, criterion="1.2", stage=S, said=clearer, seen=1, actor=cast.officer, now=NOW)
    assert submit(dossier.pk, actor=cast.officer, now=NOW).stage == V
    say(dossier.pk, criterion="1.2", stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    assert conclude(dossier.pk, actor=cast.verifier, now=NOW).state == State.CONCLUDED


@pytest.mark.parametrize("says_it", [True, False])
def test_what_fell_due_meanwhile_and_was_not_sent_back_is_for_verifiers(
    dossier: Dossier, cast: People, says_it: bool
) -> None:
    """1.2 was not due, as the unit said or as dates said by themselves; 1.1 alone goes back after its day."""
    if says_it:
        not_due = Said(Outcome.NOT_DUE)
        say(dossier.pk, criterion="1.2", stage=S, said=not_due, seen=None, actor=cast.officer, now=EARLY)
    evidence = early(dossier, cast)
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Thiếu", criteria=["1.1"])
    assert submit(dossier.pk, actor=cast.officer, now=NOW).stage == V
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    say(dossier.pk, criterion="1.1", stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    with pytest.raises(NotComplete) as caught:
        conclude(dossier.pk, actor=cast.verifier, now=NOW)
    assert missing(caught) == [("1.2", "not-looked-at")]
    found = Said(Outcome.NOT_MET, remark="Không có")
    say(dossier.pk, criterion="1.2", stage=V, said=found, seen=None, actor=cast.verifier, now=NOW)
    assert conclude(dossier.pk, actor=cast.verifier, now=NOW).state == State.CONCLUDED


def test_concluding_asks_for_proof_once_more(dossier: Dossier, cast: People) -> None:
    """Two verifiers at the same moment: one found it met, the other refused its only document."""
    say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    say(dossier.pk, criterion="1.1", stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    document = resolution(dossier.unit_id)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    Evidence.objects.filter(pk=evidence.pk).update(state="refused", reason="Chưa ký")  # what the other wrote
    with pytest.raises(NotComplete) as caught:
        conclude(dossier.pk, actor=cast.verifier, now=NOW)
    assert missing(caught) == [("1.1", "nothing-accepted")]
    assert told(dossier) == [("1.1", Need.ACCEPTED)]


def leaves_the_set(dossier: Dossier) -> None:
    """The ward is a township by the last day of the period; so it was recorded after the round was opened."""
    assert Term.objects.filter(unit=dossier.unit_id, valid__contains=TODAY).update(kind="thi-tran") == 1


def test_where_the_set_applies_no_more_who_submits_is_told(dossier: Dossier, cast: People) -> None:
    for code in ("1.1", "1.2"):
        said = Said(Outcome.NOT_MET)
        say(dossier.pk, criterion=code, stage=S, said=said, seen=None, actor=cast.officer, now=NOW)
    leaves_the_set(dossier)
    Assessment.objects.filter(unit=dossier.unit_id).delete()  # as judging all again does
    assert page_of(Dossier.objects.get(pk=dossier.pk), NOW).has_left_set
    with pytest.raises(NotAllowed) as refused:
        submit(dossier.pk, actor=cast.officer, now=NOW)
    assert [one.code for one in refused.value.problems] == ["left-the-set"]


def test_what_could_not_come_again_is_not_sent_back(dossier: Dossier, cast: People) -> None:
    evidence = early(dossier, cast)
    leaves_the_set(dossier)
    with pytest.raises(NotAllowed) as refused:
        send_back(dossier.pk, actor=cast.verifier, now=EARLY, reason="Thiếu")
    assert [one.code for one in refused.value.problems] == ["back-for-good"]
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=EARLY)
    say(dossier.pk, criterion="1.1", stage=V, said=MET, seen=None, actor=cast.verifier, now=EARLY)
    assert conclude(dossier.pk, actor=cast.verifier, now=EARLY).state == State.CONCLUDED
