"""Reads of the log, latest first, page by page by key: the last page costs what the first does."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from kieumau.audit.models import Entry
from kieumau.kernel.numbers import whole_number

MOST = 10_000
EVERY = Q()


class Key(NamedTuple):
    """Where a page of the log ends; the next one begins below."""

    at: datetime
    id: int

    @classmethod
    def of(cls, entry: Entry) -> "Key":
        """The place of an entry."""
        return cls(entry.at, entry.pk)

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """A key as an address writes it; None for what is none."""
        moment, _, number = text.partition("~")
        try:
            at = datetime.fromisoformat(moment)
            place = whole_number(number)
            return None if at.tzinfo is None or place is None else cls(at, place)
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are looked for; what is empty does not matter. Days are whole days in Vietnam."""

    actor: str = ""
    verb: str = ""
    unit_id: int | None = None
    object_kind: str = ""
    object_id: str = ""
    first: date | None = None
    last: date | None = None


def entries(asked: Asked, *, below: Key | None = None, limit: int = 50, readable: Q = EVERY) -> list[Entry]:
    """The latest entries that fit, at most `limit`, from below a key. One query on an index.

    `readable` says which may be seen (`access.readable`); a page never leaves it out.
    """
    found = Entry.objects.filter(readable).order_by("-at", "-id")
    if asked.actor:
        found = found.filter(actor_name=asked.actor)
    if asked.verb:
        found = found.filter(verb=asked.verb)
    if asked.unit_id is not None:
        found = found.filter(unit_id=asked.unit_id)
    if asked.object_kind:
        found = found.filter(object_kind=asked.object_kind)
    if asked.object_id:
        found = found.filter(object_id=asked.object_id)
    if asked.first:
        found = found.filter(at__gte=_begin(asked.first))
    if asked.last and asked.last < date.max:
        found = found.filter(at__lt=_begin(asked.last + timedelta(days=1)))
    if below:
        found = found.filter(at__lte=below.at).exclude(at=below.at, id__gte=below.id)
    return list(found[: min(limit, MOST)])


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0)))
