"""Who may send is asked before a byte of what he sends is read: a refused upload never was on the disk."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.documents.models import Document
from kieumau.documents.tests.hostile import pdf
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import People, open_round, people, resolution

FACTS = {"kind": "resolution", "summary": "Nghị quyết", "issued_on": "2026-02-10"}
CRITERION, SHELF, DOCUMENT = "dossier_evidence_new", "document_new", "document_files"


class Body(io.BytesIO):
    """What is sent, which knows whether anybody has read of it."""

    is_read = False

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes."""
        self.is_read = True
        return super().read(size)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def cast(world: Cast, grant: Callable[..., Any], folder: Path) -> People:
    """An officer of Cái Khế, one of An Bình, a verifier of their province; the appraiser has no role."""
    made = people()
    grant(made.officer, "officer", world.unit("Cái Khế"))
    grant(made.second_officer, "officer", world.unit("An Bình"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    return made


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    """That of Cái Khế, with its unit."""
    return Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))


TABLE = [
    # who sends, where, what is answered, is what he sends read?
    (None, CRITERION, 302, False),
    (None, SHELF, 302, False),
    (None, DOCUMENT, 302, False),
    ("second_officer", CRITERION, 404, False),
    ("second_officer", SHELF, 403, False),
    ("second_officer", DOCUMENT, 404, False),
    ("verifier", CRITERION, 404, False),
    ("verifier", SHELF, 403, False),
    ("verifier", DOCUMENT, 403, False),
    ("appraiser", CRITERION, 404, False),
    ("appraiser", SHELF, 403, False),
    ("appraiser", DOCUMENT, 404, False),
    ("officer", CRITERION, 302, True),
    ("officer", SHELF, 302, True),
    ("officer", DOCUMENT, 302, True),
]


@pytest.mark.parametrize(("who", "where", "status", "is_read"), TABLE)
def test_the_door_comes_before_the_disk(
    dossier: Dossier, cast: People, folder: Path, who: str | None, where: str, status: int, is_read: bool
) -> None:
    addresses: dict[str, list[Any]] = {
        CRITERION: [dossier.pk, "1.1"],
        SHELF: [dossier.unit_id],
        DOCUMENT: [resolution(dossier.unit_id).pk],
    }
    before = Document.objects.count()
    client = Client()
    if who is not None:
        user: User = getattr(cast, who)
        client.force_login(user)
    sent = encode_multipart(BOUNDARY, {**FACTS, "files": named("a.pdf", pdf())})
    body = Body(sent)
    environ: Any = {"wsgi.input": body, "CONTENT_LENGTH": str(len(sent)), "CONTENT_TYPE": MULTIPART_CONTENT}
    answer = client.generic("POST", reverse(where, args=addresses[where]), **environ)
    assert answer.status_code == status
    assert body.is_read is is_read
    assert folder.exists() is is_read, "not even the folder was made"
    assert Document.objects.count() == before + (is_read and where != DOCUMENT)


def named(name: str, content: bytes) -> io.BytesIO:
    """A file with a name."""
    file = io.BytesIO(content)
    file.name = name
    return file
