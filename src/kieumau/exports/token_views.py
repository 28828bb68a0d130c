"""The page of tokens: which programs read the data through the API, until when."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from kieumau.accounts.models import Token, User
from kieumau.accounts.tokens import make_token, revoke_token
from kieumau.accounts.tokens import tokens as all_tokens
from kieumau.exports.access import require_open
from kieumau.kernel.messages import Refused
from kieumau.web.given import Given, over
from kieumau.web.templatetags.kieumau import day

REFUSED = 422
MOST_DAYS = 366


class Give(forms.Form):
    """A token for one program."""

    name = forms.CharField(
        label=_("What it is for"), max_length=100, help_text=_("For example: open-data portal of the city.")
    )
    days = forms.IntegerField(label=_("Days it is good for"), min_value=1, max_value=MOST_DAYS, initial=365)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@sensitive_variables("secret", "context")
def tokens(request: HttpRequest) -> HttpResponse:
    """Tokens that there are, and a new one, whose secret is shown once."""
    require_open(request.user)
    form = Give(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "form": form,
        "crumbs": [(gettext("Download"), reverse("exports")), (gettext("Tokens"), "")],
    }
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            typed, user = form.cleaned_data, cast(User, request.user)
            try:
                made, secret = make_token(
                    name=typed["name"], days=typed["days"], actor=user, now=timezone.now()
                )
            except Refused as refused:
                language = get_language() or "vi"
                context["problems"] = [problem.in_(language) for problem in refused.problems]
            else:
                context |= {"made": made, "secret": secret, "form": Give()}
                status = 200
    now = timezone.now()
    context["given"] = [_given(one, now) for one in all_tokens().order_by("-made_at")[:200]]
    return render(request, "exports/tokens.html", context, status=status)


def _given(one: Token, now: datetime) -> Given:
    state, take_back = over(one.revoked_at), ""
    if one.revoked_at is None and one.expires_at > now:
        state = gettext("good until %(day)s") % {"day": day(one.expires_at)}
        take_back = reverse("token_revoke", args=[one.pk])
    return Given(one.name, one.made_by, one.made_at, state, take_back)


@require_POST
@login_required
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """The token opens nothing any more."""
    require_open(request.user)
    found = all_tokens().filter(pk=token_id).first()
    if found is None:
        raise Http404
    revoke_token(name=found.name, now=timezone.now(), actor=cast(User, request.user))
    messages.success(request, gettext("The token opens nothing any more."))
    return redirect("tokens")
