"""A programme set up and changed, and units chosen for it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from kieumau.accounts.doors import needs
from kieumau.accounts.doors import require as require_over
from kieumau.accounts.models import User
from kieumau.accounts.scopes import in_scope
from kieumau.documents.access import READ as READ_DOCUMENTS
from kieumau.documents.models import Document
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.programmes import access, actions, programme_form, queries
from kieumau.programmes.actions.members import unfit
from kieumau.programmes.choosing import Choosing
from kieumau.programmes.frame import Frame, frame_of, language
from kieumau.programmes.row_views import DIFFERS, REFUSED, read_aloud
from kieumau.units.calling import named_like, names_of
from kieumau.units.models import Level, Term
from kieumau.units.naming import units_named
from kieumau.units.over import Over
from kieumau.units.queries import terms
from kieumau.web.paging import search_of
from kieumau.web.sentences import sentences

MOST_SHOWN = 400


@require_http_methods(["GET", "HEAD", "POST"])
@needs(access.EDIT)
def programme_new(request: HttpRequest) -> HttpResponse:
    """Set up a programme."""
    areas = _areas(request)
    typed = request.POST if request.method == "POST" else None
    start = {"first_year": timezone.localdate().year, "level": int(Level.COMMUNE)}
    form = programme_form.ProgrammeForm(typed, areas=areas, initial=start)
    problems: list[str] = []
    if typed is not None and form.is_valid():
        code, facts = form.cleaned_data["code"], form.facts
        require_over(request.user, access.EDIT, Over(facts.area_id, code))
        try:
            made = actions.make_programme(code, facts, actor=_actor(request), now=timezone.now())
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("programme", made.code)
    context = {
        "form": form,
        "problems": problems,
        "heading": gettext("New programme"),
        "back": reverse("programmes"),
        "crumbs": [(gettext("Programmes"), reverse("programmes")), (gettext("New programme"), "")],
    }
    return render(request, "programmes/row.html", context, status=REFUSED if typed is not None else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def programme_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is said of a programme; 409 with both values where somebody else has done so meanwhile."""
    found = frame_of(request, code)
    made = found.programme
    access.require(request.user, access.EDIT, made, None)
    areas = _areas(request)
    typed = request.POST if request.method == "POST" else None
    kept = programme_form.ProgrammeForm(areas=areas, programme=made, initial=programme_form.read(made))
    form = programme_form.ProgrammeForm(typed, areas=areas, programme=made) if typed is not None else kept
    problems: list[str] = []
    now: list[tuple[str, str]] | None = None
    if typed is not None and form.is_valid():
        facts, version = form.facts, form.cleaned_data["version"] or 0
        access.require(request.user, access.EDIT, made, facts.area_id)
        try:
            actions.change_programme(made, facts, version=version, actor=_actor(request), now=timezone.now())
        except actions.ChangedMeanwhile as refused:
            problems, now = sentences(refused), read_aloud(kept)
            again = typed.copy()
            again["version"] = str(made.version)
            form = programme_form.ProgrammeForm(again, areas=areas, programme=made)
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("programme", made.code)
    context = {
        **found.context("programme", (gettext("Change the programme"), "")),
        "heading": gettext("Change the programme"),
        "form": form,
        "problems": problems,
        "now": now,
        "back": reverse("programme", args=[code]),
    }
    status = DIFFERS if now else REFUSED if typed is not None else 200
    return render(request, "programmes/row.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def members_choose(request: HttpRequest, code: str) -> HttpResponse:
    """Choose units of an area: ticked, all at once, or pasted by code or name; every fault told at once."""
    found = frame_of(request, code)
    place = found.area.unit_id if found.area else None
    access.require(request.user, access.EDIT, found.programme, place)
    typed = request.POST if request.method == "POST" else None
    form = Choosing(typed, documents=_documents(request, found), initial={"starts_on": found.today})
    problems: list[str] = []
    if typed is not None and form.is_valid():
        try:
            count = _choose(request, found, form)
        except Refused as refused:
            problems = sentences(refused)
        else:
            text = gettext("%(count)s units take part now.") % {"count": count}
            messages.success(request, text)
            return redirect("programme_members", code)
    context: dict[str, Any] = {
        **found.context("members", (gettext("Choose units"), "")),
        "form": form,
        "problems": problems,
        "words": search_of(request).replace("\x00", ""),
        "ticked": set(typed.getlist("unit")) if typed is not None else set(),
    }
    if found.area is not None:
        context |= _offered(request, found, context["words"])
    return render(request, "programmes/choose.html", context, status=REFUSED if typed is not None else 200)


def _offered(request: HttpRequest, found: Frame, sought: str) -> dict[str, Any]:
    """The units of the area that could take part from today on; too many for one page are only counted."""
    assert found.area is not None
    allowed = access.editable_units(request.user, found.programme)
    could = queries.candidates(found.programme, found.area.path, found.today, allowed)
    if sought:
        could = could.filter(named_like(sought))
    rows = list(could[: MOST_SHOWN + 1])
    return {
        "offered": [(str(one.unit_id), one.full_name(language()), one.code) for one in rows[:MOST_SHOWN]],
        "is_too_many": len(rows) > MOST_SHOWN,
        "could_count": len(rows) if len(rows) <= MOST_SHOWN else could.count(),
    }


def _choose(request: HttpRequest, found: Frame, form: Choosing) -> int:
    """Everything that was ticked, pasted or meant by “all”. Raises `Refused` with all that is wrong."""
    assert found.area is not None
    facts, area = form.facts, found.area
    if faults := list(facts.faults()):
        raise Refused(faults)
    named = units_named(
        form.cleaned_data["pasted"], facts.starts_on, found.areas[0].path, found.programme.level
    )
    ids = {one.unit_id for one in named.found} | set(form.ticked)
    if form.cleaned_data["everything"]:
        allowed = access.editable_units(request.user, found.programme)
        every = queries.candidates(found.programme, area.path, facts.starts_on, allowed)
        ids |= set(every.order_by().values_list("unit_id", flat=True))
    problems = list(named.problems)
    if outside := access.outside(request.user, found.programme, ids):
        names = names_of(outside, found.today)
        problems += [_not_yours(names.get(one)) for one in sorted(outside)]
    choice = actions.Choice(sorted(ids), facts)
    if problems:
        raise actions.CannotChoose([*problems, *unfit(found.programme, choice)])
    return actions.choose_units(found.programme, choice, actor=_actor(request), now=timezone.now())


def _not_yours(name: Text | None) -> Problem:
    said = name or Text(vi="Đơn vị này", en="This unit")
    reason = Text(
        vi=f"{said.vi}: bạn không được chọn đơn vị này.", en=f"{said.en}: you may not choose this unit."
    )
    return Problem("not-yours", reason)


def _areas(request: HttpRequest) -> list[Term]:
    """Countries and provinces over which the person may edit programmes, from the top down."""
    today = timezone.localdate()
    mine = access.editable_anywhere(request.user)
    found = terms(today).filter(unit__positions__level__lte=Level.PROVINCE, unit_id__in=mine)
    return sorted(found, key=lambda one: one.level)


def _documents(request: HttpRequest, found: Frame) -> Any:
    shelves = Document.objects.filter(unit__in={one.unit_id for one in (*found.areas, found.area) if one})
    return in_scope(shelves, request.user, READ_DOCUMENTS).order_by("-issued_on", "-pk")


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
