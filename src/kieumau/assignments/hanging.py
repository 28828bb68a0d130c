"""What of assignments hangs on units that an act would end."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext_lazy as _

from kieumau.assignments.models import Assignment
from kieumau.assignments.rules import State
from kieumau.units.registry import Hanging, counted


def assignments(unit_ids: Collection[int]) -> Iterator[Hanging]:
    """What they are still to do, or have reported as done. One query."""
    lasting = Assignment.objects.filter(owner__in=unit_ids).exclude(state__in=[State.CLOSED, State.WITHDRAWN])
    return counted(lasting, _("Assignments that are not closed"), "owner_id")
