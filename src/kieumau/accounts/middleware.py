"""Every request works for whoever sent it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kieumau.accounts import acting


class WorksForThePerson:
    """Sets what row security asks, once it is known who asks; `acting.end` takes it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response. One query for somebody who has signed in, none for a stranger."""
        acting.begin(request.user)
        return self.get_response(request)
