"""What is typed on the page of a criterion stays typed, whatever else of the page is sent, without script.

What is posted is what the page holds (`tests.forms`), with words typed into it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import add_evidence, conclude, look_at_evidence, say, submit
from kieumau.rounds.models import Dossier, Evidence, StageFinding
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round, people, resolution
from tests.forms import Form, forms_of

REMARK = "Đã họp dân hai lần,\nbiên bản ở phường"
PAPER = {
    "kind": "resolution",
    "summary": "Nghị quyết về an ninh",
    "issued_on": "2026-02-10",
    "proves_from": "",
    "proves_until": "",
}
MET = Said(Outcome.MET)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def world(kept_judged: Cast, settings: Any, tmp_path: Path) -> Cast:
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    return kept_judged


@pytest.fixture
def cast(world: Cast, grant: Callable[..., Any]) -> People:
    """Hoa answers for Cái Khế, Minh verifies it, Quang appraises it."""
    made = people()
    grant(made.officer, "officer", world.unit("Cái Khế"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.verifier, "appraiser", world.unit("Cần Thơ"))
    return made


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    return Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))


class Window:
    """A browser without script, in which somebody has the page of criterion 1.1 open."""

    def __init__(self, user: User, dossier: Dossier) -> None:
        self.client = Client()
        self.client.cookies["django_language"] = "en"
        self.client.force_login(user)
        self.address = reverse("dossier_criterion", args=[dossier.pk, "1.1"])
        self.open()

    def open(self) -> str:
        """Load the page; as it stands then."""
        self.html = self.client.get(self.address).content.decode()
        return self.html

    def form(self, words: str, do: str = "") -> Form:
        """What a button sends, by words of its address, and by what it does where several go there."""
        found = (one for one in forms_of(self.html, self.address) if words in one.address)
        return next(one for one in found if not do or ("do", do) in one.buttons)

    def send(self, words: str, do: str = "", **typed: Any) -> Any:
        """Type and press a button; what is answered, with the page behind it where it leads to one."""
        form = self.form(words, do)
        answer = self.client.post(form.address, {**form.data(), **typed}, follow=True)
        self.html = answer.content.decode()
        return answer


ADDED = [
    # what else is sent, to where, and how many documents stand then
    ("a document of the shelf", "minh-chung/", "add", 2),
    ("a document taken back", "minh-chung/", "remove", 0),
    ("a new document with a file", "minh-chung/moi/", "", 2),
]


@pytest.mark.parametrize(("words", "do", "count"), [row[1:] for row in ADDED], ids=[row[0] for row in ADDED])
def test_a_typed_answer_stays_while_evidence_changes(
    dossier: Dossier, cast: People, words: str, do: str, count: int
) -> None:
    there = resolution(dossier.unit_id)
    add_evidence(dossier.pk, criterion="1.1", document=there, actor=cast.officer, now=NOW)
    resolution(dossier.unit_id)
    window = Window(cast.officer, dossier)
    window.send(words, do, outcome="2", remark=REMARK, **PAPER)
    assert Evidence.objects.filter(dossier=dossier).count() == count
    assert not StageFinding.objects.filter(dossier=dossier).exists(), "it was not said yet"
    assert REMARK in window.html
    assert 'value="2" id="id_outcome_1" checked' in " ".join(window.html.split())
    assert "field-error" not in window.html
    window.send("tieu-chi/1.1/", outcome="2", remark=REMARK)
    assert StageFinding.objects.get(dossier=dossier).remark.splitlines() == REMARK.splitlines()
    assert (
        REMARK
        not in window.client.get(reverse("dossier_criterion", args=[dossier.pk, "1.2"])).content.decode()
    )


def test_it_stays_where_the_new_document_is_put_right_first(dossier: Dossier, cast: People) -> None:
    window = Window(cast.officer, dossier)
    answer = window.send("minh-chung/moi/", outcome="1", remark=REMARK, **{**PAPER, "issued_on": ""})
    assert answer.status_code == 422
    assert REMARK not in window.html
    window.send("minh-chung/moi/", **PAPER)
    assert Evidence.objects.filter(dossier=dossier).count() == 1
    assert REMARK in window.html


def test_it_is_shown_once_and_only_there(dossier: Dossier, cast: People) -> None:
    resolution(dossier.unit_id)
    window = Window(cast.officer, dossier)
    add = window.form("minh-chung/", "add")
    window.client.post(add.address, {**add.data(), "remark": REMARK})
    other = window.client.get(reverse("dossier_criterion", args=[dossier.pk, "1.2"])).content.decode()
    assert REMARK not in other
    assert REMARK in window.open()
    assert REMARK not in window.open()
    assert not window.client.session.get("unsaved")


def test_what_is_about_other_documents_stays_while_one_is_judged(dossier: Dossier, cast: People) -> None:
    first, second = (
        add_evidence(
            dossier.pk, criterion="1.1", document=resolution(dossier.unit_id), actor=cast.officer, now=NOW
        )
        for _ in range(2)
    )
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=Stage.SELF, said=MET, seen=None, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    window = Window(cast.verifier, dossier)
    typed = {f"reason-{first.pk}": "Mờ", f"reason-{second.pk}": "Thiếu dấu", "remark": REMARK, "outcome": "2"}
    window.send(f"minh-chung={first.pk}", "refuse", **typed)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.reason, second.state) == ("refused", "Mờ", "pending")
    assert REMARK in window.html
    assert 'value="Thiếu dấu"' in window.html
    # Also where the judgment itself cannot be: without a reason.
    answer = window.send(f"minh-chung={second.pk}", "refuse", **{**typed, f"reason-{second.pk}": ""})
    assert answer.status_code == 422
    assert REMARK in window.html


def test_what_comes_too_late_is_shown_beside(dossier: Dossier, cast: People) -> None:
    evidence = add_evidence(
        dossier.pk, criterion="1.1", document=resolution(dossier.unit_id), actor=cast.officer, now=NOW
    )
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=Stage.SELF, said=MET, seen=None, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    window = Window(cast.verifier, dossier)
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    for code in ("1.1", "1.2"):
        verified: dict[str, Any] = {"criterion": code, "stage": Stage.VERIFICATION, "said": MET}
        say(dossier.pk, actor=cast.verifier, now=NOW, seen=None, **verified)
    conclude(dossier.pk, actor=cast.verifier, now=NOW)
    answer = window.send(
        "minh-chung=", "refuse", remark=REMARK, outcome="2", **{f"reason-{evidence.pk}": "Mờ"}
    )
    assert answer.status_code == 422
    assert "What you entered, not saved" in window.html
    assert REMARK.splitlines()[0] in window.html


PLAIN = "application/x-www-form-urlencoded"


def sent_by(client: Any, address: str, typed: dict[str, Any]) -> Any:
    """Posted as a page without files posts it."""
    return client.post(address, urlencode(typed, doseq=True), content_type=PLAIN)


def test_an_ended_session_gives_back_what_was_typed(
    dossier: Dossier, cast: People, caplog: pytest.LogCaptureFixture
) -> None:
    window = Window(cast.officer, dossier)
    typed = {**window.form("tieu-chi/1.1/").data(), "outcome": "2", "remark": REMARK}
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["django_language"] = "en"
    answer = sent_by(browser, window.address, typed)
    text = answer.content.decode()
    assert answer.status_code in {401, 403}
    assert "Your session has ended" in text
    assert REMARK in text
    assert "<dd>Not met</dd>" in text
    assert f"?next={window.address}" in text
    assert "Cái Khế" not in text, "nothing of the store"
    assert not StageFinding.objects.exists()
    assert not browser.session.keys(), "nothing is kept of a stranger"
    assert "Đã họp dân" not in caplog.text

    # He signs in elsewhere, comes back and presses Save: the page with what he typed, to be saved by it.
    browser.force_login(cast.officer)
    again = sent_by(browser, window.address, {**typed, "csrfmiddlewaretoken": "of before"})
    assert again.status_code == 403
    window.html = again.content.decode()
    assert "You have signed in anew" in window.html
    assert REMARK in window.html
    assert not StageFinding.objects.exists()
    fresh = {**window.form("tieu-chi/1.1/").data(), "outcome": "2", "remark": REMARK}
    token = str(again.context["csrf_token"])
    assert sent_by(browser, window.address, {**fresh, "csrfmiddlewaretoken": token}).status_code == 302
    assert StageFinding.objects.get().person == cast.officer


def test_an_ended_session_gives_back_the_reasons_of_judgments(dossier: Dossier, cast: People) -> None:
    address = reverse("dossier_evidence", args=[dossier.pk, "1.1"])
    typed = {"do": "refuse", "reason-7": "Thiếu con dấu", "remark": REMARK, "at_stage": "3"}
    answer = sent_by(Client(), f"{address}?minh-chung=7", typed)
    assert answer.status_code == 401
    text = answer.content.decode()
    assert "<dd>Thiếu con dấu</dd>" in text
    assert f"?next={reverse('dossier_criterion', args=[dossier.pk, '1.1'])}" in text


def test_a_stranger_gets_back_no_files_and_not_much(dossier: Dossier, cast: People) -> None:
    address = reverse("dossier_criterion", args=[dossier.pk, "1.1"])
    to_sign_in = f"{reverse('login')}?next={address}"
    stranger: Any = Client()
    assert stranger.post(address, {"remark": REMARK}).url == to_sign_in, "a form that may hold files"
    assert sent_by(stranger, address, {"remark": "x" * 200_000}).url == to_sign_in
    assert stranger.get(address).url == to_sign_in
    lies = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})
    assert REMARK not in sent_by(lies, address, {"remark": REMARK}).content.decode()


def test_what_was_typed_comes_back_only_to_who_may_have_typed_it(dossier: Dossier, cast: People) -> None:
    address = reverse("dossier_criterion", args=[dossier.pk, "1.1"])
    other = Client(enforce_csrf_checks=True)
    other.force_login(User.objects.create_user("nobody-here"))
    assert sent_by(other, address, {"remark": REMARK, "at_stage": "2"}).status_code == 404
