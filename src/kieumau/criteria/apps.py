from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Criteria sets as immutable versions."""

    """Registers the package with Django."""

    name = "kieumau.criteria"
    label = "criteria"
