"""Building a set in the browser: the whole, its head, one criterion."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kieumau.accounts.doors import needs
from kieumau.criteria import actions, building, draft_pages, indicator_words
from kieumau.criteria.access import DRAFT, editable_draft, may_edit, open_draft
from kieumau.criteria.builder_forms import KINDS, AdditionForm, CriterionForm, choices_of_groups
from kieumau.criteria.draft_views import issued_already, kept, stored
from kieumau.criteria.drafting import fields
from kieumau.criteria.drafting.outline import CannotEdit
from kieumau.criteria.drafting.reading import Reading, read
from kieumau.criteria.editing import (
    CLASSES,
    GROUPS,
    Edited,
    edit_criterion,
    edit_head,
    edit_rows,
    place_of,
    rows,
)
from kieumau.criteria.giving_back import gives_back
from kieumau.criteria.models import Draft

DIFFERS, REFUSED = 409, 400
TRIES = 3


@needs(DRAFT)
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The whole set: its head in short, its criteria in order, with buttons to move and remove them."""
    if request.method != "POST":
        found = open_draft(request.user, draft_id)
        context = building.builder_page(found) | {"may_edit": may_edit(request.user, found)}
        return render(request, "criteria/draft.html", context)
    found = editable_draft(request.user, draft_id)
    based_on = draft_pages.number(request.POST.get("version"))
    if based_on != found.version and found.issued_as_id is None:
        messages.warning(request, gettext("Somebody has changed this draft since. Look at it again."))
        return redirect("draft", found.pk)
    try:
        text, number = building.rearranged(found.text, request.POST.get("lam", ""))
    except CannotEdit:
        return cannot_edit(request, found)
    place = f"#tc-{number}" if number else ""
    return kept(request, found, reverse("draft", args=[found.pk]) + place, text, based_on)


@gives_back
def draft_head(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What the set says of itself: titles, period, units, rule, groups."""
    if request.method == "POST":
        return _head_sent(request, editable_draft(request.user, draft_id))
    found = open_draft(request.user, draft_id)
    reading = read(found.text, [])
    if reading.content is None:
        return cannot_edit(request, found)
    return _show_head(request, found, building.head_form(reading), *_row_forms(reading))


def _row_forms(reading: Reading, posted: Any = None) -> tuple[Any, Any]:
    """The forms of the groups and of the classes of results."""
    groups = building.formset(rows(reading, *GROUPS).values(), "nhom", posted)
    return groups, building.formset(rows(reading, *CLASSES).values(), "muc", posted)


def _show_head(
    request: HttpRequest, found: Draft, form: Any, groups: Any, classes: Any, *, status: int = 200
) -> HttpResponse:
    reading = building.reading_of(found)
    context = {
        **draft_pages.frame(found, "draft", gettext("Title, period, rule")),
        "form": form,
        "groups": groups,
        "classes": classes,
        "problems": reading.of_head(),
        "extends": (reading.content or {}).get("extends") if reading.is_addition else None,
        "is_addition": isinstance(form, AdditionForm),
        "may_edit": may_edit(request.user, found),
        "version": _version_to_send(request, found, status),
    }
    return render(request, "criteria/draft_head.html", context, status=status)


def _version_to_send(request: HttpRequest, found: Draft, status: int) -> int:
    """The version the page is based on: as it was sent, unless the page has brought the newer fields in."""
    sent = draft_pages.number(request.POST.get("version"))
    return (
        sent
        if sent and status == REFUSED and draft_pages.text_read(found, sent) is not None
        else found.version
    )


def _head_sent(request: HttpRequest, found: Draft) -> HttpResponse:
    stood = draft_pages.text_read(found, draft_pages.number(request.POST.get("version")))
    reading = read(stood or found.text, [])
    form, (groups, classes) = building.head_form(reading, request.POST), _row_forms(reading, request.POST)
    show = partial(_show_head, request)
    if not all([form.is_valid(), groups.is_valid(), classes.is_valid()]):
        return show(found, form, groups, classes, status=REFUSED)
    head = of_groups = of_classes = Edited(found.text)

    def edit(text: str) -> Edited:
        nonlocal head, of_groups, of_classes
        head = edit_head(form, stood or "", text)
        of_groups = edit_rows(groups, stood or "", head.text, *GROUPS)
        of_classes = Edited(of_groups.text)
        if form.cleaned_data["rule"] == "points":
            of_classes = edit_rows(classes, stood or "", of_groups.text, *CLASSES)
        conflicts = {**head.conflicts, **of_groups.conflicts, **of_classes.conflicts}
        return Edited(of_classes.text, {}, conflicts)

    answer = _saved(request, found, stood, reverse("draft", args=[found.pk]), edit)
    if isinstance(answer, HttpResponse):
        return answer
    if not answer.is_conflict:
        form.add_error(None, answer.reason)
        return show(answer.draft, form, groups, classes, status=REFUSED)
    form = building.head_form(read(answer.draft.text, []), head.values)
    groups = building.refilled(of_groups.values.get("rows", []), "nhom")
    classes = building.refilled(of_classes.values.get("rows", []), "muc")
    said: list[tuple[Any, str, str]] = [(form, name, value) for name, value in head.conflicts.items()]
    for shown, one in ((groups, of_groups), (classes, of_classes)):
        said += [(row, "name_vi", one.conflicts[key]) for row, key in building.keyed(shown, one.conflicts)]
    form.is_valid()
    form.add_error(None, answer.reason)
    for where, name, value in said:
        where.add_error(name, _theirs(answer.draft, value))
    return show(answer.draft, form, groups, classes, status=DIFFERS)


def _theirs(found: Draft, value: str) -> str:
    """What somebody else has made of a field that was changed here too."""
    if not value:
        return gettext("%(who)s has emptied this. Save again to keep yours.") % {"who": found.changed_by}
    said = gettext("%(who)s has meanwhile written “%(value)s”. Save again to keep yours.")
    return said % {"who": found.changed_by, "value": value}


@gives_back
def draft_criterion_new(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One criterion more, at the end; `?loai=` says how it is determined."""
    return _criterion(request, draft_id, None)


@gives_back
def draft_criterion(request: HttpRequest, draft_id: int, position: int) -> HttpResponse:
    """One criterion, `position` counting from 1. 404 where there is none."""
    return _criterion(request, draft_id, position - 1)


def _criterion(request: HttpRequest, draft_id: int, index: int | None) -> HttpResponse:
    if request.method == "POST":
        return _criterion_sent(request, editable_draft(request.user, draft_id), index)
    found = open_draft(request.user, draft_id)
    reading = read(found.text, [])
    if reading.content is None:
        return cannot_edit(request, found)
    if index is not None and not 0 <= index < len(reading.criteria):
        raise Http404
    initial = _initial(request, reading, index)
    form = CriterionForm(initial=initial, groups=choices_of_groups(reading.groups))
    return _show_criterion(request, found, index, form, initial["code"])


def _show_criterion(
    request: HttpRequest, found: Draft, index: int | None, form: CriterionForm, code: str, status: int = 200
) -> HttpResponse:
    """The form of a criterion that was called `code` in the text that the form was read from."""
    reading = building.reading_of(found)
    place = None if index is None else place_of(found.text, index, code)
    scope = building.scope_of(reading, place)
    name = gettext("New criterion") if index is None else gettext("Criterion %(code)s") % {"code": code}
    context = {
        **draft_pages.frame(found, "draft", name),
        "form": form,
        "number": None if index is None else index + 1,
        "count": len(reading.criteria),
        "old_code": code,
        "problems": [] if place is None else reading.of_criterion(place),
        "scope": scope,
        "counts_points": scope.counts_points or bool(form["points_max"].value()),
        "words": indicator_words.indicators(),
        "examples": indicator_words.EXAMPLES,
        "may_edit": may_edit(request.user, found),
        "version": _version_to_send(request, found, status),
    }
    return render(request, "criteria/draft_criterion.html", context, status=status)


def _criterion_sent(request: HttpRequest, found: Draft, index: int | None) -> HttpResponse:
    stood = draft_pages.text_read(found, draft_pages.number(request.POST.get("version")))
    reading = read(stood or found.text, [])
    code = request.POST.get("old_code", "")
    groups = choices_of_groups(reading.groups)
    form = CriterionForm(request.POST, initial=_initial(request, reading, index), groups=groups)
    if not form.is_valid():
        return _show_criterion(request, found, index, form, code, REFUSED)
    edited = Edited("")

    def edit(text: str) -> Edited:
        nonlocal edited
        edited = edit_criterion(form, stood or "", text, index, code)
        return edited

    back_to = _after(found, index, len(reading.criteria), request.POST)
    answer = _saved(request, found, stood, back_to, edit)
    if isinstance(answer, HttpResponse):
        return answer
    if not answer.is_conflict:
        form.add_error(None, answer.reason)
        return _show_criterion(request, answer.draft, index, form, code, REFUSED)
    groups = choices_of_groups(read(answer.draft.text, []).groups)
    form = CriterionForm(edited.values, initial={"group": edited.values.get("group")}, groups=groups)
    form.is_valid()
    form.add_error(None, answer.reason)
    for name, value in edited.conflicts.items():
        form.add_error(name, _gone(answer.draft) if edited.is_gone else _theirs(answer.draft, value))
    code = code if edited.is_gone else str(edited.now_code)
    return _show_criterion(request, answer.draft, index, form, code, DIFFERS)


def _gone(found: Draft) -> str:
    said = gettext("%(who)s has removed this criterion. Saved again, it is put to the end.")
    return said % {"who": found.changed_by}


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


@require_safe
@needs(DRAFT)
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


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Why a form was not saved, to be said above it; the draft as it stands now."""

    draft: Draft
    reason: str
    is_conflict: bool = False


def _saved(
    request: HttpRequest, found: Draft, stood: str | None, back_to: str, edit: Callable[[str], Edited]
) -> HttpResponse | NotSaved:
    """Save an edit of the newest text and go on; where it cannot be saved, why.

    `stood` is the text that the form was read from.
    """
    if found.issued_as_id is not None:
        return NotSaved(found, gettext("This draft has been issued and changes no more. Copy it to go on."))
    if stood is None:
        said = gettext("It is not known which text this page was read from. Look at it and save again.")
        return NotSaved(found, said)
    for _ in range(TRIES):
        try:
            edited = edit(found.text)
        except CannotEdit:
            said = gettext("This text is written in a way that the form cannot change. Change it as text.")
            return NotSaved(found, said)
        if edited.conflicts:
            said = gettext(
                "Somebody else has changed the same fields in the meantime. Nothing is saved yet; what you "
                "typed stands here, and what the other has written beside it."
            )
            return NotSaved(found, said, is_conflict=True)
        try:
            return stored(request, found, back_to, edited.text, found.version)
        except actions.ChangedMeanwhile as newer:
            found = newer.draft
    return NotSaved(found, gettext("Others are saving this draft at this very moment. Save again."))


def cannot_edit(request: HttpRequest, found: Draft) -> HttpResponse:
    """On to the text, with the reason."""
    if found.issued_as_id is not None:
        return issued_already(request, found)
    messages.warning(
        request,
        gettext("The text of this draft is written in a way that the forms cannot change. Change it here."),
    )
    return redirect("draft_yaml", found.pk)
