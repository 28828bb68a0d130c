"""What somebody sees who opens a dossier for the first time: whose result, whose turn, nothing chosen."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import conclude, look_at_evidence, say
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, dossier_of, staff
from kieumau.rounds.tests.test_pages import Grant, page, submitted


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))


@pytest.fixture
def world(kept_judged: Cast) -> Cast:
    return kept_judged


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
