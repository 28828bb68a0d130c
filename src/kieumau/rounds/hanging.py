"""What of rounds hangs on units that an act would end."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext_lazy as _

from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import State
from kieumau.units.registry import Hanging, counted


def dossiers(unit_ids: Collection[int]) -> Iterator[Hanging]:
    """Their dossiers without a decision. One query."""
    undecided = Dossier.objects.filter(unit__in=unit_ids).exclude(state=State.DECIDED)
    return counted(undecided, _("Dossiers without a decision"))
