"""One assignment: seen with all that was said of it, reported on, extended, closed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kieumau.accounts.scopes import in_scope
from kieumau.assignments import access, actions, queries, words
from kieumau.assignments.failures import ChangedMeanwhile
from kieumau.assignments.forms import ReportForm
from kieumau.assignments.frames import NOBODY, programme_called
from kieumau.assignments.models import Assignment, Report
from kieumau.assignments.registry import page_of as page_of_thing
from kieumau.assignments.rules import Act, Origin, State, allowed
from kieumau.documents.access import READ as READ_DOCUMENTS
from kieumau.documents.access import somebody
from kieumau.documents.models import Document
from kieumau.documents.where_to_add import where_to_add
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.web.sentences import sentences

DIFFERS, REFUSED = 409, 422
MOST_LETTERS = 4000


@require_safe
@login_required
def assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """An assignment with its reports, its turns, and what may be done."""
    return show(request, access.readable(request.user, assignment_id))


@require_POST
@login_required
def assignment_act(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Send back, close, withdraw, ask for time, grant or refuse it; 409 where it changed meanwhile."""
    found = access.readable(request.user, assignment_id)
    try:
        messages.success(request, _do(request, found))
    except ChangedMeanwhile as meanwhile:
        return show(request, access.readable(request.user, meanwhile.theirs.pk), meanwhile, DIFFERS)
    except Refused as refused:
        return show(request, access.readable(request.user, found.pk), refused)
    return redirect("assignment", found.pk)


def _do(request: HttpRequest, found: Assignment) -> str:
    """Do what was asked for; what to say of it. Raises `Refused`; 404 for who may not."""
    now, actor = timezone.now(), somebody(request)
    # Who says no version has seen none: what stands meanwhile is shown first.
    seen, reason = _number(request.POST.get("seen", "")), _typed(request, "reason")
    owns, gives = access.may_report(actor, found), access.may_change(actor, found)
    match request.POST.get("do"):
        case "close" if access.may_close(actor, found):
            actions.close(found.pk, remark=reason, seen=seen, actor=actor, now=now)
            return gettext("Closed.")
        case "send_back" if access.may_close(actor, found):
            actions.send_back(found.pk, reason=reason, seen=seen, actor=actor, now=now)
            return gettext("Sent back.")
        case "withdraw" if gives:
            actions.withdraw(found.pk, reason=reason, seen=seen, actor=actor, now=now)
            return gettext("Withdrawn.")
        case "ask" if owns:
            actions.ask(found.pk, due_on=_day(request), reason=reason, seen=seen, actor=actor, now=now)
            return gettext("More time is asked for.")
        case "grant" if gives:
            actions.grant(found.pk, due_on=_day(request), reason=reason, seen=seen, actor=actor, now=now)
            return gettext("The due day is later now.")
        case "refuse" if gives:
            actions.refuse_time(found.pk, reason=reason, seen=seen, actor=actor, now=now)
            return gettext("The due day stays.")
        case _:
            raise Http404


def show(
    request: HttpRequest, found: Assignment, refused: Refused | None = None, status: int = REFUSED
) -> HttpResponse:
    """The page of an assignment; with what was refused above what was typed."""
    user, acts = somebody(request), allowed(State(found.state))
    owns, gives = access.may_report(user, found), access.may_change(user, found)
    closes, question = access.may_close(user, found), queries.open_question(found)
    context = {
        **frame(found),
        "reports": _reports(found, user),
        "turns": [(words.ACTS[Act(one.act)], one) for one in found.turns.order_by("-version")],
        "question": question,
        "may_report": owns and Act.REPORT in acts,
        "may_ask": owns and Act.ASK in acts and question is None,
        "may_edit": gives and Act.CHANGE in acts,
        "may_grant": gives and Act.GRANT in acts,
        "may_refuse": gives and question is not None and Act.REFUSE in acts,
        "may_withdraw": gives and Act.WITHDRAW in acts,
        "may_close": closes and Act.CLOSE in acts,
        "problems": sentences(refused) if refused else [],
        "did": request.POST.get("do", ""),
        "typed": _typed(request, "reason"),
        "typed_day": request.POST.get("due_on", "")[:10],
    }
    return render(request, "assignments/assignment.html", context, status=status if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assignment_report(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Say what was done; 409 with what stands now where it changed meanwhile. Nothing typed is lost."""
    found = access.readable(request.user, assignment_id)
    if not access.may_report(request.user, found):
        raise Http404
    shelf = _shelf(found, request.user)
    initial = {"percent": found.percent, "seen": found.version}
    form = ReportForm(request.POST or None, shelf=shelf, initial=initial)
    problems: list[str] = []
    status, is_changed = (REFUSED if request.method == "POST" else 200), False
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, found, form)
        except ChangedMeanwhile as meanwhile:
            problems, status, is_changed = sentences(meanwhile), DIFFERS, True
            found = access.readable(request.user, assignment_id)
            form.data = _with_seen(request, found.version)
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("assignment", found.pk)
    context = {
        **frame(found, (gettext("Report"), "")),
        "form": form,
        "problems": problems,
        "is_changed": is_changed,
        "adding": where_to_add(request.user, [found.owner_id], timezone.localdate()),
        "latest": found.reports.select_related("by").last() if is_changed else None,
        "may_send": Act.REPORT in allowed(State(found.state)),
    }
    return render(request, "assignments/report.html", context, status=status)


def _save(request: HttpRequest, found: Assignment, form: ReportForm) -> Report:
    data = form.cleaned_data
    return actions.report(
        found.pk,
        text=data["text"],
        percent=data["percent"],
        documents=tuple(one.pk for one in data["documents"]),
        seen=data["seen"],
        actor=somebody(request),
        now=timezone.now(),
    )


def _shelf(found: Assignment, user: Any) -> Any:
    """The documents of whoever works on it, which the person may read."""
    return in_scope(queries.on_its_shelves(found, timezone.localdate()), user, READ_DOCUMENTS)


def frame(found: Assignment, *more: tuple[str, str]) -> dict[str, Any]:
    """What the pages of one assignment show around: units, standing, where it comes from. Two queries."""
    called = queries.names_of({found.owner_id, found.giver_id, *found.partners})
    standing = found.standing(timezone.localdate())
    title = found.text if len(found.text) <= 60 else f"{found.text[:60]}…"
    return {
        "assignment": found,
        "owner": called.get(found.owner_id, NOBODY),
        "giver": called.get(found.giver_id, NOBODY),
        "partners": [(unit, called.get(unit, NOBODY)) for unit in found.partners],
        "standing": standing.value,
        "standing_word": words.STANDINGS[standing],
        "origin": words.ORIGINS[Origin(found.origin)],
        "about_url": _about_url(found),
        "programme": programme_called(found.programme),
        "crumbs": [
            (gettext("Assignments"), reverse("assignments")),
            (title, reverse("assignment", args=[found.pk])),
            *more,
        ],
    }


def _about_url(found: Assignment) -> str:
    match Origin(found.origin):
        case Origin.CONCLUSION if found.conclusion is not None:
            return reverse("visit", args=[found.conclusion.visit_id])
        case Origin.DIRECTIVE:
            return reverse("directive", args=[found.directive_id])
        case Origin.CRITERION:
            return page_of_thing(found.about_kind, found.about_id)
        case _:
            return ""


def _reports(found: Assignment, user: Any) -> list[Report]:
    """Newest first, each with those of its documents that the person may read. Two queries."""
    documents = Prefetch("documents", in_scope(Document.objects.all(), user, READ_DOCUMENTS))
    return list(found.reports.select_related("by").prefetch_related(documents).order_by("-version"))


def _with_seen(request: HttpRequest, version: int) -> Any:
    """What was typed, to go over what stands now when it is sent again."""
    data = request.POST.copy()
    data["seen"] = str(version)
    return data


def _day(request: HttpRequest) -> date:
    """The day that was typed. Raises `Refused`."""
    try:
        found = parse_date(request.POST.get("due_on", ""))
    except ValueError:
        found = None
    if found is None:
        raise Refused([Problem("no-day", Text(vi="Ghi ngày hạn mới.", en="Give the new due day."))])
    return found


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "")[:MOST_LETTERS]


def _number(text: str) -> int:
    return whole_number(text) or 0
