"""What a document says of itself: written, changed, deleted."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, Said
from kieumau.audit.verbs import Verb
from kieumau.calendars.working_days import day_of
from kieumau.documents import verbs
from kieumau.documents.jobs import discard_now_or_later
from kieumau.documents.kinds import kinds
from kieumau.documents.models import ONE_DAY, Document, File
from kieumau.documents.rules import Facts, faults
from kieumau.documents.stores import Store
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import tidy


class Sealed(Refused):
    """The document proves something that was submitted: neither it nor its files change."""

    def __init__(self) -> None:
        reason = Text(
            vi="Văn bản đã được dùng trong hồ sơ đã trình nên không sửa được nữa.",
            en="The document stands in something that was submitted, and does not change any more.",
        )
        hint = Text(vi="Hãy thêm một văn bản mới.", en="Add a new document.")
        super().__init__([Problem("document-is-sealed", reason, hint)])


class ChangedMeanwhile(Refused):
    """Somebody else changed the document after it was read."""

    def __init__(self, document: Document) -> None:
        reason = Text(
            vi=f"{document.changed_by} đã sửa văn bản này trong lúc bạn đang sửa.",
            en=f"{document.changed_by} changed this document while you were at it.",
        )
        hint = Text(
            vi="Hãy so sánh với bản hiện có rồi lưu lại.", en="Compare with what it is now, then save again."
        )
        super().__init__([Problem("changed-meanwhile", reason, hint)])


class Used(Refused):
    """Something points at the document as its proof."""

    def __init__(self) -> None:
        reason = Text(
            vi="Văn bản đang là minh chứng trong một hồ sơ nên không xóa được.",
            en="The document is evidence in a dossier, so it cannot be deleted.",
        )
        hint = Text(vi="Hãy rút minh chứng khỏi hồ sơ trước.", en="Take it back from the dossier first.")
        super().__init__([Problem("document-is-used", reason, hint)])


@transaction.atomic
def add_document(unit_id: int, facts: Facts, *, actor: Actor, now: datetime) -> Document:
    """Put a document on the shelf of a unit. Raises `Refused` with everything that is wrong."""
    who = name_of(actor)
    made = Document(unit_id=unit_id, added_at=now, added_by=who, changed_at=now, changed_by=who)
    _write(made, facts, now)
    made.save(force_insert=True)
    log(verbs.ADD, made, actor, now, new=_said(made))
    return made


@transaction.atomic
def change_document(document_id: int, facts: Facts, *, version: int, actor: Actor, now: datetime) -> Document:
    """Write other facts over those of `version`. Raises `Sealed`, `ChangedMeanwhile`, `Refused`."""
    found = held(document_id)
    if found.version != version:
        raise ChangedMeanwhile(found)
    before = _said(found)
    _write(found, facts, now)
    found.version += 1
    found.changed_at, found.changed_by = now, name_of(actor)
    found.save()
    log(verbs.CHANGE, found, actor, now, old=before, new=_said(found))
    return found


@transaction.atomic
def delete_document(document_id: int, *, store: Store, actor: Actor, now: datetime) -> None:
    """Take a document off its shelf, with its files. Raises `Sealed`, `Used`."""
    found = held(document_id)
    contents = list(File.objects.filter(document=found).values_list("sha256", flat=True))
    log(verbs.DELETE, found, actor, now, old={**_said(found), "files": contents})
    try:
        found.delete()
        connection.check_constraints()  # who points at it may be out of the person's sight
    except (ProtectedError, IntegrityError):
        raise Used from None
    transaction.on_commit(lambda: discard_now_or_later(contents, store=store))


def name_of(actor: Actor) -> str:
    """Who did it, as tables keep it."""
    return (actor if isinstance(actor, str) else actor.get_username() if actor else "")[:150]


def log(
    verb: Verb,
    document: Document,
    actor: Actor,
    now: datetime,
    *,
    old: Said | None = None,
    new: Said | None = None,
) -> None:
    """Write down what was done to a document, in its transaction."""
    audit.record(
        actor=actor,
        verb=verb,
        now=now,
        object=("document", document.pk),
        name=str(document)[:200],
        unit_id=document.unit_id,
        old=old,
        new=new,
    )


def held(document_id: int) -> Document:
    """The document, locked until the transaction ends. Raises `Sealed`."""
    found = Document.objects.select_for_update().get(pk=document_id)
    if found.sealed_at is not None:
        raise Sealed
    return found


def _write(document: Document, facts: Facts, now: datetime) -> None:
    facts = Facts(
        kind=facts.kind,
        issued_on=facts.issued_on,
        summary=tidy(facts.summary),
        reference=tidy(facts.reference),
        issuer=tidy(facts.issuer),
        proves_from=facts.proves_from,
        proves_until=facts.proves_until,
    )
    allowed: Collection[str] = kinds()
    # A kind that nobody asks for any more stays with the documents that have it.
    if found := faults(facts, {*allowed, document.kind} - {""}, day_of(now)):
        raise Refused(found)
    document.kind, document.issued_on, document.summary = facts.kind, facts.issued_on, facts.summary
    document.reference, document.issuer = facts.reference, facts.issuer
    document.proves_from = facts.proves_from
    document.proves_before = facts.proves_until + ONE_DAY if facts.proves_until else None


def _said(document: Document) -> Said:
    facts = document.facts
    return {
        "kind": facts.kind,
        "reference": facts.reference,
        "issuer": facts.issuer,
        "issued_on": facts.issued_on.isoformat(),
        "summary": facts.summary,
        "proves_from": facts.proves_from and facts.proves_from.isoformat(),
        "proves_until": facts.proves_until and facts.proves_until.isoformat(),
    }
