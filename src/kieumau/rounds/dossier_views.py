"""A dossier and its criteria: seen, answered, proven, moved on."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kieumau.accounts.models import User
from kieumau.criteria.rules import Points
from kieumau.kernel.messages import Refused, Text
from kieumau.rounds import access, actions, words
from kieumau.rounds.dossier_page import Line, Page, page_of
from kieumau.rounds.failures import SaidMeanwhile
from kieumau.rounds.forms import Answer, filled
from kieumau.rounds.models import Dossier, StageFinding
from kieumau.rounds.proof_page import proof_of
from kieumau.rounds.rules import SIDE_OF, Act, Side, State
from kieumau.units.queries import history
from kieumau.web.synthetic import page_is_about

DIFFERS, REFUSED = 409, 422


@require_safe
@login_required
def dossier(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """A unit's dossier: where it stands, every criterion at every stage, what may be done."""
    return _show(request, access.readable(request.user, dossier_id))


def _show(request: HttpRequest, found: Dossier, problems: list[str] | None = None) -> HttpResponse:
    page = page_of(found, timezone.now())
    context = {
        **_frame(request, found, page),
        "problems": problems or [],
        "counts": page.result.counts.by_outcome(),
        "may_end": access.may_end(request.user, found) and page.acts & {Act.SUBMIT, Act.CONCLUDE},
        "may_send_back": access.may_send_back(request.user, found) and Act.SEND_BACK in page.acts,
        "is_with_unit": SIDE_OF[page.place.stage] is Side.UNIT,
        "history": [(words.ACTS[Act(one.act)], one) for one in reversed(page.moves)],
    }
    return render(request, "rounds/dossier.html", context, status=REFUSED if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier_criterion(request: HttpRequest, dossier_id: int, code: str) -> HttpResponse:
    """One criterion of a dossier: what each stage found, its evidence, and the answer at this stage.

    409 with both values where somebody else was faster; 422 where the answer cannot be. What was typed
    stays on the page.
    """
    found = access.readable(request.user, dossier_id)
    page = page_of(found, timezone.now())
    line = _line(page, code)
    if request.method != "POST":
        return _ask(request, page, line, filled(line, page.place.stage, _most_points(page, line)))
    if not access.may_work(request.user, found):
        raise Http404
    form = Answer(request.POST, most_points=_most_points(page, line))
    if not form.is_valid():
        return _ask(request, page, line, form, status=REFUSED)
    try:
        _save(request, page, line, form)
    except SaidMeanwhile as meanwhile:
        return _ask(request, page, line, form, theirs=meanwhile.theirs, status=DIFFERS)
    except Refused as refused:
        return _ask(request, page, line, form, problems=_sentences(refused), status=REFUSED)
    messages.success(request, gettext("Saved."))
    return _go_on(request, found, code)


def _save(request: HttpRequest, page: Page, line: Line, form: Answer) -> StageFinding:
    return actions.say(
        page.dossier.pk,
        criterion=line.criterion.code,
        stage=page.place.stage,
        said=form.said,
        seen=form.cleaned_data["seen"],
        actor=cast(User, request.user),
        now=timezone.now(),
    )


def _go_on(request: HttpRequest, found: Dossier, code: str) -> HttpResponse:
    """To the next criterion that lacks something, or back to the dossier."""
    if request.POST.get("do") == "next":
        following = page_of(found, timezone.now()).next_after(code)
        if following is not None:
            return redirect("dossier_criterion", found.pk, following.criterion.code)
    return redirect(reverse("dossier", args=[found.pk]) + f"#c-{code}")


def _ask(
    request: HttpRequest,
    page: Page,
    line: Line,
    form: Answer,
    *,
    theirs: StageFinding | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    found, code = page.dossier, line.criterion.code
    is_open = page.place.state in {State.OPEN, State.SENT_BACK} and page.is_in_time
    reopened = page.sent_back.criteria if page.sent_back else []
    is_reopened = not reopened or code in reopened
    may_work = is_open and is_reopened and access.may_work(request.user, found)
    if theirs is not None:  # what is typed stays, and goes over theirs when it is sent again
        form.data = {**request.POST.dict(), "seen": str(theirs.version)}
    context = {
        **_frame(request, found, page, (code, "")),
        "line": line,
        "form": form,
        "theirs": theirs,
        "problems": problems or [],
        "may_answer": may_work and not (line.is_measured and SIDE_OF[page.place.stage] is Side.UNIT),
        "proof": proof_of(page, line, may_work=may_work),
        "findings": [(words.STAGES[stage], one) for stage, one in line.found.items()],
        "is_frozen": found.frozen is not None,
    }
    return render(request, "rounds/criterion.html", context, status=status)


@require_POST
@login_required
def dossier_move(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Submit, conclude or send back; then the page again, with what was wrong if anything was."""
    found = access.readable(request.user, dossier_id)
    try:
        messages.success(request, _moves(request, found))
    except Refused as refused:
        found.refresh_from_db()
        return _show(request, found, _sentences(refused))
    return redirect("dossier", found.pk)


def _moves(request: HttpRequest, found: Dossier) -> str:
    """Do what was asked for; what to say of it. Raises `Refused`; 404 for who may not."""
    now, actor = timezone.now(), cast(User, request.user)
    text = request.POST.get("version", "")
    seen = int(text) if text.isdecimal() else None
    match request.POST.get("do"):
        case "submit" if access.may_end(actor, found):
            actions.submit(found.pk, actor=actor, now=now, seen=seen)
            return gettext("Submitted.")
        case "conclude" if access.may_end(actor, found):
            actions.conclude(found.pk, actor=actor, now=now, seen=seen)
            return gettext("The stage is concluded.")
        case "send_back" if access.may_send_back(actor, found):
            actions.send_back(
                found.pk,
                actor=actor,
                now=now,
                reason=request.POST.get("reason", "").replace("\x00", "")[:2000],
                criteria=request.POST.getlist("criteria"),
                due_until=_day(request.POST.get("until", "")),
                seen=seen,
            )
            return gettext("Sent back.")
        case _:
            raise Http404


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _line(page: Page, code: str) -> Line:
    line = page.line(code)
    if line is None:
        raise Http404
    return line


def _most_points(page: Page, line: Line) -> Any:
    points = line.criterion.points
    return points.max if points is not None and isinstance(page.said.rule, Points) else None


def _sentences(refused: Refused) -> list[str]:
    return [problem.in_(get_language() or "vi") for problem in refused.problems]


def _frame(request: HttpRequest, found: Dossier, page: Page, *more: tuple[str, str]) -> dict[str, Any]:
    """What both pages show around: the unit, the round, the way there, the stages."""
    page_is_about(request, [int(found.path.split(".")[0])])
    name = unit_name(found)
    here = name.in_(get_language() or "vi")
    crumbs = [
        (gettext("Rounds"), reverse("rounds")),
        (found.round.name, reverse("round", args=[found.round_id])),
        (here, reverse("dossier", args=[found.pk])),
        *more,
    ]
    steps = [(stage, words.STAGES[stage], _tense(page, int(stage))) for stage in page.stages]
    return {
        "dossier": found,
        "page": page,
        "unit_name": name,
        "crumbs": crumbs,
        "steps": steps,
        "place": words.place_word(page.place),
    }


def unit_name(found: Dossier) -> Text:
    """What the unit was called in the period. One query."""
    last = history(found.unit_id).filter(valid__startswith__lt=found.round.period.ends_before).last()
    if last is None:
        raise Http404
    return Text(vi=last.full_name("vi"), en=last.full_name("en"))


def _tense(page: Page, stage: int) -> str:
    """Is a stage done, worked on now, or still to come?"""
    at = page.place
    if at.state in {State.CONCLUDED, State.DECIDED} or stage < at.stage:
        return "done"
    return "now" if stage == at.stage else "later"
