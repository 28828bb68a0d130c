"""Rounds: the list, how far one is, and the units of one as a list or a file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kieumau.accounts.doors import Denied
from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.queries import definition
from kieumau.exports.formats import FORMATS, csv_bytes
from kieumau.exports.rows import Column
from kieumau.rounds import access, finding, overview, words
from kieumau.rounds.actions import readiness
from kieumau.rounds.again import area_names
from kieumau.rounds.extended import of_round
from kieumau.rounds.jobs import is_given_up
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import Place, Stage, State
from kieumau.rounds.steps import key_of, points_of, steps_of, table
from kieumau.units.models import Level
from kieumau.web.paging import page_of, search_of

AREA, WHERE = "tinh", "o-dau"
COLUMNS = [
    Column("code"),
    Column("name"),
    Column("province"),
    Column("stage"),
    Column("state"),
    Column("due_on", "day"),
    Column("submitted_at"),
]


@require_safe
@login_required
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds that the person has to do with, newest first."""
    page = page_of(request, overview.readable_rounds(request.user).order_by("-made_at", "-pk"))
    found = list(page.object_list)
    areas = area_names(found)
    rows = [
        (one, words.ROUND_STATES[Round.State(one.state)], words.period_label(one), areas[one.pk])
        for one in found
    ]
    may_open = request.user.has_perm(access.OPEN)
    return render(request, "rounds/rounds.html", {"page": page, "rows": rows, "may_open": may_open})


@require_safe
@login_required
def round_(request: HttpRequest, round_id: int) -> HttpResponse:
    """How far a round is: by province and by criterion, or the units that are looked for."""
    made, is_opener = access.round_to_count(request.user, round_id)
    if made.state in {Round.State.PREPARING, Round.State.CANCELLED}:
        return _preparing(request, made, is_opener=is_opener)
    found = overview.dossiers(made, request.user)
    asked = finding.sought(request.GET, search_of(request), AREA, WHERE)
    far = overview.far(
        made, found, timezone.localdate(), province_id=asked.province_id, by_criterion=not asked.is_asked
    )
    if not far.whole.count and not is_opener and not access.audits(request.user, made):
        raise Denied(access.READ, access.over(made))
    is_open = made.state == Round.State.OPEN
    context = (
        _frame(made)
        | _steps(made, far, asked)
        | {
            "whole": far.whole,
            "parts": far.parts,
            "may_look_after": is_opener and is_open,
            "may_extend": is_open and access.may_look_after(request.user, access.EXTEND, made),
        }
    )
    if asked.is_asked or len(far.parts) == 1:
        context |= _units(request, made, found, asked)
    else:
        said = definition(made.criteria_set).criteria
        context["criteria"] = [(one, far.counted.get(one.code, {})) for one in said]
    return render(request, "rounds/round.html", context)


def _steps(made: Round, far: overview.Far, asked: finding.Sought) -> dict[str, Any]:
    """How far the dossiers are step by step, and what the list of units can be asked for."""
    is_decided = made.programme is not None or bool(far.whole.decided)
    steps = steps_of(made.stages, is_decided=is_decided)
    return {
        "is_decided": is_decided,
        "steps": [words.step(one) for one in steps],
        "progress": [(words.PROGRESS[point], cells) for point, cells in table(far.standings, steps)],
        "area_id": asked.province_id,
        "area": next((one.name for one in far.parts if one.unit_id == asked.province_id), None),
        "places": words.places(is_decided=is_decided),
        "places_by_step": [
            (words.step(one), [(key_of(one, point), words.PROGRESS[point]) for point in points_of(one)])
            for one in steps
        ],
    }


def _preparing(request: HttpRequest, made: Round, *, is_opener: bool) -> HttpResponse:
    """How far preparing is, and why it does not go on; of a cancelled round, why it was."""
    context = _frame(made)
    if made.state == Round.State.PREPARING:
        tree = readiness(made)
        context |= {
            "tree": tree,
            "is_changed": tree.wanted != made.expected_count or bool(tree.extra),
            "is_given_up": is_given_up(made.pk),
            "may_cancel": is_opener,
        }
    return render(request, "rounds/preparing.html", context)


def _frame(made: Round) -> dict[str, Any]:
    """What every page of a round shows of it."""
    due = [(_whose(made, one), date.fromisoformat(one["due_on"])) for one in vars(made)["due"]]
    return {
        "round": made,
        "period": words.period_label(made),
        "area_name": area_names([made])[made.pk],
        "state": words.ROUND_STATES[Round.State(made.state)],
        "deadlines": due,
        "extensions": of_round(made),
        "stages": [(Stage(stage), words.STAGES[Stage(stage)]) for stage in made.stages],
        "crumbs": [(gettext("Rounds"), reverse("rounds")), (made.name, "")],
    }


def _whose(made: Round, one: Mapping[str, Any]) -> str:
    """Whose deadline one is: of a stage, and of the level where it is not for everybody."""
    stage = words.STAGES[Stage(one["stage"])]
    return str(stage) if one["level"] == made.level else f"{stage}: {words.LEVELS[Level(one['level'])]}"


def _units(
    request: HttpRequest, made: Round, found: QuerySet[Dossier], asked: finding.Sought
) -> dict[str, Any]:
    """The units that are looked for, with where each stands."""
    on, today = made.period.ends_before - ONE_DAY, timezone.localdate()
    page = page_of(request, finding.units(made, found, asked, today))
    is_decided = made.programme is not None
    rows = [
        (
            term,
            one,
            words.place_word(place, is_decided=is_decided),
            finding.last_day(one),
            finding.is_late(one, today),
        )
        for term, one in finding.with_names(list(page.object_list), on)
        for place in (Place(Stage(one.stage), State(one.state)),)
    ]
    return {
        "rows": rows,
        "page": page,
        "asked": asked,
        "words": asked.words,
    }


@require_safe
@login_required
def round_csv(request: HttpRequest, round_id: int) -> StreamingHttpResponse:
    """The units that are looked for, where each stands and until when, as CSV."""
    made = access.readable_round(request.user, round_id)
    on, today = made.period.ends_before - ONE_DAY, timezone.localdate()
    asked = finding.sought(request.GET, search_of(request), AREA, WHERE)
    dossiers = list(finding.units(made, overview.dossiers(made, request.user), asked, today))
    provinces = finding.names({one.province_id for one in dossiers if one.province_id}, on)
    rows = [
        (
            term.code,
            term.full_name("vi"),
            provinces.get(one.province_id or 0, ""),
            Stage(one.stage).key,
            one.state,
            finding.last_day(one),
            one.submitted_at.isoformat() if one.submitted_at else "",
        )
        for term, one in finding.with_names(dossiers, on)
    ]
    answer = StreamingHttpResponse(csv_bytes(COLUMNS, [rows]), content_type=FORMATS["csv"].content_type)
    answer["Content-Disposition"] = f'attachment; filename="dot-danh-gia-{made.pk}.csv"'
    return answer
