from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.home"
    label = "home"
