"""Spot checks."""

from django.apps import AppConfig


class RechecksConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.rechecks"
    label = "rechecks"
