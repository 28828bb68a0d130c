"""Judging all units by a version that is in force, asked for on a page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from kieumau.accounts.doors import require
from kieumau.assessments.actions import assess_all
from kieumau.assessments.page_judged import judged
from kieumau.assessments.past_periods import in_force_in, latest_ended, past_periods
from kieumau.assessments.period_choice import MOST_OFFERED, PERIOD, code_of, label_of
from kieumau.audit.requests import actor_of
from kieumau.criteria.access import ISSUE
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.page_queries import shown_set
from kieumau.formulas.windows import Window
from kieumau.units.over import WHOLE


@login_required
def judge(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Judge all units by a published version for one period that has figures: asked, then done."""
    found = shown_set(code, version)
    if found is None:
        raise Http404
    require(request.user, ISSUE, WHOLE)
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
