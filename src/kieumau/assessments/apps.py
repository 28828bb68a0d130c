"""Verdicts as a part of the installation."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Verdicts; they follow the figures they rest on, and the tree."""

    name = "kieumau.assessments"
    label = "assessments"

    def ready(self) -> None:
        """Leave word with the figures and the tree; models may only be imported once all apps are there."""
        from kieumau.assessments.listening import listen  # noqa: PLC0415 (apps must be ready)

        listen()
