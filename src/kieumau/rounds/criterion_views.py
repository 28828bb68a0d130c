"""One criterion of a dossier: what each stage found, its evidence, and the answer at this stage."""

from decimal import Decimal
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from kieumau.accounts.models import User
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Points
from kieumau.kernel.messages import Refused
from kieumau.rounds import access, actions, words
from kieumau.rounds.dossier_page import Line, Page, page_of
from kieumau.rounds.dossier_views import AFTER
from kieumau.rounds.failures import SaidMeanwhile
from kieumau.rounds.forms import Answer, filled
from kieumau.rounds.framing import DIFFERS, REFUSED, found_at, frame, sentences
from kieumau.rounds.models import Dossier, StageFinding
from kieumau.rounds.proof_page import Judging, proof_of
from kieumau.rounds.rules import SIDE_OF, Side, Stage, State


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
        **frame(request, found, page, (code, "")),
        "line": line,
        "found_at": found_at([line]),
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
