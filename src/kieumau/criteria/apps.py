"""Criteria sets as a part of the installation."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Criteria sets as immutable versions; what they name keeps its meaning."""

    name = "kieumau.criteria"
    label = "criteria"

    def ready(self) -> None:
        """Leave word with the catalogue; models may only be imported once all apps are there."""
        from kieumau.criteria.queries import indicators_used  # noqa: PLC0415 (apps must be ready)
        from kieumau.indicators.registry import in_use  # noqa: PLC0415

        in_use.append(indicators_used)
