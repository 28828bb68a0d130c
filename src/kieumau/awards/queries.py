"""Reads: the register of titles, the titles of a unit and of those it came from, what is to be renewed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kieumau.awards.models import Paper, Title
from kieumau.awards.rules import RENEWAL_DAYS, Standing
from kieumau.documents.models import Document, File
from kieumau.kernel.messages import Text
from kieumau.programmes.models import Programme
from kieumau.units.models import Mapping, Term


def register(
    on: date, *, words: str = "", programme: str = "", standing: Standing | None = None
) -> QuerySet[Title]:
    """The titles of all units, newest first; of a programme, a standing on a day, a unit by its name."""
    found = Title.objects.select_related("programme", "withdrawal")
    if programme:
        found = found.filter(programme__code=programme)
    if words:
        named = Term.objects.filter(unit=OuterRef("unit"), name__icontains=words)
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
            return ~gone & Q(valid__contains=on, valid__endswith__lte=soon)
        case Standing.IN_FORCE:
            return ~gone & Q(valid__contains=on, valid__endswith__gt=soon)


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
    rows = Title.objects.filter(Q(unit=unit_id) | Q(unit__in=before)).select_related(
        "programme", "withdrawal"
    )
    found = list(rows.order_by("-decided_on", "-pk"))
    called = names_of({one.unit_id for one in found if one.unit_id != unit_id})
    return [Held(one, one.standing(on), called.get(one.unit_id)) for one in found]


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


def names_of(unit_ids: set[int]) -> dict[int, Text]:
    """What units are called, or were last. One query, none for no units."""
    if not unit_ids:
        return {}
    last = Term.objects.filter(unit__in=unit_ids).order_by("unit", "-valid").distinct("unit")
    return {
        one.unit_id: Text(vi=one.full_name("vi"), en=one.full_name("en"))
        for one in last.select_related("kind")
    }
