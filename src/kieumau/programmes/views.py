"""Programmes: the list, and the pages of one: how far it is, its plan and bodies, its units, its money."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kieumau.programmes import access, budget, queries, reach, rules, words
from kieumau.programmes.frame import AREA, Frame, frame_of, unit_name
from kieumau.programmes.listening import rounds_of
from kieumau.programmes.models import Member, PlanStage, Seat
from kieumau.units.calling import names_of
from kieumau.units.models import Level
from kieumau.web.paging import page_of, search_of

PHASE = "giai-doan"


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes that the person may read."""
    today = timezone.localdate()
    found = access.readable_programmes(request.user)
    page = page_of(request, found)
    ids = [one.pk for one in page.object_list]
    counts: dict[int, tuple[int, int]] = {}
    taking = Member.objects.filter(programme__in=ids, valid__contains=today).order_by()
    pilots = Count("pk", filter=Q(phase=Member.Phase.PILOT))
    for pk, pilot_count, count in taking.values_list("programme_id").annotate(
        pilots=pilots, units=Count("pk")
    ):
        counts[pk] = (pilot_count, count - pilot_count)
    names = names_of({one.area_id for one in page.object_list}, today)
    rows = [(one, names.get(one.area_id or 0), *counts.get(one.pk, (0, 0))) for one in page.object_list]
    context = {"page": page, "rows": rows, "may_make": access.may_make(request.user)}
    return render(request, "programmes/programmes.html", context)


@require_safe
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """How far a programme is: what it rests on, targets against what is, province by province, its rounds."""
    found = frame_of(request, code)
    made, today, year = found.programme, found.today, found.year(request)
    sets = list(made.sets.select_related("criteria_set").defer("criteria_set__definition"))
    context = {
        **found.context("programme"),
        "year": year,
        "sets": sets,
        "set_now": rules.set_of_year([one.from_year for one in sets], today.year),
        "kinds": queries.kinds_of(made) if made.kinds else words.LEVELS.get(Level(made.level), ""),
        "rounds": [one for ask in rounds_of for one in ask(made, request.user)],
        "may_edit": access.may_edit(request.user, made, found.areas[0] if found.areas else None),
    }
    if found.area is not None:
        context |= _reached(request, found, year)
    return render(request, "programmes/programme.html", context)


def _reached(request: HttpRequest, found: Frame, year: int) -> dict[str, Any]:
    area, made, today = found.area, found.programme, found.today
    assert area is not None
    targets = list(made.targets.filter(area__in=[one.unit_id for one in found.areas] + [area.unit_id]))
    own_years = {one.year for one in targets if one.area_id == area.unit_id}
    counted = reach.counted(made, area.unit_id, {*own_years, year, today.year}, today)
    lines = reach.year_lines(area.unit_id, targets, today, counted, min(year, today.year))
    names = {one.unit_id: unit_name(one) for one in found.areas}
    taking = reach.taking_part(made, area.path, rules.measured_on(year, today) or today)
    below = reach.parts(area.unit_id, year, targets, counted, taking)
    missing = {one.unit_id for one in below} - set(names)
    names |= names_of(missing, today)
    order = {unit_id: place for place, unit_id in enumerate(names)}
    below.sort(key=lambda one: order[one.unit_id])
    return {
        "lines": lines,
        "line": next((one for one in lines if one.year == year), None),
        "years": sorted(
            {*own_years, *range(made.first_year, min(made.last_year or today.year, today.year) + 1)}
        ),
        "parts": [(one, names[one.unit_id]) for one in below] if len(below) > 1 else [],
        "measured_on": rules.measured_on(year, today),
        "pilots": sum(count for (_, phase), count in taking.items() if phase == Member.Phase.PILOT),
        "rolled_out": sum(count for (_, phase), count in taking.items() if phase == Member.Phase.ROLL_OUT),
        "may_aim": access.may_edit(request.user, made, area),
    }


@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The plan of an area and the bodies that lead the programme there."""
    found = frame_of(request, code)
    context = found.context("plan", (gettext("Plan and bodies"), ""))
    if found.area is not None:
        stages = PlanStage.objects.filter(programme=found.programme, area_id=found.area.unit_id)
        seats = list(Seat.objects.filter(programme=found.programme, area_id=found.area.unit_id))
        seats.sort(key=lambda one: (words.RANK[Seat.Role(one.role)], one.pk))
        names = names_of({one.of_unit_id for one in seats}, found.today)
        context |= {
            "stages": [_stage(one, found) for one in stages.select_related("document")],
            "bodies": [
                (label, [_seat(one, names) for one in seats if one.body == body and found.today in one.valid])
                for body, label in words.BODIES.items()
            ],
            "earlier": [
                (words.BODIES[Seat.Body(one.body)], *_seat(one, names))
                for one in seats
                if found.today not in one.valid
            ],
            "may_edit": access.may_edit(request.user, found.programme, found.area),
        }
    return render(request, "programmes/plan.html", context)


def _stage(one: PlanStage, found: Frame) -> tuple[PlanStage, str, Any]:
    state = rules.progress(one.starts_on, one.ends_on, one.done_on, found.today)
    return one, state.value, words.PROGRESS[state]


def _seat(one: Seat, names: Any) -> tuple[Seat, Any, Any]:
    return one, words.ROLES[Seat.Role(one.role)], names.get(one.of_unit_id)


@require_safe
def members(request: HttpRequest, code: str) -> HttpResponse:
    """The units that take part or took part, found by area, name and phase."""
    found = frame_of(request, code)
    asked = request.GET.get(PHASE, "")
    phase = asked if asked in Member.Phase.values else ""
    sought = search_of(request).replace("\x00", "")
    context = {
        **found.context("members", (gettext("Units taking part"), "")),
        "words": sought,
        "phase": phase,
        "phases": [(value.value, label) for value, label in words.PHASES.items()],
        "is_filtered": bool(phase or sought or not found.is_whole),
        "may_choose": access.may_edit(request.user, found.programme, found.area),
    }
    if found.area is not None:
        rows = queries.members(found.programme, found.area.path, found.today, sought, phase)
        page = page_of(request, rows.select_related("document"))
        context |= {
            "page": page,
            "rows": [
                (one, queries.called(one), words.PHASES[Member.Phase(one.phase)]) for one in page.object_list
            ],
        }
    return render(request, "programmes/members.html", context)


@require_safe
def money(request: HttpRequest, code: str) -> HttpResponse:
    """The budget as far as the person may see it: by year, by place, line by line."""
    found = frame_of(request, code)
    context = found.context("money", (gettext("Budget"), ""))
    if found.area is None or not access.may_read_money(request.user, found.programme):
        return render(request, "programmes/money.html", context)
    lines = access.readable_lines(request.user, found.programme)
    if not found.is_whole:
        lines = lines.filter(queries.within(found.area.path, found.today))
    sums = budget.totals(lines, found.today)
    year = found.year(request) if "nam" in request.GET else None
    names = {one.unit_id: unit_name(one) for one in found.areas}
    shown = lines.filter(year=year) if year else lines
    page = page_of(request, shown.select_related("document").order_by("-year", "unit", "pk"))
    missing = {one.unit_id for one in page.object_list} | {province for _, province, _ in sums} - set(names)
    names |= names_of(missing, found.today)
    order = {unit_id: place for place, unit_id in enumerate(names)}
    kept = access.with_own_budget(request.user, found.programme, {one.unit_id for one in page.object_list})
    new_line = reverse("programme_row_new", args=[code, "kinh-phi"])
    begins = access.where_to_keep_budget(request.user, found.programme, found.area)
    context |= {
        "may_read": True,
        "by_year": budget.by(sums, 0),
        "by_place": [
            (names.get(place or 0) or unit_name(found.areas[0]), one)
            for place, one in sorted(budget.by(sums, 1, year), key=lambda pair: order.get(pair[0] or 0, -1))
        ],
        "whole": budget.whole(sums.values()),
        "page": page,
        "rows": [(one, names[one.unit_id], one.unit_id in kept) for one in page.object_list],
        "year": year,
        "years": sorted({key[0] for key in sums}, reverse=True),
        "new_line": f"{new_line}?{AREA}={begins}" if begins else "",
    }
    return render(request, "programmes/money.html", context)
