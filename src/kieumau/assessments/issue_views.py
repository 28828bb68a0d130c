"""Issuing a draft, with what it changes shown first; and judging by a version that is in force."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext

from kieumau.assessments.actions import assess_all
from kieumau.assessments.page_judged import judged
from kieumau.assessments.past_periods import in_force_in, latest_ended, past_periods
from kieumau.assessments.previewing import preview
from kieumau.assessments.trial_choice import MOST_OFFERED, PERIOD, code_of, label_of
from kieumau.assessments.trial_pages import PeriodPage
from kieumau.assessments.trial_views import read
from kieumau.audit.requests import actor_of
from kieumau.criteria import actions, draft_pages
from kieumau.criteria.access import may_issue, open_draft
from kieumau.criteria.draft_views import issued_already
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.criteria.named_catalogue import difference
from kieumau.criteria.page_queries import VERIFICATION, shown_set
from kieumau.criteria.queries import definition
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Refused

CONFIRMED = "xac-nhan"
DIFFERS = 409


@login_required
def issue(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What issuing the draft would change, and the button that does it, for those who may."""
    draft = open_draft(request.user, draft_id)
    if request.method == "POST":
        return _issue(request, draft)
    return _issue_page(request, draft)


def _issue_page(
    request: HttpRequest, draft: Draft, *, unconfirmed: bool = False, differs: bool = False
) -> HttpResponse:
    context = draft_pages.frame(draft, "draft_issue", gettext("Issue"))
    context |= {"unconfirmed": unconfirmed, "differs": differs}
    try:
        version = read(draft)
    except Refused as refused:
        return render(request, "assessments/draft_issue.html", context | {"faults": refused.problems})
    if draft.issued_as is None:
        context |= _what_changes(version)
    context |= {"may_issue": may_issue(request.user), "version": version}
    status = DIFFERS if differs else 400 if unconfirmed else 200
    return render(request, "assessments/draft_issue.html", context, status=status)


def _what_changes(version: CriteriaSet) -> dict[str, Any]:
    now = timezone.now()
    found = preview(version, on=timezone.localdate(now), now=now)
    says = definition(version)
    context: dict[str, Any] = {
        "preview": found,
        "says": says,
        "catalogue": difference(says.catalogue, version.code) if says.catalogue else None,
        "is_the_same": found.newest is not None and found.newest.digest == version.digest,
        "verification": VERIFICATION[CriteriaSet.Verification(version.verification)],
        "unverified": [one for one in says.criteria if says.verification_of(one) == "unverified"],
        "without_basis": [one for one in says.criteria if says.basis_of(one) is None],
    }
    if found.trial is not None:
        page = PeriodPage(version, found.trial)
        columns, changes = page.changes()
        context |= {
            "page": page,
            "tried": found.trial,
            "counts": found.trial.counts.by_outcome(),
            "change_columns": columns,
            "changes": changes,
            "classes": page.classes(),
            "class_changes": page.class_changes(),
        }
    return context


def _issue(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Issue what was seen: not confirmed, changed meanwhile or faulty is told and nothing is issued."""
    if not may_issue(request.user):
        raise PermissionDenied
    if request.POST.get(CONFIRMED) != "1":
        return _issue_page(request, draft, unconfirmed=True)
    based_on = draft_pages.number(request.POST.get("version"))
    try:
        version = actions.issue(
            draft=draft,
            actor=actor_of(request),
            now=timezone.now(),
            based_on=based_on,
            compared=_compared(request),
        )
    except actions.AlreadyIssued:
        return issued_already(request, draft)
    except actions.NotAsCompared:
        return _issue_page(request, draft, differs=True)
    except actions.ChangedMeanwhile:
        messages.warning(request, gettext("Somebody has changed this draft since. Look at it again."))
        return redirect("draft_issue", draft.pk)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, draft_pages.said(problem))
        return redirect("draft_issue", draft.pk)
    said = gettext("%(code)s version %(number)s is issued. Nothing was judged by it yet.")
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            said % {"code": version.code, "number": version.version},
            reverse("judge", args=[version.code, version.version]),
            gettext("Judge all units now"),
        ),
    )
    return redirect("criteria_set", version.code, version.version)


def _compared(request: HttpRequest) -> actions.Compared:
    """The digests that the page seen before was made from."""
    return actions.Compared(request.POST.get("digest", ""), request.POST.get("newest", ""))


@login_required
def judge(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Judge all units by a published version for one period that has figures: asked, then done."""
    found = shown_set(code, version)
    if found is None:
        raise Http404
    if not may_issue(request.user):
        raise PermissionDenied
    row, says = found
    today = timezone.localdate()
    periods = in_force_in(row, past_periods(row, today))[:MOST_OFFERED]
    by_code = {code_of(window): window for window in periods}
    if request.method == "POST" and (window := by_code.get(request.POST.get(PERIOD, ""))):
        return _judge(request, row, window)
    title = says.title.text().in_(get_language() or "vi")
    latest = latest_ended(periods, today)
    context = {
        "set": row,
        "title": title,
        "periods": [(key, label_of(one)) for key, one in by_code.items()],
        "latest": code_of(latest) if latest else "",
        "crumbs": [
            (gettext("Criteria sets"), reverse("criteria_sets")),
            (title, reverse("criteria_set", args=[row.code, row.version])),
            (gettext("Judge"), ""),
        ],
    }
    return render(request, "assessments/judge.html", context)


def _judge(request: HttpRequest, row: CriteriaSet, window: Window) -> HttpResponse:
    now = timezone.now()
    tally = assess_all(
        criteria_set=row, window=window, on=timezone.localdate(now), now=now, actor=actor_of(request)
    )
    said = ngettext(
        "%(count)s unit was judged for %(period)s.",
        "%(count)s units were judged for %(period)s.",
        tally.judged,
    )
    label = label_of(window).in_(get_language() or "vi")
    messages.success(request, said % {"count": tally.judged, "period": label})
    return redirect(_results(row, window))


def _results(row: CriteriaSet, window: Window) -> str:
    """Where all units of one period are seen together; the set's own page where nobody was judged."""
    found = next((one for one in judged(set_id=row.pk) if one.window == window), None)
    if found is None or not found.root_ids:
        return reverse("criteria_set", args=[row.code, row.version])
    return f"{reverse('unit', args=[min(found.root_ids)])}?bo={found.set_code}&ky={found.period_code}"
