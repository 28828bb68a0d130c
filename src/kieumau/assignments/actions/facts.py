"""What is said of visits and directives, before it is put down."""

from dataclasses import dataclass
from datetime import date

from kieumau.assignments.models import Directive
from kieumau.documents.models import Document


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What is said of a visit: days inclusive; participants as (post, agency), findings as (topic, text)."""

    unit_id: int
    leader_id: int
    starts_on: date
    ends_on: date
    purpose: str
    participants: tuple[tuple[str, str], ...] = ()
    observations: tuple[tuple[str, str], ...] = ()
    conclusions: tuple[str, ...] = ()
    programme: str = ""
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class DirectiveFacts:
    """What is said of a directive: by a conference (its day, no number needed) or a document."""

    source: Directive.Source
    issuer_id: int
    issued_on: date
    title: str
    text: str
    reference: str = ""
    programme: str = ""
    document: Document | None = None
