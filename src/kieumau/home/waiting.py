"""What waits for the reader at the unit looked at, asked together with whether figures are made up."""

from datetime import date

from django.db.models import Exists
from django.http import HttpRequest

from kieumau.assignments.queries import NOTHING, Waiting, waiting_columns
from kieumau.home.periods import synthetic_sources
from kieumau.units.models import Unit
from kieumau.web import synthetic
from kieumau.web.days import KNOWN

_SYNTHETIC = "has_synthetic"


def waiting_here(request: HttpRequest, unit_id: int, root_id: int, today: date) -> Waiting:
    """What is to be done or closed at a unit, for somebody with a role there; nothing on a page of the past.

    One query, which also answers what the frame would ask: no page takes more.
    """
    columns = {} if KNOWN in request.GET else waiting_columns(request.user, unit_id, today)
    if not columns:
        return NOTHING
    asked = Unit.objects.filter(pk=unit_id).annotate(
        **columns, **{_SYNTHETIC: Exists(synthetic_sources([root_id]))}
    )
    found = asked.values(*columns, _SYNTHETIC).first()
    if found is None:
        return NOTHING
    synthetic.answered(request, is_present=found.pop(_SYNTHETIC))
    return Waiting(**found)
