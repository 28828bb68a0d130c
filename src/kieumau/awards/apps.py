"""Titles that units hold."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.units.registry import hanging
from kieumau.web import navigation, work


class AwardsConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.awards"
    label = "awards"

    def ready(self) -> None:
        """Name the register in the menu; models may only be imported once all apps are there."""
        from kieumau.awards.hanging import titles  # noqa: PLC0415 (apps must be ready)
        from kieumau.awards.listening import listen  # noqa: PLC0415 (apps must be ready)
        from kieumau.awards.waiting import piles  # noqa: PLC0415 (apps must be ready)

        listen()
        hanging.append(titles)
        work.add(45, piles)
        navigation.add("titles", gettext_lazy("Titles"), 28)
