"""Entering a return: the form, saving it (by a button or as one types), submitting it.

Nothing typed is lost: what cannot be stored comes back in its field, with the reason beside it. That also
holds for somebody whose session has ended, which is why this view lets such a request in: it stores
nothing and gives the page back. The check against forged requests is done here for the same reason:
signing in anew changes the token, and the next save would be turned away with everything in it.
"""

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kieumau.accounts.acting import everywhere
from kieumau.accounts.models import User
from kieumau.indicators.actions import NothingToExplain, explain_figures
from kieumau.indicators.checks.queries import checks_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.returns import actions
from kieumau.returns.access import may_enter, may_read, may_review, open_returns, readable
from kieumau.returns.actions.decide import NotComplete, SeenBefore
from kieumau.returns.cells import EMPTY
from kieumau.returns.entry_page import (
    Before,
    EntryPage,
    entry_page,
    remarks_in,
    typed_in,
    version_in,
    what_was_refused,
    with_predecessors,
    with_reasons_asked,
    with_review,
    with_typed,
    with_what_came_meanwhile,
)
from kieumau.returns.models import Return
from kieumau.returns.page_queries import crumbs, steps, unit_name
from kieumau.returns.rules import Act
from kieumau.web.synthetic import page_is_about

SIGNED_OUT, FORBIDDEN, DIFFERS, REFUSED = 401, 403, 409, 422


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def return_entry(request: HttpRequest, return_id: int) -> HttpResponse:
    """The form of one return. 404 where there is none; 401, 403, 409 and 422 give back what was typed."""
    if request.method != "POST":
        if not (request.user.is_authenticated or may_read(request.user)):
            return redirect_to_login(request.get_full_path())
        report = readable(return_id)
        open_returns(request.user, report.unit_id)
        return _show(request, with_predecessors(entry_page(report, timezone.now(), _language())))
    # Whoever may no longer see the return still gets back what was typed into it.
    with everywhere():
        report = readable(return_id)
        if not _is_from_our_page(request):
            return _give_back(request, report, FORBIDDEN)
        if not request.user.is_authenticated:
            return _give_back(request, report, SIGNED_OUT)
        if not may_enter(request.user, report.unit_id):
            return _give_back(request, report, FORBIDDEN, Refused([_not_yours()]))
    return _save(request, report, timezone.now())


def _not_yours() -> Problem:
    return Problem(
        "may-not-enter",
        Text(
            vi="Bạn không có quyền nhập báo cáo của đơn vị này; những gì bạn gõ chưa được lưu.",
            en="You may not enter returns of this unit; what you typed was not saved.",
        ),
    )


@require_POST
def return_explain(request: HttpRequest, return_id: int) -> HttpResponse:
    """Keep remarks on figures that stand; then the page again, with what was wrong if anything was."""
    report, now = readable(return_id), timezone.now()
    if not may_enter(request.user, report.unit_id):
        raise Http404
    if not entry_page(report, now, _language()).may(Act.ENTER):
        raise Http404
    remarks = remarks_in(request.POST.dict())
    try:
        actor = cast(User, request.user)
        if explain_figures(report.unit_id, report.period_id, remarks, actor=actor, now=now):
            messages.success(request, gettext("Saved."))
    except NothingToExplain as refused:
        for problem in refused.problems:
            messages.error(request, problem.in_(_language()))
    return redirect("return_entry", report.pk)


def _language() -> str:
    return get_language() or "vi"


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _is_from_our_page(request: HttpRequest) -> bool:
    """Django's own check, asked here instead of before the view."""
    refused = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, _show, (), {})
    return refused is None


def _save(request: HttpRequest, report: Return, now: datetime) -> HttpResponse:
    """Store what can be stored, then submit if that was asked for, everything could be, and was seen."""
    language, seen = _language(), version_in(request.POST)
    typed = typed_in(request.POST.dict())
    try:
        entered = actions.enter(
            report.pk,
            typed,
            actor=cast(User, request.user),
            now=now,
            language=language,
            remarks=remarks_in(request.POST.dict()),
        )
    except Refused as refused:
        page = with_typed(entry_page(readable(report.pk), now, language), typed, None, language)
        return _show(request, page, REFUSED, refused)
    page = with_typed(entry_page(readable(report.pk), now, language), typed, entered, language)
    if _wants_json(request) and entered.before != seen:
        page.version = seen  # the script shows only what it has sent: what others changed is not seen yet
    if entered.conflicts:
        return _show(request, page, DIFFERS)
    if entered.problems or entered.marks:
        return _show(request, page, REFUSED)
    if request.POST.get("do") == "submit":
        if entered.before != seen:
            page = with_what_came_meanwhile(page, typed, entered.saved)
            return _show(request, page, DIFFERS, SeenBefore(entered.version))
        return _submit(request, report, entered.version, now)
    if _wants_json(request):
        return _show(request, page)
    messages.success(request, gettext("Saved."))
    return redirect("return_entry", report.pk)


def _submit(request: HttpRequest, report: Return, seen: int, now: datetime) -> HttpResponse:
    try:
        actions.submit(report.pk, actor=cast(User, request.user), now=now, seen=seen)
    except NotComplete as refused:
        page = what_was_refused(refused.codes, entry_page(readable(report.pk), now, _language()))
        return _show(request, page, REFUSED)
    except Refused as refused:
        status = DIFFERS if isinstance(refused, SeenBefore) else REFUSED
        return _show(request, entry_page(readable(report.pk), now, _language()), status, refused)
    messages.success(
        request, gettext("Submitted. Your figures now stay as they are unless they are sent back.")
    )
    return redirect("return_entry", report.pk)


def _give_back(
    request: HttpRequest, report: Return, status: int, refused: Refused | None = None
) -> HttpResponse:
    """The page with what was typed; nothing is stored, and nothing of the store is shown to a stranger."""
    language = _language()
    page = entry_page(report, timezone.now(), language)
    if not may_read(request.user, report.unit_id):
        for cell in page.cells:
            cell.text = cell.was = ""
            cell.last = cell.year_ago = Before()
            cell.answer = EMPTY
    typed = typed_in(request.POST.dict())
    page.version = version_in(request.POST)
    return _show(request, with_typed(page, typed, None, language), status, refused)


def _show(
    request: HttpRequest, page: EntryPage, status: int = 200, refused: Refused | None = None
) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse(_plain(request, page, refused), status=status)
    report, language = page.report, _language()
    name = unit_name(report)
    outcomes = checks_of(report.unit_id, report.period_id) if page.answered and not page.marks else []
    if may_read(request.user, report.unit_id):
        with_review(page, outcomes, language)
    may_decide = may_review(request.user, report.unit_id) and report.submitted_by_id != request.user.pk
    may_type = may_enter(request.user, report.unit_id) and page.may(Act.ENTER)
    page_is_about(request, [int(report.path.split(".")[0])])
    context: dict[str, Any] = {
        "page": page,
        "report": report,
        "unit_name": name,
        "steps": steps(report),
        "marks": with_reasons_asked(page, request.POST.dict()),
        "doubts": [one for one in outcomes if one.holds is False or one.remark],
        "problems": [problem.in_(language) for problem in refused.problems] if refused else [],
        "status": status,
        "may_enter": may_type,
        "has_fields": may_type or status in {SIGNED_OUT, FORBIDDEN},
        "may_accept": may_decide and page.may(Act.ACCEPT),
        "may_send_back": may_decide and page.may(Act.SEND_BACK),
        "may_unlock": may_decide and page.may(Act.UNLOCK),
        "crumbs": crumbs(report, name.in_(language), page.label.in_(language)),
    }
    return render(request, "returns/entry.html", context, status=status)


def _plain(request: HttpRequest, page: EntryPage, refused: Refused | None) -> dict[str, Any]:
    """The answer to a save while typing: what the store holds, and what is wrong, cell by cell."""
    language = _language()
    return {
        "token": get_token(request),
        "version": page.version,
        "answered": page.answered,
        "asked": len(page.cells),
        "problems": [problem.in_(language) for problem in refused.problems] if refused else [],
        "marks": {
            mark.check_code: {
                "codes": mark.codes,
                "title": mark.title.in_(language),
                "action": mark.action.in_(language),
            }
            for mark in page.marks
        },
        "cells": {
            cell.item.code: {
                "was": cell.was,
                "problems": [problem.in_(language) for problem in cell.problems],
                "theirs": cell.conflict.theirs.text(language) if cell.conflict else None,
                "by": cell.conflict.by if cell.conflict else "",
            }
            for cell in page.cells
        },
    }
