"""What of titles hangs on units that an act would end."""

from collections.abc import Collection, Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kieumau.awards.queries import held
from kieumau.calendars.working_days import day_of
from kieumau.units.registry import Hanging, counted


def titles(unit_ids: Collection[int]) -> Iterator[Hanging]:
    """The titles that they hold today. One query."""
    return counted(held(day_of(timezone.now())).filter(unit__in=unit_ids), _("Titles held"))
