"""What of accounts hangs on units that an act would end."""

from collections.abc import Collection, Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.models import Grant
from kieumau.calendars.working_days import day_of
from kieumau.units.registry import Hanging, counted


def roles_of_people(unit_ids: Collection[int]) -> Iterator[Hanging]:
    """The roles that people hold over them today. One query."""
    held = Grant.objects.in_force(day_of(timezone.now())).filter(unit__in=unit_ids)
    return counted(held, _("Roles that people hold there"))
