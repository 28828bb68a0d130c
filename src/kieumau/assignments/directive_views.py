"""Directives, listed, seen, put down, put right."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kieumau.accounts.doors import may, needs
from kieumau.assignments import access, actions, queries, words
from kieumau.assignments.access import GIVE, READ
from kieumau.assignments.failures import ChangedMeanwhile
from kieumau.assignments.forms import DirectiveForm, directive_filled, see_anew
from kieumau.assignments.frames import (
    NOBODY,
    Choices,
    giver_choices,
    language,
    programme_called,
    programme_choices,
    rows_of,
    shelf_of,
)
from kieumau.assignments.models import Assignment, Directive
from kieumau.assignments.queries import names_of
from kieumau.assignments.views import DIFFERS, REFUSED
from kieumau.documents.access import somebody
from kieumau.kernel.messages import Refused, Text
from kieumau.web.paging import page_of, search_of
from kieumau.web.sentences import sentences


@require_safe
@needs(READ)
def directives(request: HttpRequest) -> HttpResponse:
    """Every directive, newest first."""
    sought = search_of(request).replace("\x00", "")
    page = page_of(request, queries.directives(sought))
    found = list(page.object_list)
    called = names_of({one.issuer_id for one in found})
    rows = [(one, called.get(one.issuer_id, NOBODY), _source(one)) for one in found]
    context = {"page": page, "rows": rows, "words": sought, "may_record": may(request.user, GIVE)}
    return render(request, "assignments/directives.html", context)


@require_safe
@login_required
def directive(request: HttpRequest, directive_id: int) -> HttpResponse:
    """A directive and the assignments that follow from it, as far as the person may see them."""
    found = access.readable_directive(request.user, directive_id)
    given = access.seen(Assignment.objects.filter(directive=found), request.user).order_by("due_on", "pk")
    page = page_of(request, given)
    context = {
        "directive": found,
        "issuer": _issuer(found),
        "source": _source(found),
        "programme": programme_called(found.programme),
        "page": page,
        "rows": rows_of(list(page.object_list), timezone.localdate()),
        "may_give": may(request.user, GIVE),
        "may_change": access.may_give(request.user, found.issuer_id, found.programme),
        "crumbs": [(gettext("Directives"), reverse("directives")), (str(found), "")],
    }
    return render(request, "assignments/directive.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GIVE)
def directive_new(request: HttpRequest) -> HttpResponse:
    """Put down a directive, of a conference or a document."""
    form = _form(request, giver_choices(request, timezone.localdate()))
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        facts, _seen = _facts(form)
        access.require_giving(request.user, {facts.issuer_id}, facts.programme)
        try:
            made = actions.record_directive(facts, actor=somebody(request), now=timezone.now())
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("directive", made.pk)
    crumbs = [(gettext("Directives"), reverse("directives")), (gettext("Record a directive"), "")]
    context = {"form": form, "problems": problems, "crumbs": crumbs, "directive": None}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "assignments/directive_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def directive_edit(request: HttpRequest, directive_id: int) -> HttpResponse:
    """Put a directive right; 409 with both where somebody else has done so meanwhile."""
    found = access.readable_directive(request.user, directive_id)
    access.require_giving(request.user, {found.issuer_id}, found.programme)
    issuer = (str(found.issuer_id), _issuer(found).in_(language()))
    form = _form(request, [issuer], found)
    problems: list[str] = []
    status, theirs = (REFUSED if request.method == "POST" else 200), None
    if request.method == "POST" and form.is_valid():
        facts, seen = _facts(form)
        access.require_giving(request.user, {found.issuer_id}, facts.programme)
        try:
            actions.change_directive(found.pk, facts, seen=seen, actor=somebody(request), now=timezone.now())
        except ChangedMeanwhile as meanwhile:
            problems, status = sentences(meanwhile), DIFFERS
            found.refresh_from_db()
            theirs = found
            see_anew(form, found.version)
        except Refused as refused:
            problems = sentences(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("directive", found.pk)
    crumbs = [
        (gettext("Directives"), reverse("directives")),
        (str(found), reverse("directive", args=[found.pk])),
        (gettext("Change"), ""),
    ]
    context = {"form": form, "problems": problems, "crumbs": crumbs, "directive": found, "theirs": theirs}
    return render(request, "assignments/directive_form.html", context, status=status)


def _form(request: HttpRequest, issuers: Choices, found: Directive | None = None) -> DirectiveForm:
    return DirectiveForm(
        request.POST or None,
        sources=[(one.value, str(word)) for one, word in words.SOURCES.items()],
        issuers=issuers,
        programmes=programme_choices(),
        shelf=shelf_of(request.user, {int(one) for one, _name in issuers}),
        kept=found.document_id if found else None,
        initial=directive_filled(found) if found else None,
    )


def _facts(form: DirectiveForm) -> tuple[actions.DirectiveFacts, int]:
    """What was typed, and of which version it was made."""
    data = dict(form.cleaned_data)
    issuer, source = int(data.pop("issuer")), Directive.Source(data.pop("source"))
    seen = data.pop("seen") or 0
    return actions.DirectiveFacts(source=source, issuer_id=issuer, **data), seen


def _issuer(found: Directive) -> Text:
    return names_of({found.issuer_id}).get(found.issuer_id, NOBODY)


def _source(found: Directive) -> Any:
    return words.SOURCES[Directive.Source(found.source)]
