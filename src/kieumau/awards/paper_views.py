"""The papers of a title: the sheet to be printed, documents that are put to it, what is put right."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kieumau.accounts.acting import everywhere
from kieumau.accounts.models import User
from kieumau.awards import access, actions, queries, words
from kieumau.awards.forms import Attach, PutRight
from kieumau.awards.models import Paper, Title
from kieumau.awards.rules import Standing
from kieumau.awards.views import filled, frame, title_of, went_against


@login_not_required
@require_safe
def title_certificate(request: HttpRequest, title_id: int) -> HttpResponse:
    """A title on one sheet, with the address where anybody finds it in the public register."""
    with everywhere():  # what a public title rests on is said to whoever looks
        found = title_of(title_id)
    standing = found.standing(timezone.localdate())
    context = {
        **frame(found),
        "address": request.build_absolute_uri(reverse("title", args=[found.pk])),
        "withdrawal": getattr(found, "withdrawal", None),
        "is_held": standing in {Standing.IN_FORCE, Standing.RENEWAL_DUE},
        "standing_word": words.STANDINGS[standing],
        "against": went_against(found),
        "today": timezone.localdate(),
    }
    return render(request, "awards/certificate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def title_paper(request: HttpRequest, title_id: int) -> HttpResponse:
    """Put the decision or the certificate to a title, from the shelf of the unit or of one above it."""
    found = title_of(title_id)
    if not access.may_attach(request.user, found):
        raise Http404
    there = queries.offered(request.user, found.unit_id, found.decided_on, found.decided_on)
    form = Attach(request.POST if request.method == "POST" else None, there=there)

    def attach() -> HttpResponse:
        kind, document = Paper.Kind(form.cleaned_data["kind"]), form.cleaned_data["document"]
        actions.attach(found.pk, document, kind=kind, actor=cast(User, request.user), now=timezone.now())
        messages.success(request, gettext("The document belongs to the title now."))
        return redirect("title", found.pk)

    heading = gettext("File the decision or the certificate")
    return filled(request, "awards/paper.html", frame(found, heading), form, attach)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def title_put_right(request: HttpRequest, title_id: int) -> HttpResponse:
    """Put right what was written wrong about a title, or add what was handed over, with a reason."""
    found = title_of(title_id)
    if not access.may_put_right(request.user, found):
        raise Http404
    form = PutRight(request.POST if request.method == "POST" else None, initial=_standing_there(found))

    def put_right() -> HttpResponse:
        actions.put_right(
            found.pk,
            form.said,
            by=form.by,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
            actor=cast(User, request.user),
            now=timezone.now(),
        )
        messages.success(request, gettext("The correction is recorded."))
        return redirect("title", found.pk)

    heading = gettext("Put the title right")
    return filled(request, "awards/put_right.html", frame(found, heading), form, put_right)


def _standing_there(found: Title) -> dict[str, Any]:
    """What the form begins with: everything as it stands."""
    same = ("reference", "decided_on", "issuer", "certificate", "ceremony_on")
    return {
        **{name: getattr(found, name) for name in same},
        "starts_on": found.valid.lower,
        "last_day": found.last_day,
        "seen": found.corrections.count(),
    }
