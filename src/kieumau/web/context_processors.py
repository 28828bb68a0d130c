"""What the frame of every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from kieumau.web import synthetic
from kieumau.web.giving_back import to_send_again
from kieumau.web.navigation import entries_for, own


def page(request: HttpRequest) -> dict[str, Any]:
    """The language and the other ones, the entries of the header, and what is asked only when used."""
    language = get_language() or settings.LANGUAGE_CODE
    user = getattr(request, "user", None)
    entries = SimpleLazyObject(lambda: entries_for(user))
    return {
        "language": language,
        "other_languages": [(code, name) for code, name in settings.LANGUAGES if code != language],
        "sent_again": SimpleLazyObject(lambda: to_send_again(request)),
        "navigation": SimpleLazyObject(lambda: [entry for entry in entries if entry.is_main]),
        "more_navigation": SimpleLazyObject(lambda: [entry for entry in entries if not entry.is_main]),
        "own_navigation": SimpleLazyObject(lambda: own(user)),
        "is_synthetic": SimpleLazyObject(
            lambda: bool(getattr(settings, "KIEUMAU_SYNTHETIC", False)) or synthetic.is_present(request)
        ),
    }
