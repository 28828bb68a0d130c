"""Who may read through the API: programs with a token, people signed in, everybody where reading is open."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from kieumau.accounts.tokens import token_of


class Opened(HttpBearer):
    """`Authorization: Bearer km_…`. The API only reads, so that a session needs no further check."""

    def __call__(self, request: HttpRequest) -> Any | None:
        """What opened the door; None leaves it closed (401)."""
        if found := super().__call__(request):
            return found
        return settings.KIEUMAU_OPEN_READING or request.user.is_authenticated or None

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        """The token itself, while it is good. One query."""
        return token_of(token, timezone.now())
