"""What the frame of every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from kieumau.web import synthetic
from kieumau.web.navigation import entries


def page(request: HttpRequest) -> dict[str, Any]:
    """`language`, `other_languages` (code, name), `navigation`, and `is_synthetic`, asked only when used."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "language": language,
        "other_languages": [(code, name) for code, name in settings.LANGUAGES if code != language],
        "navigation": entries(),
        "is_synthetic": SimpleLazyObject(
            lambda: bool(getattr(settings, "KIEUMAU_SYNTHETIC", False)) or synthetic.is_present(request)
        ),
    }
