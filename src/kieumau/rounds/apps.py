"""Rounds of assessment and the dossiers of units in them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.accounts.row_security import READ_AND_ADDED, limit
from kieumau.units.registry import hanging
from kieumau.web import navigation, work


class RoundsConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.rounds"
    label = "rounds"

    def ready(self) -> None:
        """Name its page in the menu, show rounds on pages of programmes, limit what serves pages."""
        from kieumau.programmes.listening import rounds_of  # noqa: PLC0415 (apps must be ready)
        from kieumau.rounds.assigning import listen  # noqa: PLC0415 (apps must be ready)
        from kieumau.rounds.hanging import dossiers  # noqa: PLC0415 (apps must be ready)
        from kieumau.rounds.of_programme import linked  # noqa: PLC0415 (apps must be ready)
        from kieumau.rounds.waiting import piles  # noqa: PLC0415 (apps must be ready)

        rounds_of.append(linked)
        listen()
        hanging.append(dossiers)
        work.add(20, piles)
        navigation.add("rounds", gettext_lazy("Rounds"), 24, opens_to=navigation.signed_in)
        for table in ("dossier_move", "dossier_hand", "dossier_vote", "round_extension"):
            limit(table, READ_AND_ADDED)
        for table in ("dossier", "dossier_finding"):
            limit(table, "SELECT, INSERT, UPDATE")
