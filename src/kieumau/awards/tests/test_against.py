"""A decision against the verdict of the dossier or a council's vote asks why: kept, shown, in the log."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.awards.actions import Recognition, decline, recognize
from kieumau.awards.models import Title
from kieumau.awards.rules import Decision
from kieumau.awards.tests.cast import DECISION, appraise, verified_in_programme
from kieumau.documents.models import Document
from kieumau.kernel.messages import Refused
from kieumau.rounds.actions import Count, look_at_evidence, record_vote
from kieumau.rounds.deciding import SENTENCES, Against
from kieumau.rounds.models import Dossier, Evidence, Move
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW, People, people, resolution

FROM = Recognition(starts_on=date(2026, 11, 20))
WHY = "Đã khắc phục xong trước khi trình"
CARRIED, LOST = Count(9, 8, 1), Count(9, 4, 5)


@pytest.fixture
def cast(world: Cast, grant: Callable[..., Any]) -> People:
    made = people()
    grant(made.appraiser, "programme_office")
    return made


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    return verified_in_programme(world, cast)


def appraised(dossier: Dossier, cast: People, outcome: Outcome, vote: Count | None = None) -> None:
    """The appraisers find every criterion so, and a council votes."""
    appraise(dossier, cast, outcome)
    if vote is not None:
        said_by: dict[str, Any] = {"council": "Hội đồng", "held_on": date(2026, 11, 19), "minutes": None}
        record_vote(dossier.pk, count=vote, actor=cast.appraiser, now=NOW, **said_by)


MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
GIVEN = [
    # what the appraisers find, how the council votes, what giving the title goes against
    (MET, None, []),
    (MET, CARRIED, []),
    (NOT_MET, None, ["verdict"]),
    (NOT_MET, CARRIED, ["verdict"]),
    (MET, LOST, ["vote"]),
    (NOT_MET, LOST, ["verdict", "vote"]),
]


@pytest.mark.parametrize(("outcome", "vote", "against"), GIVEN)
def test_recognizing(
    dossier: Dossier, cast: People, outcome: Outcome, vote: Count | None, against: list[str]
) -> None:
    appraised(dossier, cast, outcome, vote)
    if against:
        with pytest.raises(Refused) as refused, transaction.atomic():
            recognize(dossier, DECISION, FROM, actor=cast.appraiser, now=NOW)
        assert [one.code for one in refused.value.problems] == [f"against-{one}" for one in against]
        assert Dossier.objects.get(pk=dossier.pk).state == "concluded"
    title = recognize(dossier, DECISION, FROM, actor=cast.appraiser, now=NOW, why=WHY if against else "")
    assert (title.against, title.why) == (against, WHY if against else "")
    act = Move.objects.get(dossier=dossier, act="decide")
    assert (act.is_met, act.against) == (True, against)
    assert act.reason == (f"12/QĐ-BCA: {WHY}" if against else "12/QĐ-BCA")
    told = Entry.objects.get(verb="awards.recognize")
    assert (told.why, (told.new or {}).get("against", [])) == (WHY if against else "", against)
    decided = Entry.objects.get(verb="rounds.decide").new or {}
    assert (decided["is_met"], decided["verdict"]) == (True, outcome.key)


REFUSED = [
    # what the appraisers find, how the council votes, what refusing the title goes against
    (NOT_MET, None, []),
    (NOT_MET, LOST, []),
    (MET, None, ["verdict"]),
    (MET, CARRIED, ["verdict", "vote"]),
    (NOT_MET, CARRIED, ["vote"]),
]


@pytest.mark.parametrize(("outcome", "vote", "against"), REFUSED)
def test_not_recognizing_always_says_why_and_against_what(
    dossier: Dossier, cast: People, outcome: Outcome, vote: Count | None, against: list[str]
) -> None:
    appraised(dossier, cast, outcome, vote)
    decline(dossier, DECISION, reason="Có vụ án", actor=cast.appraiser, now=NOW)
    act = Move.objects.get(dossier=dossier, act="decide")
    assert (act.is_met, act.against, act.reason) == (False, against, "12/QĐ-BCA: Có vụ án")
    told = Entry.objects.get(verb="awards.decline")
    assert (told.why, (told.new or {}).get("against", [])) == ("Có vụ án", against)


def signed_in(cast: People) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(cast.appraiser)
    return client


def test_the_page_says_what_it_goes_against_and_asks_why(dossier: Dossier, cast: People) -> None:
    appraised(dossier, cast, NOT_MET, LOST)
    client, address = signed_in(cast), reverse("dossier_decision", args=[dossier.pk])
    page = client.get(address).content.decode()
    sentences = (
        "Recognized although the set&#x27;s own rule does not find it met.",
        "Recognized although a council did not vote for it.",
    )
    for one in (*sentences, "9 present, 4 for, 5 against", 'name="why"'):
        assert one in page
    typed = {"reference": "12/QĐ-BCA", "decided_on": "2026-11-22", "issuer": "Bộ Công an"}
    typed |= {"starts_on": "2026-11-20", "do": "recognize", "step": "record"}
    bare = client.post(address, typed)
    assert bare.status_code == 422
    assert "Say why." in bare.content.decode()
    assert 'value="12/QĐ-BCA"' in bare.content.decode(), "what was typed is there again"
    answer = client.post(address, {**typed, "why": WHY})
    stranger = Client()  # the title is public
    stranger.cookies["django_language"] = "en"
    for who in (stranger, client):
        text = who.get(answer["location"]).content.decode()
        assert all(sentence in text for sentence in (*sentences, WHY))
    text = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert all(sentence in text for sentence in (*sentences, WHY))


@pytest.mark.parametrize(("outcome", "vote"), [(NOT_MET, LOST), (MET, CARRIED)])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_certificate_and_the_register_say_what_it_went_against(
    dossier: Dossier, cast: People, outcome: Outcome, vote: Count, language: str
) -> None:
    appraised(dossier, cast, outcome, vote)
    why = WHY if outcome is NOT_MET else ""
    title = recognize(dossier, DECISION, FROM, actor=cast.appraiser, now=NOW, why=why)
    stranger = Client()
    stranger.cookies["django_language"] = language
    sheet = stranger.get(reverse("title_certificate", args=[title.pk])).content.decode()
    register = stranger.get(reverse("titles")).content.decode()
    for against in (Against.VERDICT, Against.VOTE):
        sentence = escape(SENTENCES[against, True].in_(language))
        assert (sentence in sheet) is (sentence in register) is (outcome is NOT_MET)
    assert (WHY in sheet) is (outcome is NOT_MET)


def test_a_decision_that_goes_against_nothing_is_not_asked(
    dossier: Dossier, cast: People, django_assert_max_num_queries: Any
) -> None:
    appraised(dossier, cast, MET, CARRIED)
    client, address = signed_in(cast), reverse("dossier_decision", args=[dossier.pk])
    client.get(address)
    with django_assert_max_num_queries(12):
        assert 'name="why"' not in client.get(address).content.decode()
    page = client.get(address, {"la": "decline"}).content.decode()
    assert "Not recognized although the set&#x27;s own rule finds it met." in page
    assert "Not recognized although a council voted for it." in page


def test_the_database_keeps_no_title_against_something_without_a_reason(
    dossier: Dossier, cast: People
) -> None:
    appraised(dossier, cast, MET)
    title = recognize(dossier, DECISION, FROM, actor=cast.appraiser, now=NOW)
    title.pk, title.dossier, title.dossier_sha256, title.against = None, None, "", ["vote"]
    with pytest.raises(IntegrityError, match="title_against_says_why"), transaction.atomic():
        title.save(force_insert=True)
    assert Title.objects.count() == 1


# Day of the decision (the dossier was concluded on 22 November), the reason, is it taken and as what.
DAYS = [
    (date(2026, 11, 22), "", []),
    (date(2026, 11, 10), "", None),
    (date(2026, 11, 10), "Họp trước, nhập hồ sơ sau", ["early"]),
]


@pytest.mark.parametrize(("day", "why_early", "against"), DAYS)
@pytest.mark.parametrize("is_met", [True, False])
def test_a_decision_before_the_dossier_was_concluded_says_why(
    dossier: Dossier, cast: People, day: date, why_early: str, against: list[str] | None, is_met: bool
) -> None:
    appraised(dossier, cast, MET if is_met else NOT_MET)
    decision = Decision("12/QĐ-BCA", day, "Bộ Công an")
    said: dict[str, Any] = {"actor": cast.appraiser, "now": NOW, "why_early": why_early}

    def decides() -> None:
        if is_met:
            recognize(dossier, decision, FROM, **said)
        else:
            decline(dossier, decision, reason="Có vụ án", **said)

    if against is None:
        with pytest.raises(Refused, match="before the dossier was concluded") as refused:
            decides()
        assert [one.code for one in refused.value.problems] == ["decided-too-early"]
        return
    decides()
    act = Move.objects.get(dossier=dossier, act="decide")
    assert act.against == against
    assert act.reason.endswith(why_early)
    entry = Entry.objects.get(verb="awards.recognize" if is_met else "awards.decline")
    assert entry.why.endswith(why_early)


def test_the_page_asks_why_the_decision_is_dated_before_and_names_its_papers(
    dossier: Dossier, cast: People
) -> None:
    piece = Evidence.objects.get(dossier=dossier, criterion__code="1.1")
    said: dict[str, Any] = {"actor": cast.appraiser, "now": NOW, "seen": piece.version}
    look_at_evidence(piece, is_accepted=False, reason="Sai", stage=Stage.APPRAISAL, **said)
    refused = piece.document
    appraised(dossier, cast, NOT_MET)
    plan = resolution(dossier.unit_id, date(2026, 11, 21), kind="plan")
    paper = resolution(dossier.unit_id, date(2026, 2, 10), kind="decision")
    Document.objects.filter(pk=paper.pk).update(issuer="Bộ Công an")
    client, address = signed_in(cast), reverse("dossier_decision", args=[dossier.pk])
    form = client.get(address).context["form"]
    assert [value for value, _ in form.fields["document"].choices][1:3] == [paper.pk, plan.pk]
    assert refused.pk not in [value for value, _ in form.fields["document"].choices]
    assert "Decision 05-NQ/ĐU · 10/02/2026 · Bộ Công an" in str(form["document"])
    assert "why_early" not in form.fields
    typed = {"reference": "12/QĐ-BCA", "decided_on": "2026-11-10", "issuer": "Bộ Công an"}
    typed |= {"starts_on": "2026-11-20", "do": "recognize", "step": "record", "why": WHY}
    bare = client.post(address, typed)
    assert bare.status_code == 422
    assert 'name="why_early"' in bare.content.decode()
    assert client.post(address, {**typed, "why_early": "Họp trước"}).status_code == 302
    resolution(dossier.unit_id, date(2026, 11, 21))
    page = client.get(reverse("title_withdraw", args=[Title.objects.get().pk])).content.decode()
    assert "Resolution of the Party committee 05-NQ/ĐU" in page, "kinds of criteria have names here, too"
