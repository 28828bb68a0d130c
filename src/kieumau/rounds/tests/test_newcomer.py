"""What somebody sees who opens a dossier for the first time: whose result, whose turn, nothing chosen."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import add_evidence, conclude, look_at_evidence, say, send_back, submit
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, dossier_of, resolution, staff
from kieumau.rounds.tests.test_pages import Grant, page, signed_in, submitted


@pytest.fixture
def cast(world: Cast, grant: Grant) -> People:
    return staff(world, grant)


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    return dossier_of(world)


def test_who_verifies_chooses_himself_and_reads_whose_result_is_shown(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    text = page(cast.verifier, "dossier_criterion", dossier.pk, "1.1").content.decode()
    assert "Self-assessment:" in text
    assert "Now: Verification" in text
    assert "checked" not in text
    assert "Self-assessment:" in page(cast.verifier, "dossier", dossier.pk).content.decode()


TURN, WITH = "Begin with the first", "The dossier is now with"


def test_only_who_may_act_now_is_told_what_is_to_be_done(dossier: Dossier, cast: People) -> None:
    everybody = (cast.officer, cast.verifier, cast.appraiser)

    def told() -> list[str]:
        texts = [page(one, "dossier", dossier.pk).content.decode() for one in everybody]
        return ["turn" if TURN in text else "with" if WITH in text else "" for text in texts]

    assert told() == ["turn", "with", "with"]
    evidence = submitted(dossier, cast)
    assert told() == ["with", "turn", "with"]
    verdict: dict[str, Any] = {"actor": cast.verifier, "now": NOW}
    look_at_evidence(evidence, is_accepted=True, reason="", **verdict)
    for code in ("1.1", "1.2"):
        met = Said(Outcome.MET)
        say(dossier.pk, criterion=code, stage=Stage.VERIFICATION, said=met, seen=None, **verdict)
    conclude(dossier.pk, **verdict)
    assert told() == ["with", "with", "turn"]
    assert "concluded: Verification" in page(cast.officer, "dossier", dossier.pk).content.decode()


def test_assignments_are_offered_where_something_is_not_met(
    dossier: Dossier, cast: People, grant: Grant
) -> None:
    grant(cast.appraiser, "programme_office")
    shown = page(cast.appraiser, "dossier", dossier.pk)
    is_unmet = any(line.outcome is Outcome.NOT_MET for line in shown.context["page"].lines)
    assert shown.context["may_assign"] is is_unmet
    for line in shown.context["page"].lines:
        if not line.is_measured:
            actor = cast.officer
            not_met = Said(Outcome.NOT_MET, remark="Chưa làm")
            say(
                dossier.pk,
                criterion=line.criterion.code,
                stage=Stage.SELF,
                said=not_met,
                seen=None,
                actor=actor,
                now=NOW,
            )
    assert page(cast.appraiser, "dossier", dossier.pk).context["may_assign"]


def judged(dossier: Dossier, cast: People, *, criteria: list[str]) -> None:
    """Submitted, its document refused, and sent back by who verifies until 5 December."""
    evidence = submitted(dossier, cast)
    look_at_evidence(evidence, is_accepted=False, reason="Mờ", actor=cast.verifier, now=NOW)
    send_back(
        dossier.pk,
        reason="Chụp lại",
        criteria=criteria,
        due_until=date(2026, 12, 5),
        actor=cast.verifier,
        now=NOW,
    )


def test_what_was_refused_is_ticked_when_it_is_sent_back(dossier: Dossier, cast: People) -> None:
    evidence = submitted(dossier, cast)
    assert page(cast.verifier, "dossier", dossier.pk).context["form"]["criteria"].value() == []
    sent = {"do": "refuse", f"reason-{evidence.pk}": "Mờ", f"seen-{evidence.pk}": 1, "remark": "Xem rồi"}
    address = reverse("dossier_evidence", args=[dossier.pk, "1.1"])
    sent["at_stage"] = int(Stage.VERIFICATION)
    text = (
        signed_in(cast.verifier)
        .post(f"{address}?minh-chung={evidence.pk}", sent, follow=True)
        .content.decode()
    )
    assert page(cast.verifier, "dossier", dossier.pk).context["form"]["criteria"].value() == ["1.1"]
    assert "Xem rồi" in text
    assert "Mờ" in text
    assert 'value="Mờ"' not in text  # a reason is given anew


@pytest.mark.parametrize("criteria", [["1.1"], []])
def test_what_was_sent_back_says_until_when_and_only_where_it_was(
    dossier: Dossier, cast: People, criteria: list[str]
) -> None:
    judged(dossier, cast, criteria=criteria)
    own = page(cast.officer, "dossier_criterion", dossier.pk, "1.1").content.decode()
    other = page(cast.officer, "dossier_criterion", dossier.pk, "1.2").content.decode()
    assert "It is asked for until" in own
    assert ("Chụp lại" in other) is not bool(criteria)
    assert (
        "It is the whole dossier." in page(cast.officer, "dossier", dossier.pk).content.decode()
    ) is not bool(criteria)


def test_met_without_a_document_that_counts_is_warned_about(dossier: Dossier, cast: People) -> None:
    judged(dossier, cast, criteria=["1.1"])
    address = reverse("dossier_criterion", args=[dossier.pk, "1.1"])
    answer = signed_in(cast.officer).post(address, {"outcome": "1", "do": "save", "seen": "1"}, follow=True)
    assert "no document proves it" in answer.content.decode()


def test_who_verifies_again_reads_why_it_was_sent_back(dossier: Dossier, cast: People) -> None:
    judged(dossier, cast, criteria=["1.1"])
    later = NOW + timedelta(hours=1)
    new = resolution(dossier.unit_id)
    add_evidence(dossier.pk, criterion="1.1", document=new, actor=cast.officer, now=later)
    submit(dossier.pk, actor=cast.officer, now=later)
    text = page(cast.verifier, "dossier_criterion", dossier.pk, "1.1").content.decode()
    assert "Chụp lại" in text
    assert text.count("new since it was sent back") == 1
    assert "Chụp lại" not in page(cast.verifier, "dossier_criterion", dossier.pk, "1.2").content.decode()
