"""The evidence of one criterion as its page shows it, and the documents of the shelf that could be added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from kieumau.criteria.rules import Documented
from kieumau.documents.kinds import kinds
from kieumau.documents.models import Document
from kieumau.kernel.messages import Text
from kieumau.rounds import words
from kieumau.rounds.dossier_page import Line, Page, fits
from kieumau.rounds.holding import window_of
from kieumau.rounds.models import Evidence
from kieumau.rounds.rules import SIDE_OF, Side
from kieumau.units.models import Mapping

MOST_OFFERED = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """One document pointed at: does it fit what is asked, what was made of it."""

    evidence: Evidence
    kind: Text
    fits: bool
    state: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What is asked for (null where any document will do), what is there, what could be added."""

    asked: Text | None
    first: date | None
    last: date | None
    pieces: Sequence[Piece]
    offered: Sequence[tuple[Document, Text]]
    may_change: bool
    may_look: bool


def proof_of(page: Page, line: Line, *, may_work: bool) -> Proof:
    """The evidence of a criterion. Two queries where the unit may add some, else none."""
    known = kinds()
    criterion, period = line.criterion, page.dossier.round.period
    is_asked = isinstance(criterion, Documented)
    first, last = window_of(criterion, period.starts_on, period.ends_before)
    may_change = may_work and SIDE_OF[page.place.stage] is Side.UNIT and not line.is_measured
    asked = None
    if isinstance(criterion, Documented):
        asked = Text(vi=criterion.document.name.vi, en=criterion.document.name.en)
    pieces = [
        Piece(
            one,
            _kind(one.document, known),
            fits(page.dossier, criterion, one),
            str(words.EVIDENCE_STATES[Evidence.State(one.state)]),
        )
        for one in line.evidence
    ]
    return Proof(
        asked=asked,
        first=first if is_asked else None,
        last=last if is_asked else None,
        pieces=pieces,
        offered=[(one, _kind(one, known)) for one in _offered(page, line)] if may_change else [],
        may_change=may_change,
        may_look=may_work and SIDE_OF[page.place.stage] is not Side.UNIT,
    )


def on_its_shelves(unit_id: int, on: date) -> Q:
    """Documents of a unit and of those that it came from by the map of a day."""
    before = Mapping.objects.filter(to_unit=unit_id, on_map__contains=on).values("from_unit")
    return Q(unit=unit_id) | Q(unit__in=before)


def _offered(page: Page, line: Line) -> list[Document]:
    """Documents of the unit's shelves that are not pointed at yet: those that fit first, then the newest."""
    found = page.dossier
    there = {one.document_id for one in line.evidence}
    last_day = date.fromordinal(found.round.period.ends_before.toordinal() - 1)
    shelves = Document.objects.filter(on_its_shelves(found.unit_id, last_day)).exclude(pk__in=there)
    newest = list(shelves.order_by("-issued_on", "-pk")[:MOST_OFFERED])
    return sorted(newest, key=lambda one: not fits(found, line.criterion, Evidence(document=one)))


def _kind(document: Document, known: dict[str, Text]) -> Text:
    return known.get(document.kind) or Text(vi=document.kind, en=document.kind)
