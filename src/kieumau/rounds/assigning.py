"""Criteria that a unit does not meet become assignments, in one step from the page of its dossier."""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from kieumau.accounts.doors import require
from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assignments import actions, registry
from kieumau.assignments.access import GIVE, require_giving
from kieumau.assignments.actions import Came, Task
from kieumau.assignments.frames import giver_choices
from kieumau.assignments.models import Assignment
from kieumau.assignments.rules import OVER, Origin
from kieumau.documents.access import somebody
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rounds import access, unmet
from kieumau.rounds.by_figures import Reasons
from kieumau.rounds.dossier_page import Line, page_of
from kieumau.rounds.framing import REFUSED, unit_name
from kieumau.rounds.giving import MOST_LETTERS, due_day, giver_of
from kieumau.rounds.models import Dossier
from kieumau.rounds.unmet import KIND
from kieumau.units.over import Over
from kieumau.web.sentences import sentences


def listen() -> None:
    """Lead from assignments back to the criterion."""
    registry.pages[KIND] = _page


def _page(thing: str) -> str:
    """The address of a criterion of a dossier, from `7/1.2`."""
    dossier_id, _, code = thing.partition("/")
    return reverse("dossier_criterion", args=[int(dossier_id), code])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier_assign(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The criteria that are not met, each with what its unit is to do; given together, due on one day."""
    found = access.readable(request.user, dossier_id)
    require(request.user, GIVE, Over(found.unit_id, _programme(found)))
    lines = [line for line in page_of(found, timezone.now()).lines if line.outcome is Outcome.NOT_MET]
    codes = [line.criterion.code for line in lines]
    figures = Reasons(found.round).of(found.frozen, found.submitted_at, codes)
    problems: list[str] = []
    if request.method == "POST":
        try:
            made = _give(request, found, lines, figures)
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Assignments given: %(count)s.") % {"count": len(made)})
            return redirect("dossier", found.pk)
    name, given = unit_name(found), _given_already(found)
    here = name.in_(get_language() or "vi")
    context = {
        "dossier": found,
        "unit_name": name,
        "rows": [
            (line, _typed(request, line, figures), f"{found.pk}/{line.criterion.code}" in given)
            for line in lines
        ],
        "givers": giver_choices(request, timezone.localdate()),
        "due": request.POST.get("due", "")[:10],
        "problems": problems,
        "crumbs": [
            (gettext("Rounds"), reverse("rounds")),
            (here, reverse("dossier", args=[found.pk])),
            (gettext("Give assignments"), ""),
        ],
    }
    return render(request, "rounds/assign.html", context, status=REFUSED if problems else 200)


def _give(
    request: HttpRequest, found: Dossier, lines: list[Line], figures: Mapping[str, Text]
) -> list[Assignment]:
    """Give what was chosen. Raises `Refused`, and `Denied` for a giver who is not the person's."""
    user: User = somebody(request)
    due_on, giver_id = due_day(request), giver_of(request)
    tasks = []
    for line in lines:
        code = line.criterion.code
        if f"pick-{code}" in request.POST:
            came = Came(
                Origin.CRITERION,
                about_kind=KIND,
                about_id=f"{found.pk}/{code}",
                about_text=f"{found.round.name}: {code}. {line.criterion.title.text().vi}",
            )
            tasks.append(Task(found.unit_id, _typed(request, line, figures), due_on, came=came))
    if not tasks:
        none = Text(vi="Chọn ít nhất một tiêu chí.", en="Choose at least one criterion.")
        raise Refused([Problem("nothing-chosen", none)])
    require_giving(user, {giver_id, found.unit_id}, _programme(found))
    return actions.give(tasks, giver_id=giver_id, programme=_programme(found), actor=user, now=timezone.now())


def _given_already(found: Dossier) -> set[str]:
    """The criteria on which an assignment is under way. One query."""
    rows = Assignment.objects.filter(about_kind=KIND, about_id__startswith=f"{found.pk}/")
    return set(rows.exclude(state__in=[one.value for one in OVER]).values_list("about_id", flat=True))


def _typed(request: HttpRequest, line: Line, figures: Mapping[str, Text]) -> str:
    """What was typed for a criterion; before that, its own words and what is missing."""
    language = get_language() or "vi"
    title, remark = line.criterion.title.text().in_(language), line.latest.remark if line.latest else ""
    usual = unmet.task_text(line.criterion, title, remark, language, figures.get(line.criterion.code))
    typed = request.POST.get(f"text-{line.criterion.code}")
    return usual if typed is None else typed.replace("\x00", "")[:MOST_LETTERS]


def _programme(found: Dossier) -> str:
    return found.round.programme.code if found.round.programme else ""
