"""Trying a draft before it is issued: on past periods, and with one of its numbers moved."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from kieumau.accounts.doors import needs
from kieumau.criteria import draft_pages
from kieumau.criteria.access import DRAFT, editable_draft, may_edit, open_draft
from kieumau.criteria.draft_views import kept
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.criteria.queries import definition
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.trials import kept_trials, moved_numbers, standing
from kieumau.trials.caps import trial_caps
from kieumau.trials.choice import AREA, SHOWN, Choice, assumes, choose, window_named
from kieumau.trials.period_page import PeriodPage, class_rows, provinces_of
from kieumau.trials.period_rows import PeriodRow
from kieumau.trials.sliding import slide as slid_to
from kieumau.trials.trying import may_be_assumed
from kieumau.web.paging import PAGE, sort_of

SORTS = ("name", "units", "met", "share", "changed")
CHANGED_ON_A_PAGE = 50
TAKEN = "da-lay"  # the page that follows says beside the slider that the value was taken


@require_safe
@needs(DRAFT)
def trial(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft on past periods, beside a version; nothing is stored. A draft with faults shows them."""
    draft = open_draft(request.user, draft_id)
    context = draft_pages.frame(draft, "draft_trial", gettext("Try"))
    stands = standing.stands()
    try:
        version = read(draft, stands)
    except Refused as refused:
        return render(request, "trials/trial.html", context | {"faults": refused.problems})
    choice = choose(request.GET, version, timezone.localdate())
    slider = _slider(request, draft, version, choice.shown)
    context |= {"choice": choice, "version": version, "slider": slider}
    if choice.shown is not None:
        context |= _tried(request, version, choice, stands)
    status = 400 if choice.problems or slider["problems"] else 200
    return render(request, "trials/trial.html", context, status=status)


@require_safe
@needs(DRAFT)
def slide(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Only what the draft comes out as with one number moved, for a script that asks while it is dragged."""
    draft = open_draft(request.user, draft_id)
    try:
        version = read(draft)
    except Refused as refused:
        return render(request, "trials/_slid.html", {"slider": {"problems": refused.problems}}, status=400)
    slider = _slider(request, draft, version, window_named(request.GET.get(SHOWN, ""), version))
    status = 400 if slider["problems"] else 200
    return render(request, "trials/_slid.html", {"slider": slider}, status=status)


@require_POST
@needs(DRAFT)
def take(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Write the moved number into the draft, nothing else of it; then the page of the trial again."""
    draft = editable_draft(request.user, draft_id)
    query = request.GET.copy()
    query.pop(moved_numbers.VALUE, None)
    query.pop(TAKEN, None)
    trial_page = reverse("draft_trial", args=[draft.pk])
    try:
        text = _with_taken(draft, request.POST)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, draft_pages.said(problem))
        return redirect(f"{trial_page}?{query.urlencode()}")
    query[TAKEN] = "1"
    back = f"{trial_page}?{query.urlencode()}#numbers"
    based_on = draft_pages.number(request.POST.get("version"))
    return kept(request, draft, back, text, based_on, says_so=False)


def _with_taken(draft: Draft, asked: Mapping[str, str]) -> str:
    """The draft's text with the moved number. Raises Refused, also where the draft has faults by now."""
    version = read(draft)
    movable = moved_numbers.chosen(asked, moved_numbers.movables(version))
    if movable is None:
        raise Refused([_no_such_number()])
    return moved_numbers.with_value(
        draft.text, version, movable, moved_numbers.value_of(asked, movable, _language())
    )


def read(draft: Draft, stands: standing.Standing | None = None) -> CriteriaSet:
    """The draft as a version that is not stored. Raises Refused with every fault."""
    return kept_trials.read(draft.text, draft_pages.file_name(draft), stands or standing.stands())


def _tried(
    request: HttpRequest, version: CriteriaSet, choice: Choice, stands: standing.Standing
) -> dict[str, Any]:
    now = timezone.now()
    today = timezone.localdate(now)
    try:
        tried = kept_trials.tried(
            version,
            choice.windows,
            on=today,
            now=now,
            against=choice.against,
            stands=stands,
            assume_answered=choice.assumes,
        )
    except Refused as refused:
        choice.problems.extend(refused.problems)
        return {}
    shown = next(one for one in tried.periods if one.window == choice.shown)
    page = PeriodPage(version, shown, whole_number(request.GET.get(AREA)))
    sort, falls = sort_of(request, SORTS, "name")
    columns, changes = page.changes()
    paginator = Paginator(shown.changed, CHANGED_ON_A_PAGE)
    units = paginator.get_page(request.GET.get(PAGE))
    first = (units.number - 1) * CHANGED_ON_A_PAGE
    return {
        "page": page,
        "tried": shown,
        "counts": shown.counts.by_outcome(),
        "periods": [PeriodRow(one) for one in tried.periods],
        "sort": sort,
        "falls": falls,
        "criteria": page.criteria(),
        "provinces": page.provinces(sort, falls=falls),
        "area": page.name(page.area).text if page.area is not None else None,
        "in_area": page.in_area(),
        "change_columns": columns,
        "changes": changes,
        **_classes(version, page),
        "units": units,
        "changed": page.changed(first, first + CHANGED_ON_A_PAGE),
    }


def _classes(version: CriteriaSet, page: PeriodPage) -> dict[str, Any]:
    """Units by class and what changes between classes; the caps that are exceeded or may yet be."""
    caps = trial_caps(version, page.tried)
    told = [one for one in caps if one.found.excess or not one.found.is_certain]
    return {
        "classes": page.classes(),
        "class_changes": page.class_changes(),
        "caps": told,
        "kept_caps": len(caps) - len(told),
    }


def _slider(
    request: HttpRequest, draft: Draft, version: CriteriaSet, window: Window | None
) -> dict[str, Any]:
    """The number that is moved, its value, and what comes of it; without it what could be moved."""
    offered = moved_numbers.movables(version)
    movable = moved_numbers.chosen(request.GET, offered)
    found: dict[str, Any] = {"offered": offered, "movable": movable, "problems": []}
    found["verification"] = version.verification
    if movable is None or window is None:
        return found
    now = timezone.now()
    is_assuming = assumes(request.GET) and may_be_assumed(version)
    try:
        value = moved_numbers.value_of(request.GET, movable, _language())
        slid = slid_to(
            version,
            window,
            movable.threshold,
            value,
            on=timezone.localdate(now),
            now=now,
            assume_answered=is_assuming,
        )
    except Refused as refused:
        return found | {
            "problems": refused.problems,
            "value": movable.typed_as(movable.threshold.value, _language()),
        }
    return found | {
        "value": movable.typed_as(value, _language()),
        "said": movable.said(value, _language()),
        "is_moved": value != movable.threshold.value,
        "is_taken": TAKEN in request.GET and value == movable.threshold.value,
        "may_take": may_edit(request.user, draft),
        "is_assuming": is_assuming,
        "of_criterion": slid.of_criterion,
        "counts": slid.counts.by_outcome(),
        "met": slid.counts.met,
        "was_met": slid.was.met,
        "changed": slid.changed,
        "classes": class_rows(definition(version), slid.classes, slid.was_classes),
        "curve": movable.curve(slid, _language()),
        "provinces": provinces_of(window, slid.by_province),
    }


def _language() -> str:
    return get_language() or "vi"


def _no_such_number() -> Problem:
    reason = Text(
        vi="Bản thảo không còn con số này; hãy chọn lại.",
        en="The draft no longer has this number; choose again.",
    )
    return Problem("no-such-number", reason)
