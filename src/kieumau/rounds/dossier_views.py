"""A dossier and its criteria: seen, answered, proven, moved on."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assignments.access import may_give
from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Points
from kieumau.documents.models import Document
from kieumau.kernel.messages import Refused, Text
from kieumau.kernel.text import search_key
from kieumau.rounds import access, actions, words
from kieumau.rounds.deciding import SENTENCES, Against
from kieumau.rounds.dossier_page import Line, Page, page_of
from kieumau.rounds.failures import SaidMeanwhile
from kieumau.rounds.forms import Answer, Voting, filled
from kieumau.rounds.models import Dossier, Move, StageFinding, Vote
from kieumau.rounds.offers import offered, warned
from kieumau.rounds.proof_page import Judging, on_its_shelves, proof_of
from kieumau.rounds.rules import SIDE_OF, Act, Side, Stage, State
from kieumau.units.queries import history
from kieumau.web.synthetic import page_is_about

DIFFERS, REFUSED = 409, 422
AFTER, OWN, CORRECT = "sau", "cua-toi", "sua"


@require_safe
@login_required
def dossier(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """A unit's dossier: where it stands, every criterion at every stage, what may be done.

    `?sau=<code>`: to the next criterion that lacks something, where there is one.
    """
    found = access.readable(request.user, dossier_id)
    page = page_of(found, timezone.now())
    after = page.line(request.GET.get(AFTER, ""))
    following = page.next_after(after.criterion.code) if after else None
    if following is not None:
        return redirect("dossier_criterion", found.pk, following.criterion.code)
    return _show(request, found, page)


def _show(
    request: HttpRequest, found: Dossier, page: Page, problems: list[str] | None = None
) -> HttpResponse:
    checks = SIDE_OF[page.place.stage] is not Side.UNIT and access.may_work(request.user, found)
    context = {
        **_frame(request, found, page),
        "problems": problems or [],
        "own": frozenset(found.own) if checks else (),  # type: ignore[attr-defined]  # comes with it
        "is_own_only": checks and request.GET.get(OWN) == "1",
        "votes": list(Vote.objects.filter(dossier=found).select_related("correction")),
        "may_vote": access.may_vote(request.user, found) and _is_voted_on(page),
        "counts": page.result.counts.by_outcome(),
        "may_end": access.may_end(request.user, found) and page.acts & {Act.SUBMIT, Act.CONCLUDE},
        "may_send_back": access.may_send_back(request.user, found) and Act.SEND_BACK in page.acts,
        "is_with_unit": SIDE_OF[page.place.stage] is Side.UNIT,
        "may_act": access.may_work(request.user, found) or access.may_end(request.user, found),
        "is_worked_on": bool(page.acts) and page.place.state in {State.OPEN, State.SENT_BACK},
        "side": words.SIDES[SIDE_OF[page.place.stage]],
        "history": _history(page),
        "may_assign": _may_assign(request, page),
        "offered": offered(request.user, found),
        "warned": warned(request.user, found),
        "against": _against(page),
    }
    return render(request, "rounds/dossier.html", context, status=REFUSED if problems else 200)


def _history(page: Page) -> list[tuple[str, Move]]:
    """Every act in words, the last first; of a conclusion also which stage it ended."""
    told, at = [], page.stages[0]
    for one in page.moves:
        act = Act(one.act)
        word = str(words.ACTS[act])
        told.append((f"{word}: {words.STAGES[at]}" if act is Act.CONCLUDE else word, one))
        at = Stage(one.stage)
    return told[::-1]


def _may_assign(request: HttpRequest, page: Page) -> bool:
    """Is there something that is not met, and may the person give assignments about it?"""
    programme = page.dossier.round.programme
    is_unmet = any(line.outcome is Outcome.NOT_MET for line in page.lines)
    return is_unmet and may_give(request.user, page.dossier.unit_id, programme.code if programme else "")


def _against(page: Page) -> list[Text]:
    """What the decision went against, in words; nothing where there is none, or none of the two."""
    decided = page.decided
    if decided is None or decided.is_met is None:
        return []
    return [SENTENCES[Against(one), decided.is_met] for one in decided.against]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier_criterion(request: HttpRequest, dossier_id: int, code: str) -> HttpResponse:
    """One criterion of a dossier: what each stage found, its evidence, and the answer at this stage.

    409 with both values where somebody else was faster; 422 where the answer cannot be. What was typed
    stays on the page.
    """
    found = access.readable(request.user, dossier_id)
    most_points = most_points_of(found, code)
    if request.method != "POST":
        page = page_of(found, timezone.now())
        line = _line(page, code)
        return show_criterion(request, page, line, filled(line, page.place.stage, most_points))
    form = Answer(request.POST, most_points=most_points)
    is_valid = form.is_valid()
    stage = form.stage or Stage(found.stage)  # in which he answered, wherever the dossier is by now
    if not access.may_work(request.user, found, stage):
        raise Http404
    theirs, problems = None, []
    if is_valid:
        try:
            _save(request, found, code, stage, form)
        except SaidMeanwhile as meanwhile:
            theirs = meanwhile.theirs
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return _go_on(request, found, code)
    page = page_of(found, timezone.now())
    status = DIFFERS if theirs else REFUSED
    line = _line(page, code)
    return show_criterion(request, page, line, form, theirs=theirs, problems=problems, status=status)


def _save(request: HttpRequest, found: Dossier, code: str, stage: Stage, form: Answer) -> StageFinding:
    return actions.say(
        found.pk,
        criterion=code,
        stage=stage,
        said=form.said,
        seen=form.cleaned_data["seen"],
        actor=cast(User, request.user),
        now=timezone.now(),
    )


def _go_on(request: HttpRequest, found: Dossier, code: str) -> HttpResponse:
    """To the dossier, which knows the next criterion that lacks something."""
    after = f"?{AFTER}={code}" if request.POST.get("do") == "next" else ""
    return redirect(reverse("dossier", args=[found.pk]) + after + f"#c-{code}")


def show_criterion(
    request: HttpRequest,
    page: Page,
    line: Line,
    form: Answer,
    *,
    theirs: StageFinding | None = None,
    problems: list[str] | None = None,
    judging: Judging | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a criterion, with what was typed over it: an answer, or a judgment of its evidence."""
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
        "found_at": _found_at([line]),
        "form": form,
        "theirs": theirs,
        "problems": problems or [],
        "typed": form.said if problems and form.is_bound and not may_work else None,
        "may_answer": may_work and not (line.is_measured and SIDE_OF[page.place.stage] is Side.UNIT),
        "proof": proof_of(page, line, may_work=may_work, judging=judging),
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
        found = access.readable(request.user, dossier_id)
        return _show(request, found, page_of(found, timezone.now()), sentences(refused))
    return redirect("dossier", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier_vote(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Put down how a council voted on a dossier, with its minutes from the unit's shelf.

    `?sua=<id>` corrects a vote, which stays.
    """
    found = access.readable(request.user, dossier_id)
    page = page_of(found, timezone.now())
    if not access.may_vote(request.user, found) or not _is_voted_on(page):
        raise Http404
    on = found.round.period.ends_before - ONE_DAY
    documents = Document.objects.filter(on_its_shelves(found.unit_id, on)).order_by("-issued_on", "-pk")
    corrected = _to_correct(request, found)
    form = Voting(
        request.POST or None,
        documents=documents,
        is_correction=corrected is not None,
        initial=model_to_dict(corrected, _VOTED) if corrected else None,
    )
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.record_vote(
                found.pk,
                council=data["council"],
                held_on=data["held_on"],
                count=form.count,
                minutes=data["minutes"],
                actor=cast(User, request.user),
                now=timezone.now(),
                corrects=corrected.pk if corrected else None,
                reason=data.get("reason", ""),
            )
            messages.success(request, gettext("The vote is put down."))
            return redirect("dossier", found.pk)
        except Refused as refused:
            problems = sentences(refused)
    context = {
        **_frame(request, found, page, (gettext("Vote of the council"), "")),
        "form": form,
        "problems": problems,
        "corrected": corrected,
        "councils": _councils(found),
    }
    return render(request, "rounds/vote.html", context, status=REFUSED if problems or form.errors else 200)


_VOTED = ["council", "held_on", "members", "in_favor", "against", "minutes"]


def _to_correct(request: HttpRequest, found: Dossier) -> Vote | None:
    """The vote that is to be corrected, if one is; 404 for one that is not of the dossier, or was before."""
    asked = request.GET.get(CORRECT)
    if asked is None:
        return None
    of_dossier = Vote.objects.filter(dossier=found, correction=None)
    vote = of_dossier.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    if vote is None:
        raise Http404
    return vote


def _councils(found: Dossier) -> list[str]:
    """The names of councils that voted in the round before, each as it was typed last, by name."""
    rows = Vote.objects.filter(dossier__round=found.round_id).order_by("at")
    return sorted({search_key(name): name for name in rows.values_list("council", flat=True)}.values())


def _is_voted_on(page: Page) -> bool:
    """Councils vote on what was submitted while the round is open, on what is through until it is decided."""
    if page.place.state is State.CONCLUDED:
        return True
    is_submitted = SIDE_OF[page.place.stage] is not Side.UNIT and page.place.state is State.OPEN
    return is_submitted and page.dossier.round.state == "open"


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


def most_points_of(found: Dossier, code: str) -> Decimal | None:
    """The most points that a criterion of the dossier's set brings; None where it counts none."""
    said = definition(found.round.criteria_set)
    criterion = next((one for one in said.criteria if one.code == code), None)
    if criterion is None:
        raise Http404
    is_counted = criterion.points is not None and isinstance(said.rule, Points)
    return criterion.points.max if is_counted and criterion.points else None


def sentences(refused: Refused) -> list[str]:
    """Every problem in the language of the page."""
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
        "found_at": _found_at(page.lines),
    }


def _found_at(lines: Sequence[Line]) -> str:
    """Whose result is shown: the stage that found it; where several did, that it is so far; else nothing."""
    stages = {max(line.found) for line in lines if line.found}
    if len(stages) > 1:
        return gettext("So far")
    return "".join(str(words.STAGES[stage]) for stage in stages)


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
