"""The days off of a year, seen by everybody and changed by those who may."""

from datetime import date
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from kieumau.calendars.access import may_edit, require_edit
from kieumau.calendars.days_off import (
    ChangedMeanwhile,
    clear_day,
    load_days_off,
    set_day,
    special_days,
)
from kieumau.calendars.forms import OFF, PLAIN, WORKED, DayForm
from kieumau.calendars.rules import FIRST_YEAR, LAST_YEAR
from kieumau.calendars.working_days import WEEKEND
from kieumau.kernel.messages import Refused, Text
from kieumau.kernel.numbers import whole_number

DIFFERS, REFUSED = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
def days_off(request: HttpRequest) -> HttpResponse:
    """The list of one year, `?nam=2026`; the form to change a day for those who may."""
    year = _year(request)
    if request.method != "POST":
        return _show(request, year, _form(request.GET.get("ngay", "")))
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    require_edit(request.user)
    actor, now = request.user.get_username(), timezone.now()
    if request.POST.get("do") == "load":
        load_days_off([year], actor=actor, now=now)
        return _back(year)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _show(request, year, form, REFUSED)
    try:
        _store(form.cleaned_data, actor, now)
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(None, problem.in_(get_language() or "vi"))
        return _show(request, year, form, DIFFERS if isinstance(refused, ChangedMeanwhile) else REFUSED)
    return _back(form.cleaned_data["on"].year)


def _store(typed: dict[str, Any], actor: str, now: Any) -> None:
    version = typed["version"]
    if typed["kind"] == PLAIN:
        clear_day(typed["on"], actor=actor, now=now, version=version)
        return
    set_day(
        typed["on"],
        is_working=typed["kind"] == WORKED,
        name=Text(vi=typed["name_vi"], en=typed["name_en"]),
        source=typed["source"],
        actor=actor,
        now=now,
        version=version,
    )


def _year(request: HttpRequest) -> int:
    year = whole_number(request.GET.get("nam"), 9999) or timezone.localdate().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _form(asked: str) -> DayForm:
    """An empty form, or one with the day that the address names."""
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    row = next(iter(special_days(day, day)), None) if day else None
    if row is None:
        return DayForm(initial={"on": day, "version": 0 if day else None})
    return DayForm(
        initial={
            "on": row.on,
            "kind": WORKED if row.is_working else OFF,
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "source": row.source,
            "version": row.version,
        }
    )


def _back(year: int) -> HttpResponse:
    return redirect(f"{reverse('days_off')}?nam={year}")


def _show(request: HttpRequest, year: int, form: DayForm, status: int = 200) -> HttpResponse:
    rows = special_days(date(year, 1, 1), date(year, 12, 31))
    context = {
        "year": year,
        "before": year - 1,
        "after": year + 1,
        "rows": [(row, not row.is_working and row.on.weekday() in WEEKEND) for row in rows],
        "form": form,
        "may_edit": may_edit(request.user),
        "title": gettext("Days off and days made up"),
    }
    return render(request, "calendars/days_off.html", context, status=status)
