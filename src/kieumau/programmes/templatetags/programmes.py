"""Money in words and shares as bars, on the pages of programmes."""

from decimal import Decimal
from fractions import Fraction

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from kieumau.kernel.numbers import format_number, round_half_up
from kieumau.programmes.money import briefly, exactly
from kieumau.programmes.rules import Sum
from kieumau.units.models import Term
from kieumau.web.templatetags.kieumau import number

register = Library()
WIDTH = 1000


@register.filter
def money(value: Decimal | None, currency: str = "VND") -> str:
    """`4,6 tỷ đồng`, every digit on hover; a dash where nothing is known."""
    if value is None:
        return number(None)
    language = get_language() or "vi"
    short, whole = briefly(value, currency, language), exactly(value, currency, language)
    return format_html('<span class="money" title="{}">{}</span>', whole, short)


@register.filter
def money_sum(value: Sum, currency: str = "VND") -> SafeString:
    """A sum, and in how many lines nothing is said."""
    if not value.missing:
        return format_html("{}", money(value.known, currency))
    text = ngettext("%(count)s line without a figure", "%(count)s lines without a figure", value.missing)
    said = text % {"count": format_number(value.missing, 0, get_language() or "vi")}
    return format_html('{}<br><span class="quiet">{}</span>', money(value.known, currency), said)


@register.filter
def unit_name(one: Term) -> str:
    """The full name of a unit in the language of the page."""
    return one.full_name(get_language() or "vi")


@register.simple_tag
def share_bar(share: Fraction | None, aim: Fraction | None = None) -> SafeString:
    """A share as a bar, its target as a line across; the words stand beside it."""
    filled = 0 if share is None else round_half_up(share * WIDTH)
    line = (
        format_html('<path class="aim" d="M{0} 0V12"/>', round_half_up(aim * WIDTH))
        if aim is not None
        else ""
    )
    reached = "reached" if share is not None and aim is not None and share >= aim else ""
    return format_html(
        '<svg class="share-bar {}" viewBox="0 0 {} 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="{}" height="12"/><rect class="filled" width="{}" height="12"/>{}</svg>',
        reached,
        WIDTH,
        WIDTH,
        filled,
        line,
    )
