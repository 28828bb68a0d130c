"""Checks over the whole store."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.web import navigation


class QualityConfig(AppConfig):
    """Registers the package with Django, and its page with the header."""

    name = "kieumau.quality"
    label = "quality"

    def ready(self) -> None:
        """Put the page into the header."""
        navigation.add("quality", gettext_lazy("Checks"), 60, is_main=False)
