"""A slip of the pen in a title is put right: with a reason, for all to see, only by a row that says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.tests.test_row_security import serving
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.awards.actions import (
    Recognition,
    put_right,
    recognize,
    record_earlier,
    withdraw,
)
from kieumau.awards.changes import changes_of
from kieumau.awards.models import Correction, Title
from kieumau.awards.rules import Decision, Ground, Issued, Particulars
from kieumau.awards.tests.cast import DECISION, appraise, verified_in_programme
from kieumau.kernel.messages import Refused, Text
from kieumau.notices.models import Notice
from kieumau.rounds.freezing import fingerprint
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.tests.cast import NOW, People, people

Grant = Callable[..., Any]
FROM = Recognition(starts_on=date(2026, 11, 20), certificate="CN-01")


@pytest.fixture
def cast(world: Cast, grant: Grant) -> People:
    made = people()
    grant(made.appraiser, "programme_office")
    return made


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    return appraise(verified_in_programme(world, cast), cast, Outcome.MET)


@pytest.fixture
def title(dossier: Dossier, cast: People) -> Title:
    """12/QĐ-BCA of 22 November 2026, held from 20 November 2026 to 19 November 2027."""
    made = recognize(dossier, DECISION, FROM, actor=cast.appraiser, now=NOW)
    made.refresh_from_db()
    return made


def otherwise(title: Title, **changes: Any) -> Particulars:
    """As it stands, but for what is said otherwise."""
    there = title.particulars
    decision = {one: changes.pop(one) for one in ("reference", "decided_on", "issuer") if one in changes}
    return replace(there, decision=replace(there.decision, **decision), **changes)


# What is said otherwise, and how it is told.
SLIPS: list[tuple[dict[str, Any], str]] = [
    ({"reference": "78/QĐ-BCA"}, "số quyết định 12/QĐ-BCA → 78/QĐ-BCA"),
    ({"decided_on": date(2026, 11, 21)}, "ngày quyết định 22/11/2026 → 21/11/2026"),
    ({"issuer": "Bộ trưởng Bộ Công an"}, "cơ quan ban hành Bộ Công an → Bộ trưởng Bộ Công an"),
    ({"starts_on": date(2026, 11, 22)}, "ngày đầu 20/11/2026 → 22/11/2026"),
    ({"ends_before": date(2027, 11, 23)}, "ngày cuối 19/11/2027 → 22/11/2027"),
    ({"certificate": "CN-02"}, "số giấy chứng nhận CN-01 → CN-02"),
    ({"certificate": ""}, "số giấy chứng nhận CN-01 → (trống)"),
    ({"ceremony_on": date(2026, 12, 2)}, "ngày trao: 02/12/2026"),
]


@pytest.mark.parametrize(("changes", "told"), SLIPS)
def test_a_slip_is_put_right_and_what_stood_there_stays_beside_it(
    title: Title, cast: People, changes: dict[str, Any], told: str
) -> None:
    before = title.particulars
    made = put_right(title.pk, otherwise(title, **changes), reason="Gõ nhầm", actor=cast.appraiser, now=NOW)
    title.refresh_from_db()
    assert title.particulars == otherwise(title, **changes) != before
    assert [one.said.vi for one in changes_of(made)] == [told]
    entry = Entry.objects.get(verb="awards.put_right")
    assert entry.why == "Gõ nhầm"
    assert len(entry.old or {}) == len(entry.new or {}) == 1, "the log holds what differs, before and after"
    assert title.dossier_sha256 == fingerprint(title.dossier_id or 0), "what it rests on is untouched"
    with acting(None), serving():  # a stranger reads it on the public page
        page = Client().get(reverse("title", args=[title.pk])).content.decode()
    assert told in page
    assert "Gõ nhầm" in page


REFUSED: list[tuple[dict[str, Any], str, Issued | None, list[str]]] = [
    # what is said otherwise, why, the document that corrected the decision, what is refused
    ({"reference": "78"}, " ", None, ["no-reason"]),
    ({}, "Như cũ", None, ["nothing-changed"]),
    ({"reference": " "}, "Nhầm", None, ["no-decision"]),
    ({"decided_on": date(2026, 11, 23)}, "Nhầm", None, ["decided-in-the-future"]),
    ({"ends_before": date(2026, 11, 20)}, "Nhầm", None, ["ends-before-it-begins"]),
    ({"ceremony_on": date(2026, 11, 1)}, "Nhầm", None, ["ceremony-before-the-decision"]),
    ({"reference": "78"}, "Nhầm", Issued("80/CV", date(2026, 11, 22)), []),
    ({"reference": "78"}, "Nhầm", Issued("", date(2026, 11, 22)), ["no-correcting-number"]),
    ({"reference": "78"}, "Nhầm", Issued("80/CV", date(2026, 11, 24)), ["corrected-in-the-future"]),
    ({"reference": "78"}, "Nhầm", Issued("80/CV", date(2026, 11, 1)), ["corrected-before-the-decision"]),
]


@pytest.mark.parametrize(("changes", "reason", "by", "codes"), REFUSED)
def test_what_is_no_correction(
    title: Title, changes: dict[str, Any], reason: str, by: Issued | None, codes: list[str]
) -> None:
    said: dict[str, Any] = {"reason": reason, "by": by, "actor": "tests", "now": NOW}
    if not codes:
        made = put_right(title.pk, otherwise(title, **changes), **said)
        assert (made.by_reference, made.by_issued_on) == ("80/CV", date(2026, 11, 22))
        return
    with pytest.raises(Refused) as caught:
        put_right(title.pk, otherwise(title, **changes), **said)
    assert [one.code for one in caught.value.problems] == codes
    assert not Correction.objects.exists()


def test_two_who_put_right_at_once_do_not_undo_each_other(title: Title) -> None:
    said: dict[str, Any] = {"reason": "Nhầm", "actor": "tests", "now": NOW, "seen": 0}
    put_right(title.pk, otherwise(title, reference="78"), **said)
    with pytest.raises(Refused, match="since you opened this page"):
        put_right(title.pk, otherwise(title, certificate="CN-02"), **said)
    title.refresh_from_db()
    assert title.reference == "78"


def test_no_other_title_is_then_there_twice(title: Title, world: Cast) -> None:
    name = Text(vi="Xã 3 không", en="Commune of three noes")
    said: dict[str, Any] = {"programme": None, "actor": "tests", "now": NOW}
    made = [
        record_earlier(
            world.unit("Cái Khế"),
            name,
            Decision(number, date(2020, 1, 2), "UBND"),
            Recognition(starts_on=date(2020, 1, 2)),
            **said,
        )
        for number in ("1/QĐ", "2/QĐ")
    ]
    with pytest.raises(Refused) as caught:
        put_right(made[0].pk, otherwise(made[0], reference="2/qđ"), reason="Nhầm", actor="tests", now=NOW)
    assert [one.code for one in caught.value.problems] == ["recorded-before"]


def test_a_day_before_the_dossier_was_concluded_is_said_to_everybody(title: Title) -> None:
    """The dossier was concluded on 22 November: a decision of the 10th is dated before that."""
    early = otherwise(title, decided_on=date(2026, 11, 10))
    put_right(title.pk, early, reason="Đúng là ngày 10", actor="tests", now=NOW)
    title.refresh_from_db()
    assert (title.against, title.why) == (["early"], "Đúng là ngày 10")
    put_right(
        title.pk, otherwise(title, decided_on=date(2026, 11, 22)), reason="Nhầm", actor="tests", now=NOW
    )
    title.refresh_from_db()
    assert title.against == []


# What is done to the table by hand, and why the database refuses it.
BY_HAND = [
    ("UPDATE title SET reference = '78'", "only added to"),
    ("UPDATE title SET certificate = 'CN-02'", "only added to"),
    ("UPDATE title SET dossier_sha256 = repeat('0', 64)", "only added to"),
    ("DELETE FROM title", "only added to"),
    ("INSERT INTO title_correction (title_id, old, new, reason, by_reference, recorded_at, recorded_by) "
     "SELECT id, '{}', jsonb_build_object('unit_id', 1), 'x', '', now(), 'x' FROM title", "not put right"),
    ("INSERT INTO title_correction (title_id, old, new, reason, by_reference, recorded_at, recorded_by) "
     "SELECT id, '{}', jsonb_build_object('dossier_sha256', repeat('0', 64)), 'x', '', now(), 'x' FROM title",
     "not put right"),
    ("INSERT INTO title_correction (title_id, old, new, reason, by_reference, recorded_at, recorded_by) "
     "SELECT id, '{}', jsonb_build_object('reference', '78'), '', '', now(), 'x' FROM title",
     "correction_says_why"),
    ("UPDATE title_correction SET reason = 'y'", "only added to"),
    ("UPDATE title_correction SET old = '{}'", "only added to"),
    ("DELETE FROM title_correction", "only added to"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "why"), BY_HAND)
def test_nothing_but_a_correction_changes_a_title(title: Title, statement: str, why: str) -> None:
    put_right(title.pk, otherwise(title, issuer="Bộ"), reason="Nhầm", actor="tests", now=NOW)
    with (
        pytest.raises(IntegrityError, match=why),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_itself_writes_down_what_stood_there(title: Title) -> None:
    made = Correction.objects.create(
        title=title, old={"reference": "một số khác"}, new={"reference": "78"}, reason="x", recorded_at=NOW
    )
    made.refresh_from_db()
    title.refresh_from_db()
    assert (made.old, title.reference) == ({"reference": "12/QĐ-BCA"}, "78")


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("person__username", flat=True))


def test_the_unit_its_leader_the_verifiers_and_the_office_are_told(
    title: Title, cast: People, world: Cast, grant: Grant
) -> None:
    for name, role, place in (
        ("can-bo", "officer", "Cái Khế"),
        ("lanh-dao", "approver", "Cái Khế"),
        ("tham-dinh", "verifier", "Cần Thơ"),
        ("tinh", "programme_office", "Cần Thơ"),
        ("an-binh", "officer", "An Bình"),
    ):
        grant(User.objects.create_user(name), role, world.unit(place))
    put_right(
        title.pk, otherwise(title, reference="78/QĐ-BCA"), reason="Gõ nhầm", actor=cast.appraiser, now=NOW
    )
    assert told("awards.put_right") == {"can-bo", "lanh-dao", "tham-dinh", "tinh"}
    said = Notice.objects.filter(kind="awards.put_right").latest("pk")
    assert said.text_vi == (
        "Danh hiệu “Công an phường kiểu mẫu” của Phường Cái Khế được đính chính: "
        "số quyết định 12/QĐ-BCA → 78/QĐ-BCA, vì: Gõ nhầm"
    )
    taken = Decision("15/QĐ-BCA", date(2026, 11, 22), "Bộ Công an")
    ground = Ground.FALSE_DECLARATION
    withdraw(title.pk, taken, ground=ground, reason="Khai sai", actor=cast.appraiser, now=NOW)
    assert told("awards.withdrawn") == told("awards.put_right")
    said = Notice.objects.filter(kind="awards.withdrawn").latest("pk")
    assert said.text_en == (
        "The title “Model ward police” of Cái Khế Ward was withdrawn by 15/QĐ-BCA of 22 Nov 2026: Khai sai"
    )


def test_the_dossier_says_what_became_of_its_title(title: Title, cast: People) -> None:
    client = Client()
    client.force_login(cast.appraiser)
    page = reverse("dossier", args=[title.dossier_id])
    assert "thu hồi" not in client.get(page).content.decode()
    put_right(title.pk, otherwise(title, reference="78/QĐ-BCA"), reason="Gõ nhầm", actor="tests", now=NOW)
    taken = Decision("15/QĐ-BCA", date(2026, 11, 22), "Bộ Công an")
    withdraw(
        title.pk, taken, ground=Ground.STANDARD_NOT_MET, reason="Có vụ án", actor=cast.appraiser, now=NOW
    )
    text = client.get(page).content.decode()
    for one in ("Danh hiệu đã bị thu hồi", "15/QĐ-BCA ngày 22/11/2026, Bộ Công an: Có vụ án"):
        assert one in text
    assert "12/QĐ-BCA → 78/QĐ-BCA, vì: Gõ nhầm" in text


def test_after_withdrawal_nobody_is_sent_in_a_circle(title: Title, cast: People, dossier: Dossier) -> None:
    """The page of the decision and that of earlier titles say what is true; neither sends to the other."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(cast.appraiser)
    there = reverse("dossier_decision", args=[dossier.pk])
    text = client.get(there).content.decode()
    assert "Recognized by 12/QĐ-BCA" in text
    assert reverse("title_put_right", args=[title.pk]) in text
    assert 'name="reference"' not in text, "no form that could only be refused"
    taken = Decision("15/QĐ-BCA", date(2026, 11, 22), "Bộ Công an")
    withdraw(
        title.pk, taken, ground=Ground.STANDARD_NOT_MET, reason="Có vụ án", actor=cast.appraiser, now=NOW
    )
    text = client.get(there).content.decode()
    assert "A withdrawn title does not come back." in text
    typed = {"reference": "1", "decided_on": "2026-11-22", "issuer": "Bộ", "starts_on": "2026-11-22"}
    again = client.post(there, {**typed, "step": "record"})
    assert again.status_code == 422
    assert "The dossier was decided before" in again.content.decode()
    with pytest.raises(Refused) as caught:
        record_earlier(
            title.unit_id,
            Text(vi=title.name_vi, en=title.name_en),
            Decision("9/QĐ", date(2026, 11, 22), "Bộ Công an"),
            Recognition(starts_on=date(2026, 11, 22)),
            programme=title.programme,
            actor="tests",
            now=NOW,
        )
    (problem,) = caught.value.problems
    assert problem.hint is not None
    assert "open a new round" in problem.hint.en


def test_whoever_recognizes_puts_right_on_a_page(
    title: Title, cast: People, world: Cast, grant: Grant
) -> None:
    address, there = (reverse(one, args=[title.pk]) for one in ("title_put_right", "title"))
    other, client = User.objects.create_user("b"), Client()
    grant(other, "officer", title.unit_id)
    client.force_login(other)
    assert client.get(address).status_code == 404
    assert address not in client.get(there).content.decode()
    client.force_login(cast.appraiser)
    assert address in client.get(there).content.decode()
    form = client.get(address).context["form"]
    typed = {name: "" if value is None else str(value) for name, value in form.initial.items()}
    typed["reason"] = "Gõ nhầm"
    assert typed["last_day"] == "2027-11-19"
    wrong = client.post(address, typed | {"by_reference": "80/CV"})
    assert list(wrong.context["form"].errors) == ["by_issued_on"]
    assert client.post(address, typed | {"reference": "78/QĐ-BCA"}).status_code == 302
    title.refresh_from_db()
    assert title.reference == "78/QĐ-BCA"
    assert client.post(address, typed | {"reference": "79/QĐ-BCA"}).status_code == 422, "put right meanwhile"


def test_a_closed_round_does_not_keep_a_slip(title: Title, dossier: Dossier) -> None:
    Round.objects.filter(pk=dossier.round_id).update(state="closed")
    made = put_right(
        title.pk,
        otherwise(title, reference="78"),
        reason="Nhầm",
        actor="tests",
        now=NOW + timedelta(days=400),
    )
    assert made.new == {"reference": "78"}
