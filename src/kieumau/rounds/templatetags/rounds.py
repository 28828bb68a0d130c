"""Tags of the pages of rounds."""

from collections.abc import Mapping
from typing import Any

from django.template import Library
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.assessments.rules import Outcome
from kieumau.rounds.lacking import Need
from kieumau.units.models import Term

register = Library()

_NEEDS = {
    Need.ANSWER: _("choose a result"),
    Need.DUE: _("due now: choose met or not met"),
    Need.DOCUMENT: _("add a document"),
    Need.LOOK: _("look and conclude"),
    Need.LOOK_AGAIN: _("changed: look again"),
    Need.EVIDENCE: _("judge the evidence"),
    Need.ACCEPTED: _("accept a document, or find otherwise"),
    Need.DO_AGAIN: _("sent back: do it again"),
}


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds under a key; None where it holds nothing."""
    return mapping.get(key)


@register.filter
def outcome_key(value: int) -> Outcome:
    """A stored outcome as the member that tags understand."""
    return Outcome(value)


@register.simple_tag
def need(value: Need) -> str:
    """What a criterion lacks, in words."""
    return str(_NEEDS[value])


@register.simple_tag
def full_name(term: Term) -> str:
    """What a unit is called, in the language of the page."""
    return term.full_name(get_language() or "vi")
