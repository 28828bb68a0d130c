"""Between the sign-in and the pages: a second factor that is due, and when a session was last seen."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from kieumau.accounts.signing import demands, sessions

# What somebody may open who still has to add a factor; besides, everything below his own account.
OPEN_MEANWHILE = frozenset({"logout", "set_language", "login", "account_login"})
ACCOUNT = "/tai-khoan/"


class SignedInWell:
    """Sends whoever must add a second factor to do so; notes once an hour that a session is used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, or the way to one's account."""
        if demands.is_due(request) and not _is_open(request):
            return redirect("account")
        response = self.get_response(request)
        now = timezone.now()
        if sessions.is_due(request, now=now) and request.user.is_authenticated:
            sessions.note(request, address=get_adapter(request).get_client_ip(request), now=now)
        return response


def _is_open(request: HttpRequest) -> bool:
    if request.path.startswith(ACCOUNT):
        return True
    try:
        return resolve(request.path_info).url_name in OPEN_MEANWHILE
    except Resolver404:
        return True
