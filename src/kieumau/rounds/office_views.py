"""What an office does with a round: opens it, extends it, gives it teams, closes it."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from kieumau.accounts.doors import require
from kieumau.accounts.models import User
from kieumau.accounts.scopes import units_in_scope
from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.models import CriteriaSet
from kieumau.kernel.messages import Refused
from kieumau.rounds import access, actions, words
from kieumau.rounds.again import Elsewhere, elsewhere, token
from kieumau.rounds.extended import of_round
from kieumau.rounds.jobs import open_soon, prepare_anew
from kieumau.rounds.models import Round, Team
from kieumau.rounds.office_forms import Assigning, Closing, Ending, Extending
from kieumau.rounds.opening_form import Opening
from kieumau.rounds.overtaking import GoesPast, gone_past
from kieumau.rounds.previewing import Part, parts_of
from kieumau.rounds.teams import able_teams
from kieumau.units.models import Level, Term
from kieumau.units.over import Over
from kieumau.units.queries import terms
from kieumau.web.sentences import sentences

REFUSED = 422
POSTED = ["GET", "HEAD", "POST"]


@require_http_methods(POSTED)
@login_required
def round_new(request: HttpRequest) -> HttpResponse:
    """Open a round: first seen with its units by name and everything that is wrong, then asked for.

    Where another round of the programme or set and period has some of them, it opens if sent knowingly.
    """
    require(request.user, access.OPEN)
    on = timezone.localdate()
    areas = _areas(request, access.OPEN, on)
    sets = list(CriteriaSet.objects.defer(*access.LARGE).order_by("code", "-version"))
    form = Opening(request.POST or None, areas=areas, sets=sets, on=on, initial={"period": str(on.year)})
    problems: list[str] = []
    expected: int | None = None
    foreseen: list[Part] = []
    there: list[Elsewhere] = []
    if request.method == "POST" and form.is_valid():
        wish, now = form.wish, timezone.now()
        programme = wish.programme.code if wish.programme else ""
        require(request.user, access.OPEN, Over(wish.area_id, programme))
        there = elsewhere(wish)
        is_known = request.POST.get("knowing", "") == token(there)
        try:
            if is_known and ("knowing" in request.POST or request.POST.get("do") == "open"):
                made = open_soon(wish, actor=cast(User, request.user), now=now)
                return redirect("round", made.pk)
            foreseen = parts_of(wish)
            expected = sum(part.count for part in foreseen)
            problems = sentences(actions.wrong_with(wish, expected, on))
        except Refused as refused:
            problems = sentences(refused)
    context = {
        "form": form,
        "problems": problems,
        "expected": expected,
        "foreseen": foreseen,
        "there": [one.text for one in there],
        "token": token(there),
        "crumbs": [(gettext("Rounds"), reverse("rounds")), (gettext("Open a round"), "")],
    }
    is_asked = bool(there) and request.POST.get("do") != "preview"
    status = REFUSED if problems or form.errors or is_asked else 200
    return render(request, "rounds/new.html", context, status=status)


@require_http_methods(POSTED)
@login_required
def round_extend(request: HttpRequest, round_id: int) -> HttpResponse:
    """More time for an area or single units, with its reason; and what was extended before.

    That it goes past the last day of a later stage is said before it is given, and it is if sent knowingly.
    """
    made = _looked_after(request, round_id, access.EXTEND)
    areas = _areas(request, access.EXTEND, made.period.ends_before - ONE_DAY, made)
    form = Extending(request.POST or None, areas=areas, made=made)
    asked = ""

    @transaction.atomic
    def do(now: Any) -> str:
        nonlocal asked
        data = form.cleaned_data
        given = actions.extend_each(
            made,
            stage=data["stage"],
            area_ids=form.area_ids,
            due_on=data["due_on"],
            reason=data["reason"],
            actor=cast(User, request.user),
            now=now,
        )
        if past := gone_past(given):
            asked = f"{data['stage'].key}:{data['due_on']}"
            if request.POST.get("knowing") != asked:
                raise GoesPast(past)
            for one in past:
                messages.warning(request, one.in_(get_language() or "vi"))
        return gettext("Extended.")

    def more() -> dict[str, Any]:
        return {"extensions": of_round(made), "knowing": asked}

    return _doing(request, made, form, "rounds/extend.html", gettext("Extend a deadline"), do, more)


@require_http_methods(POSTED)
@login_required
def round_teams(request: HttpRequest, round_id: int) -> HttpResponse:
    """The teams that verify and urge single criteria, and a new one."""
    made = _looked_after(request, round_id, access.OPEN)
    areas = _areas(request, access.OPEN, made.period.ends_before - ONE_DAY, made)
    form = Assigning(request.POST or None, areas=areas, made=made)

    def do(now: Any) -> str:
        actions.assign_team(
            made,
            area_id=form.area_id,
            name=form.cleaned_data["name"],
            criteria=form.cleaned_data["criteria"],
            people=list(form.cleaned_data["people"]),
            actor=cast(User, request.user),
            now=now,
        )
        return gettext("The team is there.")

    def more() -> dict[str, Any]:
        teams = list(
            Team.objects.filter(round=made)
            .prefetch_related("criteria", "people")
            .order_by(F("ended_at").asc(nulls_first=True), "name")
        )
        names = _names([one.area_id for one in teams], made)
        able = able_teams(made, timezone.localdate())
        return {"teams": [(one, names.get(one.area_id), one.pk in able) for one in teams]}

    return _doing(request, made, form, "rounds/teams.html", gettext("Teams"), do, more)


@require_http_methods(POSTED)
@login_required
def round_team(request: HttpRequest, round_id: int, team_id: int) -> HttpResponse:
    """Change one team, or end it with why."""
    made = _looked_after(request, round_id, access.OPEN)
    team = Team.objects.filter(round=made, pk=team_id, ended_at=None).first()
    if team is None:
        raise Http404
    is_ending = request.POST.get("do") == "end"
    changing = Assigning(None if is_ending else request.POST or None, areas=[], made=made, team=team)
    ending = Ending(request.POST if is_ending else None)
    do = _ending(request, team, ending) if is_ending else _changing(request, team, changing)

    def more() -> dict[str, Any]:
        return {"changing": changing, "ending": ending, "team": team}

    form = ending if is_ending else changing
    return _doing(request, made, form, "rounds/team.html", gettext("Change the team"), do, more)


def _changing(request: HttpRequest, team: Team, form: Assigning) -> Callable[[Any], str]:
    """What saving a team does; where somebody was faster, sending it again changes what stands then."""

    def do(now: Any) -> str:
        data = form.cleaned_data
        try:
            actions.change_team(
                team,
                name=data["name"],
                criteria=data["criteria"],
                people=list(data["people"]),
                seen=data["seen"] or 0,
                actor=cast(User, request.user),
                now=now,
            )
        except Refused:
            stands = Team.objects.values_list("version", flat=True).get(pk=team.pk)
            typed = request.POST.copy()
            typed["seen"] = str(stands)
            form.data = typed
            raise
        return gettext("The team is changed.")

    return do


def _ending(request: HttpRequest, team: Team, form: Ending) -> Callable[[Any], str]:
    """What ending a team does."""

    def do(now: Any) -> str:
        actions.end_team(
            team,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"] or 0,
            actor=cast(User, request.user),
            now=now,
        )
        return gettext("The team has ended.")

    return do


@require_http_methods(POSTED)
@login_required
def round_close(request: HttpRequest, round_id: int) -> HttpResponse:
    """Close a round for good, saying why."""
    made = _looked_after(request, round_id, access.OPEN)
    form = Closing(request.POST or None)

    def do(now: Any) -> str:
        actions.close(made, reason=form.cleaned_data["reason"], actor=cast(User, request.user), now=now)
        return gettext("The round is closed.")

    return _doing(request, made, form, "rounds/close.html", gettext("Close the round"), do, dict)


@require_http_methods(POSTED)
@login_required
def round_cancel(request: HttpRequest, round_id: int) -> HttpResponse:
    """Give up a round that is not open yet, or have it prepared anew; either with why."""
    made = _looked_after(request, round_id, access.OPEN)
    form = Closing(request.POST or None)

    def do(now: Any) -> str:
        said: dict[str, Any] = {
            "reason": form.cleaned_data["reason"],
            "actor": cast(User, request.user),
            "now": now,
        }
        if request.POST.get("do") == "anew":
            prepare_anew(made, **said)
            return gettext("The round is prepared anew.")
        actions.cancel(made, **said)
        return gettext("The round is cancelled.")

    def more() -> dict[str, Any]:
        return {"tree": actions.readiness(made)}

    title = gettext("Cancel, or prepare anew")
    return _doing(request, made, form, "rounds/cancel.html", title, do, more, state=Round.State.PREPARING)


def _doing(
    request: HttpRequest,
    made: Round,
    form: Any,
    template: str,
    title: str,
    do: Callable[[Any], str],
    more: Callable[[], dict[str, Any]],
    state: Round.State = Round.State.OPEN,
) -> HttpResponse:
    """Do what was sent, and say so on the round's page; else the form, with what is wrong.

    In another state of the round there is nothing to be done: its page says so.
    """
    if made.state != state:
        is_ = words.ROUND_STATES[Round.State(made.state)]
        messages.error(request, gettext("That cannot be done now: the round is %(state)s.") % {"state": is_})
        return redirect("round", made.pk)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, do(timezone.now()))
            return redirect("round", made.pk)
        except Refused as refused:
            problems = sentences(refused)
    context = {
        "round": made,
        "form": form,
        "problems": problems,
        "title": title,
        "crumbs": [
            (gettext("Rounds"), reverse("rounds")),
            (made.name, reverse("round", args=[made.pk])),
            (title, ""),
        ],
        **more(),
    }
    return render(request, template, context, status=REFUSED if problems or form.errors else 200)


def _looked_after(request: HttpRequest, round_id: int, permission: str) -> Round:
    """A round, for somebody who may do that over its whole area and programme. `Denied` otherwise."""
    made = access.readable_round(request.user, round_id)
    require(request.user, permission, access.over(made))
    return made


def _areas(request: HttpRequest, permission: str, on: date, made: Round | None = None) -> list[Term]:
    """The countries and provinces, and single units held, in which somebody may do that. One query."""
    programme = made.programme.code if made and made.programme else ""
    allowed = units_in_scope(request.user, permission, programme)
    within = terms(on).filter(unit_id__in=allowed)
    large = within.filter(unit__positions__level__lte=Level.PROVINCE, unit__positions__valid__contains=on)
    found = sorted(large.distinct(), key=lambda one: one.level) or list(within[:50])
    if made is not None:
        area = next((one.path for one in terms(on).filter(unit_id=made.area_id)), "")
        found = [one for one in found if one.path.startswith(area)]
    return found


def _names(unit_ids: list[int], made: Round) -> dict[int, Term]:
    on = made.period.ends_before - ONE_DAY
    named = Term.objects.filter(unit__in=unit_ids, valid__contains=on).select_related("kind")
    return {one.unit_id: one for one in named}
