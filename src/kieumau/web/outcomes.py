"""The six outcomes as people read them: mark, word, sentence, bar.

Packages above name an outcome by its key (`"not_due"`) or by any enum member whose name is that key
in capitals; what an outcome means is theirs, how it is shown is decided here.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from kieumau.kernel.numbers import format_number

WORDS: dict[str, Promise] = {
    "met": _("met"),
    "not_met": _("not met"),
    "not_due": _("not yet due"),
    "no_data": _("no data"),
    "not_judged": _("not yet judged"),
    "not_applicable": _("not applicable"),
}

_PARTS = {
    "not_met": gettext_noop("%(count)s not met"),
    "not_due": gettext_noop("%(count)s not yet due"),
    "no_data": gettext_noop("%(count)s without data"),
    "not_judged": gettext_noop("%(count)s not yet judged"),
    "not_applicable": gettext_noop("%(count)s not applicable"),
}

# Top and height of an outcome's part of the bar, so that red and green differ in shape as well.
THICKNESS = {"not_met": ("22%", "56%"), "not_applicable": ("40%", "20%")}


def key_of(outcome: Any) -> str:
    """The key of an outcome given as a key or as an enum member; ValueError for anything else."""
    name = outcome if isinstance(outcome, str) else getattr(outcome, "name", "")
    key = str(name).lower().replace("-", "_")
    if key not in WORDS:
        raise ValueError(f"not an outcome: {outcome!r}")
    return key


def word(outcome: Any) -> str:
    """The outcome's word in the active language, in lower case: “not yet due”."""
    return str(WORDS[key_of(outcome)])


def tag(outcome: Any) -> SafeString:
    """The outcome as a colored tag with its mark and its word."""
    key = key_of(outcome)
    text = str(WORDS[key])
    return format_html('<span class="outcome o-{}">{}</span>', key, text[:1].upper() + text[1:])


def counts_by_key(counts: Mapping[Any, int]) -> dict[str, int]:
    """Counts in the order in which they are shown, outcomes that do not occur left out."""
    given = {key_of(outcome): count for outcome, count in counts.items()}
    return {key: given[key] for key in WORDS if given.get(key)}


def sentence(counts: Mapping[Any, int]) -> str:
    """“18 of 22 met, 4 not yet due”, in the active language."""
    shown = counts_by_key(counts)
    total = sum(shown.values())
    met = gettext("%(met)s of %(total)s met") % {
        "met": _count(shown.pop("met", 0)),
        "total": _count(total),
    }
    return ", ".join([met, *(_part(key, count) for key, count in shown.items())])


def _part(key: str, count: int) -> str:
    """“4 not yet due”: one outcome other than met."""
    return gettext(_PARTS[key]) % {"count": _count(count)}


def _count(count: int) -> str:
    return format_number(count, 0, get_language() or "vi")


def bar(counts: Mapping[Any, int]) -> SafeString:
    """The shares of the outcomes as a drawing of one bar; says nothing to screen readers by itself."""
    shown = counts_by_key(counts)
    total = sum(shown.values())
    before = 0
    rects = []
    for key, count in shown.items():
        top, height = THICKNESS.get(key, ("0", "100%"))
        at, width = _percent(before, total), _percent(count, total)
        rects.append(f'<rect class="o-{key}" x="{at}" width="{width}" y="{top}" height="{height}"/>')
        before += count
    # Nothing in it comes from people: our own keys, and numbers.
    return mark_safe(f'<svg aria-hidden="true">{"".join(rects)}</svg>')


def legend(counts: Mapping[Any, int] | None = None) -> SafeString:
    """Mark and word of each outcome, with its count when `counts` are given."""
    if counts is None:
        items = [(key, str(words)) for key, words in WORDS.items()]
    else:
        items = [(key, f"{WORDS[key]}: {_count(count)}") for key, count in counts_by_key(counts).items()]
    joined = format_html_join("", '<li class="o-{}">{}</li>', items)
    return mark_safe(f'<ul class="outcome-legend">{joined}</ul>')


def _percent(part: int, whole: int) -> str:
    """Exact share as an SVG length, cut to hundredths of a percent: `81.81%`."""
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
