"""Criteria that are not met become assignments of the dossier's unit, in one step, each once."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.assignments.models import Assignment
from kieumau.rounds.actions import say
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round, people
from kieumau.rounds.tests.test_pages import Grant, page, post

DUE = "2026-12-20"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))


@pytest.fixture
def world(kept_judged: Cast) -> Cast:
    return kept_judged


@pytest.fixture
def cast(world: Cast, grant: Grant) -> People:
    made = people()
    grant(made.officer, "officer", world.unit("Cái Khế"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "programme_office")
    return made


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """That of Cái Khế, which says itself that it does not meet 1.2."""
    found = Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))
    said = Said(Outcome.NOT_MET, remark="Chưa làm")
    say(found.pk, criterion="1.2", stage=Stage.SELF, said=said, seen=None, actor=cast.officer, now=NOW)
    return found


def test_what_is_not_met_is_given_in_one_step(dossier: Dossier, cast: People, world: Cast) -> None:
    office: User = cast.appraiser
    assert (
        reverse("dossier_assign", args=[dossier.pk]) in page(office, "dossier", dossier.pk).content.decode()
    )
    shown = page(office, "dossier_assign", dossier.pk).content.decode()
    assert "1.2" in shown
    assert 'name="pick-1.1"' not in shown
    typed = {"pick-1.2": "on", "text-1.2": "Hoàn thiện hồ sơ", "giver": world.unit("Việt Nam")}
    refused = post(office, "dossier_assign", dossier.pk, **typed)
    assert refused.status_code == 422
    assert "Hoàn thiện hồ sơ" in refused.content.decode()
    assert post(office, "dossier_assign", dossier.pk, **typed, due=DUE).status_code == 302
    made = Assignment.objects.get()
    assert (made.owner_id, made.about_id, made.text) == (
        dossier.unit_id,
        f"{dossier.pk}/1.2",
        "Hoàn thiện hồ sơ",
    )
    assert "given already" in page(office, "dossier_assign", dossier.pk).content.decode()
    post(office, "dossier_assign", dossier.pk, **typed, due=DUE)
    assert Assignment.objects.count() == 1
    about = page(cast.officer, "assignment", made.pk).content.decode()
    assert reverse("dossier_criterion", args=[dossier.pk, "1.2"]) in about


def test_who_may_not_give_is_not_offered_it(dossier: Dossier, cast: People) -> None:
    for user in (cast.officer, cast.verifier):
        assert "giao-nhiem-vu" not in page(user, "dossier", dossier.pk).content.decode()
        assert page(user, "dossier_assign", dossier.pk).status_code == 403
        assert post(user, "dossier_assign", dossier.pk, due=DUE).status_code == 403
    assert not Assignment.objects.exists()
