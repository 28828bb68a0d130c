"""The papers of a title: the certificate to be printed, the documents that are put to it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from kieumau.accounts.acting import everywhere
from kieumau.accounts.models import User
from kieumau.awards import access, actions, words
from kieumau.awards.forms import Attach
from kieumau.awards.models import Paper
from kieumau.awards.rules import Standing
from kieumau.awards.views import REFUSED, frame, title_of, went_against
from kieumau.kernel.messages import Refused


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
    """Put the decision or the certificate to a title, from the shelf of the unit."""
    found = title_of(title_id)
    if not access.may_attach(request.user, found):
        raise Http404
    form = Attach(request.POST if request.method == "POST" else None, unit_id=found.unit_id)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        data, user = form.cleaned_data, cast(User, request.user)
        try:
            kind = Paper.Kind(data["kind"])
            actions.attach(found.pk, data["document"], kind=kind, actor=user, now=timezone.now())
        except Refused as refused:
            problems = [problem.in_(get_language() or "vi") for problem in refused.problems]
        else:
            messages.success(request, gettext("The document belongs to the title now."))
            return redirect("title", found.pk)
    context = {**frame(found), "form": form, "problems": problems}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "awards/paper.html", context, status=status)
