"""The criteria sets: which there are, and what each of them says."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from kieumau.criteria import page_queries
from kieumau.criteria.access import may_draft
from kieumau.criteria.models import CriteriaSet


def criteria_sets(request: HttpRequest) -> HttpResponse:
    """Every version of every set."""
    sets = page_queries.versions(timezone.localdate())
    return render(request, "criteria/sets.html", {"sets": sets, "may_draft": may_draft(request.user)})


def criteria_set(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """What one version says. 404 where there is none."""
    found = page_queries.shown_set(code, version)
    if found is None:
        raise Http404
    row, says = found
    title = says.title.text()
    context: dict[str, Any] = {
        "set": row,
        "may_draft": may_draft(request.user),
        "title": title,
        "says": says,
        "verification": page_queries.VERIFICATION[CriteriaSet.Verification(row.verification)],
        "rule": page_queries.rule_sentence(says),
        "period": page_queries.period_sentence(says),
        "kinds": page_queries.kinds_judged(says),
        "areas": page_queries.areas(says),
        "caps": page_queries.caps(says),
        "groups": page_queries.groups(says),
        "crumbs": [
            (gettext("Criteria sets"), reverse("criteria_sets")),
            (title.in_(get_language() or "vi"), ""),
        ],
    }
    return render(request, "criteria/set.html", context)
