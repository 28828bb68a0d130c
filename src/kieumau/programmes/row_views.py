"""Rows of a programme on pages: added, changed, removed; where somebody else was faster both are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField, ChoiceField, Form, ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kieumau.accounts.models import User
from kieumau.accounts.scopes import in_scope
from kieumau.documents.access import READ as READ_DOCUMENTS
from kieumau.documents.models import Document
from kieumau.kernel.messages import Refused
from kieumau.kernel.numbers import whole_number
from kieumau.programmes import access, actions, forms
from kieumau.programmes.actions.rows import Row, place_of
from kieumau.programmes.frame import AREA, Frame, frame_of
from kieumau.programmes.models import BudgetLine, Member, PlanStage, ProgrammeSet, Seat, Target
from kieumau.units.models import Term
from kieumau.web.sentences import sentences
from kieumau.web.templatetags.kieumau import day

DIFFERS, REFUSED = 409, 422


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row: its table and form, who may write it, the tab it stands on, its headings."""

    model: type[Any]
    form: type[forms.RowForm]
    permission: str
    tab: str
    new: Any
    change: Any


KINDS: Mapping[str, Kind] = {
    "bo-tieu-chi": Kind(
        ProgrammeSet,
        forms.SetForm,
        access.EDIT,
        "programme",
        _("Another criteria set"),
        _("Change the criteria set"),
    ),
    "muc-tieu": Kind(
        Target, forms.TargetForm, access.EDIT, "programme", _("New target"), _("Change the target")
    ),
    "ke-hoach": Kind(
        PlanStage, forms.StageForm, access.EDIT, "programme_plan", _("New stage"), _("Change the stage")
    ),
    "thanh-phan": Kind(
        Seat, forms.SeatForm, access.EDIT, "programme_plan", _("New seat"), _("Change the seat")
    ),
    "don-vi": Kind(
        Member, forms.MemberForm, access.EDIT, "programme_members", "", _("Change how the unit takes part")
    ),
    "kinh-phi": Kind(
        BudgetLine,
        forms.LineForm,
        access.BUDGET,
        "programme_money",
        _("New budget line"),
        _("Change the budget line"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def row_new(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """A new row of a programme; units are chosen on a page of their own."""
    kind = KINDS.get(slug)
    if kind is None or not kind.new:
        raise Http404
    found = frame_of(request, code)
    place = found.area.unit_id if found.area and kind.model is not ProgrammeSet else None
    access.require_somewhere(request.user, kind.permission, found.programme)
    if request.method != "POST":
        access.require(request.user, kind.permission, found.programme, place)
    around = _around(request, found, None)
    start: dict[str, Any] = {
        "area": place,
        "year": found.today.year,
        "from_year": found.today.year,
        "starts_on": found.today,
    }
    if kind.model is BudgetLine:
        start["unit"] = forms.called(found.area)
    form = kind.form(request.POST if request.method == "POST" else None, around=around, initial=start)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        facts = form.facts
        place = getattr(facts, "unit_id", getattr(facts, "area_id", None))
        access.require(request.user, kind.permission, found.programme, place)
        try:
            actions.add_row(found.programme, facts, actor=_actor(request), now=timezone.now())
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return _back(kind, found, place)
    return _page(request, found, kind, form, problems, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def row_edit(request: HttpRequest, code: str, slug: str, row_id: int) -> HttpResponse:
    """Change a row; 409 with both values where somebody else has done so meanwhile."""
    kind, found, row = _row(request, code, slug, row_id)
    around = _around(request, found, row)
    if request.method != "POST":
        form = kind.form(initial=kind.form.read(row, around), around=around, row=row)
        return _page(request, found, kind, form, [], row)
    form = kind.form(request.POST, around=around, row=row)
    if not form.is_valid():
        return _page(request, found, kind, form, [], row)
    facts = form.facts
    place = getattr(facts, "unit_id", getattr(facts, "area_id", place_of(row)))
    access.require(request.user, kind.permission, found.programme, place)
    version = form.cleaned_data["version"] or 0
    try:
        actions.change_row(row, facts, version=version, actor=_actor(request), now=timezone.now())
    except actions.ChangedMeanwhile as refused:
        # What is there now is shown beside; saving once more is a choice made knowingly.
        again = kind.form({**request.POST.dict(), "version": row.version}, around=around, row=row)
        now = read_aloud(kind.form(initial=kind.form.read(row, around), around=around, row=row))
        return _page(request, found, kind, again, sentences(refused), row, now)
    except Refused as refused:
        return _page(request, found, kind, form, sentences(refused), row)
    messages.success(request, gettext("Saved."))
    return _back(kind, found, place)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def row_remove(request: HttpRequest, code: str, slug: str, row_id: int) -> HttpResponse:
    """Take a row away, after asking."""
    kind, found, row = _row(request, code, slug, row_id)
    around = _around(request, found, row)
    problems: list[str] = []
    if request.method == "POST":
        version = whole_number(request.POST.get("version")) or 0
        try:
            actions.remove_row(row, version=version, actor=_actor(request), now=timezone.now())
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Removed."))
            return _back(kind, found, place_of(row))
    form = kind.form(initial=kind.form.read(row, around), around=around, row=row)
    context = {
        **found.context(kind.tab, (gettext("Remove"), "")),
        "said": read_aloud(form),
        "row": row,
        "problems": problems,
        "back": _address(kind, found, place_of(row)),
    }
    return render(request, "programmes/remove.html", context, status=DIFFERS if problems else 200)


def read_aloud(form: Form) -> list[tuple[str, str]]:
    """What a form begins with, in words: for showing what stands there now."""
    return [(str(field.label), _said(field)) for field in form.visible_fields()]


def _said(field: BoundField) -> str:
    value = field.initial
    if value in (None, "", []):
        return "–"
    if isinstance(value, date):
        return day(value)
    if isinstance(field.field, ModelChoiceField):
        found = field.field.queryset.filter(pk=value).first() if field.field.queryset is not None else None
        return field.field.label_from_instance(found) if found else f"#{value}"
    if isinstance(field.field, ChoiceField):
        said = {str(key): str(label) for key, label in field.field.choices}  # type: ignore[union-attr,misc]
        values = value if isinstance(value, list) else [value]
        return ", ".join(said.get(str(one), str(one)) for one in values)
    return str(value)


def _row(request: HttpRequest, code: str, slug: str, row_id: int) -> tuple[Kind, Frame, Row]:
    """The row, for somebody who may change it. 404 where there is none, 403 with the reasons otherwise."""
    kind = KINDS.get(slug)
    if kind is None:
        raise Http404
    found = frame_of(request, code)
    row = kind.model.objects.filter(programme=found.programme, pk=row_id).select_related("programme").first()
    if row is None:
        raise Http404
    access.require(request.user, kind.permission, found.programme, place_of(row))
    return kind, found, row


def _around(request: HttpRequest, found: Frame, row: Row | None) -> forms.Around:
    """What may be named: areas over which the person may change the programme, documents he may read."""
    place = place_of(row) if row else (found.area.unit_id if found.area else None)
    named = {place, getattr(row, "of_unit_id", None)} - {None}
    last = (
        Term.objects.filter(unit__in=named).order_by("unit", "-valid").distinct("unit").select_related("kind")
    )
    units = {one.unit_id: one for one in last}
    offered = {one.unit_id: one for one in found.areas}
    if place is not None and place in units:
        offered.setdefault(place, units[place])
    mine = access.editable_units(request.user, found.programme).filter(pk__in=list(offered))
    allowed = set(mine.values_list("pk", flat=True))
    shelves = Document.objects.filter(
        unit__in=list(offered), issued_on__year__gte=found.programme.first_year - 1
    )
    documents = in_scope(shelves, request.user, READ_DOCUMENTS).order_by("-issued_on", "-pk")
    kept = getattr(row, "document_id", None)
    if kept is not None:
        documents = documents | Document.objects.filter(pk=kept)
    areas = [one for unit_id, one in offered.items() if unit_id in allowed]
    return forms.Around(found.programme, areas, documents, found.today, units, found.areas)


def _page(
    request: HttpRequest,
    found: Frame,
    kind: Kind,
    form: forms.RowForm,
    problems: list[str],
    row: Row | None,
    now: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    heading = kind.change if row else kind.new
    context = {
        **found.context(kind.tab, (str(heading), "")),
        "heading": heading,
        "form": form,
        "problems": problems,
        "row": row,
        "about": forms.called(form.around.units.get(row.unit_id)) if isinstance(row, Member) else "",
        "now": now,
        "back": _address(kind, found, place_of(row) if row else (found.area.unit_id if found.area else None)),
        "remove": reverse("programme_row_remove", args=[found.programme.code, _slug(kind), row.pk])
        if row
        else "",
    }
    status = DIFFERS if now else REFUSED if request.method == "POST" else 200
    return render(request, "programmes/row.html", context, status=status)


def _back(kind: Kind, found: Frame, place: int | None) -> HttpResponse:
    return redirect(_address(kind, found, place))


def _address(kind: Kind, found: Frame, place: int | None) -> str:
    """The tab on which the row stands, of the area it is about."""
    address = reverse(kind.tab, args=[found.programme.code])
    is_of_area = kind.tab in {"programme_plan", "programme"} and place is not None
    is_whole = bool(found.areas) and place == found.areas[0].unit_id
    return f"{address}?{AREA}={place}" if is_of_area and not is_whole else address


def _slug(kind: Kind) -> str:
    return next(slug for slug, one in KINDS.items() if one is kind)


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
