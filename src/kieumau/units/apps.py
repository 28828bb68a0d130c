from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.units"
    label = "units"
