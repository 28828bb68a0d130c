"""The returns of the country, of an area, of a unit; and what a superior decides about one."""

from datetime import date, datetime
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from kieumau.accounts.models import User
from kieumau.calendars.library import calendar, decode
from kieumau.calendars.working_days import ZONE, end_of
from kieumau.kernel.messages import Refused, Text
from kieumau.returns import actions, page_queries
from kieumau.returns.access import may_enter, may_review, open_returns, readable
from kieumau.returns.entry_page import version_in
from kieumau.returns.models import Return
from kieumau.returns.queries import owed_by, rates, standings
from kieumau.returns.rules import Rates, State, Timeliness, came_late, shown_state, stage
from kieumau.units.models import Level
from kieumau.units.queries import UnknownUnit, history, unit
from kieumau.web.synthetic import page_is_about

CHOICE = "bao-cao"


def _language() -> str:
    return get_language() or "vi"


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """How complete and timely one form and period is, by province."""
    open_returns(request.user)
    now, among = timezone.now(), page_queries.offered()
    chosen = page_queries.choose(request.GET.get(CHOICE, ""), among)
    context: dict[str, Any] = {"among": among, "chosen": chosen, "key": CHOICE, "now": now}
    if chosen is not None:
        context |= page_queries.beside(chosen, among)
        found = rates([chosen.lowest.pk], now, by_province=True)
        by_province = {province: rate for (_, province), rate in found.items()}
        called = page_queries.names([one for one in by_province if one is not None], chosen.lowest)
        rows = [(key, name, id_, by_province[id_]) for id_, (key, name) in called.items()]
        context["rows"] = sorted(rows, key=lambda row: row[0])
        context["whole"] = sum(by_province.values(), Rates({}))
    return render(request, "returns/returns.html", context)


@require_safe
def returns_of_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """What a unit owes and owed; for an area also who below it is late. 404 where there is no such unit."""
    now, today = timezone.now(), timezone.localdate()
    try:
        own = unit(unit_id, today)
    except UnknownUnit:
        last = history(unit_id).last()
        if last is None:
            raise Http404 from None
        own = unit(unit_id, last.valid.lower)
    open_returns(request.user, unit_id)
    page_is_about(request, [int(own.path.split(".")[0])])
    name = Text(vi=own.full_name("vi"), en=own.full_name("en"))
    context: dict[str, Any] = {
        "unit_id": unit_id,
        "name": name,
        "own": [_line(row, now) for row in owed_by(unit_id)[:36]],
        "reminders": page_queries.reminders(unit_id, now) if _is_to_be_reminded(request, unit_id) else [],
        "crumbs": [(gettext("Returns"), reverse("returns")), (name.in_(_language()), "")],
        "now": now,
    }
    if own.level < Level.COMMUNE:
        context |= _below(request, own.path, own.level, now)
    return render(request, "returns/unit.html", context)


def _is_to_be_reminded(request: HttpRequest, unit_id: int) -> bool:
    return may_enter(request.user, unit_id) or may_review(request.user, unit_id)


def _line(row: Return, now: datetime) -> dict[str, Any]:
    """One return of a unit's own list."""
    window = decode(row.period_id)
    now_in = stage(row.deadline.opens_at, row.locks_at, now)
    state = shown_state(State(row.state), now_in)
    is_open = state in {State.DRAFT, State.SENT_BACK}
    return {
        "report": row,
        "label": calendar(window.calendar).label(window),
        "title": Text(vi=row.form.title_vi, en=row.form.title_en),
        "state": state,
        "is_open": is_open,
        "is_late": is_open and now >= row.deadline.due_at,
        "was_late": came_late(row.submitted_at, row.deadline.due_at),
    }


def _below(request: HttpRequest, path: str, level: int, now: datetime) -> dict[str, Any]:
    """The returns of the units below, for one form and period."""
    among = page_queries.offered()
    chosen = page_queries.choose(request.GET.get(CHOICE, ""), among)
    if chosen is None:
        return {"among": []}
    deadlines = [one.pk for one in chosen.deadlines]
    stands = standings(deadlines, now, path)
    rows = [row for row in page_queries.rows_within(chosen, path, stands) if row.level > level]
    wanted = request.GET.get("tinh-trang", "")
    counts = Rates({kind: sum(row.timeliness is kind for row in rows) for kind in Timeliness})
    return {
        "among": among,
        "chosen": chosen,
        **page_queries.beside(chosen, among),
        "key": CHOICE,
        "counts": counts,
        "kinds": [(kind, page_queries.TIMELINESS[kind], counts.of(kind)) for kind in Timeliness],
        "wanted": wanted if wanted in set(Timeliness) else "",
        "rows": [row for row in rows if wanted not in set(Timeliness) or row.timeliness == wanted],
    }


@require_POST
def return_decide(request: HttpRequest, return_id: int) -> HttpResponse:
    """Accept, send back or unlock a return; then its page again, with what was wrong if anything was."""
    report = readable(return_id)
    if not may_review(request.user, report.unit_id):
        raise Http404
    try:
        messages.success(request, _decide(request, report))
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem.in_(_language()))
    return redirect("return_entry", report.pk)


def _decide(request: HttpRequest, report: Return) -> str:
    """Do what was asked for; what to say of it. Raises `Refused`."""
    now, actor = timezone.now(), cast(User, request.user)
    seen = version_in(request.POST)
    reason = request.POST.get("reason", "").replace("\x00", "")[:2000]
    match request.POST.get("do"):
        case "accept":
            looked = request.POST.get("looked") == "1"
            actions.accept(report.pk, actor=actor, now=now, seen=seen, looked=looked)
            return gettext("Accepted.")
        case "send_back":
            actions.send_back(report.pk, actor=actor, now=now, reason=reason, seen=seen)
            return gettext("Sent back.")
        case "unlock":
            day = _day(request.POST.get("until", ""))
            until = end_of(day) if day else datetime.min.replace(tzinfo=ZONE)
            actions.unlock(report.pk, actor=actor, now=now, reason=reason, until=until, seen=seen)
            return gettext("Unlocked.")
        case _:
            raise Http404


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
