"""What every request passes: which language, whether it may enter without a name, and no empty refusal."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from kieumau.web.giving_back import to_a_stranger

# The whole list of addresses, by URL name, that answer to anybody besides those whose view is marked
# `login_not_required` (signing in is). Choosing a language changes nothing but a cookie.
OPENINGS = frozenset({"set_language"})
NOT_ALLOWED = 405


class ChosenLanguage:
    """Speaks the language a person chose with the switch, else the installation's own.

    What the browser says it prefers is left aside: browsers here are often set up in English, and
    their owners read Vietnamese.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, spoken in the chosen language and marked with it."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response


class ClosedUnlessOpened(LoginRequiredMiddleware):
    """Every address asks for a name, except the `OPENINGS`, views marked `login_not_required`, and,
    where `KIEUMAU_OPEN_READING` is on, any request that only reads.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """None lets the request through; else what was typed, filled in, or the way to the sign-in page."""
        if request.method in {"GET", "HEAD"} and settings.KIEUMAU_OPEN_READING:
            return None
        if request.resolver_match and request.resolver_match.view_name in OPENINGS:
            return None
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        return answer and (to_a_stranger(request, view_func) or answer)


class AnswersBrowsers:
    """A browser that opens an address which only takes forms is led to the page above it, not to nothing.

    It comes there by the switch of languages, by a bookmark, or from the line of the address. Programs get
    the bare 405, as they should.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, or for a browser that would see nothing of it, the way to a page."""
        response = self.get_response(request)
        if response.status_code != NOT_ALLOWED or "text/html" not in request.headers.get("Accept", ""):
            return response
        if request.method in {"GET", "HEAD"}:
            return redirect(page_above(request.path_info))
        page = render(request, "405.html", {"above": page_above(request.path_info)}, status=NOT_ALLOWED)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page


def page_above(path: str) -> str:
    """The nearest address above one behind which there is something: `/ho-so/7/chuyen/` → `/ho-so/7/`."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return path
