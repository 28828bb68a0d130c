"""Every request has an id, which its entries in the log carry and its answer names."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kieumau.audit import requests

HEADER = "X-Request-ID"


class NamedRequest:
    """Takes the id of a proxy in front, or makes one; says it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, with the request's id in its header."""
        with requests.within(request.headers.get(HEADER, "")) as request_id:
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response
