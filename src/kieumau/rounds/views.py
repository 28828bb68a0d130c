"""Rounds: the list, and how far one is."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kieumau.calendars.library import calendar, decode
from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.queries import definition
from kieumau.rounds import access, overview, words
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import Place, Stage, State
from kieumau.units.models import Term
from kieumau.web.paging import page_of, search_of

AREA, WHERE = "tinh", "o-dau"


@require_safe
@login_required
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds that the person has to do with, newest first."""
    page = page_of(request, overview.readable_rounds(request.user).order_by("-made_at", "-pk"))
    rows = [(one, words.ROUND_STATES[Round.State(one.state)], period_label(one)) for one in page.object_list]
    return render(request, "rounds/rounds.html", {"page": page, "rows": rows})


@require_safe
@login_required
def round_(request: HttpRequest, round_id: int) -> HttpResponse:
    """How far a round is: by province and by criterion, or the units of one province."""
    made = access.readable_round(request.user, round_id)
    found = overview.dossiers(made, request.user)
    on = made.period.ends_before - ONE_DAY
    context: dict[str, Any] = {
        "round": made,
        "period": period_label(made),
        "state": words.ROUND_STATES[Round.State(made.state)],
        "deadlines": [
            (words.STAGES[Stage(one.stage)], one.due_on) for one in made.deadlines.order_by("stage")
        ],
        "stages": [(Stage(stage), words.STAGES[Stage(stage)]) for stage in made.stages],
        "crumbs": [(gettext("Rounds"), reverse("rounds")), (made.name, "")],
        "may_extend": access.may_extend(request.user, made, made.area_id),
    }
    if made.state == Round.State.PREPARING:
        context["ready"] = Dossier.objects.filter(round=made).count()
        return render(request, "rounds/preparing.html", context)
    whole, parts = overview.tallies(found, on)
    context |= {"whole": whole, "parts": parts}
    chosen = request.GET.get(AREA, "")
    if len(parts) == 1 or chosen.isdecimal():
        context |= _units(request, found, int(chosen) if chosen.isdecimal() else parts[0].unit_id, on)
    else:
        counted = overview.by_criterion(found)
        context["criteria"] = [
            (one, counted.get(one.code, {})) for one in definition(made.criteria_set).criteria
        ]
    return render(request, "rounds/round.html", context)


def _units(request: HttpRequest, found: Any, province_id: int | None, on: Any) -> dict[str, Any]:
    """The units of one province, found by name, with where each stands."""
    found = found.filter(province_id=province_id)
    words_, rows = search_of(request), []
    named = Term.objects.filter(unit__in=found.values("unit_id"), valid__contains=on).select_related("kind")
    if words_:
        named = named.filter(name__icontains=words_)
    page = page_of(request, named.order_by("sort_key"))
    by_unit = {one.unit_id: one for one in found.filter(unit__in=[term.unit_id for term in page.object_list])}
    for term in page.object_list:
        one = by_unit[term.unit_id]
        rows.append((term, one, words.place_word(Place(Stage(one.stage), State(one.state)))))
    return {"rows": rows, "page": page, "words": words_, "chosen": province_id, "keep": [(AREA, province_id)]}


def period_label(made: Round) -> Any:
    """What the period is called, in both languages."""
    window = decode(made.period_id)
    return calendar(window.calendar).label(window)
