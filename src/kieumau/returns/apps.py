"""Returns as a part of the installation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.row_security import READ_AND_ADDED, limit
from kieumau.units.registry import hanging
from kieumau.web import navigation, work


class ReturnsConfig(AppConfig):
    """Guards the figures of submitted returns, and puts the returns into the header."""

    name = "kieumau.returns"
    label = "returns"

    def ready(self) -> None:
        """Leave word with the figures; models may only be imported once all apps are there."""
        from kieumau.returns.access import may_read  # noqa: PLC0415 (apps must be ready)
        from kieumau.returns.hanging import returns  # noqa: PLC0415 (apps must be ready)
        from kieumau.returns.listening import listen  # noqa: PLC0415 (apps must be ready)
        from kieumau.returns.waiting import piles  # noqa: PLC0415 (apps must be ready)

        listen()
        hanging.append(returns)
        work.add(10, piles)
        limit("return_step", READ_AND_ADDED)
        navigation.add("returns", _("Returns"), 25, opens_to=may_read)
