"""Tags for states of returns: the look of an outcome, with words of their own."""

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from kieumau.returns.page_queries import TIMELINESS
from kieumau.returns.rules import STATE_NAMES, State, Timeliness

register = Library()
LOOKS = {
    State.DRAFT: "not_due",
    State.SUBMITTED: "not_judged",
    State.ACCEPTED: "met",
    State.SENT_BACK: "not_met",
    State.LOCKED: "not_applicable",
    Timeliness.ON_TIME: "met",
    Timeliness.LATE: "not_due",
    Timeliness.TAKEN_BACK: "not_met",
    Timeliness.MISSING: "not_met",
    Timeliness.NOT_DUE: "not_judged",
    Timeliness.NOT_OWED: "not_applicable",
}


@register.simple_tag
def return_state(state: State) -> SafeString:
    """“Đã nộp”, “Submitted”."""
    return _tag(LOOKS[state], STATE_NAMES[state].in_(get_language() or "vi"))


@register.simple_tag
def return_timeliness(kind: Timeliness) -> SafeString:
    """“Đúng hạn”, “Late”."""
    return _tag(LOOKS[kind], TIMELINESS[kind].in_(get_language() or "vi"))


def _tag(look: str, words: str) -> SafeString:
    return format_html('<span class="outcome o-{}">{}</span>', look, capfirst(words))
