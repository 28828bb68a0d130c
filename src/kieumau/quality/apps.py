"""Checks over the whole store."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.audit.registry import part_names
from kieumau.web import navigation


class QualityConfig(AppConfig):
    """Registers the package with Django, and its page with the header."""

    name = "kieumau.quality"
    label = "quality"

    def ready(self) -> None:
        """Put the page into the header; tell the log what checks are called."""
        from kieumau.quality.checks import BY_CODE  # noqa: PLC0415 (apps must be ready)

        part_names.append(lambda codes: {code: BY_CODE[code].title for code in codes if code in BY_CODE})
        navigation.add("quality", gettext_lazy("Checks"), 60, is_main=False)
