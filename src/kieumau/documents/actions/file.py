"""Files of a document: added after the intake has passed them, removed as long as it is not sealed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kieumau.audit.actions import Actor
from kieumau.documents import verbs
from kieumau.documents.actions.contents import stored_or_nothing
from kieumau.documents.actions.describe import add_document, held, log, name_of
from kieumau.documents.discarding import hold_content
from kieumau.documents.intake import Taken
from kieumau.documents.jobs import discard_now_or_later
from kieumau.documents.models import Document, File
from kieumau.documents.rules import Facts
from kieumau.documents.stores import Store
from kieumau.kernel.messages import Place, Problem, Refused, Text


class AlreadyThere(Refused):
    """The document has a file with the very same content."""

    def __init__(self, name: str) -> None:
        reason = Text(vi="Văn bản đã có tệp này.", en="The document has this file already.")
        super().__init__([Problem("file-already-there", reason, None, Place(file=name))])


def add_file(document_id: int, taken: Taken, *, store: Store, actor: Actor, now: datetime) -> File:
    """Store a file that was taken in, and put it to a document.

    Raises `Sealed`, `AlreadyThere`, and `StoreFails`; nothing is stored then.
    """
    with stored_or_nothing([taken.sha256], store=store), transaction.atomic():
        document = held(document_id)
        hold_content(taken.sha256)
        if File.objects.filter(document=document, sha256=taken.sha256).exists():
            raise AlreadyThere(taken.name)
        store.keep(taken.path, taken.sha256)
        made = File.objects.create(
            document=document,
            sha256=taken.sha256,
            size=taken.size,
            kind=taken.kind.code,
            name=taken.name,
            added_at=now,
            added_by=name_of(actor),
        )
        log(verbs.ADD_FILE, document, actor, now, new=_said(made))
        return made


def add_with_files(
    unit_id: int, facts: Facts, taken: Sequence[Taken], *, store: Store, actor: Actor, now: datetime
) -> Document:
    """Put a document with its files on the shelf of a unit, all of it or nothing; the same file twice is one.

    Raises `Refused` for the facts, and `StoreFails`.
    """
    contents: dict[str, Taken] = {}
    for one in taken:
        contents.setdefault(one.sha256, one)
    with stored_or_nothing(contents, store=store), transaction.atomic():
        made = add_document(unit_id, facts, actor=actor, now=now)
        for one in contents.values():
            add_file(made.pk, one, store=store, actor=actor, now=now)
        return made


@transaction.atomic
def remove_file(file_id: int, *, store: Store, actor: Actor, now: datetime) -> None:
    """Take a file from its document, and out of the store if no other has it. Raises `Sealed`."""
    found = File.objects.get(pk=file_id)
    document = held(found.document_id)
    contents = [found.sha256]
    log(verbs.REMOVE_FILE, document, actor, now, old=_said(found))
    found.delete()
    transaction.on_commit(lambda: discard_now_or_later(contents, store=store))


def _said(file: File) -> dict[str, str | int]:
    return {"sha256": file.sha256, "name": file.name, "kind": file.kind, "size": file.size}
