"""What was typed while somebody else was faster stays on the page, though nothing comes of it any more."""

from typing import Any

import pytest

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import Count, close, record_vote
from kieumau.rounds.models import Dossier, Move, Vote
from kieumau.rounds.tests.cast import NOW, TODAY, People, dossier_of, staff
from kieumau.rounds.tests.test_pages import post, signed_in, submitted

REASON = "Biên bản họp dân <thiếu> chữ ký,\nxin bổ sung"
VOTE = {
    "council": "Hội đồng xét duyệt",
    "held_on": TODAY.isoformat(),
    "members": 7,
    "in_favor": 6,
    "against": 1,
}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def world(kept_judged: Cast) -> Cast:
    return kept_judged


@pytest.fixture
def cast(world: Cast, grant: Any) -> People:
    return staff(world, grant)


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    found = dossier_of(world)
    submitted(found, cast)
    return found


def test_a_reason_for_sending_back_what_is_back_already(dossier: Dossier, cast: People) -> None:
    assert post(cast.verifier, "dossier_move", dossier.pk, do="send_back", reason="Thiếu").status_code == 302
    answer = post(cast.verifier, "dossier_move", dossier.pk, do="send_back", reason=REASON)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "What you entered, not saved" in text
    assert "Biên bản họp dân &lt;thiếu&gt; chữ ký,<br>xin bổ sung" in text
    assert Move.objects.filter(dossier=dossier, act="send_back").count() == 1


def test_a_vote_in_a_round_that_was_closed(dossier: Dossier, cast: People) -> None:
    close(dossier.round, reason="Hết năm", actor=User.objects.create_user("phong"), now=NOW)
    answer = post(cast.appraiser, "dossier_vote", dossier.pk, **VOTE)
    assert answer.status_code == 422
    assert 'value="Hội đồng xét duyệt"' in answer.content.decode()
    assert not Vote.objects.exists()


def test_a_correction_of_a_vote_that_was_corrected(dossier: Dossier, cast: People) -> None:
    said: dict[str, Any] = {
        "council": VOTE["council"],
        "held_on": TODAY,
        "minutes": None,
        "actor": cast.appraiser,
        "now": NOW,
    }
    first = record_vote(dossier.pk, count=Count(7, 6, 1), **said)
    record_vote(dossier.pk, count=Count(7, 5, 1), corrects=first.pk, reason="Đếm nhầm", **said)
    answer = post(cast.appraiser, "dossier_vote", dossier.pk, reason="x")
    assert answer.status_code == 422, "another vote of the same council"
    address = f"/ho-so/{dossier.pk}/bieu-quyet/?sua={first.pk}"
    client = signed_in(cast.appraiser)
    assert client.get(address).status_code == 404
    answer = client.post(address, {**VOTE, "reason": "Ghi nhầm số phiếu"})
    assert answer.status_code == 422
    assert "Ghi nhầm số phiếu" in answer.content.decode()
