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
    assert "15/QĐ-BCA" in gone, "a withdrawn title does not look like one that is held"
