"""Indicators and figures as a part of the installation."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Registers the package with Django, and the totals with the tree they stand in."""

    name = "kieumau.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Totals follow every change of the tree; models may only be imported once all apps are there."""
        from kieumau.indicators.actions.totals import rebuild_after_tree_change  # noqa: PLC0415
        from kieumau.units.registry import after_tree_change  # noqa: PLC0415

        after_tree_change.append(rebuild_after_tree_change)
