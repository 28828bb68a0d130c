"""What the pages of the criteria sets show."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kieumau.calendars.library import calendars
from kieumau.calendars.rules import Calendar
from kieumau.criteria.applying import area_ids
from kieumau.criteria.classes import cap_sentence
from kieumau.criteria.days import MonthDay
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import (
    AllOf,
    AtLeast,
    Basis,
    CriterionDefinition,
    Definition,
    Documented,
    Judged,
    Measured,
    Points,
)
from kieumau.formulas.windows import Window
from kieumau.indicators.catalogue import Definition as IndicatorDefinition
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Text
from kieumau.units.kinds import kinds
from kieumau.units.queries import terms

_CODE = re.compile(r"[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*")
KINDS = {
    Criterion.Kind.MEASURED: _("Measured by figures"),
    Criterion.Kind.DOCUMENTED: _("Shown by a document"),
    Criterion.Kind.JUDGED: _("Judged by a person"),
}
VERIFICATION = {
    CriteriaSet.Verification.VERIFIED: _("read in the named text"),
    CriteriaSet.Verification.REPORTED: _("taken from a published report"),
    CriteriaSet.Verification.UNVERIFIED: _("unverified"),
}
PERIODS = {
    "month": _("every month"),
    "quarter": _("every quarter"),
    "half": _("every half-year"),
    "nine_months": _("nine months of every year"),
    "year": _("every year"),
}
LEVEL_WORDS = {
    "nation": Text(vi="cả nước", en="the nation"),
    "province": Text(vi="mọi đơn vị cấp tỉnh", en="every unit at the level of provinces"),
    "district": Text(vi="mọi đơn vị cấp huyện", en="every unit at the level of districts"),
    "commune": Text(vi="mọi đơn vị cấp xã", en="every unit at the level of communes"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a set in the list of sets."""

    code: str
    number: int
    title: Text
    verification: str
    is_verified: bool
    starts_on: date
    last_day: date | None
    is_in_force: bool
    criteria_count: int


def versions(today: date) -> list[list[Version]]:
    """Every version of every set, set by set in the order of their titles' codes, newest first. One query.

    In force is the highest version whose range holds the day, as everywhere.
    """
    # Grouped queries leave the model's own order aside.
    rows: Iterable[Any] = (
        CriteriaSet.objects.defer("definition", "derived", "text")
        .annotate(criteria_count=Count("criteria"))
        .order_by("code", "-version")
    )
    return [_of_one_set(list(rows), today) for _, rows in groupby(rows, key=lambda row: row.code)]


def _of_one_set(rows: Iterable[Any], today: date) -> list[Version]:
    found: list[Version] = []
    for row in rows:
        starts_on, ends_before = row.in_force.lower, row.in_force.upper
        holds = starts_on <= today and (ends_before is None or today < ends_before)
        found.append(
            Version(
                row.code,
                row.version,
                Text(vi=row.title_vi, en=row.title_en),
                str(VERIFICATION[CriteriaSet.Verification(row.verification)]),
                row.verification != CriteriaSet.Verification.UNVERIFIED,
                starts_on,
                ends_before and ends_before - timedelta(days=1),
                holds and not any(newer.is_in_force for newer in found),
                row.criteria_count,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of a set as its page says it, in the language of the page.

    `asks` says what is asked where there is no `formula`; `owner` whose criterion it is, in a set that
    adds to another.
    """

    code: str
    title: Text
    kind: str
    formula: str
    measures: tuple[Text, ...]
    asks: str
    applies_if: str
    due: str
    basis: Basis | None
    is_verified: bool
    points: str
    notes: Text | None
    owner: Text | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The criteria under one heading."""

    title: Text | None
    lines: tuple[Line, ...]


def groups(says: Definition) -> list[Group]:
    """The criteria of a set under its headings, in its order."""
    titles = {group.code: group.title.text() for group in says.groups}
    known = catalogue()
    return [
        Group(titles.get(code or ""), tuple(line(says, one, known) for one in members))
        for code, members in groupby(says.criteria, key=lambda criterion: criterion.group)
    ]


def line(
    says: Definition, criterion: CriterionDefinition, known: Mapping[str, IndicatorDefinition] | None = None
) -> Line:
    """One criterion in words; `known` gives the names of the figures by which it is measured."""
    return Line(
        criterion.code,
        criterion.title.text(),
        str(KINDS[Criterion.Kind(criterion.kind)]),
        " ".join(criterion.formula.split()) if isinstance(criterion, Measured) else "",
        tuple(_measures(criterion, known or {})),
        _asks(criterion, get_language() or "vi"),
        " ".join((criterion.applies_if or "").split()),
        _due(criterion),
        says.basis_of(criterion),
        says.verification_of(criterion) != "unverified",
        f"{criterion.points.max.normalize():f}" if criterion.points else "",
        criterion.notes.text() if criterion.notes else None,
        owner.text() if (owner := says.owner_of(criterion)) else None,
    )


def _measures(criterion: CriterionDefinition, known: Mapping[str, IndicatorDefinition]) -> Iterator[Text]:
    """The names of the figures in a formula, in its order, each once."""
    formula = criterion.formula if isinstance(criterion, Measured) else ""
    for code in dict.fromkeys(_CODE.findall(formula)):
        if code in known:
            yield known[code].name


def _asks(criterion: CriterionDefinition, language: str) -> str:
    """What is asked where nothing is measured: a document and when it is dated, or a question."""
    if isinstance(criterion, Judged):
        return criterion.question.text().in_(language)
    if not isinstance(criterion, Documented):
        return ""
    name = criterion.document.name.text().in_(language)
    if criterion.window is None:
        return f"{name}, {gettext('dated within the period')}"
    dated = gettext("dated from %(first)s to %(last)s") % {
        "first": _month_day(criterion.window.starts),
        "last": _month_day(criterion.window.ends),
    }
    return f"{name}, {dated}"


def _due(criterion: CriterionDefinition) -> str:
    if criterion.due is None:
        if isinstance(criterion, Documented) and criterion.window:
            return _month_day(criterion.window.ends)
        return gettext("on the last day of the period")
    if criterion.due.on is not None:
        return _month_day(criterion.due.on)
    return gettext("%(days)s days after the end of the period") % {"days": criterion.due.days_after_end}


def _month_day(day: MonthDay) -> str:
    """31/3, day before month in both languages."""
    return f"{day.day}/{day.month}"


def rule_sentence(says: Definition) -> str:
    """How the criteria add up."""
    match says.rule:
        case AllOf():
            return gettext("Every criterion must be met.")
        case AtLeast(k=k):
            return gettext("At least %(k)s of %(total)s criteria must be met.") % {
                "k": k,
                "total": len(says.criteria),
            }
        case Points(meets_from=least):
            return points_sentence(f"{least.normalize():f}")


def points_sentence(points: str) -> str:
    """How points add up, met from so many."""
    return gettext("Points are added up; the set is met from %(points)s points.") % {"points": points}


def period_sentence(says: Definition) -> str:
    """Over which time the set is judged: “every year, 16/11 – 15/11”."""
    calendar = calendars()[says.period.calendar]
    words = str(PERIODS.get(says.period.kind, says.period.kind))
    if says.period.kind != "year":
        return words
    return f"{words}, {first_and_last(calendar)}"


def first_and_last(calendar: Calendar) -> str:
    """The first and last day of a calendar's year: “16/11 – 15/11”."""
    starts_on, ends_before = calendar.bounds(Window(calendar.code, "year", (2025, 1), (2025, 1)))
    last = ends_before - timedelta(days=1)
    return f"{starts_on.day}/{starts_on.month} – {last.day}/{last.month}"


def kinds_judged(says: Definition) -> list[Text]:
    """The kinds of units that are judged; where none is named, the level itself."""
    known = kinds()
    if not says.applies_to.kinds:
        return [LEVEL_WORDS[says.applies_to.level]]
    return [known[code].name.text() for code in says.applies_to.kinds if code in known]


def areas(says: Definition) -> list[Text]:
    """The areas a set applies within, by their names on the day it takes effect, in Vietnamese order."""
    starts = says.effective.starts
    if says.applies_to.within is None:
        return []
    found = terms(starts).filter(unit_id__in=area_ids(says.applies_to, starts))
    return [Text(vi=one.full_name("vi"), en=one.full_name("en")) for one in found]


def caps(says: Definition) -> list[tuple[Text, bool]]:
    """The caps on classes in words, and whether each was read in the named text."""
    return [
        (cap_sentence(says, cap), (cap.verification or says.verification) != "unverified")
        for cap in says.caps or ()
    ]


def shown_set(code: str, number: int) -> tuple[CriteriaSet, Definition] | None:
    """A version and what it says; None where there is none. One query."""
    found = CriteriaSet.objects.filter(code=code, version=number).first()
    return (found, definition(found)) if found else None
