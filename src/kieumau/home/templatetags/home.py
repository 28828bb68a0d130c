"""What only the pages of `home` write: a difference of two shares."""

from fractions import Fraction

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from kieumau.kernel.numbers import format_number
from kieumau.web.templatetags.kieumau import MINUS, change

register = Library()


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
