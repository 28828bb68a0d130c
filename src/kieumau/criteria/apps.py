from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.criteria"
    label = "criteria"
