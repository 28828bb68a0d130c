"""Building a set in the browser: the whole, its head, one criterion."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kieumau.criteria import building, draft_pages, indicator_words
from kieumau.criteria.access import open_draft
from kieumau.criteria.builder_forms import KINDS, CriterionForm, HeadForm, choices_of_groups
from kieumau.criteria.draft_views import issued_already, kept
from kieumau.criteria.drafting import fields
from kieumau.criteria.drafting.outline import CannotEdit
from kieumau.criteria.drafting.reading import Reading, read
from kieumau.criteria.models import Draft


@login_required
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The whole set: its head in short, its criteria in order, with buttons to move and remove them."""
    found = open_draft(request.user, draft_id)
    if request.method != "POST":
        return render(request, "criteria/draft.html", building.builder_page(found))
    based_on = draft_pages.number(request.POST.get("version"))
    if based_on != found.version and found.issued_as_id is None:
        messages.warning(request, gettext("Somebody has changed this draft since. Look at it again."))
        return redirect("draft", found.pk)
    try:
        text, number = building.rearranged(found.text, request.POST.get("lam", ""))
    except CannotEdit:
        return cannot_edit(request, found)
    return kept(request, found, reverse("draft", args=[found.pk]) + f"#tc-{number}", text, based_on)


@login_required
def draft_head(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What the set says of itself: titles, period, units, rule, groups."""
    found = open_draft(request.user, draft_id)
    reading = building.reading_of(found)
    if reading.content is None:
        return cannot_edit(request, found)
    head = building.head_fields(reading)
    posted = request.POST if request.method == "POST" else None
    form = HeadForm(posted, initial=head)
    groups = building.formset(building.group_rows(reading), "nhom", posted, blank=2)
    classes = building.formset(building.class_rows(reading), "muc", posted, blank=2)
    if posted is not None and all([form.is_valid(), groups.is_valid(), classes.is_valid()]):

        def edited(text: str) -> str:
            there = read(text, [])
            text = building.new_head(text, building.head_fields(there), form.cleaned_data)
            text = building.new_rows(text, ("groups",), building.group_rows(there), groups, "title")
            if form.cleaned_data["rule"] == "points":
                rows = building.class_rows(there)
                text = building.new_rows(text, ("rule", "classes"), rows, classes, "name")
            return text

        return saved(request, found, reverse("draft", args=[found.pk]), edited)
    context = {
        **draft_pages.frame(found, "draft", gettext("Title, period, rule")),
        "form": form,
        "groups": groups,
        "classes": classes,
        "problems": reading.of_head(),
        "version": draft_pages.number(request.POST.get("version")) or found.version,
    }
    return render(request, "criteria/draft_head.html", context, status=400 if posted else 200)


@login_required
def draft_criterion_new(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One criterion more, at the end; `?loai=` says how it is determined."""
    return _criterion(request, open_draft(request.user, draft_id), None)


@login_required
def draft_criterion(request: HttpRequest, draft_id: int, position: int) -> HttpResponse:
    """One criterion, `position` counting from 1. 404 where there is none."""
    return _criterion(request, open_draft(request.user, draft_id), position - 1)


def _criterion(request: HttpRequest, found: Draft, index: int | None) -> HttpResponse:
    reading = building.reading_of(found)
    if reading.content is None:
        return cannot_edit(request, found)
    if index is not None and not 0 <= index < len(reading.criteria) and request.method != "POST":
        raise Http404
    posted = request.POST if request.method == "POST" else None
    initial = _initial(request, reading, index)
    form = CriterionForm(posted, initial=initial, groups=choices_of_groups(reading.groups))
    if posted is not None and form.is_valid():
        code = posted.get("old_code", "")

        def edited(text: str) -> str:
            place = None if index is None else building.place_of(text, index, code)
            return building.new_criterion(text, place, form.cleaned_data)

        return saved(request, found, _after(found, index, len(reading.criteria), posted), edited)
    context = {
        **draft_pages.frame(found, "draft", _name_of(initial, index)),
        "form": form,
        "number": None if index is None else index + 1,
        "count": len(reading.criteria),
        "old_code": posted.get("old_code", "") if posted else initial["code"],
        "problems": [] if index is None else reading.of_criterion(index),
        "scope": building.scope_of(reading, index),
        "counts_points": building.scope_of(reading, index).counts_points or bool(initial["points_max"]),
        "words": indicator_words.indicators(),
        "examples": indicator_words.EXAMPLES,
        "version": draft_pages.number(request.POST.get("version")) or found.version,
    }
    return render(request, "criteria/draft_criterion.html", context, status=400 if posted else 200)


def _initial(request: HttpRequest, reading: Reading, index: int | None) -> dict[str, str]:
    """The criterion as fields; a new one with the next number and the group of the last."""
    if index is not None and 0 <= index < len(reading.criteria):
        return fields.read(reading.criteria[index], fields.CRITERION)
    blank = fields.read({}, fields.CRITERION)
    kind = request.GET.get("loai", "")
    last = reading.criteria[-1] if reading.criteria else {}
    codes = {str(one.get("code")) for one in reading.criteria}
    return {
        **blank,
        "kind": kind if kind in dict(KINDS) else "measured",
        "code": building.next_code(codes),
        "group": str(last.get("group") or ""),
    }


def _after(found: Draft, index: int | None, count: int, posted: Any) -> str:
    """Where to go after saving: on to the next, once more the same, or back to the list."""
    if "them" in posted:
        return reverse("draft_criterion_new", args=[found.pk]) + f"?loai={posted.get('kind', '')}"
    number = count + 1 if index is None else index + 1
    if "xem" in posted:
        return reverse("draft_criterion", args=[found.pk, number])
    return reverse("draft", args=[found.pk]) + f"#tc-{number}"


def _name_of(initial: dict[str, str], index: int | None) -> str:
    if index is None:
        return gettext("New criterion")
    return gettext("Criterion %(code)s") % {"code": initial["code"]}


@require_safe
@login_required
def draft_indicators(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The indicators that formulas may name, found by their names."""
    found = open_draft(request.user, draft_id)
    words = request.GET.get("tim", "")[:100]
    context = {
        **draft_pages.frame(found, "draft", gettext("Find an indicator")),
        "words": words,
        "found": indicator_words.search(words),
    }
    return render(request, "criteria/draft_indicators.html", context)


def saved(request: HttpRequest, found: Draft, back_to: str, edited: Callable[[str], str]) -> HttpResponse:
    """Save an edit of the text; where it cannot be made by a form, say so and offer the text."""
    try:
        text = edited(found.text)
    except CannotEdit:
        return cannot_edit(request, found)
    return kept(request, found, back_to, text, draft_pages.number(request.POST.get("version")))


def cannot_edit(request: HttpRequest, found: Draft) -> HttpResponse:
    """On to the text, with the reason."""
    if found.issued_as_id is not None:
        return issued_already(request, found)
    messages.warning(
        request,
        gettext("The text of this draft is written in a way that the forms cannot change. Change it here."),
    )
    return redirect("draft_yaml", found.pk)
