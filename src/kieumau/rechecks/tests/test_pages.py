"""Drawing on a page, looking again, and inflation; a draw done again by command."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.notices.models import Notice
from kieumau.programmes.models import Programme
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rechecks.verifying import verify
from kieumau.rechecks.waiting import piles
from kieumau.rounds.actions import conclude, look_at_evidence, say, send_back
from kieumau.rounds.models import Dossier, Evidence, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW, People, open_round, people
from kieumau.rounds.tests.test_pages import MET, page, page_at, post, signed_in, submitted


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))


@pytest.fixture
def world(kept_judged: Cast) -> Cast:
    return kept_judged


@pytest.fixture
def cast(world: Cast, grant: Any) -> People:
    made = people()
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.second_officer, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "programme_office", world.unit("Cần Thơ"))
    return made


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    found = Dossier.objects.get(
        round=open_round(world, stages=(Stage.SELF, Stage.VERIFICATION)), unit=world.unit("Cái Khế")
    )
    evidence = submitted(found, cast)
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    for code in ("1.1", "1.2"):
        say(
            found.pk,
            criterion=code,
            stage=Stage.VERIFICATION,
            said=MET,
            seen=None,
            actor=cast.verifier,
            now=NOW,
        )
    conclude(found.pk, actor=cast.verifier, now=NOW)
    return found


def test_a_draw_is_repeated_from_its_seed(world: Cast, cast: People, dossier: Dossier) -> None:
    data = {"area": world.unit("Cần Thơ"), "per_province": "1", "criteria_count": "2"}
    assert post(cast.verifier, "recheck_draw", dossier.round_id, **data).status_code == 403
    early = post(cast.appraiser, "recheck_draw", dossier.round_id, **data)  # An Bình's is with its unit
    assert early.status_code == 422
    assert "Not through all stages yet in that area: one dossier" in early.content.decode()
    reasoned = {**data, "reason": "Làm sớm"}
    assert post(cast.appraiser, "recheck_draw", dossier.round_id, **reasoned).status_code == 302
    again = post(cast.appraiser, "recheck_draw", dossier.round_id, **data)
    assert again.status_code == 422
    drawn = Draw.objects.select_related("round__period").get()
    assert verify(drawn).holds
    text = page(cast.appraiser, "recheck_drawn", drawn.pk).content.decode()
    assert f"kieumau rechecks draw --verify {drawn.pk}" in text
    assert drawn.seed in text
    assert drawn.round.commitment in text
    assert "Left out" in text
    assert "An Bình" in text
    above, folded = text.split("How to verify this draw</summary>")
    assert drawn.seed not in above
    assert drawn.seed in folded
    assert "Verifier, Appraiser." in " ".join(folded.split()), "who may do the re-checks"
    again = page_at(cast.appraiser, f"{reverse('recheck_drawn', args=[drawn.pk])}?rut-lai=1")
    assert "It holds" in again.content.decode()


def test_somebody_else_looks_again_and_the_index_follows(world: Cast, cast: People, dossier: Dossier) -> None:
    data = {"area": world.unit("Cần Thơ"), "per_province": "1", "criteria_count": "5", "reason": "Làm sớm"}
    post(cast.appraiser, "recheck_draw", dossier.round_id, **data)
    one = Recheck.objects.get(criterion__code="1.2")
    assert f"/kiem-tra-xac-suat/muc/{one.pk}/" in page(cast.second_officer, "rechecks").content.decode()
    assert f"/kiem-tra-xac-suat/muc/{one.pk}/" not in page(cast.verifier, "rechecks").content.decode()
    typed = {"outcome": "2", "remark": "Sổ không có"}
    assert post(cast.verifier, "recheck", one.pk, **typed).status_code == 422  # he had a hand in it
    assert post(cast.second_officer, "recheck", one.pk, outcome="2").status_code == 422
    assert post(cast.second_officer, "recheck", one.pk, **typed).status_code == 302
    text = page(cast.second_officer, "inflation", dossier.round_id).content.decode()
    assert "Cần Thơ" in text
    inside = f"/kiem-tra-xac-suat/dot/{dossier.round_id}/?tinh={world.unit('Cần Thơ')}"
    assert "Cái Khế" in page_at(cast.appraiser, inside).content.decode()
    assert page(User.objects.create_user("lạ"), "rechecks").status_code == 403


def test_a_finding_that_differs_is_told_shown_and_waits_until_it_is_put_right(
    world: Cast, cast: People, dossier: Dossier, grant: Any
) -> None:
    programme = Programme.objects.create(
        code="model-ward",
        name_vi="Phường kiểu mẫu",
        name_en="Model wards",
        legal_basis="Kế hoạch 01",
        first_year=2023,
        changed_at=NOW,
    )
    Round.objects.filter(pk=dossier.round_id).update(programme=programme)
    grant(cast.officer, "officer", world.unit("Cái Khế"))
    data = {"area": world.unit("Cần Thơ"), "per_province": "1", "criteria_count": "5", "reason": "Làm sớm"}
    post(cast.appraiser, "recheck_draw", dossier.round_id, **data)
    one, same = (Recheck.objects.get(criterion__code=code) for code in ("1.2", "1.1"))
    post(cast.second_officer, "recheck", same.pk, outcome="1", remark="Có sổ")
    assert not Notice.objects.filter(kind="rechecks.differs").exists(), "it found the same"
    post(cast.second_officer, "recheck", one.pk, outcome="2", remark="Sổ không có")
    told = Notice.objects.get(kind="rechecks.differs")
    assert told.person_id == cast.appraiser.pk
    assert told.url == reverse("dossier", args=[dossier.pk])
    said = "Kiểm tra xác suất ngày 22/11/2026: 1.2 chưa đạt, đã thẩm định là đạt"
    assert told.text_vi.startswith(f"{said} (Phường Cái Khế")
    english = "Re-check on 22 November 2026: 1.2 not met, verified as met"
    assert told.text_en.startswith(english)
    assert [pile.count for pile in piles(cast.appraiser, NOW)] == [1]
    assert english in page(cast.appraiser, "rechecks").content.decode()
    assert english in page(cast.appraiser, "dossier", dossier.pk).content.decode()
    of_unit = page(cast.officer, "dossier", dossier.pk)
    assert of_unit.status_code == 200
    assert english not in of_unit.content.decode(), "the unit reads no re-checks"
    appraiser = User.objects.get(pk=cast.appraiser.pk)
    send_back(dossier.pk, actor=appraiser, now=NOW, reason="Xem lại 1.2")
    assert not any(pile.count for pile in piles(appraiser, NOW)), "somebody has dealt with it"


def test_who_looks_again_sees_what_is_asked_and_the_evidence_but_not_what_was_found(
    world: Cast, cast: People, dossier: Dossier, django_assert_max_num_queries: Any
) -> None:
    data = {"area": world.unit("Cần Thơ"), "per_province": "1", "criteria_count": "5", "reason": "Làm sớm"}
    post(cast.appraiser, "recheck_draw", dossier.round_id, **data)
    one = Recheck.objects.get(criterion__code="1.1")
    client, address = signed_in(cast.second_officer), reverse("recheck", args=[one.pk])
    client.get(address)
    with django_assert_max_num_queries(12):
        text = client.get(address).content.decode()
    evidence = Evidence.objects.get(dossier=dossier)
    for said in (
        "Asked for:",
        "2026",
        evidence.document.summary,
        reverse("dossier_document", args=[dossier.pk, evidence.document_id]),
        "nghị quyết.pdf",
        "(required)",
    ):
        assert said in text, said
    assert "minh" not in text.replace("minh-chung", ""), "who accepted it is not said"
    measured = Recheck.objects.get(criterion__code="2.1")
    text = page(cast.second_officer, "recheck", measured.pk).content.decode()
    assert "See the figures and every step" in text
    answer = post(cast.second_officer, "recheck", one.pk, outcome="2")
    assert answer.status_code == 422
    assert "Say what the finding rests on." in answer.content.decode()


def test_an_auditor_reads_and_writes_nothing(world: Cast, cast: People, dossier: Dossier, grant: Any) -> None:
    data = {"area": world.unit("Cần Thơ"), "per_province": "1", "criteria_count": "5", "reason": "Làm sớm"}
    post(cast.appraiser, "recheck_draw", dossier.round_id, **data)
    drawn, one = Draw.objects.get(), Recheck.objects.earliest("pk")
    auditor = User.objects.create_user("kiem-toan")
    grant(auditor, "auditor", world.unit("Việt Nam"))
    pages = [
        ("rechecks", ()),
        ("recheck_drawn", (drawn.pk,)),
        ("recheck", (one.pk,)),
        ("inflation", (dossier.round_id,)),
        ("round", (dossier.round_id,)),
    ]
    for name, place in pages:
        assert page(auditor, name, *place).status_code == 200, name
    assert "<textarea" not in page(auditor, "recheck", one.pk).content.decode()
    assert post(auditor, "recheck", one.pk, outcome="2", remark="x").status_code == 403
    assert post(auditor, "recheck_draw", dossier.round_id, **data).status_code == 403


def test_who_may_not_is_told_why(world: Cast, cast: People, dossier: Dossier) -> None:
    data = {"area": world.unit("Cần Thơ"), "per_province": "1", "criteria_count": "5", "reason": "Làm sớm"}
    post(cast.appraiser, "recheck_draw", dossier.round_id, **data)
    stranger = User.objects.create_user("lạ")
    for name, place in [
        ("rechecks", ()),
        ("recheck_drawn", (Draw.objects.get().pk,)),
        ("inflation", (dossier.round_id,)),
        ("round", (dossier.round_id,)),
        ("round_csv", (dossier.round_id,)),
        ("round_extend", (dossier.round_id,)),
    ]:
        answer = page(stranger, name, *place)
        assert answer.status_code == 403, name
        assert "/quyen/vi-sao/" in answer.content.decode()
    assert page(stranger, "round", 999_999).status_code == 404


def test_who_re_checks_elsewhere_learns_nothing_of_his_own_unit(
    world: Cast, dossier: Dossier, grant: Any
) -> None:
    person = User.objects.create_user("hai vai")
    grant(person, "officer", world.unit("Cái Khế"))
    grant(person, "verifier", world.unit("Hồ Chí Minh"))
    assert page(person, "round", dossier.round_id).status_code == 200
    inside = f"/kiem-tra-xac-suat/dot/{dossier.round_id}/?tinh={world.unit('Cần Thơ')}"
    assert "Cái Khế" not in page_at(person, inside).content.decode()
    endless = f"/kiem-tra-xac-suat/dot/{dossier.round_id}/?tinh={'9' * 5000}"
    assert page_at(person, endless).status_code == 200
