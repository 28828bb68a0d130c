"""The evidence of one criterion as its page shows it, and the documents of the shelf that could be added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.rules import CriterionDefinition, Documented
from kieumau.documents.forms import Description
from kieumau.documents.kinds import kinds
from kieumau.documents.models import Document, File
from kieumau.documents.pages import ACCEPT
from kieumau.documents.rules import Facts
from kieumau.kernel.messages import Text
from kieumau.rounds import words
from kieumau.rounds.dossier_page import Line, Page, asking_of
from kieumau.rounds.models import Dossier, Evidence
from kieumau.rounds.papers import paper, paper_of
from kieumau.rounds.proving import LACKS, Lack, Paper
from kieumau.rounds.rules import SIDE_OF, Side
from kieumau.rounds.shelves import on_its_shelves
from kieumau.rounds.unsaved import REASON

MOST_OFFERED = 60
_FILES = ArraySubquery(
    File.objects.filter(document=OuterRef("pk"))
    .order_by("pk")
    .values(one=JSONObject(id="pk", name="name", size="size", kind="kind"))
)


@dataclass(frozen=True, slots=True)
class Judging:
    """What somebody makes of a document, which could not be saved; `theirs` where somebody was faster."""

    evidence_id: int
    is_accepted: bool
    reason: str
    theirs: Evidence | None = None

    @property
    def state(self) -> Evidence.State:
        """What he would make of it."""
        return Evidence.State.ACCEPTED if self.is_accepted else Evidence.State.REFUSED


@dataclass(frozen=True, slots=True)
class Piece:
    """One document pointed at: what it lacks to prove the criterion, what was made of it.

    `reason` was typed and not saved: that of an earlier judgment is shown, not given anew. `typed` is what
    somebody would make of it and could not save, `said` that in words.
    """

    evidence: Evidence
    kind: Text
    lacks: Sequence[Text]
    state: str
    files: Sequence[File]
    reason: str
    typed: Judging | None
    said: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A document of the shelf that could be added, and what it lacks to prove the criterion."""

    document: Document
    kind: Text
    lacks: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Proof:
    """What is asked for (null where any document will do), what is there, what could be added.

    `first` and `last` are the days of the window; where the set has none (`has_window`), of the period.
    `form` describes a new document, filled with what is asked for; null where none may be added.
    """

    line: Line
    asked: Text | None
    first: date
    last: date
    has_window: bool
    pieces: Sequence[Piece]
    offered: Sequence[Offer]
    form: Description | None
    may_change: bool
    may_look: bool
    accept: str = ACCEPT


def proof_of(
    page: Page,
    line: Line,
    *,
    may_work: bool,
    known: Mapping[str, Text] | None = None,
    judging: Judging | None = None,
    typed: Mapping[str, str] = MappingProxyType({}),
) -> Proof:
    """The evidence of a criterion; `known` are the kinds of documents. Two queries at most.

    `typed` goes over reasons that stand, by their fields, and over what the form for a document begins with.
    """
    criterion = line.criterion
    asking = asking_of(page.dossier, criterion)
    first, last = asking.window
    may_change = may_work and SIDE_OF[page.place.stage] is Side.UNIT and not line.is_measured
    if known is None:  # asked for only where a document or a form names its kind
        known = kinds() if line.evidence or may_change else {}
    asked = None
    if isinstance(criterion, Documented):
        asked = Text(vi=criterion.document.name.vi, en=criterion.document.name.en)
    documents = _documents(page, line, may_change=may_change)
    files = {one.pk: _files(one) for one in documents}
    pieces = [
        Piece(
            one,
            _kind(one.document, known),
            _words(asking.lacks(paper_of(one))),
            str(words.EVIDENCE_STATES[Evidence.State(one.state)]),
            files.get(one.document_id, []),
            typed.get(f"{REASON}{one.pk}", ""),
            *_typed(one, judging),
        )
        for one in line.evidence
    ]
    form = None
    if may_change:
        begins = expected(page.dossier, criterion, timezone.localdate())
        form = Description(known=known, initial={**begins, **typed})
    return Proof(
        line=line,
        asked=asked,
        first=first,
        last=last,
        has_window=asking.has_window,
        pieces=pieces,
        offered=[
            Offer(one, _kind(one, known), _words(asking.lacks(paper(one, has_file=bool(files[one.pk])))))
            for one in documents
            if one.pk not in {piece.document_id for piece in line.evidence}
        ],
        form=form,
        may_change=may_change,
        may_look=may_work and SIDE_OF[page.place.stage] is not Side.UNIT,
    )


def _typed(one: Evidence, judging: Judging | None) -> tuple[Judging | None, str]:
    """What was typed about a document, and in words, where it was about this one."""
    if judging is None or judging.evidence_id != one.pk:
        return None, ""
    return judging, str(words.EVIDENCE_STATES[judging.state])


def expected(dossier: Dossier, criterion: CriterionDefinition, today: date) -> dict[str, Any]:
    """What a form for a new document begins with: the kind asked for, and today where that is in time."""
    if not isinstance(criterion, Documented):
        return {}
    first, last = asking_of(dossier, criterion).window
    return {"kind": criterion.document.code, "issued_on": today if first <= today <= last else None}


def lacks_of(
    dossier: Dossier, criterion: CriterionDefinition, facts: Facts, *, has_file: bool
) -> tuple[Lack, ...]:
    """What a document that says this of itself would lack to prove a criterion."""
    before = facts.proves_until + ONE_DAY if facts.proves_until else None
    described = Paper(facts.kind, facts.issued_on, facts.proves_from, before, has_file)
    return asking_of(dossier, criterion).lacks(described)


def _words(lacks: Sequence[Lack]) -> list[Text]:
    return [LACKS[lack] for lack in lacks]


def _documents(page: Page, line: Line, *, may_change: bool) -> list[Document]:
    """The documents pointed at, with those of the unit's shelves where some may be added; each with `held`.

    Those pointed at first, then those that are asked for, then the newest. `held` are its files. One query,
    none where there is nothing to be asked.
    """
    there = [one.document_id for one in line.evidence]
    wanted = Q(pk__in=there)
    if may_change:
        period = page.dossier.round.period
        wanted |= on_its_shelves(page.dossier.unit_id, period.ends_before - ONE_DAY)
    elif not there:
        return []
    # Never by a case that has no branch left: SQL takes its bare number for that of a column.
    pointed_at = [Case(When(pk__in=there, then=Value(0)), default=Value(1))] if there else []
    order: list[Case | str] = [*pointed_at, *_those_asked_for(page, line), "-issued_on", "-pk"]
    rows = Document.objects.filter(wanted).annotate(held=_FILES).order_by(*order)
    return list(rows[: MOST_OFFERED + len(there)])


def _files(document: Document) -> list[File]:
    return [File(document=document, **one) for one in vars(document)["held"]]


def _those_asked_for(page: Page, line: Line) -> list[Case]:
    """Orders documents of the kind asked for before all others, those of its days first; nothing to order by
    where none is asked for."""
    if not isinstance(line.criterion, Documented):
        return []
    kind = line.criterion.document.code
    window = asking_of(page.dossier, line.criterion).window
    of_its_days = When(kind=kind, issued_on__range=window, then=Value(0))
    return [Case(of_its_days, When(kind=kind, then=Value(1)), default=Value(2))]


def _kind(document: Document, known: Mapping[str, Text]) -> Text:
    return known.get(document.kind) or Text(vi=document.kind, en=document.kind)
