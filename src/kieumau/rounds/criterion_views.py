"""One criterion of a dossier: what each stage found, its evidence, and the answer at this stage."""

from decimal import Decimal
from types import MappingProxyType
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Points
from kieumau.kernel.messages import Refused
from kieumau.rounds import access, actions, unsaved, words
from kieumau.rounds.beneath import beneath
from kieumau.rounds.dossier_page import Line, Page, asking_of, page_of
from kieumau.rounds.dossier_views import AFTER
from kieumau.rounds.failures import SaidMeanwhile
from kieumau.rounds.forms import Answer, filled
from kieumau.rounds.framing import DIFFERS, REFUSED, found_at, frame
from kieumau.rounds.lacking import Need, needs_document
from kieumau.rounds.models import Dossier, StageFinding
from kieumau.rounds.proof_page import Judging, proof_of
from kieumau.rounds.rules import SIDE_OF, Side, Stage, State
from kieumau.rounds.saying import Said
from kieumau.rounds.standing import evidence_for, standing
from kieumau.web.giving_back import FORGED, gives_back
from kieumau.web.sentences import sentences


def typed_again(request: HttpRequest, dossier_id: int, code: str) -> HttpResponse:
    """The page of a criterion with what was typed on it before somebody signed in anew; nothing is saved."""
    page = page_of(access.readable(request.user, dossier_id), timezone.now())
    line = _line(page, code)
    form = filled(line, page.place.stage, most_points_of(page.dossier, code))
    messages.warning(request, gettext("You have signed in anew. What you typed is here, and not saved yet."))
    return show_criterion(request, page, line, form, typed=unsaved.typed_in(request.POST), status=FORGED)


in_its_session = gives_back(
    page="dossier_criterion", most_bytes=unsaved.MOST_BYTES, told=unsaved.told, again=typed_again
)


@in_its_session
@require_http_methods(["GET", "HEAD", "POST"])
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
        form = filled(line, page.place.stage, most_points)
        return show_criterion(request, page, line, form, typed=unsaved.take(request, found.pk, code))
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
            _tell(request, found, code, stage, form.said.outcome)
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


def _tell(request: HttpRequest, found: Dossier, code: str, stage: Stage, outcome: Outcome) -> None:
    """That it is saved; and where it is found met and no document proves it, that it cannot stay so."""
    match _unproved(found, code, stage, outcome):
        case Need.DOCUMENT:
            lacks = gettext(
                "Saved. But it cannot be submitted as met yet: no document proves it, and one that was not"
                " accepted does not count."
            )
        case Need.ACCEPTED:
            lacks = gettext(
                "Saved. But the stage cannot be concluded with it as met yet: no document that proves it was"
                " accepted."
            )
        case _:
            messages.success(request, gettext("Saved."))
            return
    messages.warning(request, lacks)


def _unproved(found: Dossier, code: str, stage: Stage, outcome: Outcome) -> Need | None:
    """What keeps the stage from ending with that outcome, for want of proof. One query where it asks any."""
    criterion = next(one for one in definition(found.round.criteria_set).criteria if one.code == code)
    if not needs_document(criterion, outcome):
        return None
    proof = standing(asking_of(found, criterion), stage, None, {}, evidence_for(found.pk, code)).proof
    if SIDE_OF[stage] is Side.UNIT:
        return None if proof.named else Need.DOCUMENT
    return None if proof.accepted else Need.ACCEPTED


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
    typed: unsaved.Typed = MappingProxyType({}),
    status: int = 200,
) -> HttpResponse:
    """The page of a criterion, with what was typed over it: an answer, or a judgment of its evidence.

    `typed` is what was not to be saved, for it came along with something else.
    """
    found, code = page.dossier, line.criterion.code
    may_work = _may_work(request, page, code)
    may_answer = may_work and not (line.is_measured and SIDE_OF[page.place.stage] is Side.UNIT)
    is_here = may_answer and typed.get("at_stage") == str(int(page.place.stage))
    is_unsaved = is_here and unsaved.put_over(form, typed)
    late = None if is_here else _too_late(typed)
    if theirs is not None:  # what is typed stays, and goes over theirs when it is sent again
        form.data = {**request.POST.dict(), "seen": str(theirs.version)}
    context = {
        **frame(request, found, page, (code, "")),
        "line": line,
        "found_at": found_at([line]),
        "form": form,
        "theirs": theirs,
        "is_own": _is_of(request, theirs, judging),
        "problems": problems or [],
        "typed": form.said if problems and form.is_bound and not may_work else late,
        "is_unsaved": is_unsaved or form.is_bound,
        "may_answer": may_answer,
        "proof": proof_of(page, line, may_work=may_work, judging=judging, typed=typed),
        "findings": [(words.STAGES[stage], one) for stage, one in line.found.items()],
        "back_before": page.sent_back_before(code) if SIDE_OF[page.place.stage] is not Side.UNIT else None,
        "is_frozen": found.frozen is not None,
        "beneath": beneath(page, line),
    }
    return render(request, "rounds/criterion.html", context, status=status)


def _is_of(request: HttpRequest, theirs: StageFinding | None, judging: Judging | None) -> bool:
    """Was it the person, in another window, who was faster than here?"""
    people = {theirs.person_id if theirs else None}
    if judging is not None and judging.theirs is not None:
        people.add(judging.theirs.looked_at_by_id)
    return request.user.pk in people


def _may_work(request: HttpRequest, page: Page, code: str) -> bool:
    """May the person work on a criterion now: while it is the dossier's turn, in time, and sent back?"""
    is_open = page.place.state in {State.OPEN, State.SENT_BACK} and page.is_in_time
    reopened = page.sent_back.criteria if page.sent_back else []
    return is_open and (not reopened or code in reopened) and access.may_work(request.user, page.dossier)


def _too_late(typed: unsaved.Typed) -> Said | None:
    """The answer that was typed and can be saved no longer, to be shown; mostly there is none."""
    if not typed.get("remark") and not typed.get("outcome"):
        return None
    form = Answer(dict(typed))
    return form.said if form.is_valid() else Said(Outcome.NOT_JUDGED, None, typed.get("remark", ""))


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
