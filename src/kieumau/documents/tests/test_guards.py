"""What the database itself refuses, whoever asks; and what the log says of every action."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from kieumau.audit.models import Entry
from kieumau.documents import actions
from kieumau.documents.intake import Limits, take_in
from kieumau.documents.kinds import asked_for, kinds
from kieumau.documents.models import Document, File, Reading
from kieumau.documents.rules import Facts
from kieumau.documents.stores import FolderStore
from kieumau.documents.tests.hostile import pdf
from kieumau.kernel.messages import Text

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FACTS = Facts(kind="plan", issued_on=date(2023, 4, 10), summary="Kế hoạch")


@pytest.fixture
def document(unit: int, store: FolderStore, tmp_path: Path) -> Document:
    """A plan with one file."""
    made = actions.add_document(unit, FACTS, actor="an", now=NOW)
    (came := tmp_path / "came").write_bytes(pdf())
    with take_in(came, "a.pdf", limits=Limits()) as taken:
        actions.add_file(made.pk, taken, store=store, actor="an", now=NOW)
    actions.record_reading(made, actor="binh", now=NOW)
    return made


def another(document: Document) -> File:
    """A file that is not there yet."""
    return File(
        document=document, sha256="0" * 64, size=1, kind="pdf", name="b.pdf", added_at=NOW, added_by="an"
    )


SEALED: list[tuple[str, Callable[[Document], object]]] = [
    ("a file is swapped", lambda one: File.objects.filter(document=one).update(sha256="0" * 64)),
    ("a file is renamed", lambda one: File.objects.filter(document=one).update(name="b.pdf")),
    ("a file is added", lambda one: another(one).save()),
    ("a file is removed", lambda one: File.objects.filter(document=one)._raw_delete("default")),
    ("a file moves in", lambda one: File.objects.filter(document=one).update(document_id=one.pk)),
    ("its summary changes", lambda one: Document.objects.filter(pk=one.pk).update(summary="x")),
    ("it is unsealed", lambda one: Document.objects.filter(pk=one.pk).update(sealed_at=None, sealed_by="")),
    ("it is deleted", lambda one: Document.objects.filter(pk=one.pk)._raw_delete("default")),
    ("all files are emptied", lambda one: run("TRUNCATE document_file")),
    ("all documents are emptied", lambda one: run("TRUNCATE document CASCADE")),
]
OPEN: list[tuple[str, Callable[[Document], object]]] = [
    ("a file is swapped in place", lambda one: File.objects.filter(document=one).update(sha256="0" * 64)),
    ("a reading changes", lambda one: Reading.objects.update(by="x")),
    ("a reading is deleted", lambda one: Reading.objects.all()._raw_delete("default")),
    ("all readings are emptied", lambda one: run("TRUNCATE document_reading")),
    ("a document proves no day", lambda one: Document.objects.update(proves_from="2023-01-01")),
    ("it is sealed by nobody", lambda one: Document.objects.update(sealed_at=NOW)),
    ("a name that is no digest", lambda one: run("UPDATE document_file SET sha256 = '../../x'")),
]


def run(sql: str) -> None:
    """Ask the database directly."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("attempt", [row[1] for row in SEALED], ids=[row[0] for row in SEALED])
def test_what_is_sealed_stays(document: Document, attempt: Callable[[Document], object]) -> None:
    documents = Document.objects.filter(pk=document.pk)
    assert actions.seal(documents, actor="an", now=NOW) == 1
    assert actions.seal(documents, actor="an", now=NOW) == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt(document)
    assert File.objects.get().name == "a.pdf"


@pytest.mark.parametrize("attempt", [row[1] for row in OPEN], ids=[row[0] for row in OPEN])
def test_what_is_never_done(document: Document, attempt: Callable[[Document], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt(document)


def test_every_action_is_in_the_log(document: Document, store: FolderStore) -> None:
    actions.change_document(document.pk, FACTS, version=1, actor="an", now=NOW)
    actions.remove_file(File.objects.get().pk, store=store, actor="an", now=NOW)
    actions.seal(Document.objects.none(), actor="an", now=NOW)
    actions.delete_document(document.pk, store=store, actor="an", now=NOW)
    sealed = actions.add_document(document.unit_id, FACTS, actor="an", now=NOW)
    actions.seal(Document.objects.filter(pk=sealed.pk), actor="an", now=NOW)
    told = list(Entry.objects.filter(object_kind="document").order_by("pk").values_list("verb", flat=True))
    assert told == [
        *("document.add", "document.add_file", "document.change", "document.remove_file"),
        *("document.delete", "document.add", "document.seal"),
    ]


@pytest.mark.django_db
def test_kinds_that_criteria_ask_for_are_offered_first() -> None:
    asked = {"party-resolution": Text(vi="Nghị quyết của Đảng ủy", en="Resolution of the Party committee")}
    asked_for.append(lambda: asked)
    try:
        assert next(iter(kinds())) == "party-resolution"
    finally:
        asked_for.pop()
