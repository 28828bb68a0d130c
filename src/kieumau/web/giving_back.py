"""What was typed is given back where a page cannot take it: to somebody whose session has ended.

Whoever has written for an hour and presses Save after his session ended gets his words back, not a page
to sign in that has forgotten them. Nothing is stored, and nothing of the store is shown. The check
against forged requests is done here for the same reason: signing in anew changes the token, and the next
save would be turned away with everything in it. A request that another site has sent is turned away.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

SIGNED_OUT, FORGED = 401, 403
_TOKEN = "csrfmiddlewaretoken"
_PLAIN = "application/x-www-form-urlencoded"

View = Callable[..., HttpResponse]
Told = Callable[[QueryDict], Sequence[tuple[str, str]]]


def gives_back(
    *, page: str = "", most_bytes: int | None = None, told: Told | None = None, again: View | None = None
) -> Callable[[View], View]:
    """A view for people who have signed in, whose forms come back filled in to those who no longer are.

    `page` is the name of the page that the form stands on, with the parts of the same address (empty: the
    address itself). Of a stranger no more than `most_bytes` are read, and no files: whatever is larger leads
    to signing in. `told` says what was typed in words; without it the page shows the fields themselves.
    `again` is the view for somebody who has signed in anew; without it he gets everything back once more.
    """

    def door(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def opened(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            is_known = request.user.is_authenticated
            home = reverse(page, kwargs=named) if page else request.get_full_path()
            if not is_known and (request.method != "POST" or not _is_small(request, most_bytes)):
                return redirect_to_login(home)
            if request.method != "POST":
                return view(request, *arguments, **named)
            is_forged = (
                CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, view, (), {}) is not None
            )
            if is_forged and _is_from_elsewhere(request):
                raise PermissionDenied
            if is_known and is_forged and again is not None:
                return again(request, *arguments, **named)
            if is_forged or not is_known:
                return _given_back(request, home, told, FORGED if is_forged else SIGNED_OUT)
            return view(request, *arguments, **named)

        return opened

    return door


def _is_small(request: HttpRequest, most_bytes: int | None) -> bool:
    """May the body of a stranger be read? Asked of what the request says of itself, before it is."""
    size = request.META.get("CONTENT_LENGTH") or ""
    is_within = most_bytes is None or (size.isdecimal() and int(size) <= most_bytes)
    return is_within and (most_bytes is None or request.content_type == _PLAIN)


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Does the browser say that another site has sent this?"""
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"


def _given_back(request: HttpRequest, home: str, told: Told | None, status: int) -> HttpResponse:
    """Everything that was sent, to be sent again."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name != _TOKEN]
    long = [(name, value) for name, value in sent if told is None and "\n" in value]
    short = [one for one in sent if one not in long]
    context = {
        "short": short,
        "long": long,
        "told": told(request.POST) if told else [(name, value) for name, value in short if name != "version"],
        "home": home,
        "is_signed_in": request.user.is_authenticated,
    }
    return render(request, "web/given_back.html", context, status=status)
