"""What people fill in to build a set: its head, its groups, one criterion. Nothing here saves.

Fields may be left empty: a draft may have faults, and they are listed beside the fields. Refused is
only what could not be written down as what it is meant to be, such as a word where a number stands.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kieumau.calendars.library import calendars
from kieumau.criteria.fitting import MOST_SLACK, first_window, slack_for
from kieumau.criteria.form_fields import (
    Choice,
    Day,
    Line,
    Lines,
    Number,
    Whole,
    Words,
    choosing,
    comparable,
    offered,
)
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.criteria.page_queries import KINDS as NAMES_OF_KINDS
from kieumau.criteria.page_queries import PERIODS, VERIFICATION, first_and_last
from kieumau.criteria.starting import ways_of_reporting
from kieumau.kernel.messages import Text
from kieumau.units.kinds import kinds
from kieumau.units.models import Term
from kieumau.web.templatetags.kieumau import here

A_DAY = date(2025, 6, 30)  # any year will do: the periods of a calendar lie alike in all of them
KINDS = [(kind.value, NAMES_OF_KINDS[kind]) for kind in Criterion.Kind]
RULES = [
    ("all", _("Every criterion must be met")),
    ("at_least", _("At least so many criteria must be met")),
    ("points", _("Points are added up")),
]
LEVELS = [
    ("", "–"),
    ("commune", _("Communes, wards, special zones")),
    ("district", _("Districts")),
    ("province", _("Provinces and cities")),
    ("nation", _("The whole country")),
]
STATUSES = [(status.value, VERIFICATION[status]) for status in CriteriaSet.Verification]
HEAD_STATUSES = [("", "–"), *STATUSES]
OWN_RULES = [("", _("As the set it is added to asks")), *RULES]
MONTHS = [("", "–"), *((str(number), str(number)) for number in range(1, 13))]
DAYS = [("", "–"), *((str(number), str(number)) for number in range(1, 32))]


class _Form(forms.Form):
    """A form that shows what a draft holds, also where no choice of its own says so."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, field in self.fields.items():
            now = str(self.initial.get(name) or "")
            known = [str(value) for value, _label in getattr(field, "choices", ())]
            if isinstance(field, Choice) and now and now not in known:
                field.choices = [*offered(self.fields, name), (now, now)]

    def comparable(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as this form reads them: equal where it would send back what it showed."""
        return comparable(self.fields, values)


def _periods() -> list[tuple[str, str]]:
    """Every kind of period of every calendar, in words: “every year, 15/12 – 14/12 (…)”.

    Those that the figures fit without a gap come first; the others say how many days they are off.
    """
    reported = ways_of_reporting()[:1]
    found: list[tuple[int, str, str]] = []
    for calendar in calendars().values():
        name = here(calendar.definition.name.text())
        for kind in calendar.definition.kinds:
            words = str(PERIODS.get(kind, kind))
            if kind == "year":
                words = f"{words}, {first_and_last(calendar)}"
            days = slack_for(first_window(calendar.code, kind, A_DAY), reported)
            words = f"{words} ({name})" + _fits_in_words(days, is_known=bool(reported))
            found.append((MOST_SLACK + 1 if days is None else days, f"{calendar.code}/{kind}", words))
    found.sort(key=lambda row: row[0])
    return [("", "–"), *((value, words) for _, value, words in found)]


def _fits_in_words(days: int | None, *, is_known: bool) -> str:
    if not is_known:
        return ""
    if days is None:
        return " · " + gettext("figures do not fit")
    if not days:
        return " · " + gettext("figures fit")
    said = ngettext("figures are off by %(count)s day", "figures are off by %(count)s days", days)
    return " · " + said % {"count": days}


def _kinds_of_units() -> list[tuple[str, str]]:
    """The kinds that units here are of, from the highest level down; all of them where there are no units."""
    known = kinds()
    there = set(Term.objects.values_list("kind", flat=True).distinct()) & set(known) or set(known)
    rows = sorted(
        (one.level, number, code) for number, (code, one) in enumerate(known.items()) if code in there
    )
    return [(code, here(known[code].name.text())) for _, _, code in rows]


class CriterionForm(_Form):
    """One criterion."""

    kind = Choice(_("How is it determined?"), KINDS, widget=forms.RadioSelect)
    code = Line(_("Code"), max_length=40, help_text=_("Its number in the document, for example 1 or 2.a."))
    title_vi = Line(_("Title in Vietnamese"))
    title_en = Line(_("Title in English"))
    group = Choice(pgettext_lazy("of criteria", "Group"))
    formula = Lines(_("Formula"), rows=3)
    applies_if = Lines(_("Applies only if"), rows=2)
    document_code = Line(widget=forms.HiddenInput)
    document_vi = Line(_("Which document, in Vietnamese"))
    document_en = Line(_("Which document, in English"))
    from_day = Choice(_("Day"), DAYS)
    from_month = Choice(_("Month"), MONTHS)
    to_day = Choice(_("Day"), DAYS)
    to_month = Choice(_("Month"), MONTHS)
    question_vi = Line(_("Question in Vietnamese"))
    question_en = Line(_("Question in English"))
    points_max = Number(_("Points at most"))
    points_formula = Lines(_("Formula of the points"), rows=2)
    due_day = Choice(_("Day"), DAYS)
    due_month = Choice(_("Month"), MONTHS)
    days_after_end = Whole(_("Days after the end of the period"))
    basis = Line(_("Document"))
    article_vi = Line(_("Article, in Vietnamese"))
    article_en = Line(_("Article, in English"))
    verification = Choice(_("Wording"), [("", _("as the whole set")), *STATUSES])
    notes_vi = Lines(_("Notes in Vietnamese"))
    notes_en = Lines(_("Notes in English"))

    def __init__(self, *arguments: Any, groups: list[tuple[str, str]], **options: Any) -> None:
        options.setdefault("initial", {})
        super().__init__(*arguments, **options)
        now = str(self.initial.get("group") or "")
        known = [("", gettext("no group")), *groups]
        if now and now not in [code for code, _title in known]:
            known.append((now, now))
        choosing(self.fields, "group").choices = known


class _AnyHead(_Form):
    """What every set says of itself, its criteria and groups apart."""

    title_vi = Line(_("Title in Vietnamese"))
    title_en = Line(_("Title in English"))
    code = Line(_("Code"), max_length=40)
    summary_vi = Lines(_("Summary in Vietnamese"))
    summary_en = Lines(_("Summary in English"))
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means every kind of that level."),
    )
    k = Whole(_("How many criteria at least"))
    meets_from = Number(_("Met from so many points"))
    starts = Day(_("In force from"))
    ends = Day(_("In force until (may be left empty)"))
    basis = Line(_("Document"))
    article_vi = Line(_("Article, in Vietnamese"))
    article_en = Line(_("Article, in English"))
    verification = Choice(_("Wording"), HEAD_STATUSES)
    notes_vi = Lines(_("Notes in Vietnamese"))
    notes_en = Lines(_("Notes in English"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = choosing(self.fields, "kinds")
        known = _kinds_of_units()
        names = {code: here(one.name.text()) for code, one in kinds().items()}
        stored = [code for code in self.initial.get("kinds", []) if code not in dict(known)]
        field.choices = [*known, *((code, names.get(code, code)) for code in stored)]


class HeadForm(_AnyHead):
    """The head of a whole set."""

    period = Choice(_("Judged"), lazy(_periods, list))
    level = Choice(_("Level"), LEVELS)
    rule = Choice(_("When is the set met?"), RULES, widget=forms.RadioSelect)
    figures_slack_days = Whole(
        _("Figures may be off by so many days"),
        help_text=_(
            "For sets whose period begins some days apart from the months that figures are reported for."
        ),
    )


class AdditionForm(_AnyHead):
    """The head of an addition: period, level and slack are those of the set it is added to."""

    rule = Choice(_("When is the set met?"), OWN_RULES, widget=forms.RadioSelect)
    within = Words(
        _("Areas it applies within"),
        help_text=_("Codes of provinces or communes, one a line, for example vn:92."),
    )


class RowForm(_Form):
    """A heading, or a class of results: a name in both languages, for a class its points.

    `key` says which row of the text it was; a new one has none.
    """

    key = Line(widget=forms.HiddenInput)
    name_vi = Line(_("Name in Vietnamese"))
    name_en = Line(_("Name in English"))
    points = Number(_("From so many points"))


def choices_of_groups(groups: list[Any]) -> list[tuple[str, str]]:
    """The headings of a draft to choose from, as far as they can be read."""
    found = []
    for one in groups:
        code, title = str(one.get("code") or ""), one.get("title")
        if code:
            names = title if isinstance(title, dict) else {}
            found.append((code, here(Text(vi=str(names.get("vi", code)), en=str(names.get("en", code))))))
    return found
