from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.assessments"
    label = "assessments"
