"""What the log keeps of words that people typed: how many there are, and a digest that shows a change."""

import json
from collections.abc import Sequence
from hashlib import sha256

from kieumau.assignments.actions.facts import VisitFacts
from kieumau.assignments.models import Directive, Visit
from kieumau.audit.actions import Said

_LETTERS = 16


def digest(*lines: str) -> str:
    """The first letters of the SHA-256 of the lines, as JSON in UTF-8."""
    return sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()[:_LETTERS]


def said_of(visit: Visit, facts: VisitFacts) -> Said:
    """What is said of a visit for the log: days, units and title as they are, of typed lines their digest."""
    return {
        "days": f"{visit.starts_on.isoformat()}/{visit.ends_on.isoformat()}",
        "leader": visit.leader_id,
        "purpose": visit.purpose,
        "programme": visit.programme,
        "document": visit.document_id,
        "participants": _counted([f"{post}\n{agency}" for post, agency in facts.participants]),
        "findings": _counted([f"{topic}\n{text}" for topic, text in facts.observations]),
        "conclusions": _counted(facts.conclusions),
    }


def directive_said(one: Directive) -> Said:
    """What is said of a directive for the log: of what it orders the digest."""
    return {
        "source": one.source,
        "reference": one.reference,
        "issued_on": one.issued_on.isoformat(),
        "title": one.title,
        "programme": one.programme,
        "document": one.document_id,
        "text": digest(one.text),
    }


def _counted(lines: Sequence[str]) -> str:
    return f"{len(lines)} · {digest(*lines)}" if lines else "0"
