from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Verdicts, and judging again when figures change."""

    """Registers the package with Django."""

    name = "kieumau.assessments"
    label = "assessments"
