"""The checks over the store: what the newest sweep found, and where."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from kieumau.quality.access import may_check
from kieumau.quality.checks import BY_CODE, CHECKS
from kieumau.quality.jobs import check_soon
from kieumau.quality.queries import newest, places, results
from kieumau.web.paging import page_of


def checks(request: HttpRequest) -> HttpResponse:
    """Every check with how many places the newest sweep found."""
    sweep = newest()
    context = {
        "sweep": sweep,
        "swept_on": timezone.localdate(sweep.at) if sweep else None,
        "sections": results(sweep) if sweep else [],
        "check_count": len(CHECKS),
        "may_check": may_check(request.user),
        "crumbs": [(gettext("Checks of the store"), "")],
    }
    return render(request, "quality/checks.html", context)


@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    """Leave word that the store is to be checked. 404 for whoever may not ask for it."""
    if not may_check(request.user):
        raise Http404
    if check_soon(request.user.get_username()):
        messages.success(request, gettext("The checks run in the background; look here again in a minute."))
    else:
        messages.info(request, gettext("The checks are waiting to be run already."))
    return redirect("quality")


def check(request: HttpRequest, code: str) -> HttpResponse:
    """One check: what it means, what to do, and the places found. 404 where there is no such check."""
    asked = BY_CODE.get(code)
    sweep = newest()
    if asked is None or sweep is None:
        raise Http404
    page = page_of(request, sweep.doubts.filter(check_code=code))
    context = {
        "check": asked,
        "sweep": sweep,
        "swept_on": timezone.localdate(sweep.at),
        "count": sweep.counts.get(code, 0),
        "page": page,
        "rows": places(page),
        "crumbs": [
            (gettext("Checks of the store"), reverse("quality")),
            (asked.title.in_(get_language() or "vi"), ""),
        ],
    }
    return render(request, "quality/check.html", context)
