"""Verdicts as a part of the installation."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Verdicts; they follow the figures they rest on."""

    name = "kieumau.assessments"
    label = "assessments"

    def ready(self) -> None:
        """Leave word with the figures; models may only be imported once all apps are there."""
        from kieumau.assessments.following import judge_again  # noqa: PLC0415 (apps must be ready)
        from kieumau.indicators.registry import after_figures  # noqa: PLC0415

        after_figures.append(judge_again)
