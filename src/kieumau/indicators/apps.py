"""Indicators and figures as a part of the installation."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Registers the package with Django, and the totals with the tree they stand in."""

    name = "kieumau.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Totals follow every change of the tree; models may only be imported once all apps are there."""
        from kieumau.indicators.listening import listen  # noqa: PLC0415 (apps must be ready)

        listen()
