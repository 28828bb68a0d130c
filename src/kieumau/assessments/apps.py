"""Verdicts as a part of the installation."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class AssessmentsConfig(AppConfig):
    """Verdicts; they follow the figures they rest on, and the tree."""

    name = "kieumau.assessments"
    label = "assessments"

    def ready(self) -> None:
        """Leave word with the figures and the tree; models may only be imported once all apps are there.

        Raises ImproperlyConfigured where the totals would hear of the tree later than the verdicts
        that rest on them.
        """
        from kieumau.assessments import following  # noqa: PLC0415 (apps must be ready)
        from kieumau.indicators.actions.totals import rebuild_after_tree_change  # noqa: PLC0415
        from kieumau.indicators.registry import after_figures  # noqa: PLC0415
        from kieumau.units.registry import after_tree_change  # noqa: PLC0415

        if rebuild_after_tree_change not in after_tree_change:
            raise ImproperlyConfigured("INSTALLED_APPS must name kieumau.indicators before this app")
        after_figures.append(following.judge_after_figures)
        after_tree_change.append(following.judge_after_tree_change)
