"""Reads: the register of titles, the titles of a unit and of those it came from, what is to be renewed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kieumau.accounts.scopes import in_scope
from kieumau.awards.models import Paper, Title
from kieumau.awards.rules import RENEWAL_DAYS, Standing
from kieumau.documents.access import READ as READ_DOCUMENTS
from kieumau.documents.models import Document, File
from kieumau.kernel.messages import Text
from kieumau.programmes.models import Programme
from kieumau.rounds.shelves import of_who_decides
from kieumau.units.calling import called, name_of, named_like, terms_of
from kieumau.units.models import Mapping, Term


def titles(on: date) -> QuerySet[Title]:
    """Every title as it stands on a day, with its withdrawal, and `is_renewed`.

    Renewed is one that another of the same unit and programme (or of the same name and none) follows without
    a gap, which was not withdrawn by that day.
    """
    later = Title.objects.filter(
        Q(programme=OuterRef("programme")) | Q(programme=None, name_vi=OuterRef("name_vi")),
        unit=OuterRef("unit"),
        valid__startswith__lte=OuterRef("valid__endswith"),
        valid__endswith__gt=OuterRef("valid__endswith"),
    ).exclude(withdrawal__withdrawn_on__lte=on)
    return Title.objects.select_related("programme", "withdrawal").annotate(is_renewed=Exists(later))


def due_for_renewal(on: date) -> QuerySet[Title]:
    """The titles that run out soon and are not followed by another, of units that are there on the day."""
    there = Term.objects.filter(unit=OuterRef("unit"), valid__contains=on)
    found = titles(on).filter(_stands(Standing.RENEWAL_DUE, on)).filter(Exists(there))
    return found.order_by("valid__endswith", "pk")


def register(
    on: date, *, words: str = "", programme: str = "", standing: Standing | None = None
) -> QuerySet[Title]:
    """The titles of all units, newest first; of a programme, a standing on a day, a unit by its name."""
    found = titles(on)
    if programme:
        found = found.filter(programme__code=programme)
    if words:
        named = Term.objects.filter(named_like(words), unit=OuterRef("unit"))
        found = found.filter(Exists(named) | Q(reference__icontains=words))
    return found.filter(_stands(standing, on)).order_by("-decided_on", "-pk")


def _stands(standing: Standing | None, on: date) -> Q:
    """The same as `rules.standing`, asked of the database."""
    gone = Q(withdrawal__withdrawn_on__lte=on)
    soon = on + timedelta(days=RENEWAL_DAYS)
    match standing:
        case None:
            return Q()
        case Standing.WITHDRAWN:
            return gone
        case Standing.TO_COME:
            return ~gone & Q(valid__startswith__gt=on)
        case Standing.EXPIRED:
            return ~gone & Q(valid__endswith__lte=on)
        case Standing.RENEWAL_DUE:
            return ~gone & Q(valid__contains=on, valid__endswith__lte=soon, is_renewed=False)
        case Standing.IN_FORCE:
            return ~gone & Q(valid__contains=on) & (Q(valid__endswith__gt=soon) | Q(is_renewed=True))


def held(on: date) -> QuerySet[Title]:
    """The titles that are held on a day: begun, not run out, not withdrawn."""
    return Title.objects.filter(valid__contains=on).exclude(withdrawal__withdrawn_on__lte=on)


def holders_of(programme: Programme, on: date) -> QuerySet[Title, Any]:
    """The ids of the units that hold the title of a programme on a day, as a sub-select."""
    return held(on).filter(programme=programme).order_by().values("unit_id")


@dataclass(frozen=True, slots=True)
class Held:
    """A title beside a unit: its own, or that of a unit that it came from (`by` names that one)."""

    title: Title
    standing: Standing
    by: Text | None


def of_unit(unit_id: int, on: date) -> list[Held]:
    """The titles of a unit and of those that the map of a day counts to it, newest first. Two queries."""
    before = Mapping.objects.filter(to_unit=unit_id, on_map__contains=on).values("from_unit")
    rows = titles(on).filter(Q(unit=unit_id) | Q(unit__in=before))
    found = list(rows.order_by("-decided_on", "-pk"))
    names = borne([one for one in found if one.unit_id != unit_id], on)
    return [Held(one, one.standing(on), names[one.pk].then if one.pk in names else None) for one in found]


@dataclass(frozen=True, slots=True)
class Borne:
    """The name under which a unit was given a title; `now` where it is called otherwise today."""

    then: Text
    now: Text | None


def borne(titles: Iterable[Title], today: date) -> dict[int, Borne]:
    """By title the name that its unit bore on the day of the decision, and today's. One query, none for none.

    Of a unit that began after the decision: the name with which the title began.
    """
    found = list(titles)
    known = terms_of({one.unit_id for one in found})
    return {one.pk: _borne(one, known[one.unit_id], today) for one in found}


def _borne(title: Title, terms: list[Term], today: date) -> Borne:
    days = (title.decided_on, title.valid.lower)
    on = next((day for day in days if any(day in one.valid for one in terms)), title.decided_on)
    then = called(terms, on)
    now = next((name_of(one) for one in terms if today in one.valid), then)
    return Borne(then, None if now == then else now)


def names_of_titles(ids: Collection[str]) -> dict[str, Text]:
    """What titles are called, by their ids as the log has them. One query."""
    rows = Title.objects.filter(pk__in=[int(one) for one in ids if one.isdecimal()])
    return {
        str(pk): Text(vi=vi, en=en) for pk, vi, en in rows.order_by().values_list("pk", "name_vi", "name_en")
    }


def offered(user: Any, unit_id: int, on: date, since: date) -> QuerySet[Document]:
    """The documents that may show a decision on a unit, of those that somebody may read: of its shelf, and of
    those above it on a day, where they were issued since another. One query."""
    return in_scope(Document.objects.filter(of_who_decides(unit_id, on, since)), user, READ_DOCUMENTS)


@dataclass(frozen=True, slots=True)
class Shown:
    """A document that shows a title: of which kind, and its files, each known by its SHA-256."""

    kind: str
    document: Document
    files: tuple[File, ...]


def papers(title: Title) -> list[Shown]:
    """The decision and certificate of a title as far as they are there. Two queries."""
    pairs = [(Paper.Kind.DECISION.value, title.document)] if title.document else []
    pairs += [(one.kind, one.document) for one in title.papers.select_related("document")]
    by_document: dict[int, list[File]] = defaultdict(list)
    for one in File.objects.filter(document__in=[document.pk for _, document in pairs]).order_by("pk"):
        by_document[one.document_id].append(one)
    return [Shown(kind, document, tuple(by_document[document.pk])) for kind, document in pairs]
