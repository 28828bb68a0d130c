"""A title is shown by documents with files, and by a sheet that says where it can be checked."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.audit.models import Entry
from kieumau.awards import queries
from kieumau.awards.actions import Recognition, attach, record_earlier, withdraw
from kieumau.awards.models import Paper, Title
from kieumau.awards.rules import Decision, Ground
from kieumau.documents.models import Document, File
from kieumau.kernel.messages import Refused, Text
from kieumau.programmes.tests.cast import NOW, Cast
from kieumau.rounds.tests.cast import resolution

NAME = Text(vi="Công an phường kiểu mẫu", en="Model ward police")
SHA = "ab" * 32


@pytest.fixture
def cast(kept_programme: Cast) -> Cast:
    return kept_programme


@pytest.fixture
def title(cast: Cast) -> Title:
    """Of Cái Khế, for the year 2026."""
    decision = Decision("9/QĐ-BCA", date(2026, 1, 15), "Bộ Công an")
    said = Recognition(
        date(2026, 1, 15), certificate="Giấy chứng nhận số 17/2026", ceremony_on=date(2026, 2, 3)
    )
    unit = cast.units["31149"]
    return record_earlier(unit, NAME, decision, said, programme=cast.programme, actor="tests", now=NOW)


def paper(unit_id: int, *, with_file: bool = True) -> Document:
    made = resolution(unit_id, date(2026, 2, 3), "certificate", has_file=False)
    if with_file:
        said = {"size": 7, "kind": "pdf", "name": "gcn.pdf", "added_at": NOW, "added_by": "tests"}
        File.objects.create(document=made, sha256=SHA, **said)
    return made


def test_the_certificate_is_a_document_that_stays(cast: Cast, title: Title) -> None:
    filed = paper(title.unit_id)
    attach(title.pk, filed, kind=Paper.Kind.CERTIFICATE, actor="tests", now=NOW)
    filed.refresh_from_db()
    assert filed.sealed_by == "tests"
    (shown,) = queries.papers(title)
    assert (shown.kind, [file.sha256 for file in shown.files]) == ("certificate", [SHA])
    assert (Entry.objects.get(verb="awards.attach").new or {})["sha256"] == [SHA]
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        Paper.objects.all().delete()


# Whose document, with a file or without: what is said of it.
REFUSED = [("31150", True, "another-shelf"), ("31149", False, "no-file")]


@pytest.mark.parametrize(("unit", "with_file", "code"), REFUSED)
def test_what_is_no_certificate(cast: Cast, title: Title, unit: str, with_file: bool, code: str) -> None:
    filed = paper(cast.units[unit], with_file=with_file)
    with pytest.raises(Refused) as caught:
        attach(title.pk, filed, kind=Paper.Kind.CERTIFICATE, actor="tests", now=NOW)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert not Paper.objects.exists()


def test_the_office_files_it_and_anybody_sees_its_fingerprint(cast: Cast, title: Title) -> None:
    filed, address = paper(title.unit_id), reverse("title_paper", args=[title.pk])
    office, other, client = User.objects.create_user("a"), User.objects.create_user("b"), Client()
    grant(office, "programme_office", cast.units["92"])
    grant(other, "programme_office", cast.units["38"])
    client.force_login(other)
    assert client.get(address).status_code == 404
    client.force_login(office)
    assert client.get(address).status_code == 200
    assert client.post(address, {"kind": "certificate"}).status_code == 422
    typed = {"kind": "certificate", "document": filed.pk}
    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed).status_code == 422, "once"
    there = reverse("title", args=[title.pk])
    assert reverse("document", args=[filed.pk]) in client.get(there).content.decode()
    public = Client().get(there).content.decode()
    assert SHA in public
    assert reverse("document", args=[filed.pk]) not in public


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_sheet_says_everything_and_where_to_check_it(cast: Cast, title: Title, language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    sheet = client.get(reverse("title_certificate", args=[title.pk])).content.decode()
    said = [
        "9/QĐ-BCA",
        "Giấy chứng nhận số 17/2026",
        "Phường Cái Khế" if language == "vi" else "Cái Khế Ward",
        NAME.in_(language),
        "14/01/2027" if language == "vi" else "2027",
        f"http://testserver{reverse('title', args=[title.pk])}",
    ]
    for word in said:
        assert word in sheet, word
    taken = Decision("15/QĐ-BCA", date(2026, 6, 1), "Bộ Công an")
    withdraw(title.pk, taken, ground=Ground.FALSE_DECLARATION, reason="Khai sai", actor="tests", now=NOW)
    gone = client.get(reverse("title_certificate", args=[title.pk])).content.decode()
    word, other = ("đã thu hồi", "hết hiệu lực") if language == "vi" else ("withdrawn", "run out")
    inside = gone[gone.index('<article class="certificate certificate-void">') : gone.index("</article>")]
    assert word in inside, "said inside the frame, which is what is printed"
    assert "15/QĐ-BCA" in inside
    assert other not in gone
    assert "certificate-void" not in sheet


# whose shelf the document is of, of which day; is it offered on the page, and taken?
SHELVES = [
    ("31149", date(2025, 2, 3), True),
    ("92", date(2026, 1, 15), True),
    ("VN", date(2026, 2, 3), True),
    ("VN", date(2025, 2, 3), False),  # before the title was decided
    ("31150", date(2026, 2, 3), False),
]


@pytest.mark.parametrize(("shelf", "issued_on", "is_offered"), SHELVES)
@pytest.mark.parametrize("page", ["title_paper", "title_withdraw"])
def test_pages_offer_the_shelves_above_the_unit_too(
    cast: Cast, title: Title, shelf: str, issued_on: date, is_offered: bool, page: str
) -> None:
    filed = resolution(cast.units[shelf], issued_on)
    office, client = User.objects.create_user("a"), Client()
    grant(office, "programme_office")
    client.force_login(office)
    address = reverse(page, args=[title.pk])
    assert (f'<option value="{filed.pk}">' in client.get(address).content.decode()) is is_offered
    typed = {"kind": "decision", "document": filed.pk, "ground": "forged_dossier", "reason": "Khai sai"}
    typed["compared"] = "on"
    decision = {"reference": "15/QĐ-BCA", "decided_on": "2026-06-01", "issuer": "Bộ Công an"}
    assert client.post(address, typed | decision).status_code == (302 if is_offered else 422)


def test_an_office_is_offered_what_it_may_read(cast: Cast, title: Title) -> None:
    own, above = (resolution(cast.units[one], date(2026, 2, 3)) for one in ("92", "VN"))
    office, client = User.objects.create_user("a"), Client()
    grant(office, "programme_office", cast.units["92"])
    client.force_login(office)
    text = client.get(reverse("title_paper", args=[title.pk])).content.decode()
    assert f'<option value="{own.pk}">' in text
    assert f'<option value="{above.pk}">' not in text


def test_certificates_and_decisions_are_offered_first_with_their_kinds(cast: Cast, title: Title) -> None:
    days = {"plan": 5, "decision": 3, "certificate": 2, "resolution": 4}
    made = {kind: resolution(title.unit_id, date(2026, 2, day), kind).pk for kind, day in days.items()}
    office, client = User.objects.create_user("a"), Client()
    grant(office, "programme_office")
    client.force_login(office)
    form = client.get(reverse("title_paper", args=[title.pk])).context["form"]
    offered = [value for value, _ in form.fields["document"].choices][1:]
    assert offered == [made[kind] for kind in ("decision", "certificate", "plan", "resolution")]
    assert "Giấy chứng nhận, giấy khen 05-NQ/ĐU" in str(form["document"])


def test_nobody_is_accused_by_what_happens_to_stand_first(cast: Cast, title: Title) -> None:
    office, client = User.objects.create_user("a"), Client()
    grant(office, "programme_office")
    client.force_login(office)
    address = reverse("title_withdraw", args=[title.pk])
    page = client.get(address).content.decode()
    assert '<option value="" selected>–</option>' in page
    taken = {"reference": "15/QĐ-BCA", "decided_on": "2026-06-01", "issuer": "Bộ Công an", "reason": "Sai"}
    bare = client.post(address, taken)
    assert list(bare.context["form"].errors) == ["ground", "compared"]  # nor taken away by one click


def test_a_ceremony_before_the_decision_is_refused(cast: Cast) -> None:
    decision = Decision("9/QĐ-BCA", date(2026, 1, 15), "Bộ Công an")
    said = Recognition(date(2026, 1, 15), ceremony_on=date(2020, 1, 1))
    with pytest.raises(Refused, match="The ceremony lies before the decision"):
        record_earlier(
            cast.units["31149"], NAME, decision, said, programme=cast.programme, actor="tests", now=NOW
        )
