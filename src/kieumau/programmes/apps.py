"""Programmes, their bodies, plans, targets and money."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.programmes"
    label = "programmes"
