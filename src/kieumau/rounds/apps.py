"""Rounds of assessment and the dossiers of units in them."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.rounds"
    label = "rounds"
