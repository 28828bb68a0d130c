"""The decision and the certificate of a title are documents with files; they are put to it, and stay."""

from datetime import datetime

from django.db import transaction

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, name_of
from kieumau.awards import verbs
from kieumau.awards.actions.recognize import about_document
from kieumau.awards.models import Paper, Title
from kieumau.awards.rules import Decision
from kieumau.documents.actions import seal
from kieumau.documents.models import Document, File
from kieumau.kernel.messages import Problem, Refused, Text


@transaction.atomic
def attach(title_id: int, document: Document, *, kind: Paper.Kind, actor: Actor, now: datetime) -> Paper:
    """Put the decision or the certificate to a title, as a document of the shelf; it is sealed.

    Raises `Refused` for a document of another shelf, one without a file, and one that is there already.
    """
    title = Title.objects.select_for_update().get(pk=title_id)
    problems = about_document(
        document, title.unit_id, Decision(title.reference, title.decided_on, title.issuer)
    )
    contents = list(File.objects.filter(document=document).order_by("pk").values_list("sha256", flat=True))
    if not contents:
        problems.append(_without_a_file())
    if title.document_id == document.pk or Paper.objects.filter(title=title, document=document).exists():
        there = Text(vi="Văn bản này đã gắn với danh hiệu.", en="This document belongs to the title already.")
        problems.append(Problem("attached-before", there))
    if problems:
        raise Refused(problems)
    who = name_of(actor)
    seal(Document.objects.filter(pk=document.pk), actor=who, now=now)
    made = Paper.objects.create(title=title, kind=kind, document=document, attached_at=now, attached_by=who)
    audit.record(
        actor=actor,
        verb=verbs.ATTACH,
        object=("title", title.pk),
        name=title.name_vi,
        unit_id=title.unit_id,
        new={"document": document.pk, "kind": kind.value, "sha256": contents},
        now=now,
    )
    return made


def _without_a_file() -> Problem:
    return Problem(
        "no-file",
        Text(vi="Văn bản này chưa có tệp nào.", en="This document has no file yet."),
        Text(vi="Thêm bản chụp hoặc bản PDF vào văn bản trước.", en="Add a scan or a PDF to it first."),
    )
