"""What nobody can do to a dossier, a round or a vote, and what a decision rests on."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.row_security import ROLE
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.documents.models import Document
from kieumau.kernel.messages import Refused
from kieumau.rounds.actions import (
    Count,
    add_evidence,
    conclude,
    decide,
    look_at_evidence,
    record_vote,
    say,
    send_back,
    submit,
)
from kieumau.rounds.failures import NotAllowed, OtherSide
from kieumau.rounds.freezing import LATEST, fingerprint, stands
from kieumau.rounds.models import Dossier, Evidence, Hand, Move, Round, Vote
from kieumau.rounds.rules import Side, Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, resolution

MET = Said(Outcome.MET)
S, V, A = Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL


@pytest.fixture
def office(world: Cast) -> User:
    """Somebody who sends back and decides."""
    return User.objects.create_user("office")


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    return Dossier.objects.get(round=open_round(world, stages=(S, V)), unit=world.unit("Cái Khế"))


def submitted(dossier: Dossier, cast: People) -> Evidence:
    document = resolution(dossier.unit_id)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    return evidence


def concluded(dossier: Dossier, cast: People) -> None:
    evidence = submitted(dossier, cast)
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    conclude(dossier.pk, actor=cast.verifier, now=NOW)


# From where, to which stage and state, with which rise of the version: none of these is a move.
ILLEGAL: list[tuple[str, dict[str, Any]]] = [
    ("open", {"state": "decided", "version": 9}),
    ("open", {"state": "concluded", "version": 9}),
    ("open", {"state": "sent_back", "version": 9}),
    ("open", {"version": 0}),
    ("submitted", {"stage": S, "version": 9}),
    ("submitted", {"state": "decided", "version": 9}),
    ("submitted", {"state": "concluded"}),  # the version stays
    ("submitted", {"frozen": {"operands": {}}}),
    ("submitted", {"submitted_at": NOW + timedelta(days=1)}),
    ("concluded", {"state": "open", "version": 9}),
    ("concluded", {"unit": 1}),
    ("decided", {"state": "concluded", "version": 9}),
    ("decided", {"due_until": TODAY}),
    ("decided", {"version": 99}),
]


@pytest.mark.parametrize(("at", "change"), ILLEGAL)
def test_the_database_knows_the_moves(
    dossier: Dossier, cast: People, office: User, at: str, change: dict[str, Any]
) -> None:
    if at == "submitted":
        submitted(dossier, cast)
    elif at in {"concluded", "decided"}:
        concluded(dossier, cast)
    if at == "decided":
        decide(dossier.pk, actor=office, now=NOW, is_met=False, decision="QĐ 1")
    with pytest.raises(IntegrityError, match="dossier"), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(**change)


def test_in_a_closed_round_the_database_lets_nothing_move_but_decisions(
    dossier: Dossier, cast: People, office: User
) -> None:
    concluded(dossier, cast)
    Round.objects.filter(pk=dossier.round_id).update(state="closed", closed_at=NOW)
    with pytest.raises(IntegrityError, match="does not move"), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(stage=S, state="sent_back", version=9)
    assert decide(dossier.pk, actor=office, now=NOW, is_met=False, decision="QĐ 1").state == "decided"


def test_an_open_round_stays_what_it_is(dossier: Dossier) -> None:
    made = dossier.round
    for change in ({"stages": [S]}, {"state": "preparing", "opened_at": None}, {"kinds": ["xa"]}):
        with pytest.raises(IntegrityError, match="stays what it is"), transaction.atomic():
            Round.objects.filter(pk=made.pk).update(**change)
    Round.objects.filter(pk=made.pk).update(name="Đợt 1")


def test_who_only_sent_back_decides(dossier: Dossier, cast: People, office: User) -> None:
    submitted(dossier, cast)
    send_back(dossier.pk, actor=office, now=NOW, reason="Thiếu")
    assert not Hand.objects.filter(person=office).exists()
    with pytest.raises(OtherSide):
        say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=1, actor=office, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    proof = Evidence.objects.get(dossier=dossier)
    look_at_evidence(proof, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    conclude(dossier.pk, actor=cast.verifier, now=NOW)
    send_back(dossier.pk, actor=office, now=NOW, reason="Cần nêu rõ", criteria=["1.2"])
    assert Hand.objects.get(person=office).side == Side.APPRAISERS
    submit(dossier.pk, actor=cast.officer, now=NOW)
    conclude(dossier.pk, actor=cast.verifier, now=NOW)
    with pytest.raises(OtherSide):
        decide(dossier.pk, actor=cast.verifier, now=NOW, is_met=False, decision="QĐ 1")
    assert decide(dossier.pk, actor=office, now=NOW, is_met=False, decision="QĐ 1").state == "decided"


def test_who_sent_back_is_known_by_another_name_too(dossier: Dossier, cast: People, office: User) -> None:
    """And whoever is given the name is not taken for him."""
    submitted(dossier, cast)
    send_back(dossier.pk, actor=office, now=NOW, reason="Thiếu")
    name = office.username
    office.username = "ten-khac"
    office.save()
    with pytest.raises(OtherSide):
        say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=1, actor=office, now=NOW)
    namesake = User.objects.create_user(name)
    say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=1, actor=namesake, now=NOW)


def test_the_unit_does_not_send_its_own_dossier_back(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    with pytest.raises(OtherSide):
        send_back(dossier.pk, actor=cast.officer, now=NOW, reason="Nhầm")


def test_after_the_deadline_a_day_is_granted_and_kept(dossier: Dossier, cast: People, office: User) -> None:
    submitted(dossier, cast)
    later, until = NOW + timedelta(days=35), TODAY + timedelta(days=40)
    with pytest.raises(NotAllowed) as caught:
        send_back(dossier.pk, actor=office, now=later, reason="Thiếu")
    assert [one.code for one in caught.value.problems] == ["back-without-a-day"]
    assert caught.value.problems[0].hint is not None
    send_back(dossier.pk, actor=office, now=later, reason="Thiếu", due_until=until)
    assert Move.objects.get(dossier=dossier, act="send_back").due_until == until
    logged = Entry.objects.filter(verb="rounds.send_back").latest("pk")
    assert (logged.new or {})["due_until"] == until.isoformat()


def voted(dossier: Dossier, who: User, **other: Any) -> Vote:
    said: dict[str, Any] = {"council": "Hội đồng", "held_on": TODAY, "count": Count(9, 8, 1), "minutes": None}
    return record_vote(dossier.pk, **{**said, **other}, actor=who, now=NOW)


VOTES = [
    # what is said of the vote, why it is refused
    ({"held_on": TODAY + timedelta(days=1)}, "held-in-the-future"),
    ({"council": " "}, "no-council"),
    ({"count": Count(3, 2, 2)}, "too-many-votes"),
    ({}, "voted-before"),
]


@pytest.mark.parametrize(("other", "code"), VOTES)
def test_what_is_no_vote(
    dossier: Dossier, cast: People, office: User, other: dict[str, Any], code: str
) -> None:
    submitted(dossier, cast)
    voted(dossier, office)
    logged = Entry.objects.filter(verb="rounds.vote").latest("pk").new or {}
    assert (logged["council"], logged["held_on"], logged["minutes"]) == ("Hội đồng", "2026-11-22", None)
    with pytest.raises(NotAllowed) as caught, transaction.atomic():
        voted(dossier, office, **other)
    assert [one.code for one in caught.value.problems] == [code]


def test_nobody_votes_before_it_is_submitted_nor_for_his_own_unit(
    dossier: Dossier, cast: People, office: User
) -> None:
    with pytest.raises(NotAllowed) as caught:
        voted(dossier, office)
    assert [one.code for one in caught.value.problems] == ["not-submitted"]
    row = Vote(dossier=dossier, council="H", held_on=TODAY, members=1, in_favor=1, against=0, at=NOW, by="x")
    with pytest.raises(IntegrityError, match="votes on what was submitted"), transaction.atomic():
        row.save()
    submitted(dossier, cast)
    with pytest.raises(OtherSide):
        voted(dossier, cast.officer)


def test_documents_come_from_the_shelves_of_the_unit_or_of_those_above(
    dossier: Dossier, cast: People, office: User, world: Cast
) -> None:
    elsewhere, above = resolution(world.unit("An Bình")), resolution(world.unit("Cần Thơ"))
    for document in (elsewhere, above):
        with pytest.raises(Refused) as caught, transaction.atomic():
            add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
        assert [one.code for one in caught.value.problems] == ["another-shelf"]
    old = resolution(world.before["An Hòa"])
    add_evidence(dossier.pk, criterion="1.1", document=old, actor=cast.officer, now=NOW)
    submitted(dossier, cast)
    with pytest.raises(Refused), transaction.atomic():
        voted(dossier, office, minutes=elsewhere)
    assert voted(dossier, office, minutes=above).minutes == above


def test_the_fingerprint_knows_people_by_id_and_documents_by_what_they_say(
    dossier: Dossier, cast: People, office: User
) -> None:
    concluded(dossier, cast)
    prints = [fingerprint(dossier.pk)]
    User.objects.filter(pk=cast.verifier.pk).update(username="minh-2")
    assert fingerprint(dossier.pk) == prints[0]
    minutes = resolution(dossier.unit_id, date(2026, 11, 20), kind="minutes")
    voted(dossier, office, minutes=minutes)
    prints.append(fingerprint(dossier.pk))
    Round.objects.filter(pk=dossier.round_id).update(name="Đợt 2")  # no ground of a decision
    assert fingerprint(dossier.pk) == prints[1]
    assert prints[0] != prints[1]
    decide(dossier.pk, actor=office, now=NOW, is_met=False, decision="QĐ 1", why="Có vụ án")
    assert fingerprint(dossier.pk) == prints[1]
    assert Move.objects.get(dossier=dossier, act="decide").sha256 == prints[1]


# What changes beneath a decision; the versions of the fingerprint by which that is seen.
BENEATH: list[tuple[dict[str, Any], set[int]]] = [
    ({}, set()),
    ({"summary": "Nghị quyết khác"}, {1, 2}),
    ({"proves_from": date(2026, 1, 2)}, {2}),
    ({"proves_before": date(2027, 1, 2)}, {2}),
]


@pytest.mark.parametrize(("change", "seen_by"), BENEATH)
def test_what_was_decided_by_an_older_fingerprint_still_stands(
    dossier: Dossier, cast: People, change: dict[str, Any], seen_by: set[int]
) -> None:
    document = resolution(dossier.unit_id, proves=(date(2026, 1, 1), date(2026, 12, 31)))  # not yet sealed
    add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    kept = {version: fingerprint(dossier.pk, version) for version in (1, 2)}
    assert (len(set(kept.values())), kept[LATEST]) == (2, fingerprint(dossier.pk))
    if change:
        Document.objects.filter(pk=document.pk).update(**change)
    assert {version for version, sha256 in kept.items() if not stands(dossier.pk, sha256)} == seen_by


def test_a_fingerprint_of_version_1_is_read_as_it_was_then(dossier: Dossier, cast: People) -> None:
    """Seven parts of a document, as ever: id, kind, reference, issuer, day, summary, files."""
    submitted(dossier, cast)
    with CaptureQueriesContext(connection) as queries:
        fingerprint(dossier.pk, 1)
    said = "json_build_array(o.id, o.kind, o.reference, o.issuer, o.issued_on, o.summary, (SELECT"
    assert [said in query["sql"] for query in queries].count(True) == 1


def test_the_fingerprint_is_the_same_for_whoever_works_it_out(
    dossier: Dossier, cast: People, office: User, world: Cast, grant: Callable[..., Any]
) -> None:
    """Minutes lie on the shelf of the province, which the ward does not see."""
    submitted(dossier, cast)
    voted(dossier, office, minutes=resolution(world.unit("Cần Thơ"), kind="minutes"))
    expected = fingerprint(dossier.pk)
    grant(cast.officer, "officer", dossier.unit_id)
    with acting(cast.officer), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        assert fingerprint(dossier.pk) == expected
        cursor.execute("RESET ROLE")


def test_who_decides_is_on_the_deciders_side(dossier: Dossier, cast: People, office: User) -> None:
    """So he does not re-check what he decided: who has a hand in a dossier does not."""
    concluded(dossier, cast)
    decide(dossier.pk, actor=office, now=NOW, is_met=False, decision="QĐ 1")
    assert Hand.objects.get(dossier=dossier, person=office).side == Side.APPRAISERS


@pytest.mark.parametrize("is_accepted", [True, False])
def test_nobody_judges_a_document_that_he_put_on_the_shelf(
    dossier: Dossier, cast: People, is_accepted: bool
) -> None:
    """Also where somebody of the unit pointed at it."""
    document = resolution(dossier.unit_id, actor=cast.verifier)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    judged: dict[str, Any] = {"is_accepted": is_accepted, "reason": "Đã xem", "now": NOW}
    with pytest.raises(NotAllowed) as refused:
        look_at_evidence(evidence, actor=cast.verifier, **judged)
    assert [one.code for one in refused.value.problems] == ["own-document"]
    assert look_at_evidence(evidence, actor=cast.second_officer, **judged).looked_at_by == cast.second_officer


def test_the_number_of_a_decision_is_no_reason(dossier: Dossier, cast: People, office: User) -> None:
    concluded(dossier, cast)
    decide(dossier.pk, actor=office, now=NOW, is_met=True, decision="QĐ 1", why="Đã khắc phục")
    found = Move.objects.get(dossier=dossier, act="decide")
    assert (found.against, found.reason, found.why) == (["verdict"], "QĐ 1: Đã khắc phục", "Đã khắc phục")
    found.pk, found.number, found.why = None, 99, ""
    with pytest.raises(IntegrityError, match="dossier_move_against_says_why"), transaction.atomic():
        found.save()


def test_what_was_decided_before_that_was_asked_keeps_its_reason(
    dossier: Dossier, cast: People, office: User
) -> None:
    concluded(dossier, cast)
    decide(dossier.pk, actor=office, now=NOW, is_met=True, decision="QĐ 1", why="Đã khắc phục: hai")
    step = import_module("kieumau.rounds.migrations.0016_why_it_goes_against")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossier_move DROP CONSTRAINT dossier_move_against_says_why")
        cursor.execute("ALTER TABLE dossier_move DISABLE TRIGGER dossier_move_stays")
        cursor.execute("UPDATE dossier_move SET why = ''")
        cursor.execute(step.KEPT)
    assert dict(Move.objects.values_list("act", "why"))["decide"] == "Đã khắc phục: hai"
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        Move.objects.update(why="")
