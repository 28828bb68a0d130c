"""What was typed is given back where a page cannot take it: to somebody whose session has ended.

Whoever has written for an hour and presses Save after his session ended gets his words back, not a page
to sign in that has forgotten them. Nothing is stored, and nothing of the store is shown. The check
against forged requests is done here for the same reason: signing in anew changes the token, and the next
save would be turned away with everything in it. A request that another site has sent is turned away.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from kieumau.accounts.doors import require
from kieumau.criteria.access import DRAFT

SIGNED_OUT, FORGED = 401, 403
_TOKEN = "csrfmiddlewaretoken"

View = Callable[..., HttpResponse]


def gives_back(view: View) -> View:
    """A view for people who have signed in, whose forms come back filled in to those who no longer are."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if request.method != "POST":
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            require(request.user, DRAFT)
            return view(request, *arguments, **named)
        is_forged = (
            CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, view, (), {}) is not None
        )
        if is_forged and _is_from_elsewhere(request):
            raise PermissionDenied
        if is_forged or not request.user.is_authenticated:
            return _given_back(request, FORGED if is_forged else SIGNED_OUT)
        require(request.user, DRAFT)
        return view(request, *arguments, **named)

    return opened


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Does the browser say that another site has sent this?"""
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"


def _given_back(request: HttpRequest, status: int) -> HttpResponse:
    """Everything that was sent, to be sent again."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name != _TOKEN]
    context = {
        "short": [(name, value) for name, value in sent if "\n" not in value],
        "long": [(name, value) for name, value in sent if "\n" in value],
        "is_signed_in": request.user.is_authenticated,
    }
    return render(request, "criteria/draft_given_back.html", context, status=status)
