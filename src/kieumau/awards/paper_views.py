"""The papers of a title: the certificate to be printed, documents that are put to it, what is put right."""

from typing import cast

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
from kieumau.awards.models import Paper
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
    """Add or correct the number of the certificate and the day of the ceremony, with a reason."""
    found = title_of(title_id)
    if not access.may_put_right(request.user, found):
        raise Http404
    there = {"certificate": found.certificate, "ceremony_on": found.ceremony_on}
    form = PutRight(request.POST if request.method == "POST" else None, initial=there)

    def put_right() -> HttpResponse:
        actions.put_right(found.pk, **form.cleaned_data, actor=cast(User, request.user), now=timezone.now())
        messages.success(request, gettext("The correction is recorded."))
        return redirect("title", found.pk)

    heading = gettext("Correct the certificate or the ceremony")
    return filled(request, "awards/put_right.html", frame(found, heading), form, put_right)
