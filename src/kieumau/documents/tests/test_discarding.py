"""The store is away as something is deleted: the deletion holds, nobody is failed, and the bytes go later."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from kieumau.documents.actions import add_with_files, stored_or_nothing
from kieumau.documents.installation import store
from kieumau.documents.intake import Limits, take_in
from kieumau.documents.jobs import discard_contents
from kieumau.documents.models import Document
from kieumau.documents.stores import FolderStore, StoreFails
from kieumau.documents.tests.conftest import stored
from kieumau.documents.tests.hostile import pdf
from kieumau.documents.tests.test_guards import FACTS, NOW
from kieumau.kernel.messages import Problem, Refused, Text

NOWHERE = {"endpoint": "http://127.0.0.1:1", "region": "here", "key": "k", "secret": "s"}


@pytest.fixture
def document(unit: int, folder: Path, tmp_path: Path) -> Document:
    """A document with a file."""
    (came := tmp_path / "came").write_bytes(pdf())
    with take_in(came, "a.pdf", limits=Limits()) as taken:
        return add_with_files(unit, FACTS, [taken], store=FolderStore(folder), actor="an", now=NOW)


def go_away(settings: Any, folder: Path) -> None:
    """Nobody listens where the files are."""
    settings.KIEUMAU_S3, settings.KIEUMAU_INCOMING = NOWHERE, str(folder / "incoming")
    settings.KIEUMAU_FILES = "s3://b"


def jobs() -> list[dict[str, Any]]:
    """What is left for a worker."""
    return list(
        ProcrastinateJob.objects.filter(task_name=discard_contents.name).values_list("args", flat=True)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["file_remove", "document_delete"])
def test_what_is_deleted_while_the_store_is_away_leaves_it_later(
    document: Document, an: Client, folder: Path, settings: Any, way: str
) -> None:
    what = document.files.get().pk if way == "file_remove" else document.pk
    go_away(settings, folder)
    assert an.post(reverse(way, args=[what])).status_code == 302
    assert len(stored(folder)) == 1
    (waiting,) = jobs()
    with pytest.raises(StoreFails):
        discard_contents(**waiting)
    settings.KIEUMAU_FILES = str(folder)
    discard_contents(**waiting)
    assert stored(folder) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_named_again_meanwhile_stays(
    document: Document, an: Client, folder: Path, settings: Any, tmp_path: Path
) -> None:
    go_away(settings, folder)
    an.post(reverse("document_delete", args=[document.pk]))
    settings.KIEUMAU_FILES = str(folder)
    (came := tmp_path / "came").write_bytes(pdf())
    with take_in(came, "b.pdf", limits=Limits()) as taken:
        add_with_files(document.unit_id, FACTS, [taken], store=FolderStore(folder), actor="an", now=NOW)
    discard_contents(**jobs()[0])
    assert len(stored(folder)) == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_refused_is_said_and_not_that_the_store_is_away(folder: Path, settings: Any) -> None:
    go_away(settings, folder)
    with pytest.raises(Refused), stored_or_nothing(["0" * 64], store=store()):
        raise Refused([Problem("no", Text(vi="Không", en="No"))])
    assert jobs() == [{"contents": ["0" * 64]}]
