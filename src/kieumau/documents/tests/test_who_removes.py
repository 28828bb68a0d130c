"""Evidence is added from above, and taken away only by those who may delete it: at the door and beneath."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import serving
from kieumau.documents.actions import add_with_files
from kieumau.documents.intake import Limits, take_in
from kieumau.documents.models import File
from kieumau.documents.stores import FolderStore
from kieumau.documents.tests.hostile import pdf
from kieumau.documents.tests.test_guards import FACTS, NOW


@pytest.fixture
def file(unit: int, store: FolderStore, tmp_path: Path) -> File:
    """A file of the ward."""
    (came := tmp_path / "came").write_bytes(pdf())
    with take_in(came, "a.pdf", limits=Limits()) as taken:
        return add_with_files(unit, FACTS, [taken], store=store, actor="an", now=NOW).files.get()


@pytest.mark.parametrize(
    ("role", "door", "gone"),
    [("officer", 302, True), ("programme_office", 403, False), ("auditor", 403, False)],
)
def test_a_file_is_removed_by_who_may_delete(
    client: Client, unit: int, file: File, role: str, door: int, gone: bool
) -> None:
    person = User.objects.create_user("x")
    grant(person, role, unit)
    with acting(person), serving():  # past the door
        assert bool(File.objects.filter(pk=file.pk).delete()[0]) is gone
    File.objects.bulk_create([file], ignore_conflicts=True)
    client.force_login(person)
    page = client.get(reverse("document", args=[file.document_id])).content.decode()
    assert (reverse("file_remove", args=[file.pk]) in page) is gone
    assert client.post(reverse("file_remove", args=[file.pk])).status_code == door
    assert File.objects.exists() is not gone
