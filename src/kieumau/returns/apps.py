"""Returns as a part of the installation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.row_security import READ_AND_ADDED, limit
from kieumau.web import navigation


class ReturnsConfig(AppConfig):
    """Guards the figures of submitted returns, and puts the returns into the header."""

    name = "kieumau.returns"
    label = "returns"

    def ready(self) -> None:
        """Leave word with the figures; models may only be imported once all apps are there."""
        from kieumau.returns.listening import listen  # noqa: PLC0415 (apps must be ready)

        listen()
        limit("return_step", READ_AND_ADDED)
        navigation.add("returns", _("Returns"), 25)
