"""The pages about verdicts: one criterion over all units, and one verdict explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, gettext

from kieumau.assessments.earlier import Earlier
from kieumau.assessments.page_criterion import CriterionUnits, Shown, criterion_counts
from kieumau.assessments.page_judged import Judged, judged, period_of
from kieumau.assessments.page_map import listing
from kieumau.assessments.page_rows import names_above
from kieumau.assessments.page_since import before_it
from kieumau.assessments.page_steps import sides, steps
from kieumau.assessments.page_then import judged_by
from kieumau.assessments.page_units import added
from kieumau.assessments.queries import explain
from kieumau.assessments.rules import Outcome
from kieumau.audit.past import Known, as_known
from kieumau.calendars.working_days import day_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.page_queries import line, shown_set
from kieumau.criteria.queries import catalogue_of, placed
from kieumau.criteria.rules import CriterionDefinition, Definition
from kieumau.indicators.history import changed_since
from kieumau.indicators.queries import catalogue
from kieumau.indicators.runs import runs_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.web.days import KNOWN, day_asked, last_moment, moment_asked
from kieumau.web.outcomes import word
from kieumau.web.paging import page_of
from kieumau.web.synthetic import page_is_about

PERIOD, OUTCOME, PROVINCE = "ky", "kq", "tinh"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A criterion that an address names, with its place (from 1) in its version of the set."""

    criteria_set: CriteriaSet
    says: Definition
    criterion: CriterionDefinition
    position: int


def _asked(code: str, version: int, criterion: str) -> _Asked:
    """404 where there is no such version or criterion."""
    if (found := shown_set(code, version)) is None:
        raise Http404
    for position, one in enumerate(found[1].criteria, start=1):
        if one.code == criterion:
            return _Asked(found[0], found[1], one, position)
    raise Http404


def criterion(request: HttpRequest, code: str, version: int, criterion: str) -> HttpResponse:
    """One criterion over all units of a period: counts, and a list to look through.

    As it was judged or on the map of a day; as known now or on a day.
    """
    with as_known(moment_asked(request.GET, localdate())) as known:
        return _criterion(request, _asked(code, version, criterion), known)


def _criterion(request: HttpRequest, asked: _Asked, known: Known) -> HttpResponse:
    problems: list[Problem] = []
    how = listing(request.GET, problems, localdate())
    known_at = last_moment(how.known_on) if how.known_on else None
    offered = judged_by(judged(set_id=asked.criteria_set.pk), known_at)
    chosen, more = _period(request, offered)
    problems += more
    context: dict[str, Any] = {
        "set": asked.criteria_set,
        "title": asked.criterion.title.text(),
        "line": line(asked.says, asked.criterion),
        "crumbs": _set_crumbs(asked),
        "offered": offered,
        "chosen": chosen,
        "problems": problems,
        "how": how,
        "known_on": how.known_on,
        "known_note": known.note,
    }
    if chosen is not None:
        page_is_about(request, chosen.root_ids)
        then = Earlier(known_at).verdicts(asked.criteria_set, chosen.window) if known_at else None
        context |= _units(request, asked, Shown(chosen, how.on.day, known_at, then), problems)
    return render(request, "assessments/criterion.html", context, status=400 if problems else 200)


def _period(request: HttpRequest, offered: list[Judged]) -> tuple[Judged | None, list[Problem]]:
    try:
        return period_of(request.GET.get(PERIOD, ""), offered), []
    except Refused as refused:
        return offered[0] if offered else None, list(refused.problems)


def _units(request: HttpRequest, asked: _Asked, shown: Shown, problems: list[Problem]) -> dict[str, Any]:
    """The counts and the page of units that the filters ask for; bad filters become problems."""
    provinces = criterion_counts(shown, asked.position)
    by_id = {one.unit_id: one for one in provinces if one.unit_id}
    province = by_id.get(_number(request.GET.get(PROVINCE, "")))
    if request.GET.get(PROVINCE) and province is None:
        problems.append(_unknown(request.GET[PROVINCE], Text(vi="tỉnh, thành phố", en="area")))
    outcome = next((one for one in Outcome if one.key == request.GET.get(OUTCOME)), None)
    if request.GET.get(OUTCOME) and outcome is None:
        problems.append(_unknown(request.GET[OUTCOME], Text(vi="kết quả", en="outcome")))
    counts = added(one.counts for one in ([province] if province else provinces))
    count = sum(counts.values()) if outcome is None else counts[outcome]
    units = CriterionUnits(shown, asked.position, count, outcome, province.unit_id if province else None)
    formula = placed(asked.criteria_set, shown.judged.window).trees[asked.position - 1].formula
    columns = sides(formula, catalogue_of(asked.criteria_set), get_language() or "vi")
    page = page_of(request, units)
    return {
        "provinces": sorted(by_id.values(), key=lambda one: one.sort_key),
        "province": province,
        "outcome": outcome,
        "outcomes": [(one.key, word(one)) for one in Outcome if added(p.counts for p in provinces)[one]],
        "counts": counts,
        "page": page,
        "sides": columns,
        "rows": [
            (row, by_id.get(row.province_id or 0), [one.cell(row.operands) for one in columns])
            for row in page
        ],
    }


def _number(text: str) -> int:
    return whole_number(text) or 0


def _unknown(word: str, what: Text) -> Problem:
    shown = word[:30]
    return Problem(
        "unknown-filter",
        Text(vi=f"Không có {what.vi} “{shown}”.", en=f"There is no {what.en} “{shown}”."),
    )


def explanation(request: HttpRequest, unit_id: int, code: str, version: int, criterion: str) -> HttpResponse:
    """One verdict on one unit, with every step and every figure it rests on."""
    with as_known(moment_asked(request.GET, localdate())) as known:
        return _explanation(request, unit_id, _asked(code, version, criterion), known)


def _explanation(request: HttpRequest, unit_id: int, asked: _Asked, known: Known) -> HttpResponse:
    earlier: list[Problem] = []
    known_on = day_asked(request.GET.get(KNOWN, "").strip(), earlier, today=localdate())
    known_at = last_moment(known_on) if known_on else None
    offered = judged_by(judged(set_id=asked.criteria_set.pk), known_at)
    chosen, problems = _period(request, offered)
    problems = earlier + problems
    names, since = names_above(unit_id, chosen.last_day if chosen else known_on or localdate())
    if not names:
        raise Http404
    page_is_about(request, [names[0][0]])
    kept = f"&{KNOWN}={known_on.isoformat()}" if known_on else ""
    unit_crumbs = _unit_crumbs(names, chosen, kept)
    context: dict[str, Any] = {
        "set": asked.criteria_set,
        "unit_id": unit_id,
        "unit": names[-1][1],
        "title": asked.criterion.title.text(),
        "line": line(asked.says, asked.criterion),
        "crumbs": [*unit_crumbs, (f"{gettext('Criterion')} {asked.criterion.code}", "")],
        "offered": offered,
        "chosen": chosen,
        "problems": problems,
        "known_on": known_on,
        "known_note": known.note,
        "kept": kept,
    }
    if chosen is not None:
        context |= _explained(asked, chosen, unit_id, problems, known_at)
    if since is not None and "found" in context:
        context |= {"since": since, "before_it": before_it(context["found"].figures, since)}
    return render(request, "assessments/explanation.html", context, status=400 if problems else 200)


def _explained(
    asked: _Asked, chosen: Judged, unit_id: int, problems: list[Problem], known_at: datetime | None
) -> Mapping[str, Any]:
    """The explanation in the language of the page; a unit that was not judged is a problem."""
    language = get_language() or "vi"
    try:
        found = explain(
            criteria_set=asked.criteria_set,
            criterion_code=asked.criterion.code,
            unit_id=unit_id,
            window=chosen.window,
            language=language,
            known_at=known_at,
        )
    except Refused as refused:
        problems.extend(refused.problems)
        return {}
    operands, live = [one.operand for one in found.figures], catalogue()
    there = [operand for operand in operands if operand.indicator in live]
    changed_at = changed_since(unit_id, runs_of(there, live, asked.says.figures_slack_days), found.judged_at)
    # One day for one matter: that on which its figures were last read. What is due may have been asked on an
    # earlier one, as figures that change judge a unit again without asking that anew.
    judged_on = found.judged_on if known_at else day_of(found.judged_at)
    return {
        "found": found,
        "judged_on": judged_on,
        "due_asked_on": found.judged_on if found.judged_on != judged_on else None,
        "steps": steps(found, catalogue_of(asked.criteria_set), language),
        "changed_at": changed_at and localtime(changed_at),
    }


def _set_crumbs(asked: _Asked) -> list[tuple[str, str]]:
    language = get_language() or "vi"
    own = asked.criteria_set
    return [
        (gettext("Criteria sets"), reverse("criteria_sets")),
        (asked.says.title.text().in_(language), reverse("criteria_set", args=[own.code, own.version])),
        (f"{gettext('Criterion')} {asked.criterion.code}", ""),
    ]


def _unit_crumbs(names: list[tuple[int, Text]], chosen: Judged | None, kept: str) -> list[tuple[str, str]]:
    language = get_language() or "vi"
    query = f"?bo={chosen.set_code}&ky={chosen.period_code}{kept}" if chosen else ""
    return [(name.in_(language), reverse("unit", args=[unit_id]) + query) for unit_id, name in names]
