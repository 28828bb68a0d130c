"""Inspection visits, listed, seen, put down; what they conclude is given."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kieumau.accounts.doors import Denied, may, needs
from kieumau.assignments import access, actions, queries
from kieumau.assignments.access import GIVE, READ, RECORD
from kieumau.assignments.failures import ChangedMeanwhile
from kieumau.assignments.forms import VisitForm, see_anew, visit_filled
from kieumau.assignments.frames import (
    NOBODY,
    giver_choices,
    language,
    programme_called,
    programme_choices,
    rows_of,
    shelf_of,
    units_of,
)
from kieumau.assignments.giving_views import UNIT, refuse_all
from kieumau.assignments.models import Assignment, Conclusion, Visit
from kieumau.assignments.queries import last_terms, name_of, names_of
from kieumau.assignments.views import DIFFERS, REFUSED
from kieumau.documents.access import somebody
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.units.models import Term
from kieumau.units.naming import typed, units_named
from kieumau.units.over import Over
from kieumau.web.paging import page_of, search_of
from kieumau.web.sentences import sentences


@require_safe
@needs(READ)
def visits(request: HttpRequest) -> HttpResponse:
    """The visits to one's units, newest first."""
    sought = search_of(request).replace("\x00", "")
    page = page_of(request, queries.visits(request.user, sought))
    found = list(page.object_list)
    called = names_of({one.unit_id for one in found} | {one.leader_id for one in found})
    rows = [(one, called.get(one.unit_id, NOBODY), called.get(one.leader_id, NOBODY)) for one in found]
    may_record = may(request.user, RECORD)
    context = {"page": page, "rows": rows, "words": sought, "may_record": may_record}
    return render(request, "assignments/visits.html", context)


@require_safe
@login_required
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """A visit with what was found and concluded, and the assignments that follow from it."""
    return _show(request, access.readable_visit(request.user, visit_id))


def _show(request: HttpRequest, found: Visit, problems: list[str] | None = None) -> HttpResponse:
    today, user = timezone.localdate(), somebody(request)
    given = access.seen(Assignment.objects.filter(conclusion__visit=found), user)
    items = list(given.order_by("due_on", "pk"))
    terms = last_terms({found.unit_id, found.leader_id} | units_of(items))
    shown = rows_of(items, today, {unit: name_of(term) for unit, term in terms.items()})
    conclusions = []
    for one in found.conclusions.order_by("number"):
        own = [row for row in shown if row[0].conclusion_id == one.pk]
        conclusions.append((one, own, _kept(request, one)))
    may_give = access.may_give(user, found.unit_id, found.programme)
    may_edit = access.may_rewrite(user, found.leader_id, found.programme)
    context = {
        **_frame(found, terms=terms),
        "participants": found.participants.order_by("number"),
        "observations": found.observations.order_by("number"),
        "conclusions": conclusions,
        "problems": problems or [],
        "may_edit": may_edit,
        "may_settle": may_edit and may(user, GIVE),
        "is_to_come": found.starts_on > today,
        "is_under_way": found.starts_on <= today < found.ends_on,
        "may_give": may_give and bool(conclusions),
        "givers": giver_choices(request, today) if may_give else [],
    }
    return render(request, "assignments/visit.html", context, status=REFUSED if problems else 200)


def _kept(request: HttpRequest, one: Conclusion) -> dict[str, str]:
    """What was typed about a conclusion, to stay on the page when something was refused."""
    names = ("pick", "owner", "due")
    return {name: request.POST.get(f"{name}-{one.pk}", "")[:200] for name in names}


@require_POST
@needs(GIVE)
def visit_assign(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Turn the chosen conclusions into assignments, or say that one needs none (`none`, its id).

    What was refused stands above what was typed.
    """
    found = access.readable_visit(request.user, visit_id)
    user = somebody(request)
    if "none" in request.POST:
        return _settle(request, found)
    try:
        picks = _picks(request, found)
        giver = whole_number(request.POST.get("giver")) or 0
        access.require_giving(user, {giver, *(pick.owner_id for pick in picks)}, found.programme)
        made = actions.assign_conclusions(found.pk, picks, giver_id=giver, actor=user, now=timezone.now())
    except Refused as refused:
        return _show(request, found, sentences(refused))
    messages.success(request, gettext("Assignments given: %(count)s.") % {"count": len(made)})
    return redirect("visit", found.pk)


def _settle(request: HttpRequest, found: Visit) -> HttpResponse:
    """No assignment needs to follow from a conclusion; for whoever may change what the visit concluded."""
    if not access.may_rewrite(request.user, found.leader_id, found.programme):
        raise Denied(RECORD, Over(found.leader_id, found.programme))
    one = found.conclusions.filter(pk=whole_number(request.POST["none"]) or 0).first()
    if one is None:
        raise Http404
    why = request.POST.get("why", "").replace("\x00", "")
    try:
        actions.settle_conclusion(one.pk, why=why, actor=somebody(request), now=timezone.now())
    except Refused as refused:
        return _show(request, found, sentences(refused))
    messages.success(request, gettext("Saved."))
    return redirect("visit", found.pk)


def _picks(request: HttpRequest, found: Visit) -> list[actions.Pick]:
    """The conclusions that were chosen, each with its unit and day. Raises `Refused`."""
    today, picks, problems = timezone.localdate(), [], []
    among = access.units_given(request.user, found.programme)
    for one in found.conclusions.order_by("number"):
        if f"pick-{one.pk}" not in request.POST:
            continue
        named = units_named(request.POST.get(f"owner-{one.pk}", "")[:200], today, among=among)
        units, wrong = named.ids, named.problems
        due = _day(request.POST.get(f"due-{one.pk}", ""))
        problems += [_of(one, problem) for problem in wrong]
        if due is None:
            problems.append(_no_day(one))
        elif due < today:
            problems.append(_over(one))
        elif not wrong and units:
            picks.append(actions.Pick(one.pk, units[0], due))
        elif not units and not wrong:
            problems.append(_no_unit(one))
    if not picks and not problems:
        none = Text(vi="Chọn ít nhất một kết luận.", en="Choose at least one conclusion.")
        problems.append(Problem("nothing-chosen", none))
    refuse_all(problems)
    return picks


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def visit_new(request: HttpRequest) -> HttpResponse:
    """Put down a visit; `don-vi` names the unit visited."""
    unit = whole_number(request.GET.get(UNIT))
    form = _visit_form(request, {"unit": _typed_unit(unit) if unit else ""}, unit)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            facts = _facts(request, form)
            made = actions.record_visit(facts, actor=somebody(request), now=timezone.now())
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("visit", made.pk)
    crumbs = [(gettext("Inspection visits"), reverse("visits")), (gettext("Record a visit"), "")]
    context = {"form": form, "problems": problems, "crumbs": crumbs, "visit": None}
    return render(
        request, "assignments/visit_form.html", context, status=REFUSED if request.method == "POST" else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def visit_edit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Change what is said of a visit; 409 with both where somebody else has done so meanwhile."""
    found = access.readable_visit(request.user, visit_id)
    if not access.may_rewrite(request.user, found.leader_id, found.programme):
        raise Denied(RECORD, Over(found.leader_id, found.programme))
    frame = _frame(found, (gettext("Change"), ""))
    filled = visit_filled(found, frame["unit_typed"])
    form = _visit_form(request, filled, found.unit_id, found.document_id, leader=found.leader_id)
    problems: list[str] = []
    status, theirs = (REFUSED if request.method == "POST" else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            facts, seen = _facts(request, form, found), form.cleaned_data["seen"] or 0
            actions.change_visit(found.pk, facts, seen=seen, actor=somebody(request), now=timezone.now())
        except ChangedMeanwhile as meanwhile:
            problems, status = sentences(meanwhile), DIFFERS
            found.refresh_from_db()
            theirs = visit_filled(found, frame["unit_typed"])
            see_anew(form, found.version)
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("visit", found.pk)
    context = {**frame, "form": form, "problems": problems, "theirs": theirs}
    return render(request, "assignments/visit_form.html", context, status=status)


def _visit_form(
    request: HttpRequest,
    initial: dict[str, Any],
    unit: int | None,
    kept: int | None = None,
    *,
    leader: int | None = None,
) -> VisitForm:
    today = timezone.localdate()
    leaders = giver_choices(request, today, RECORD, kept=leader)
    shelves = {int(one) for one, _name in leaders} | ({unit} if unit else set())
    if request.method == "POST":  # the unit that was typed has a shelf, too
        shelves.update(units_named(request.POST.get("unit", "")[:200], today).ids)
    return VisitForm(
        request.POST or None,
        leaders=leaders,
        programmes=programme_choices(),
        shelf=shelf_of(request.user, shelves),
        kept=kept,
        initial=initial,
    )


def _facts(request: HttpRequest, form: VisitForm, found: Visit | None = None) -> actions.VisitFacts:
    """What was typed of a visit. Raises `Refused`; `Denied` where the person may not put that down."""
    data, user = form.cleaned_data, request.user
    named = units_named(data["unit"], timezone.localdate())
    refuse_all(named.problems)
    unit, leader, programme = named.ids[0], int(data["leader"]), data["programme"]
    if found is None and not access.may_record(user, unit, leader, programme):
        raise Denied(RECORD, Over(unit, programme))
    if found is not None and not access.may_rewrite(user, leader, programme):
        raise Denied(RECORD, Over(leader, programme))
    return actions.VisitFacts(
        unit_id=unit,
        leader_id=leader,
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
        purpose=data["purpose"],
        participants=data["participants"],
        observations=data["observations"],
        conclusions=data["conclusions"],
        programme=programme,
        document=data["document"],
    )


def _frame(found: Visit, *more: tuple[str, str], terms: Mapping[int, Term] | None = None) -> dict[str, Any]:
    """What the pages of a visit show around. One query, none where its units are known already."""
    terms = last_terms({found.unit_id, found.leader_id}) if terms is None else terms
    called = {unit: name_of(term) for unit, term in terms.items()}
    unit = called.get(found.unit_id, NOBODY)
    here = f"{unit.in_(language())}: {found.purpose}"
    return {
        "visit": found,
        "unit_name": unit,
        "unit_typed": typed(terms[found.unit_id], language()) if found.unit_id in terms else "",
        "leader": called.get(found.leader_id, NOBODY),
        "programme": programme_called(found.programme),
        "crumbs": [
            (gettext("Inspection visits"), reverse("visits")),
            (here if len(here) <= 60 else f"{here[:60]}…", reverse("visit", args=[found.pk])),
            *more,
        ],
    }


def _typed_unit(unit_id: int) -> str:
    last = Term.objects.filter(unit=unit_id, valid__contains=timezone.localdate()).select_related("kind")
    found = last.first()
    return typed(found, language()) if found else ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _no_day(one: Conclusion) -> Problem:
    text = Text(
        vi=f"Kết luận {one.number}: ghi hạn thực hiện.", en=f"Conclusion {one.number}: give the due day."
    )
    return Problem("no-day", text)


def _over(one: Conclusion) -> Problem:
    text = Text(
        vi=f"Kết luận {one.number}: hạn ở trong quá khứ.",
        en=f"Conclusion {one.number}: the due day has passed already.",
    )
    return Problem("due-in-the-past", text)


def _of(one: Conclusion, problem: Problem) -> Problem:
    """The same, with the conclusion at which it was typed."""
    vi, en = problem.reason.vi, problem.reason.en
    return replace(
        problem, reason=Text(vi=f"Kết luận {one.number}: {vi}", en=f"Conclusion {one.number}: {en}")
    )


def _no_unit(one: Conclusion) -> Problem:
    text = Text(
        vi=f"Kết luận {one.number}: ghi đơn vị thực hiện.", en=f"Conclusion {one.number}: say which unit."
    )
    return Problem("no-unit", text)
