"""What of returns hangs on units that an act would end."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext_lazy as _

from kieumau.returns.models import Return
from kieumau.returns.rules import State
from kieumau.units.registry import Hanging, counted


def returns(unit_ids: Collection[int]) -> Iterator[Hanging]:
    """Their returns that nobody has accepted. One query."""
    waiting = Return.objects.filter(unit__in=unit_ids).exclude(state=State.ACCEPTED)
    return counted(waiting, _("Returns that are not accepted"))
