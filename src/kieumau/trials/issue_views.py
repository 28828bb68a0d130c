"""Issuing a draft, with what it changes shown first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from kieumau.accounts.doors import needs, require
from kieumau.audit.requests import actor_of
from kieumau.criteria import actions, draft_pages
from kieumau.criteria.access import DRAFT, ISSUE, may_issue, open_draft
from kieumau.criteria.draft_views import issued_already
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.criteria.named_catalogue import difference
from kieumau.criteria.page_queries import VERIFICATION
from kieumau.criteria.queries import definition
from kieumau.kernel.messages import Refused
from kieumau.trials.period_page import PeriodPage
from kieumau.trials.previewing import preview
from kieumau.trials.views import read
from kieumau.units.over import WHOLE

CONFIRMED = "xac-nhan"
DIFFERS = 409


@needs(DRAFT)
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
        return render(request, "trials/issue.html", context | {"faults": refused.problems})
    if draft.issued_as is None:
        context |= _what_changes(version)
    context |= {"may_issue": may_issue(request.user), "version": version}
    status = DIFFERS if differs else 400 if unconfirmed else 200
    return render(request, "trials/issue.html", context, status=status)


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
    require(request.user, ISSUE, WHOLE)
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
    said = gettext("%(code)s version %(number)s is issued.")  # its page offers judging by it
    messages.success(request, said % {"code": version.code, "number": version.version})
    return redirect("criteria_set", version.code, version.version)


def _compared(request: HttpRequest) -> actions.Compared:
    """The digests that the page seen before was made from."""
    return actions.Compared(request.POST.get("digest", ""), request.POST.get("newest", ""))
