"""That somebody opened a document or a file, and for what."""

from dataclasses import dataclass
from datetime import datetime

from kieumau.audit.actions import Actor
from kieumau.calendars.working_days import ONE_DAY, day_of, end_of
from kieumau.documents.actions.describe import name_of
from kieumau.documents.models import Document, Reading


@dataclass(frozen=True, slots=True)
class About:
    """For what a document is read: what it was reached from, by kind, id and name; `address` leads back."""

    kind: str
    id: int
    name: str
    address: str = ""


def record_reading(
    document: Document, *, actor: Actor, now: datetime, sha256: str = "", about: About | None = None
) -> None:
    """Somebody opened the document, or the file with that content, perhaps for something. One insert."""
    Reading.objects.create(
        document_id=document.pk,
        unit_id=document.unit_id,
        sha256=sha256,
        about_kind=about.kind if about else "",
        about_id=about.id if about else None,
        about_name=about.name[:200] if about else "",
        at=now,
        by=name_of(actor),
    )


def record_glimpse(document: Document, *, actor: Actor, now: datetime, sha256: str, about: About) -> None:
    """Somebody saw the file small on a page: recorded once a day for what it was read, also where he opened
    it before. Who comes back to the page all day has read it that day."""
    today = Reading.objects.filter(
        document_id=document.pk,
        sha256=sha256,
        about_kind=about.kind,
        about_id=about.id,
        at__gte=end_of(day_of(now) - ONE_DAY),
        by=name_of(actor),
    )
    if not today.exists():
        record_reading(document, actor=actor, now=now, sha256=sha256, about=about)
