"""What was typed is given back where a page cannot take it: to somebody whose session has ended.

Whoever has written for an hour and presses Save after his session ended gets his words back, not a page
to sign in that has forgotten them. Nothing is stored, and nothing of the store is shown. The check
against forged requests is done here for the same reason: signing in anew changes the token, and the next
save would be turned away with everything in it. A request that another site has sent is turned away.

Every form that asks for a name does so (`to_a_stranger`, `forged`), but for those of signing in, which hold
secrets (`never`). `gives_back` is for forms that do more: say what was typed in words, or take large ones.

Choosing the other language on a page that answers a form does so too (`to_send_again`, `in_words_of`).
"""

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.views.csrf import csrf_failure
from django.views.decorators.csrf import csrf_exempt

from kieumau.kernel.numbers import whole_number

SIGNED_OUT, FORGED = 401, 403
# Of a stranger: a letter may take nine signs on its way, so that this is a text of 14,000.
MOST_BYTES = 128 * 1024
_TOKEN = "csrfmiddlewaretoken"
# What pages put into a form by themselves: numbers, days, codes, what a button does.
_OF_THE_PAGE = re.compile(r"[a-z0-9_.:/-]*")
# Fields in which people write, where a short word looks like such a code.
_WORDS = frozenset({"reason", "remark", "text", "why", "name", "named", "summary", "task", "findings"})
_LINE = 80
_SECRETS = "holds_secrets"
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


def never(view: View) -> View:
    """A view whose forms hold secrets, passwords and codes: nothing of them is ever given back."""
    setattr(view, _SECRETS, True)
    return view


def to_a_stranger(request: HttpRequest, view: View) -> HttpResponse | None:
    """What a stranger typed into a form that asks for a name; None where he sent none that may be read.

    A form without a word typed in it leads to signing in, and back to the page that it stands on.
    """
    if request.method != "POST" or hasattr(view, _SECRETS) or not _is_small(request, MOST_BYTES):
        return None
    if _is_from_elsewhere(request):
        return None
    return (
        _words_back(request, SIGNED_OUT, request.POST)
        if _typed(request.POST)
        else redirect_to_login(_page_of(request))
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form with the token of before: given back where it asks for a name, else the page that says so."""
    view = request.resolver_match.func if request.resolver_match else never(forged)
    asks = getattr(view, "login_required", True) and not hasattr(view, _SECRETS)
    if not asks or request.content_type != _PLAIN or _is_from_elsewhere(request):
        return csrf_failure(request, reason)
    is_known = request.user.is_authenticated
    if not (is_known or _is_small(request, MOST_BYTES)) or not _typed(request.POST):
        return csrf_failure(request, reason)
    return _words_back(request, FORGED if is_known else SIGNED_OUT, request.POST)


def to_send_again(request: HttpRequest) -> str:
    """What a form sent to the page that answers it, to come along with the switch of languages.

    Empty where nobody typed a word in it, where it may hold secrets, or where it is too large.
    """
    there = request.resolver_match
    if request.method != "POST" or there is None or hasattr(there.func, _SECRETS):
        return ""
    # What a door refused to read is not read for the sake of the frame around the refusal.
    if "_post" not in vars(request) or not _typed(request.POST):
        return ""
    sent = urlencode(_sent(request.POST))
    return sent if len(sent) <= MOST_BYTES else ""


def in_words_of(request: HttpRequest, address: str, sent: str) -> HttpResponse:
    """The page with what was typed at an address before another language was chosen; nothing is stored."""
    return _words_back(request, 200, QueryDict(sent), sent_to=address)


def _page_of(request: HttpRequest) -> str:
    """The page that a form stands on, as the browser says; else the first one: some addresses show none."""
    there = urlsplit(request.headers.get("Referer", ""))
    if there.netloc != request.get_host():
        return "/"
    return f"{there.path}?{there.query}" if there.query else there.path


def _sent(fields: QueryDict) -> list[tuple[str, str]]:
    """Every field and value, but for the token."""
    return [(name, value) for name, values in fields.lists() for value in values if name != _TOKEN]


def _is_typed(name: str, value: str) -> bool:
    """Did a person type that, rather than choose it or find it in the page?"""
    return bool(value.strip()) and (name in _WORDS or _OF_THE_PAGE.fullmatch(value) is None)


def _typed(fields: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name, value in _sent(fields) if _is_typed(name, value)]


def _is_small(request: HttpRequest, most_bytes: int | None) -> bool:
    """May the body of a stranger be read? Asked of what the request says of itself, before it is."""
    if most_bytes is None:
        return True
    size = whole_number(request.META.get("CONTENT_LENGTH"), most_bytes)
    return size is not None and request.content_type == _PLAIN


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Does the browser say that another site has sent this?"""
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"


def _given_back(request: HttpRequest, home: str, told: Told | None, status: int) -> HttpResponse:
    """Everything that was sent, to be sent again; what has lines stands open, unless it is told in words."""
    sent = _sent(request.POST)
    long = [(name, value) for name, value in sent if told is None and "\n" in value]
    short = [one for one in sent if one not in long]
    said = told(request.POST) if told else [(name, value) for name, value in short if name != "version"]
    return _shown(request, home, status, {"short": short, "long": long, "told": said, "is_code": True})


def _words_back(request: HttpRequest, status: int, sent: QueryDict, sent_to: str = "") -> HttpResponse:
    """Everything that was sent, to be sent again; what a person typed stands open, the rest is not shown."""
    typed = _typed(sent)
    lines = [one for one in typed if "\n" not in one[1] and len(one[1]) <= _LINE]
    hidden = [one for one in _sent(sent) if one not in typed]
    long = [one for one in typed if one not in lines]
    fields: dict[str, Any] = {"short": hidden, "lines": lines, "long": long}
    if sent_to:  # the page answers the switch of languages, not the form
        fields |= {"sent_to": sent_to, "sent_again": urlencode(_sent(sent))}
    return _shown(request, _page_of(request), status, fields)


def _shown(request: HttpRequest, home: str, status: int, fields: dict[str, Any]) -> HttpResponse:
    context = {"home": home, "is_signed_in": request.user.is_authenticated, **fields}
    return render(request, "web/given_back.html", context, status=status)
