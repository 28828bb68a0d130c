"""Tags and filters of every page; settings make them built in, so that no template loads them.

Numbers come in exact (Decimal, Fraction, int) and leave as text in the active language. None is a
figure that is missing: it is shown as a dash with words for screen readers, never as zero.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.paginator import Page
from django.template import Context, Library
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from kieumau.formulas.values import State
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number, format_share
from kieumau.web import charts, matrix, outcomes
from kieumau.web.days import ZONE
from kieumau.web.paging import PAGE, SORT

Exact = Decimal | Fraction | int
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

register = Library()


def _language() -> str:
    return get_language() or "vi"


def _typeset(text: str) -> str:
    """A written number for the page: a real minus sign, and no line break before the percent sign."""
    return text.replace("-", MINUS).replace(" ", NO_BREAK_SPACE)


def _absent(words: str) -> SafeString:
    return format_html(
        '<span class="missing"><span aria-hidden="true">–</span>'
        '<span class="visually-hidden">{}</span></span>',
        words,
    )


@register.filter
def number(value: Exact | None, decimals: int | None = None) -> str:
    """`{{ 1061.5|number }}` → 1.061,5 (vi) or 1,061.5 (en); with `:1` always one decimal."""
    if value is None:
        return _absent(gettext("no figure"))
    return _typeset(format_number(value, decimals, _language()))


@register.filter
def share(value: Exact | None, decimals: int = 1) -> str:
    """`{{ 16/25|share }}` → 64 % (vi) or 64% (en), one decimal at most unless told otherwise."""
    if value is None:
        return _absent(gettext("no figure"))
    return _typeset(format_share(value, _language(), decimals))


@register.filter
def percent(value: int | None) -> str:
    """`{{ 80|percent }}` → 80 % (vi) or 80% (en), of a count out of a hundred."""
    return share(None if value is None else Fraction(value, 100))


@register.filter
def in_fours(text: str) -> str:
    """`{{ "ABCDEFGHIJ"|in_fours }}` → ABCD EFGH IJ: as one types a key off a screen."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@register.filter
def here(text: Text | str | None) -> str:
    """A `Text` of the core in the language of the page; plain strings as they are, None as nothing."""
    if text is None:
        return ""
    return text.in_(_language()) if isinstance(text, Text) else text


@register.filter
def day(value: date | None) -> str:
    """21/11/2026 in Vietnamese, 21 Nov 2026 in English; of a moment the day that it is in Vietnam then."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(ZONE)
    return format_date(value, "j M Y" if _language().startswith("en") else "d/m/Y")


@register.simple_tag
def figure(
    value: Exact | None, state: int = State.VALUE, decimals: int | None = None, as_share: bool = False
) -> str:
    """One figure, or why there is none: missing, not applicable, refused are told apart."""
    if state == State.NOT_APPLICABLE:
        return format_html('<span class="missing">{}</span>', gettext("not applicable"))
    if state == State.REFUSED:
        return format_html('<span class="missing">{}</span>', gettext("refused"))
    if as_share:
        return share(value, 1 if decimals is None else decimals)
    return number(value, decimals)


@register.simple_tag
def change(
    value: Exact | None, polarity: int = 0, decimals: int = 1, *, from_zero: bool = False
) -> SafeString:
    """A change as signed percent with an arrow: Fraction(-17, 100) → “↓ −17 %”.

    `polarity` says whether more is good (1), bad (-1) or neither (0); better and worse are said in
    words to screen readers and repeated in color. None (no base) is “not comparable”;
    `from_zero` says that there was nothing to take a percentage of. No change at all is “unchanged”.
    """
    if from_zero:
        return format_html('<span class="change">{}</span>', gettext("was 0 a year ago"))
    if value is None:
        return _absent(gettext("not comparable"))
    if value == 0:
        return format_html('<span class="change">{}</span>', gettext("unchanged"))
    written = format_share(value if value > 0 else -value, _language(), decimals)
    arrow, sign = ("↑", "+") if value > 0 else ("↓", MINUS)
    direction = polarity if value > 0 else -polarity
    css_class, words = {
        1: (" change-good", gettext("better")),
        0: ("", ""),
        -1: (" change-bad", gettext("worse")),
    }[direction]
    said = format_html('<span class="visually-hidden"> ({})</span>', words) if words else ""
    return format_html(
        '<span class="change{}"><span aria-hidden="true">{}</span> {}{}{}</span>',
        css_class,
        arrow,
        sign,
        _typeset(written),
        said,
    )


@register.simple_tag
def outcome(value: Any) -> SafeString:
    """The tag of an outcome, given as a key (`"not_due"`) or an enum member named so."""
    return outcomes.tag(value)


@register.simple_tag
def outcome_sentence(counts: Mapping[Any, int]) -> str:
    """“18 of 22 met, 4 not yet due”, first letter in capital."""
    return str(capfirst(outcomes.sentence(counts)))


@register.simple_tag
def outcome_legend(counts: Mapping[Any, int] | None = None) -> SafeString:
    """The marks with their words: all six, or those that occur with their counts."""
    return outcomes.legend(counts)


@register.simple_tag
def outcome_bar(counts: Mapping[Any, int], small: bool = False) -> SafeString:
    """Sentence, bar and legend; `small=True` is the bar alone with the sentence for screen readers."""
    said = capfirst(outcomes.sentence(counts))
    if small:
        return format_html(
            '<div class="outcome-bar small">{}<span class="visually-hidden">{}</span></div>',
            outcomes.bar(counts),
            said,
        )
    return format_html(
        '<div class="outcome-bar"><p class="said">{}</p>{}{}</div>',
        said,
        outcomes.bar(counts),
        outcomes.legend(counts),
    )


@register.simple_tag(name="matrix")
def matrix_table(value: matrix.Matrix) -> SafeString:
    """Units × criteria as a table of marks."""
    return matrix.render(value)


@register.simple_tag
def matrix_key(value: matrix.Matrix) -> SafeString:
    """What the codes over a matrix stand for."""
    return matrix.render_key(value)


@register.simple_tag
def sparkline(
    series: charts.Series, title: str, decimals: int | None = 0, as_share: bool = False
) -> SafeString:
    """The series as a small line for a table's cell."""
    text = _spoken(series, decimals, as_share)
    return mark_safe(charts.spark(series, title=title, text=text))


@register.inclusion_tag("web/components/line_chart.html")
def line_chart(
    series: charts.Series,
    title: str,
    decimals: int | None = 0,
    as_share: bool = False,
    height: int = 96,
    from_zero: bool = True,
) -> dict[str, Any]:
    """The series with its scale, its ends, the year before as a thin line, and what is missing in words."""
    low, high = series.span(from_zero=from_zero)
    text = _spoken(series, decimals, as_share)
    drawing = charts.line(series, title=title, text=text, height=height, from_zero=from_zero)
    return {
        "drawing": mark_safe(drawing),
        "title": title,
        "is_empty": not series.known,
        "low": _written(low, decimals, as_share),
        "high": _written(high, decimals, as_share),
        "first": series.labels[0] if series.labels else "",
        "last": series.labels[-1] if series.labels else "",
        "has_earlier": any(value is not None for value in series.earlier),
        "missing": _missing(series),
    }


@register.inclusion_tag("web/components/sort_header.html", takes_context=True)
def sort_header(
    context: Context, name: str, label: str, current: str = "", falls: bool = False, numeric: bool = False
) -> dict[str, Any]:
    """A column's head that sorts by `name`; `current` and `falls` come from `paging.sort_of`.

    The first click sorts figures from the top and words from A; the next turns it around.
    """
    is_current = name == current
    will_fall = not falls if is_current else numeric
    query = context["request"].GET.copy()
    query.pop(PAGE, None)
    query[SORT] = f"-{name}" if will_fall else name
    return {
        "label": label,
        "numeric": numeric,
        "query": query.urlencode(),
        "order": ("descending" if falls else "ascending") if is_current else "",
    }


@register.inclusion_tag("web/components/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any]) -> dict[str, Any]:
    """The way to the other pages of a list, with the numbers near this one; nothing when there is one."""
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "pages": pages, "request": context["request"]}


def _written(value: Exact, decimals: int | None, as_share: bool) -> str:
    return str(share(value, 1 if decimals is None else decimals) if as_share else number(value, decimals))


def _missing(series: charts.Series) -> str:
    """“No figure for 3 of 34 periods.”, or nothing."""
    count = series.missing_count
    if not count:
        return ""
    text = gettext("No figure for %(count)s of %(total)s periods.")
    return text % {"count": count, "total": len(series.values)}


def _spoken(series: charts.Series, decimals: int | None, as_share: bool) -> str:
    """What a drawing shows, for those who do not see it: lowest, highest, last."""
    known = [
        (label, value) for label, value in zip(series.labels, series.values, strict=True) if value is not None
    ]
    if not known:
        return gettext("There are no figures yet.")
    text = gettext("Lowest %(low)s, highest %(high)s, last %(last)s (%(label)s).") % {
        "low": _written(min(value for _, value in known), decimals, as_share),
        "high": _written(max(value for _, value in known), decimals, as_share),
        "last": _written(known[-1][1], decimals, as_share),
        "label": known[-1][0],
    }
    return f"{text} {_missing(series)}".strip()
