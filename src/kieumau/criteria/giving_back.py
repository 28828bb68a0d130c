"""Drafts of sets: what was typed is given back to whoever may change them (see `web.giving_back`)."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from kieumau.accounts.doors import require
from kieumau.criteria.access import DRAFT
from kieumau.web import giving_back
from kieumau.web.giving_back import View


def gives_back(view: View) -> View:
    """A view for people who may draft, whose forms come back filled in to those whose session has ended."""

    @giving_back.gives_back()
    @wraps(view)
    def opened(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        require(request.user, DRAFT)
        return view(request, *arguments, **named)

    return opened
