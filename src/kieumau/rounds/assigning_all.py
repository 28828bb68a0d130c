"""What units of a whole round do not meet becomes assignments in one step, seen before it is given."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from kieumau.accounts.doors import needs
from kieumau.assignments import actions
from kieumau.assignments.access import GIVE, require_giving
from kieumau.assignments.actions import Came, Task
from kieumau.assignments.frames import giver_choices
from kieumau.assignments.models import Assignment
from kieumau.assignments.queries import names_of
from kieumau.assignments.rules import Origin
from kieumau.criteria.queries import definition
from kieumau.documents.access import somebody
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.rounds import access, unmet
from kieumau.rounds.by_figures import of_each
from kieumau.rounds.giving import MOST_LETTERS, due_day, giver_of
from kieumau.rounds.models import Round
from kieumau.web.paging import PAGE
from kieumau.web.sentences import sentences

REFUSED = 422
SHOWN = 50
MOST = 5000  # in one step: each is logged, and told to its unit


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GIVE)
def round_assign(request: HttpRequest, round_id: int) -> HttpResponse:
    """Criteria with how many units do not meet them, units with how many; given together, due on one day."""
    made = access.readable_round(request.user, round_id)
    problems: list[str] = []
    if request.method == "POST":
        try:
            given = _give(request, made)
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Assignments given: %(count)s.") % {"count": len(given)})
            return redirect("round", made.pk)
    return render(
        request, "rounds/assign_all.html", _context(request, made, problems), status=_status(problems)
    )


def _status(problems: list[str]) -> int:
    return REFUSED if problems else 200


def _context(request: HttpRequest, made: Round, problems: list[str]) -> dict[str, Any]:
    counts = unmet.by_criterion(made, request.user)
    picked = _picked(request)
    codes = [code for code in counts if picked is None or code in picked]
    number = whole_number(request.GET.get(PAGE), 10**6) or 1
    units, unit_count = unmet.by_unit(made, request.user, codes, SHOWN, (max(number, 1) - 1) * SHOWN)
    called = names_of({unit_id for unit_id, _, _ in units})
    return {
        "round": made,
        "criteria": [
            (one, counts[one.code], picked is None or one.code in picked)
            for one in definition(made.criteria_set).criteria
            if one.code in counts
        ],
        "units": [(called.get(unit_id), dossier_id, count) for unit_id, dossier_id, count in units],
        "unit_count": unit_count,
        "total": sum(counts[code] for code in codes),
        "page": Paginator(range(unit_count), SHOWN).get_page(number),
        "givers": giver_choices(request, timezone.localdate()),
        "due": request.POST.get("due", "")[:10],
        "problems": problems,
        "crumbs": [
            (gettext("Rounds"), reverse("rounds")),
            (made.name, reverse("round", args=[made.pk])),
            (gettext("Give assignments"), ""),
        ],
    }


def _picked(request: HttpRequest) -> set[str] | None:
    """The criteria chosen; None before anything was chosen: all of them."""
    sent = request.POST if request.method == "POST" else request.GET
    chosen = {code for code in sent.getlist("tieu-chi") if "\x00" not in code}
    return chosen if chosen or request.method == "POST" else None


def _give(request: HttpRequest, made: Round) -> list[Assignment]:
    """Give what was chosen. Raises `Refused`, and `Denied` for a giver who is not the person's."""
    user, programme = somebody(request), made.programme.code if made.programme else ""
    due_on, giver_id = due_day(request), giver_of(request)
    rows = unmet.each(made, user, _picked(request) or (), MOST + 1)
    if not rows:
        none = Text(
            vi="Chọn ít nhất một tiêu chí chưa đạt.", en="Choose at least one criterion that is not met."
        )
        raise Refused([Problem("nothing-chosen", none)])
    if len(rows) > MOST:
        raise Refused([_too_many()])
    require_giving(user, {giver_id}, programme)
    asked = {one.code: one for one in definition(made.criteria_set).criteria}
    said = {code: one.title.text() for code, one in asked.items()}
    language = get_language() or "vi"
    figures = dict(of_each(made, ((row.dossier_id, row.code) for row in rows)))

    def text(row: unmet.Unmet) -> str:
        title, why = said[row.code].in_(language), figures.get((row.dossier_id, row.code))
        return unmet.task_text(asked[row.code], title, row.remark, language, why)[:MOST_LETTERS]

    tasks = [
        Task(
            row.unit_id,
            text(row),
            due_on,
            came=Came(
                Origin.CRITERION,
                about_kind=unmet.KIND,
                about_id=f"{row.dossier_id}/{row.code}",
                about_text=f"{made.name}: {row.code}. {said[row.code].vi}",
            ),
        )
        for row in rows
    ]
    return actions.give(tasks, giver_id=giver_id, programme=programme, actor=user, now=timezone.now())


def _too_many() -> Problem:
    reason = Text(
        vi=f"Một lần chỉ giao được {MOST} nhiệm vụ.", en=f"No more than {MOST} assignments are given at once."
    )
    return Problem("too-many", reason, Text(vi="Chọn ít tiêu chí hơn.", en="Choose fewer criteria."))
