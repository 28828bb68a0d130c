"""Evidence from the phone to the verdict: added in one step, judged by others, sealed, read under the log."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.row_security import ROLE
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.documents import actions as documents
from kieumau.documents.models import Document, File, Reading
from kieumau.documents.stores import FolderStore
from kieumau.documents.tests import hostile
from kieumau.documents.tests.conftest import stored
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
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.failures import NotAllowed, NotComplete
from kieumau.rounds.models import Dossier, Evidence
from kieumau.rounds.rules import Stage, State
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round, people, resolution

MET, NOT_MET = Said(Outcome.MET), Said(Outcome.NOT_MET, remark="Chưa đủ")
S, V = Stage.SELF, Stage.VERIFICATION
FACTS = {"kind": "resolution", "summary": "Nghị quyết về an ninh trật tự", "issued_on": "2026-02-10"}
Grant = Callable[..., Any]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def cast(world: Cast, grant: Grant, folder: Path) -> People:
    """Officers of Cái Khế, a verifier of its province, an appraiser of the nation."""
    made = people()
    grant(made.officer, "officer", world.unit("Cái Khế"))
    grant(made.second_officer, "officer", world.unit("An Bình"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "appraiser")
    return made


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    made = open_round(world, stages=(S, V))
    return Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))


def signed_in(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def sent(dossier: Dossier, user: User, *files: tuple[str, bytes], code: str = "1.1", **facts: Any) -> Any:
    """The form of the criterion, sent."""
    data = {**FACTS, **facts, "files": [SimpleUploadedFile(name, content) for name, content in files]}
    return signed_in(user).post(reverse("dossier_evidence_new", args=[dossier.pk, code]), data)


def test_a_photograph_becomes_evidence_in_one_step(dossier: Dossier, cast: People, folder: Path) -> None:
    client = signed_in(cast.officer)
    page = client.get(reverse("dossier_criterion", args=[dossier.pk, "1.1"])).content.decode()
    assert 'capture="environment"' in page
    assert '<option value="resolution" selected>Resolution of the Party committee' in page
    answer = sent(dossier, cast.officer, ("ảnh.jpg", hostile.photo()), ("a.pdf", hostile.pdf()))
    assert answer.status_code == 302
    evidence = Evidence.objects.get(dossier=dossier)
    assert evidence.document.unit_id == dossier.unit_id
    assert [one.name for one in evidence.document.files.order_by("pk")] == ["ảnh.jpg", "a.pdf"]
    assert stored(folder) == sorted(one.sha256 for one in File.objects.all())
    page = client.get(reverse("dossier_criterion", args=[dossier.pk, "1.1"])).content.decode()
    assert "ảnh.jpg" in page
    assert 'class="overdue"' not in page


def test_what_is_not_asked_for_is_said_before_and_saved_knowingly(
    dossier: Dossier, cast: People, folder: Path
) -> None:
    for facts, lacks in (
        ({"kind": "plan"}, "not of the kind asked for"),
        ({"issued_on": "2026-04-01"}, "not dated within the time asked for"),
        ({"proves_from": "2024-01-01", "proves_until": "2024-12-31"}, "proves a time outside the period"),
    ):
        answer = sent(dossier, cast.officer, ("a.pdf", hostile.pdf()), **facts)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert lacks in text
        assert "Add it all the same" in text
        assert not Document.objects.exists()
        slips = [one.text for one in answer.context["slips"]]
        assert sent(dossier, cast.officer, kept=slips, knowing="1", **facts).status_code == 302
        made = Document.objects.get()
        assert made.files.get().name == "a.pdf"
        Evidence.objects.all().delete()
        documents.delete_document(made.pk, store=FolderStore(folder), actor="tests", now=NOW)
    bare = sent(dossier, cast.officer)
    assert bare.status_code == 422
    assert "no file to look at yet" in bare.content.decode()
    assert sent(dossier, cast.officer, code="1.2", kind="photographs").status_code == 302, "any will do"


def test_one_bad_file_keeps_no_good_one_back(dossier: Dossier, cast: People, folder: Path) -> None:
    answer = sent(dossier, cast.officer, ("a.pdf", hostile.pdf()), ("IMG.HEIC", hostile.heic()))
    assert answer.status_code == 302
    page = signed_in(cast.officer)
    assert Evidence.objects.get().document.files.get().name == "a.pdf"
    assert page.get(answer.url).status_code == 200


def test_nothing_typed_and_no_good_file_is_lost(dossier: Dossier, cast: People, folder: Path) -> None:
    answer = sent(
        dossier, cast.officer, ("a.pdf", hostile.pdf()), ("b.exe", b"MZ"), issued_on="", issuer="Đảng ủy"
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "b.exe: The file is named .exe. What is in it is a program" in text
    assert 'value="Đảng ủy"' in text
    [slip] = answer.context["slips"]
    assert sent(dossier, cast.officer, kept=slip.text).status_code == 302
    assert stored(folder) == [File.objects.get().sha256]


HOSTILE = [
    # what is sent, under which name, what it is called in the refusal
    ("a paper that is an archive too", hostile.pdf_and_zip, "a.pdf", "a file of another kind"),
    ("a bomb of 120 MB", hostile.zip_bomb, "a.docx", "unfolds to far more"),
    ("a bomb that lies", hostile.lying_bomb, "a.docx", ""),
    ("900 million pixels", hostile.pixel_bomb, "a.png", "too large: 30000 × 30000"),
    ("a wrong extension", hostile.pdf, "a.jpg", "named .jpg, but what is in it is PDF"),
    ("HEIC", hostile.heic, "a.heic", "Most Compatible"),
    ("a locked paper", lambda: hostile.pdf(trailer=b" /Encrypt 5 0 R"), "a.pdf", "password"),
    ("a drawing with script", lambda: b"<svg onload='x()'/>", "a.svg", "not taken"),
    ("macros", lambda: hostile.docx_with("word/vbaProject.bin"), "a.docx", "macros"),
    ("nothing", lambda: b"", "a.pdf", "empty"),
]


@pytest.mark.parametrize(
    ("made", "name", "words"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_hostile_files_are_refused_in_words_and_nothing_is_kept(
    dossier: Dossier, cast: People, folder: Path, made: Callable[[], bytes], name: str, words: str
) -> None:
    answer = sent(dossier, cast.officer, (name, made()))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert stored(folder) == []
    assert not Document.objects.exists()


def test_others_add_nothing_and_nothing_after_submission(
    dossier: Dossier, cast: People, folder: Path
) -> None:
    for user in (cast.second_officer, cast.verifier, User.objects.create_user("stranger")):
        assert sent(dossier, user, ("a.pdf", hostile.pdf())).status_code in {403, 404}
    submitted(dossier, cast)
    before = Document.objects.count(), File.objects.count()
    answer = sent(dossier, cast.officer, ("a.pdf", hostile.pdf()))
    assert answer.status_code in {404, 422}
    assert (Document.objects.count(), File.objects.count()) == before


def submitted(dossier: Dossier, cast: People) -> Evidence:
    """The unit has answered, pointed at its resolution and submitted."""
    document = resolution(dossier.unit_id)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    return evidence


def test_submitting_seals_and_submitting_again_seals_what_is_new(dossier: Dossier, cast: People) -> None:
    first = submitted(dossier, cast).document
    first.refresh_from_db()
    assert first.sealed_by == "hoa"
    with pytest.raises(documents.Sealed):
        documents.delete_document(first.pk, store=FolderStore(Path("/nowhere")), actor="tests", now=NOW)
    send_back(dossier.pk, actor=cast.verifier, now=NOW, reason="Thiếu bản chụp", criteria=["1.1"])
    second = resolution(dossier.unit_id, date(2026, 3, 1))
    add_evidence(dossier.pk, criterion="1.1", document=second, actor=cast.officer, now=NOW)
    with pytest.raises(documents.Used):
        documents.delete_document(second.pk, store=FolderStore(Path("/nowhere")), actor="tests", now=NOW)
    say(dossier.pk, criterion="1.1", stage=S, said=MET, seen=1, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    assert Document.objects.filter(sealed_at=None).count() == 0


def test_a_sealed_document_proves_again_in_another_round_and_so_does_that_of_a_predecessor(
    dossier: Dossier, cast: People, world: Cast
) -> None:
    document = submitted(dossier, cast).document
    old = resolution(world.before["An Hòa"])
    later = open_round(world, stages=(S, V))
    again = Dossier.objects.get(round=later, unit=dossier.unit_id)
    page = reverse("dossier_evidence", args=[again.pk, "1.1"])
    client = signed_in(cast.officer)
    assert client.post(page, {"do": "add", "document": [document.pk, old.pk]}).status_code == 302
    assert set(Evidence.objects.filter(dossier=again).values_list("document", flat=True)) == {
        document.pk,
        old.pk,
    }
    assert client.get(reverse("dossier_document", args=[again.pk, old.pk])).status_code == 200


def test_a_documented_criterion_is_met_once_a_verifier_accepts_its_document(
    dossier: Dossier, cast: People
) -> None:
    say(dossier.pk, criterion="1.1", stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    with pytest.raises(NotComplete):
        submit(dossier.pk, actor=cast.officer, now=NOW)
    document = resolution(dossier.unit_id)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    say(dossier.pk, criterion="1.2", stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)

    def finds(said: Said) -> None:
        seen = (
            dossier.findings.filter(stage=V, criterion__code="1.1").values_list("version", flat=True).first()
        )
        say(dossier.pk, criterion="1.1", stage=V, said=said, seen=seen, actor=cast.verifier, now=NOW)

    with pytest.raises(Refused) as refused:
        finds(MET)
    assert refused.value.problems[0].code == "nothing-accepted"

    def looks(*, is_accepted: bool) -> None:
        look_at_evidence(evidence, is_accepted=is_accepted, reason="Mờ", actor=cast.verifier, now=NOW)

    looks(is_accepted=True)
    finds(MET)
    with pytest.raises(NotAllowed) as held, transaction.atomic():
        looks(is_accepted=False)
    assert held.value.problems[0].code == "found-met-by-it"
    finds(NOT_MET)
    looks(is_accepted=False)
    looks(is_accepted=True)
    finds(MET)
    say(dossier.pk, criterion="1.2", stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    conclude(dossier.pk, actor=cast.verifier, now=NOW)
    decide(dossier.pk, actor=cast.appraiser, now=NOW, is_met=False, decision="QĐ 1")
    found = Dossier.objects.select_related("round__criteria_set", "round__period").get(pk=dossier.pk)
    assert found.state == State.DECIDED
    line = page_of(found, NOW).line("1.1")
    assert line is not None
    assert line.outcome is Outcome.MET, "the dossier counts it"
    own = Assessment.objects.get(
        unit=found.unit_id, criteria_set=found.round.criteria_set_id, period=found.round.period_id
    )
    assert Outcome(own.outcomes[0]) is Outcome.NOT_JUDGED, "what figures alone say does not change by it"


def test_reading_for_a_dossier_is_recorded_with_it(dossier: Dossier, cast: People, folder: Path) -> None:
    sent(dossier, cast.officer, ("a.pdf", hostile.pdf()))
    file = File.objects.get()
    assert not Reading.objects.exists()
    client = signed_in(cast.verifier)
    page = client.get(reverse("dossier_document", args=[dossier.pk, file.document_id])).content.decode()
    assert reverse("dossier_file", args=[dossier.pk, file.pk]) in page
    assert b"".join(client.get(reverse("dossier_file", args=[dossier.pk, file.pk]))) == hostile.pdf()
    readings = [(one.by, one.sha256, one.about_kind, one.about_id) for one in Reading.objects.order_by("pk")]
    assert readings == [("minh", "", "dossier", dossier.pk), ("minh", file.sha256, "dossier", dossier.pk)]
    assert (
        Reading.objects.filter(about_id=dossier.pk).values_list("about_name", flat=True)[0]
        == "Phường Cái Khế, Đánh giá năm 2026"
    )


def test_a_dossier_is_no_way_round_to_other_documents(
    dossier: Dossier, cast: People, world: Cast, folder: Path
) -> None:
    other = Dossier.objects.get(round=dossier.round, unit=world.unit("An Bình"))
    sent(other, cast.second_officer, ("a.pdf", hostile.pdf()))
    file = File.objects.get()
    for client in (signed_in(cast.officer), signed_in(cast.verifier)):
        assert client.get(reverse("dossier_document", args=[dossier.pk, file.document_id])).status_code == 404
        assert client.get(reverse("dossier_file", args=[dossier.pk, file.pk])).status_code == 404
    assert signed_in(cast.officer).get(reverse("file", args=[file.pk])).status_code == 404
    assert not Reading.objects.exists()


def test_another_province_gets_no_row_by_guessing_an_id_or_a_digest(
    dossier: Dossier, cast: People, world: Cast, grant: Grant, folder: Path
) -> None:
    sent(dossier, cast.officer, ("a.pdf", hostile.pdf()))
    signed_in(cast.officer).get(reverse("document", args=[Document.objects.get().pk]))
    file = File.objects.get()
    far = User.objects.create_user("far")
    grant(far, "officer", world.unit("Sài Gòn"))
    guesses = (
        f"SELECT count(*) FROM document WHERE id = {file.document_id}",
        f"SELECT count(*) FROM document_file WHERE id = {file.pk} OR sha256 = '{file.sha256}'",
        f"SELECT count(*) FROM document_reading WHERE document_id = {file.document_id}",
        f"SELECT count(*) FROM dossier_evidence WHERE document_id = {file.document_id}",
    )
    for user, count in ((cast.officer, 1), (far, 0), (cast.second_officer, 0)):
        with acting(user), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
            for guess in guesses:
                cursor.execute(guess)
                assert cursor.fetchone()[0] == count, guess
            cursor.execute("RESET ROLE")
    for name, number in (("file", file.pk), ("document", file.document_id)):
        assert signed_in(far).get(reverse(name, args=[number])).status_code == 404


def test_a_vote_seals_its_minutes(dossier: Dossier, cast: People) -> None:
    submitted(dossier, cast)
    minutes = resolution(dossier.unit_id, kind="minutes")
    record_vote(
        dossier.pk,
        council="Hội đồng",
        held_on=date(2026, 11, 1),
        count=Count(9, 8, 1),
        minutes=minutes,
        actor=cast.verifier,
        now=NOW,
    )
    minutes.refresh_from_db()
    assert minutes.sealed_by == "minh"
    with pytest.raises(NotAllowed):
        record_vote(
            dossier.pk,
            council="",
            held_on=date(2026, 11, 1),
            count=Count(1, 0, 0),
            minutes=None,
            actor=cast.verifier,
            now=NOW,
        )


def test_the_pages_take_few_queries(
    dossier: Dossier, cast: People, folder: Path, django_assert_max_num_queries: Any
) -> None:
    sent(dossier, cast.officer, ("a.pdf", hostile.pdf()))
    client = signed_in(cast.officer)
    document = Document.objects.get()
    for address in (
        reverse("dossier_criterion", args=[dossier.pk, "1.1"]),
        reverse("dossier_evidence_new", args=[dossier.pk, "1.1"]),
        reverse("dossier_document", args=[dossier.pk, document.pk]),
    ):
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
