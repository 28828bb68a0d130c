"""Titles that units hold."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.web import navigation


class AwardsConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.awards"
    label = "awards"

    def ready(self) -> None:
        """Name the register in the menu; tell pages of programmes who holds their titles."""
        from kieumau.awards.queries import holders_of  # noqa: PLC0415 (apps must be ready)
        from kieumau.programmes.listening import titles_held  # noqa: PLC0415 (apps must be ready)

        titles_held.append(holders_of)
        navigation.add("titles", gettext_lazy("Titles"), 28)
