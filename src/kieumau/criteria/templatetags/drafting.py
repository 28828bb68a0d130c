"""What the pages of drafts write: titles that may be missing, moments."""

from datetime import date, datetime
from typing import Any

from django.template import Context, Library
from django.utils import timezone
from django.utils.dateformat import format as format_date

from kieumau.criteria.access import may_edit
from kieumau.criteria.draft_pages import is_english, title_of
from kieumau.criteria.drafting.reading import read
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.criteria.untranslated import contradicting, untranslated
from kieumau.web.templatetags.kieumau import day

register = Library()


@register.simple_tag
def draft_title(draft: Draft | CriteriaSet) -> str:
    """The title of a draft or a version in the language of the page."""
    if isinstance(draft, CriteriaSet):
        return draft.title_en if is_english() else draft.title_vi
    return title_of(draft)


@register.inclusion_tag("criteria/draft_untranslated.html", takes_context=True)
def untranslated_texts(context: Context, draft: Draft) -> dict[str, Any]:
    """The texts of a draft that say the same in both languages, for whoever is about to issue it."""
    content = read(draft.text, []).content
    return {
        "texts": untranslated(content),
        "contradicting": contradicting(content),
        "draft": draft,
        "may_edit": may_edit(context.get("user"), draft),
    }


@register.filter
def day_or_text(value: date | str) -> str:
    """A day as the page writes days; what is no day as it stands."""
    return day(value) if isinstance(value, date) else value


@register.filter
def moment(value: datetime | None) -> str:
    """22/11/2026 17:05 in Vietnamese, 22 Nov 2026 17:05 in English, at home."""
    if value is None:
        return ""
    return format_date(timezone.localtime(value), "j M Y H:i" if is_english() else "d/m/Y H:i")
