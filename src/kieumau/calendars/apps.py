"""Calendars as a part of the installation."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CalendarsConfig(AppConfig):
    """Periods are rows made from YAML: after every migration they are brought in line with it."""

    name = "kieumau.calendars"
    label = "calendars"

    def ready(self) -> None:
        """Connect the loader; models may only be imported once all apps are there."""
        from kieumau.calendars.signals import make_periods  # noqa: PLC0415 (apps must be ready)

        post_migrate.connect(make_periods, sender=self)
