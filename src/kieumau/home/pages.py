"""What each page of a unit shows, put together from few reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from kieumau.assessments.caps import cap_line, caps
from kieumau.assessments.earlier import Earlier
from kieumau.assessments.models import Assessment
from kieumau.assessments.nearest import failing
from kieumau.assessments.page_judged import Judged, judged, of_unit
from kieumau.assessments.page_then import Rows, judged_by, rows_below
from kieumau.assessments.page_units import COLUMNS, ProvinceRow, UnitRow, added, by_province, units_below
from kieumau.assessments.queries import Explanation, assessment, explain_found, result
from kieumau.assessments.rules import Outcome
from kieumau.assessments.sentences import points_sentence
from kieumau.calendars.library import calendar
from kieumau.calendars.working_days import day_of
from kieumau.criteria.classes import cap_sentence
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Definition
from kieumau.home.absent import absence
from kieumau.home.choice import PERIOD, SET, Choice, choose
from kieumau.home.figures import main_figures
from kieumau.home.nearest import nearest_criteria, nearest_units
from kieumau.home.places import Named, Place, kinds_below
from kieumau.home.story import story
from kieumau.home.viewing import View, view
from kieumau.indicators.catalogue import Definition as Indicator
from kieumau.indicators.maps.rules import MARKS
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Text
from kieumau.programmes.queries import of_unit as programmes_of
from kieumau.units.models import Level
from kieumau.web import matrix
from kieumau.web.outcomes import word
from kieumau.web.paging import sort_of

OUTCOME = "kq"
SORTED_BY = {"name", "units", *(outcome.key for outcome in COLUMNS)}


def view_of(stands: Place, asked: Mapping[str, str], today: date) -> View:
    """How the address wants the unit's figures to be shown."""
    return view(asked, today=today, is_there_today=stands.day == today)


def nation(stands: Place, request: HttpRequest, today: date) -> dict[str, Any]:
    """A nation or a city: its provinces or boroughs, how many of their units came out as what."""
    view = view_of(stands, request.GET, today)
    choice = choose(request.GET, judged_by(judged(stands.root.id), view.known_at), view.asked_known)
    chosen = choice.chosen
    day = chosen.last_day if chosen else today
    level = chosen.level if chosen else Level.COMMUNE
    then = rows_below(chosen, stands.unit.id, view.known_at)
    rows = by_province(stands.unit.id, level, day, *_key(chosen), then=then)
    sort, falls = sort_of(request, SORTED_BY, "name")
    counts = added(row.counts for row in rows)
    return {
        "stands": stands,
        "choice": choice,
        "kinds": kinds_below(stands.unit.id, min(day, today)),
        "rows": _sorted(rows, sort, falls=falls),
        "columns": [(outcome.key, capfirst(word(outcome))) for outcome in COLUMNS],
        "sort": sort,
        "falls": falls,
        "counts": counts,
        "judged_count": sum(counts.values()),
        "unit_count": sum(row.unit_count for row in rows),
        "met_count": counts[Outcome.MET],
        "not_met_count": counts[Outcome.NOT_MET],
        "open_count": counts[Outcome.NO_DATA] + counts[Outcome.NOT_JUDGED] + counts[Outcome.NOT_DUE],
        **_figures(stands, chosen, request.GET, view, today),
    }


def _key(chosen: Judged | None) -> tuple[int | None, int | None]:
    """Version and period, as the reads want them."""
    return (chosen.set_id, chosen.period_id) if chosen else (None, None)


def _sorted(rows: list[ProvinceRow], sort: str, *, falls: bool) -> list[ProvinceRow]:
    """By a column; rows that are equal stay in Vietnamese order."""
    if sort == "name":
        return list(reversed(rows)) if falls else rows
    if sort == "units":
        return sorted(rows, key=lambda row: row.unit_count, reverse=falls)
    outcome = Outcome[sort.upper()]
    return sorted(rows, key=lambda row: row.counts.get(outcome, 0), reverse=falls)


def _figures(
    stands: Place,
    chosen: Judged | None,
    asked: Mapping[str, str],
    view: View,
    today: date,
    known: Mapping[str, Indicator] | None = None,
) -> dict[str, Any]:
    """The main figures on a map, as they were at the end of the period that is looked at."""
    figures = main_figures(stands, view, chosen.last_day if chosen else None, known)
    return {
        "view": view,
        "absent": absence(stands, view, today),
        "kept": [(name, asked[name]) for name in (SET, PERIOD, OUTCOME) if asked.get(name)],
        "figures": figures,
        "unplaced": [row.unplaced for row in figures if row.unplaced],
        "marks": list(MARKS) if figures else [],
        "has_own": any(one.own for one in figures),
        "is_partial": any(shown.is_partial for one in figures for shown in (one.now, one.before)),
    }


NEAREST = "gan"


def area(stands: Place, asked: Mapping[str, str], today: date) -> dict[str, Any]:
    """A province, a borough or a district: its units × the criteria of a set.

    Which units are one step away is worked out only when asked for (`gan=1`): every unit is judged again
    with one figure changed, which takes longer than the rest of the page.
    """
    view = view_of(stands, asked, today)
    offered = judged_by(judged(stands.root.id), view.known_at)
    choice, outcome = _with_outcome(choose(asked, offered, view.asked_known), asked)
    chosen = choice.chosen
    level = chosen.level if chosen else Level.COMMUNE
    day = chosen.last_day if chosen else stands.day
    criteria_set = CriteriaSet.objects.get(pk=chosen.set_id) if chosen else None
    wants_nearest = asked.get(NEAREST) == "1" and not view.known_on
    figures_of = failing(definition(criteria_set)) if criteria_set and wants_nearest else None
    then = rows_below(chosen, stands.unit.id, view.known_at)
    rows = units_below(stands.unit.id, level, day, *_key(chosen), figures_of=figures_of, then=then)
    counts = added({row.outcome: 1} for row in rows if row.outcome)
    shown = [row for row in rows if outcome in {None, row.outcome}]
    known = catalogue()
    return {
        "stands": stands,
        "crumbs": crumbs(stands, choice),
        "choice": choice,
        "outcome": outcome,
        "outcomes": [(one.key, word(one)) for one in Outcome if counts[one]],
        "rows": shown,
        "unit_count": len(rows),
        "counts": counts,
        "judged_count": sum(counts.values()),
        "matrix": _matrix(shown, choice, definition(criteria_set)) if criteria_set else None,
        "caps": _caps(criteria_set, chosen, stands.unit.id, then) if criteria_set and chosen else [],
        "wants_nearest": wants_nearest,
        "near": nearest_units(shown, criteria_set, chosen.window, known)
        if criteria_set and chosen and wants_nearest
        else [],
        **_figures(stands, chosen, asked, view, today, known),
    }


def _caps(
    criteria_set: CriteriaSet, chosen: Judged, area_id: int, then: Rows | None
) -> list[tuple[Text, Text, bool]]:
    """Each cap that is counted in this area: what it says, how the area stands, whether it is exceeded.

    No query for a set without caps.
    """
    says = definition(criteria_set)
    found = caps(criteria_set, chosen.window, area_id, then)
    return [(cap_sentence(says, one.cap), cap_line(one), bool(one.found.excess)) for one in found]


def _with_outcome(choice: Choice, asked: Mapping[str, str]) -> tuple[Choice, Outcome | None]:
    """The outcome that `kq` asks for; a key that is none is one more problem."""
    if not (key := asked.get(OUTCOME, "")):
        return choice, None
    for outcome in Outcome:
        if outcome.key == key:
            return choice, outcome
    shown = key[:30]
    reason = Text(vi=f"Không có kết quả “{shown}”.", en=f"There is no outcome “{shown}”.")
    return replace(choice, problems=[*choice.problems, Problem("unknown-outcome", reason)]), None


def _matrix(rows: list[UnitRow], choice: Choice, says: Definition) -> matrix.Matrix:
    chosen = choice.chosen
    assert chosen is not None
    language = get_language() or "vi"
    groups = {group.code: group.title.text().in_(language) for group in says.groups}
    address_of_set = reverse("criteria_set", args=[chosen.code, chosen.version])
    columns = [
        matrix.Column(
            criterion.code,
            criterion.title.text().in_(language),
            f"{address_of_set}{criterion.code}/?ky={chosen.period_code}",
            groups.get(criterion.group or "", ""),
        )
        for criterion in says.criteria
    ]
    nothing = [None] * len(columns)
    lines = []
    for row in rows:
        address = reverse("unit", args=[row.unit_id])
        if row.outcome:
            address = f"{address}?{choice.query}"
        lines.append(matrix.Row(row.name.in_(language), row.outcomes or nothing, address, f"{address}#tc-"))
    return matrix.Matrix(gettext("Units by criterion"), gettext("Unit"), columns, lines)


@dataclass(frozen=True, slots=True)
class GroupOfCriteria:
    """The criteria under one heading, each with why it came out as it did."""

    title: Text | None
    explanations: tuple[Explanation, ...]

    @property
    def met_count(self) -> int:
        """How many are met."""
        return sum(one.outcome is Outcome.MET for one in self.explanations)


def commune(stands: Place, asked: Mapping[str, str], today: date) -> dict[str, Any]:
    """A commune or a ward: who it is, its verdicts with their reasons, its main figures."""
    view = view_of(stands, asked, today)
    verdicts = of_unit(stands.unit.id)
    offered = judged_by((one for one, _ in verdicts), view.known_at)
    choice = choose(asked, offered, view.asked_known)
    chosen = choice.chosen
    known = catalogue()
    shown = {
        "stands": stands,
        "crumbs": crumbs(stands, choice),
        "choice": choice,
        "today": today,
        "story": story(stands.unit.id, stands.day, today),
        # Who takes part is not kept as it was known on an earlier day.
        "programmes": [] if view.known_at else programmes_of(stands.unit.id, stands.day),
        **_figures(stands, chosen, asked, view, today, known),
    }
    if chosen is None:
        return shown
    found = next(row for one, row in verdicts if one == chosen)
    own = found.criteria_set
    if view.known_at is None:
        shown["beside"] = shown["story"].title_on(chosen.set_id, chosen.period_id)
        stored = assessment(own, chosen.window, found.unit)
        # the day on which its figures were last read, as on the pages of its criteria
        return shown | _verdict(own, chosen, stored, known) | {"judged_on": day_of(stored.judged_at)}
    then = Earlier(view.known_at).verdict(own, chosen.window, found.unit)
    return shown | (_verdict(own, chosen, then, known) if then else {})


def _verdict(
    own: CriteriaSet, chosen: Judged, found: Assessment, known: Mapping[str, Indicator]
) -> dict[str, Any]:
    language = get_language() or "vi"
    says = definition(own)
    explained = explain_found(found, own, chosen.window, language, known)
    outcome = result(found)
    return {
        "set": own,
        "outcome": outcome.outcome,
        "counts": outcome.counts.by_outcome(),
        "points": points_sentence(says, outcome, language),
        "groups": _groups(says, explained),
        "nearest": nearest_criteria(explained),
        "is_judged_by_people": any(one.kind != "measured" for one in says.criteria),
        "bounds": calendar(chosen.window.calendar).bounds(chosen.window),
        "judged_on": found.judged_on,
    }


def _groups(says: Definition, explained: list[Explanation]) -> list[GroupOfCriteria]:
    """The explanations under the headings of their set, in its order."""
    titles = {group.code: group.title.text() for group in says.groups}
    pairs = zip(says.criteria, explained, strict=True)
    return [
        GroupOfCriteria(titles.get(code or ""), tuple(one for _, one in members))
        for code, members in groupby(pairs, key=lambda pair: pair[0].group)
    ]


def crumbs(stands: Place, choice: Choice) -> list[tuple[str, str]]:
    """The way from the root to this unit, with the chosen set and period."""
    return [*(crumb(above, choice.query) for above in stands.ancestors), crumb(stands.unit)]


def crumb(unit: Named, query: str = "") -> tuple[str, str]:
    """One step of the way."""
    language = get_language() or "vi"
    address = reverse("unit", args=[unit.id])
    return unit.name.in_(language), f"{address}?{query}" if query else address
