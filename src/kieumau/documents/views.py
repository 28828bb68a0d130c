"""The shelf of a unit, and a document: seen, put there, changed, taken off."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kieumau.documents import actions, pages, queries
from kieumau.documents.access import (
    ADD,
    editable,
    may_add,
    may_delete,
    open_shelf,
    readable,
    removable,
    somebody,
)
from kieumau.documents.actions import About
from kieumau.documents.adding import Attempt, attempt
from kieumau.documents.forms import Description, filled
from kieumau.documents.installation import store
from kieumau.documents.intake import Taken
from kieumau.documents.kinds import kinds
from kieumau.documents.models import Document, File
from kieumau.documents.receiving import takes_files
from kieumau.documents.rules import Facts
from kieumau.kernel.messages import Refused
from kieumau.kernel.numbers import whole_number
from kieumau.units.models import Term
from kieumau.web.paging import page_of, search_of

DIFFERS, REFUSED = 409, 422
Address = Callable[[File], str]
KIND, YEAR = "loai", "nam"
BACK, FILED = "ve", "van-ban"


def own_address(file: File) -> str:
    """Where a file is found by whoever comes from the shelf."""
    return reverse("file", args=[file.pk])


@require_safe
@login_required
def shelf(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The documents of a unit, newest first; of one kind, year, with some words."""
    own = pages.owner(request, unit_id, timezone.localdate())
    open_shelf(request.user, unit_id)
    known = kinds()
    kind, words = request.GET.get(KIND, ""), search_of(request).replace("\x00", "")
    asked = whole_number(request.GET.get(YEAR), 9999) or 0
    year = asked if asked >= 1900 else None
    page = page_of(request, queries.shelf(unit_id, kind if kind in known else "", year, words))
    context: dict[str, Any] = {
        **pages.frame(own),
        "page": page,
        "rows": [(one, pages.kind_name(one, known)) for one in page.object_list],
        "kinds": [(code, name.in_(pages.language())) for code, name in known.items()],
        "kind": kind,
        "years": queries.years(unit_id),
        "year": year,
        "words": words,
        "is_filtered": bool(kind or year or words),
        "may_add": may_add(request.user, unit_id),
    }
    return render(request, "documents/shelf.html", context)


def _to_add(request: HttpRequest, unit_id: int) -> Term:
    own = pages.owner(request, unit_id, timezone.localdate())
    open_shelf(request.user, unit_id, ADD)
    return own


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@takes_files(_to_add)
def document_new(request: HttpRequest, own: Term, unit_id: int) -> HttpResponse:
    """A new document on the shelf of a unit, with its files. Those that are refused are said in words."""
    form, tried = Description(request.POST or None), Attempt()
    if request.method == "POST":
        outcome = attempt(request, unit_id, form, partial(_add, request, unit_id))
        if isinstance(outcome, Document):
            return _added(request, outcome)
        tried = outcome
    context = {
        **pages.frame(own, (gettext("Add a document"), "")),
        "form": form,
        "problems": tried.problems,
        "slips": tried.slips,
        "back": _back(request),
    }
    is_wrong = request.method == "POST"
    return render(request, "documents/new.html", context, status=REFUSED if is_wrong else 200)


def _added(request: HttpRequest, made: Document) -> HttpResponse:
    """To the page that somebody came from, which is told of the document; else to the document."""
    if back := _back(request):
        messages.success(request, gettext("The document is on the shelf."))
        return redirect(f"{back}{'&' if '?' in back else '?'}{urlencode({FILED: made.pk})}")
    return redirect("document", made.pk)


def _back(request: HttpRequest) -> str:
    """The address of this site, if any, to which whoever files a document wants to come back."""
    there = request.GET.get(BACK, "")
    is_here = there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return there if is_here else ""


def _add(request: HttpRequest, unit_id: int, facts: Facts, taken: Sequence[Taken]) -> Document:
    return actions.add_with_files(
        unit_id, facts, taken, store=store(), actor=somebody(request), now=timezone.now()
    )


@require_safe
@login_required
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A document with its files. That it was opened is recorded."""
    return opened(request, readable(request.user, document_id))


def opened(
    request: HttpRequest, found: Document, about: About | None = None, address: Address = own_address
) -> HttpResponse:
    """The page of a document, for whom a door has let pass; it is recorded for what it was opened.

    `address` says where each of its files is found.
    """
    if request.method == "GET":
        actions.record_reading(found, actor=somebody(request), now=timezone.now(), about=about)
    return show(request, found, about=about, address=address)


def show(
    request: HttpRequest,
    found: Document,
    problems: list[str] | None = None,
    *,
    about: About | None = None,
    address: Address = own_address,
) -> HttpResponse:
    """The page of a document; with problems if its files were refused."""
    own = pages.owner(request, found.unit_id, timezone.localdate())
    context = {
        **pages.frame(own, (str(found), "")),
        "document": found,
        "kind": pages.kind_name(found),
        "files": [(one, address(one)) for one in queries.files(found.pk)],
        "readings": queries.readings(found.pk),
        "may_edit": may_add(request.user, found.unit_id) and found.sealed_at is None,
        "may_delete": may_delete(request.user, found.unit_id) and found.sealed_at is None,
        "problems": problems or [],
        "about": about,
    }
    return render(request, "documents/document.html", context, status=REFUSED if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def document_edit(request: HttpRequest, document_id: int) -> HttpResponse:
    """Change what is said of a document; 409 with both values where somebody else has done so meanwhile."""
    found = editable(request.user, document_id)
    form = Description(request.POST, document=found) if request.method == "POST" else filled(found)
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                actions.change_document(
                    found.pk,
                    form.facts,
                    version=form.cleaned_data["version"] or 0,
                    actor=somebody(request),
                    now=timezone.now(),
                )
            except actions.ChangedMeanwhile as refused:
                problems, status = pages.sentences(refused), DIFFERS
                # What is there now is shown beside; saving once more is a choice made knowingly.
                form = Description({**request.POST.dict(), "version": found.version}, document=found)
            except Refused as refused:
                problems = pages.sentences(refused)
            else:
                messages.success(request, gettext("Saved."))
                return redirect("document", found.pk)
    own = pages.owner(request, found.unit_id, timezone.localdate())
    context = {
        **pages.frame(own, (str(found), "")),
        "document": found,
        "kind": pages.kind_name(found),
        "form": form,
        "problems": problems,
        "is_changed": status == DIFFERS,
    }
    return render(request, "documents/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def document_delete(request: HttpRequest, document_id: int) -> HttpResponse:
    """Take a document off its shelf, after asking."""
    found = removable(request.user, document_id)
    if request.method == "POST":
        try:
            actions.delete_document(found.pk, store=store(), actor=somebody(request), now=timezone.now())
        except Refused as refused:
            return show(request, found, pages.sentences(refused))
        messages.success(request, gettext("Deleted."))
        return redirect("shelf", found.unit_id)
    own = pages.owner(request, found.unit_id, timezone.localdate())
    return render(request, "documents/delete.html", {**pages.frame(own, (str(found), "")), "document": found})
