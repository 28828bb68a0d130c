"""Spot checks."""

from django.apps import AppConfig

from kieumau.accounts.row_security import READ_AND_ADDED, limit


class RechecksConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.rechecks"
    label = "rechecks"

    def ready(self) -> None:
        """Say what the serving role may do to its tables."""
        limit("recheck_draw", READ_AND_ADDED)
        limit("recheck", "SELECT, INSERT, UPDATE")
