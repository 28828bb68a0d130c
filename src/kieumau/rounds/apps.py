"""Rounds of assessment and the dossiers of units in them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.web import navigation


class RoundsConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.rounds"
    label = "rounds"

    def ready(self) -> None:
        """Name its page in the menu."""
        navigation.add("rounds", gettext_lazy("Rounds"), 24)
