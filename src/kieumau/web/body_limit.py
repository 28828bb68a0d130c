"""The largest request: refused by what it says of its size, before a byte of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kieumau.kernel.numbers import whole_number

TOO_LARGE = 413


class BodyWithinLimit:
    """Answers 413 to a request that announces more than `KIEUMAU_BODY_MB` megabytes.

    One that announces nothing has no body here: the server cuts what comes without a length.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response; the connection is closed after a refusal, with the rest of the body unread."""
        size = request.META.get("CONTENT_LENGTH") or "0"
        is_within = whole_number(size, settings.KIEUMAU_BODY_MB * 1024 * 1024) is not None
        if is_within or not size.isdecimal():
            return self.get_response(request)
        context = {"megabytes": settings.KIEUMAU_BODY_MB}
        response = render(None, "413.html", context, status=TOO_LARGE)
        response["Connection"] = "close"
        return response
