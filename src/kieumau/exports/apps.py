"""Figures and verdicts out again."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.web import navigation


class ExportsConfig(AppConfig):
    """Registers the package with Django, and its page with the header."""

    name = "kieumau.exports"
    label = "exports"

    def ready(self) -> None:
        """Put the page into the header."""
        navigation.add("exports", gettext_lazy("Download"), 70, is_main=False)
