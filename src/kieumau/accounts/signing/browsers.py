"""The cookie of a browser that has signed in before: who guesses elsewhere does not lock it.

It says nothing about anybody: a random mark and fingerprints of the accounts, signed.
"""

import secrets
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from kieumau.accounts.signing.rules import account_key

COOKIE = "known_browser"
_SALT = "kieumau.known-browser"
_YEAR = 366 * 24 * 3600
_MOST_ACCOUNTS = 8


def mark_of(request: HttpRequest, name: str) -> str:
    """The mark of this browser if it signed in as `name` before; else empty."""
    known = _read(request)
    return str(known["mark"]) if _account(name) in known["accounts"] else ""


def remember(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Let the browser show next time that it signed in as `name`."""
    known = _read(request)
    account = _account(name)
    accounts = [account, *(other for other in known["accounts"] if other != account)][:_MOST_ACCOUNTS]
    value = signing.dumps(
        {"mark": known["mark"] or secrets.token_urlsafe(18), "accounts": accounts}, salt=_SALT
    )
    response.set_cookie(
        COOKIE, value, max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def _account(name: str) -> str:
    return sha256(account_key(name).encode()).hexdigest()[:16]


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_YEAR)
    except signing.BadSignature:
        return {"mark": "", "accounts": []}
    return {"mark": known["mark"], "accounts": known["accounts"]}
