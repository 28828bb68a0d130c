"""Spot checks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.accounts.row_security import READ_AND_ADDED, limit
from kieumau.web import navigation, work


class RechecksConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.rechecks"
    label = "rechecks"

    def ready(self) -> None:
        """Name its page in the menu, and say what the serving role may do to its tables."""
        from kieumau.rechecks.access import may_anywhere  # noqa: PLC0415 (apps must be ready)
        from kieumau.rechecks.differing import warnings  # noqa: PLC0415 (apps must be ready)
        from kieumau.rechecks.waiting import piles  # noqa: PLC0415 (apps must be ready)
        from kieumau.rounds.offers import warn  # noqa: PLC0415 (apps must be ready)

        warn(warnings)
        work.add(40, piles)
        navigation.add("rechecks", gettext_lazy("Re-checks"), 26, is_main=False, opens_to=may_anywhere)
        limit("recheck_draw", READ_AND_ADDED)
        limit("recheck", "SELECT, INSERT, UPDATE")
