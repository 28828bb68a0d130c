"""Spot checks: what is to be re-checked, draws, one re-check, and how inflated findings were."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from kieumau.accounts.doors import Denied
from kieumau.accounts.models import User
from kieumau.accounts.scopes import in_scope_of_each, units_in_scope
from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.models import Criterion
from kieumau.kernel.messages import Refused
from kieumau.kernel.numbers import whole_number
from kieumau.rechecks import access, actions, queries
from kieumau.rechecks.asking import asked
from kieumau.rechecks.differing import compared_with, said, to_be_weighed
from kieumau.rechecks.forms import Checking, Drawing
from kieumau.rechecks.models import Draw
from kieumau.rechecks.queries import UnitInflation
from kieumau.rechecks.verifying import verify
from kieumau.rounds.access import over, readable_round
from kieumau.rounds.finding import names
from kieumau.rounds.models import Round
from kieumau.rounds.rules import Place, Stage, State
from kieumau.rounds.words import place_word
from kieumau.units.models import Level, Term
from kieumau.units.over import Over
from kieumau.units.queries import terms
from kieumau.web.paging import page_of
from kieumau.web.sentences import sentences

REFUSED = 422
MOST_SHOWN = 20
AGAIN = "rut-lai"
POSTED = ["GET", "HEAD", "POST"]


@require_safe
@login_required
def rechecks(request: HttpRequest) -> HttpResponse:
    """What waits for the person to be looked at again, the draws of his area, and where he may draw."""
    if not access.may_anywhere(request.user):
        raise Denied(access.CHECK)
    page = page_of(request, queries.waiting_for(request.user))
    on = timezone.localdate()
    differing = said(to_be_weighed(request.user), MOST_SHOWN)
    units = {one.dossier.unit_id for one in page.object_list} | {one.unit_id for one in differing}
    named = names(units, on, get_language() or "vi")
    drawn = Draw.objects.select_related("round")
    seen = [access.DRAW, access.AUDIT]
    pks = (in_scope_of_each(drawn, request.user, one, "area_id", "round__programme__code") for one in seen)
    draws = drawn.filter(reduce(or_, (Q(pk__in=rows.order_by().values("pk")) for rows in pks)))
    context = {
        "checkers": access.checkers(),
        "page": page,
        "rows": [(one, named.get(one.dossier.unit_id, "–")) for one in page.object_list],
        "draws": list(draws[:MOST_SHOWN]),
        "differing": [(one, named.get(one.unit_id, "–")) for one in differing],
        "rounds": list(Round.objects.filter(
            pk__in=queries.finished(request.user).values("round_id")).order_by("-made_at")[:MOST_SHOWN]),
    }  # fmt: skip
    return render(request, "rechecks/rechecks.html", context)


@require_http_methods(POSTED)
@login_required
def recheck_draw(request: HttpRequest, round_id: int) -> HttpResponse:
    """Draw a sample among the dossiers of a round that are through all stages."""
    made = readable_round(request.user, round_id)
    on = made.period.ends_before - ONE_DAY
    programme = made.programme.code if made.programme else ""
    allowed = units_in_scope(request.user, access.DRAW, programme)
    within = terms(on).filter(unit_id__in=allowed)
    areas = sorted((one for one in within if one.level <= Level.PROVINCE), key=lambda one: one.level)
    if not areas:
        raise Denied(access.DRAW, over(made))
    there_are = Criterion.objects.filter(criteria_set=made.criteria_set_id).count()
    form = Drawing(request.POST or None, areas=queries.of_the_round(made, areas), there_are=there_are)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            drawn = actions.draw(
                made,
                area_id=data["area"],
                size=form.size,
                reason=data["reason"],
                actor=cast(User, request.user),
                now=timezone.now(),
            )
            return redirect("recheck_drawn", drawn.pk)
        except Refused as refused:
            problems = sentences(refused)
    context = {
        "checkers": access.checkers(),
        "round": made,
        "form": form,
        "problems": problems,
        "drawn": Draw.objects.filter(round=made).order_by("number").defer("frame"),
        "crumbs": _crumbs((made.name, "")),
    }
    status = REFUSED if problems or form.errors else 200
    return render(request, "rechecks/draw.html", context, status=status)


@require_safe
@login_required
def recheck_drawn(request: HttpRequest, draw_id: int) -> HttpResponse:
    """One draw: its seed, what it was drawn from, what was drawn, how far the re-checks are.

    With `?rut-lai` it is done again and compared.
    """
    drawn = Draw.objects.select_related("round__period__calendar", "round__programme", "area").filter(
        pk=draw_id
    ).first()  # fmt: skip
    if drawn is None:
        raise Http404
    if not access.may_read(request.user, drawn):
        raise Denied(access.CHECK, Over(drawn.area_id, over(drawn.round).programme))
    found = list(queries.checks(drawn))
    on = drawn.round.period.ends_before - ONE_DAY
    left_out = drawn.left_out or []
    units = {drawn.area_id, *(one.dossier.unit_id for one in found), *(unit for unit, *_ in left_out)}
    named = names(units, on, get_language() or "vi")
    context = {
        "checkers": access.checkers(),
        "draw": drawn,
        "area": named.get(drawn.area_id, "–"),
        "rows": [(one, named.get(one.dossier.unit_id, "–")) for one in found],
        "left_out": [
            (named.get(unit, "–"), place_word(Place(Stage(stage), State(state))))
            for unit, stage, state in left_out
        ],
        "done": sum(one.outcome is not None for one in found),
        "others": Draw.objects.filter(round=drawn.round_id)
        .exclude(pk=drawn.pk)
        .order_by("number")
        .defer("frame"),
        "again": verify(drawn) if AGAIN in request.GET else None,
        "crumbs": _crumbs((gettext("Draw"), "")),
    }
    return render(request, "rechecks/drawn.html", context)


@require_http_methods(POSTED)
@login_required
def recheck(request: HttpRequest, recheck_id: int) -> HttpResponse:
    """One criterion of one dossier, looked at again: what was found stays."""
    one = queries.one(recheck_id)
    if one is None:
        raise Http404
    may_check = access.may_check(request.user, one)
    if not may_check and (request.method == "POST" or not access.may_see(request.user, one)):
        raise Denied(access.CHECK, Over(one.dossier.unit_id, over(one.draw.round).programme))
    form = Checking(request.POST or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.check(
                one.pk,
                outcome=data["outcome"],
                remark=data["remark"].replace("\x00", ""),
                actor=cast(User, request.user),
                now=timezone.now(),
            )
            messages.success(request, gettext("The re-check is put down."))
            return redirect("rechecks")
        except Refused as refused:
            problems = sentences(refused)
    on = one.draw.round.period.ends_before - ONE_DAY
    context = {
        **asked(request.user, one),
        "recheck": one,
        "compared_with": compared_with(one),
        "unit": names({one.dossier.unit_id}, on, get_language() or "vi").get(one.dossier.unit_id, "–"),
        "form": form,
        "may_check": may_check,
        "problems": problems,
        "crumbs": _crumbs((one.criterion.code, "")),
    }
    status = REFUSED if problems or form.errors else 200
    return render(request, "rechecks/recheck.html", context, status=status)


@require_safe
@login_required
def inflation(request: HttpRequest, round_id: int) -> HttpResponse:
    """How inflated findings were: units against verifiers, verifiers against re-checks; `?tinh=` by unit."""
    made = readable_round(request.user, round_id)
    if not access.may_anywhere(request.user):
        raise Denied(access.CHECK)
    units = queries.by_unit(made, queries.compared(made, request.user))
    provinces = queries.by_province(units)
    chosen = whole_number(request.GET.get("tinh"))
    on = made.period.ends_before - ONE_DAY
    context: dict[str, Any] = {"round": made, "crumbs": _crumbs((made.name, ""))}
    if chosen in provinces:
        inside = [one for one in units if one.province_id == chosen]
        named = names({one.unit_id for one in inside}, on, get_language() or "vi")
        context["units"] = [(named.get(one.unit_id, "–"), one) for one in _in_order(inside, on)]
    else:
        inside_of = Term.objects.filter(unit__in=provinces, valid__contains=on).order_by("sort_key")
        context["provinces"] = [
            (term.full_name(get_language() or "vi"), term.unit_id, *provinces[term.unit_id])
            for term in inside_of.select_related("kind")
        ]
    return render(request, "rechecks/inflation.html", context)


def _in_order(units: list[UnitInflation], on: date) -> list[UnitInflation]:
    """Units of which anything is compared, then the others, each in Vietnamese order. One query."""
    there = Term.objects.filter(unit__in={one.unit_id for one in units}, valid__contains=on)
    sorted_ids = there.order_by("sort_key", "code").values_list("unit", flat=True)
    place = {unit: at for at, unit in enumerate(sorted_ids)}
    return sorted(units, key=lambda one: (one.is_silent, place.get(one.unit_id, len(place))))


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(gettext("Re-checks"), reverse("rechecks")), *more]
