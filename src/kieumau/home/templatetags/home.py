"""What only the pages of `home` write: a difference of two shares, and how far figures compare."""

from fractions import Fraction

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from kieumau.indicators.maps.rules import MARKS, Judged, Mark
from kieumau.kernel.numbers import format_number
from kieumau.web.templatetags.kieumau import MINUS, change

register = Library()

# Letters that every face has; the word beside them says the same.
SYMBOLS = {
    Mark.SAME: "=",
    Mark.WHOLE: "+",
    Mark.ESTIMATED: "≈",
    Mark.DEFINITION: "†",
    Mark.COMPLETENESS: "…",
    Mark.NOT_COMPARABLE: "≠",
}


@register.simple_tag
def points(value: Fraction | None, polarity: int = 0) -> SafeString:
    """A difference of two shares in percentage points: Fraction(12, 1000) → “↑ +1.2 points”.

    None is “not comparable”, as for any other change.
    """
    if value is None or value == 0:
        return change(value, polarity)
    arrow, sign = ("↑", "+") if value > 0 else ("↓", MINUS)
    css_class = {1: " change-good", 0: "", -1: " change-bad"}[polarity if value > 0 else -polarity]
    return format_html(
        '<span class="change{}"><span aria-hidden="true">{}</span> {}{} {}</span>',
        css_class,
        arrow,
        sign,
        format_number(abs(value) * 100, 1, get_language() or "vi"),
        gettext("points"),
    )


def _language() -> str:
    return get_language() or "vi"


@register.simple_tag
def symbol(mark: Mark) -> SafeString:
    """The sign and the word of a mark, for the legend."""
    return format_html(
        '<span class="compares compares-{}"><span class="sign" aria-hidden="true">{}</span> {}</span>',
        mark.name.lower().replace("_", "-"),
        SYMBOLS[mark],
        MARKS[mark].in_(_language()),
    )


@register.simple_tag
def mark(judged: Judged | None) -> SafeString | str:
    """The sign beside one number; the sentences that say why stand in its title, and for screen readers.

    The same territory needs no word to be seen; anything else has it.
    """
    if judged is None:
        return ""
    why = judged.told.in_(_language())
    is_same = judged.mark is Mark.SAME
    return format_html(
        '<span class="compares compares-{}" title="{}"><span class="sign" aria-hidden="true">{}</span> '
        '<span class="{}">{}</span><span class="visually-hidden">. {}</span></span>',
        judged.mark.name.lower().replace("_", "-"),
        why,
        SYMBOLS[judged.mark],
        "visually-hidden" if is_same else "word",
        MARKS[judged.mark].in_(_language()),
        why,
    )


@register.simple_tag
def mark_why(judged: Judged | None) -> SafeString | str:
    """The weakest mark of a comparison, with every sentence to be opened; the sentences are printed."""
    if judged is None:
        return ""
    return format_html(
        '<details class="why"><summary class="compares compares-{}">'
        '<span class="sign" aria-hidden="true">{}</span> '
        "{}</summary>{}</details>",
        judged.mark.name.lower().replace("_", "-"),
        SYMBOLS[judged.mark],
        MARKS[judged.mark].in_(_language()),
        marks_told(judged),
    )


@register.simple_tag
def marks_told(judged: Judged) -> SafeString:
    """Every mark that applies with its sentence, the weakest first; of a single one the sentence alone."""
    if not judged.others:
        return format_html("<p>{}</p>", judged.why.in_(_language()))
    return format_html_join(
        "", "<p>{}: {}</p>", ((symbol(one.mark), one.why.in_(_language())) for one in judged.every)
    )
