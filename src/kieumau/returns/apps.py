"""Returns as a part of the installation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kieumau.web import navigation


class ReturnsConfig(AppConfig):
    """Guards the figures of submitted returns, and puts the returns into the header."""

    name = "kieumau.returns"
    label = "returns"

    def ready(self) -> None:
        """Leave word with the figures; models may only be imported once all apps are there."""
        from kieumau.returns.listening import listen  # noqa: PLC0415 (apps must be ready)

        listen()
        navigation.add("returns", _("Returns"), 25)
