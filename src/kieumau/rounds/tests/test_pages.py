"""The pages of rounds and dossiers: who sees what, what may be done, and that nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import add_evidence, say, submit
from kieumau.rounds.models import Dossier, Evidence, StageFinding
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round, people, resolution

MET, NOT_MET = Said(Outcome.MET), Said(Outcome.NOT_MET)
Grant = Callable[..., Any]


@pytest.fixture
def cast(world: Cast, grant: Grant) -> People:
    """The officers of Cái Khế, a verifier of the province, an appraiser of the nation."""
    made = people()
    for one in (made.officer, made.second_officer):
        grant(one, "officer", world.unit("Cái Khế"))
        grant(one, "approver", world.unit("Cái Khế"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "appraiser")
    return made


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    made = open_round(world)
    return Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))


def signed_in(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def page(user: User, name: str, *args: Any) -> Any:
    return signed_in(user).get(reverse(name, args=args))


def page_at(user: User, address: str) -> Any:
    return signed_in(user).get(address.partition("#")[0])


def post(user: User, name: str, /, *args: Any, **data: Any) -> Any:
    return signed_in(user).post(reverse(name, args=args), data)


def submitted(dossier: Dossier, cast: People) -> Evidence:
    document = resolution(dossier.unit_id)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=Stage.SELF, said=MET, seen=None, actor=cast.officer, now=NOW)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    return evidence


WHO = [
    # who, his own unit's dossier, that of the ward beside
    ("officer", 200, 404),
    ("verifier", 200, 200),
    ("appraiser", 200, 200),
    ("stranger", 404, 404),
]


@pytest.mark.parametrize(("who", "own", "beside"), WHO)
def test_who_sees_a_dossier(
    dossier: Dossier, cast: People, world: Cast, who: str, own: int, beside: int
) -> None:
    user = getattr(cast, who, None) or User.objects.create_user(who)
    other = Dossier.objects.get(unit=world.unit("An Bình"))
    assert page(user, "dossier", dossier.pk).status_code == own
    assert page(user, "dossier", other.pk).status_code == beside
    # That there is a round everybody may know: who may not see it is told why.
    assert page(user, "round", dossier.round_id).status_code == (200 if own == 200 else 403)


def test_answering_leads_to_the_next_that_lacks_something(dossier: Dossier, cast: People) -> None:
    answer = post(cast.officer, "dossier_criterion", dossier.pk, "1.1", outcome="1", do="next")
    assert answer.status_code == 302
    onward = page_at(cast.officer, answer.url)
    assert onward.url == reverse("dossier_criterion", args=[dossier.pk, "1.2"])
    assert StageFinding.objects.get(dossier=dossier).person == cast.officer


def test_who_is_second_gets_both(dossier: Dossier, cast: People) -> None:
    say(dossier.pk, criterion="1.2", stage=Stage.SELF, said=MET, seen=None, actor=cast.officer, now=NOW)
    typed = {"outcome": "2", "remark": "Chưa tham mưu", "do": "save"}
    answer = post(cast.second_officer, "dossier_criterion", dossier.pk, "1.2", **typed)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "hoa saved another result" in text
    assert "Chưa tham mưu" in text
    again = post(cast.second_officer, "dossier_criterion", dossier.pk, "1.2", **typed, seen="1")
    assert again.status_code == 302
    assert StageFinding.objects.get(dossier=dossier).outcome == Outcome.NOT_MET


def test_what_cannot_be_said_stays_typed(dossier: Dossier, cast: People) -> None:
    answer = post(cast.officer, "dossier_criterion", dossier.pk, "1.2", outcome="4", remark="")
    assert answer.status_code == 422
    assert "Say why it does not apply" in answer.content.decode()
    empty = post(cast.officer, "dossier_criterion", dossier.pk, "1.2", remark="đang gõ")
    assert empty.status_code == 422
    assert "đang gõ" in empty.content.decode()


def test_what_was_typed_too_late_comes_back(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    typed = {"outcome": "2", "remark": "gõ chậm", "seen": "1", "at_stage": "2"}
    answer = post(cast.second_officer, "dossier_criterion", dossier.pk, "1.2", **typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "no longer in this stage" in text
    assert "gõ chậm" in text


def test_evidence_is_of_the_own_shelf_only(dossier: Dossier, cast: People, world: Cast) -> None:
    own, foreign = resolution(dossier.unit_id), resolution(world.unit("An Bình"))
    assert (
        post(cast.officer, "dossier_evidence", dossier.pk, "1.1", do="add", document=own.pk).status_code
        == 302
    )
    assert Evidence.objects.get(dossier=dossier).document == own
    refused = post(cast.officer, "dossier_evidence", dossier.pk, "1.1", do="add", document=foreign.pk)
    assert refused.status_code == 404


def test_submitting_says_what_is_lacking(dossier: Dossier, cast: People) -> None:
    answer = post(cast.officer, "dossier_move", dossier.pk, do="submit", version="1")
    assert answer.status_code == 422
    assert "No result yet: 1.2. Advises well." in answer.content.decode()


def test_a_verifier_judges_and_sends_back(dossier: Dossier, cast: People) -> None:
    evidence = submitted(dossier, cast)
    text = page(cast.verifier, "dossier", dossier.pk).content.decode()
    assert "judge the evidence" in text
    said = {"do": "refuse", f"reason-{evidence.pk}": "Mờ", f"seen-{evidence.pk}": 1}
    address = f"{reverse('dossier_evidence', args=[dossier.pk, '1.1'])}?minh-chung={evidence.pk}"
    signed_in(cast.verifier).post(address, said)
    evidence.refresh_from_db()
    assert (evidence.state, evidence.reason) == ("refused", "Mờ")
    sent = {"do": "send_back", "reason": "Chụp lại", "criteria": ["1.1"], "version": "2"}
    assert post(cast.verifier, "dossier_move", dossier.pk, **sent).status_code == 302
    text = page(cast.officer, "dossier", dossier.pk).content.decode()
    assert "Chụp lại" in text
    assert "add a document" in text  # the one that was refused proves nothing
    assert "Chụp lại" in page(cast.officer, "dossier_criterion", dossier.pk, "1.1").content.decode()
    assert post(cast.officer, "dossier_move", dossier.pk, do="send_back").status_code == 404


def test_what_was_sent_back_is_to_be_done_again(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    sent = {"do": "send_back", "reason": "Nêu rõ", "criteria": ["1.2"], "version": "2"}
    assert post(cast.verifier, "dossier_move", dossier.pk, **sent).status_code == 302
    assert "sent back: do it again" in page(cast.officer, "dossier", dossier.pk).content.decode()
    assert "Nêu rõ" in page(cast.officer, "dossier_criterion", dossier.pk, "1.2").content.decode()


NOT_SENT = [
    # what was typed wrongly, what is said
    ({"reason": " "}, "Say why the dossier is sent back."),
    ({"until": "31 tháng 12"}, "Enter a valid date."),
    ({"until": "2026-11-01"}, "must be today or later"),
    ({"criteria": ["9.9"]}, "9.9 is not one of the available choices"),
    ({"version": "1"}, "changed"),
]


@pytest.mark.parametrize(("wrong", "said"), NOT_SENT)
def test_what_was_typed_for_sending_back_stays(
    dossier: Dossier, cast: People, wrong: dict[str, Any], said: str
) -> None:
    submitted(dossier, cast)
    typed = {"reason": "Chụp lại", "until": "2026-12-15", "criteria": ["1.2"], "version": "2"} | wrong
    answer = post(cast.verifier, "dossier_move", dossier.pk, do="send_back", **typed)
    assert answer.status_code == 422
    text = " ".join(answer.content.decode().split())
    assert said in text
    assert '<details class="send-back" open>' in text
    for name, shown in (
        ("reason", "Chụp lại</textarea>"),
        ("until", 'value="2026-12-15"'),
        ("criteria", 'value="1.2" id="back-criteria_1" checked'),
    ):
        assert name in wrong or shown in text, name
    assert Dossier.objects.get(pk=dossier.pk).state == "open"


def test_the_own_verifier_is_refused_in_words(dossier: Dossier, cast: People, grant: Grant) -> None:
    submitted(dossier, cast)
    grant(cast.officer, "verifier", dossier.unit_id)
    answer = post(cast.officer, "dossier_criterion", dossier.pk, "1.2", outcome="1")
    assert answer.status_code == 422
    assert "another role" in answer.content.decode()


PAGES = [("rounds", None), ("round", "round"), ("dossier", "dossier"), ("dossier_criterion", "criterion")]


@pytest.mark.parametrize(("name", "of"), PAGES)
def test_few_queries(
    dossier: Dossier, cast: People, name: str, of: str | None, django_assert_max_num_queries: Any
) -> None:
    submitted(dossier, cast)
    args: list[Any] = {None: [], "round": [dossier.round_id], "dossier": [dossier.pk]}.get(
        of, [dossier.pk, "1.1"]
    )
    client = signed_in(cast.verifier)
    client.get(reverse(name, args=args))
    with django_assert_max_num_queries(12):
        assert client.get(reverse(name, args=args)).status_code == 200


@pytest.mark.parametrize(("who", "code"), [("officer", "1.1"), ("officer", "1.2"), ("verifier", "1.2")])
def test_a_finding_is_saved_with_few_queries(dossier: Dossier, cast: People, who: str, code: str) -> None:
    """Met, for which 1.1 asks a document; beginning and ending a transaction are no queries."""
    if who == "verifier":
        submitted(dossier, cast)
    else:
        shown = resolution(dossier.unit_id)
        add_evidence(dossier.pk, criterion="1.1", document=shown, actor=cast.officer, now=NOW)
    client, address = signed_in(getattr(cast, who)), reverse("dossier_criterion", args=[dossier.pk, code])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.post(address, {"outcome": "1", "do": "next", "seen": ""}).status_code == 302
    asked = [one["sql"] for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= 12, asked
