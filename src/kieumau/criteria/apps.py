"""Criteria sets as a part of the installation."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Criteria sets as immutable versions; what they name keeps its meaning."""

    name = "kieumau.criteria"
    label = "criteria"

    def ready(self) -> None:
        """Leave word with the catalogue; models may only be imported once all apps are there."""
        from kieumau.criteria.listening import listen  # noqa: PLC0415 (apps must be ready)

        listen()
