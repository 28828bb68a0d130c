"""Where a person may do something, as sub-selects: never a list of ids."""

from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from kieumau.accounts.held import Held, allowing, today
from kieumau.accounts.models import Grant
from kieumau.accounts.roles import downward, is_shared, with_permission
from kieumau.units.models import Mapping, Position, Unit
from kieumau.units.over import Over
from kieumau.units.queries import AFTER_ALL_PATHS

M = TypeVar("M", bound=Model)

# The unit itself, or the units that the map of a day makes of it, and all units above them.
_TARGETS = "select %s::int union select to_unit from unit_mapping where from_unit = %s and on_map @> %s::date"
_ABOVE = f"""
select unnest(string_to_array(rtrim(path, '.'), '.')::int[]) from unit_position
where valid @> %s::date and unit_id in ({_TARGETS})
"""


def units_in_scope(user: Any, permission: str, programme: str = "") -> QuerySet[Unit, Any]:
    """The ids of the units over which a person may do something, with those that they came from.

    A sub-select of ranges of paths, to be used as `unit_id__in=…`; everything for a superuser, nothing
    for a stranger. Without a programme: in any programme at all.
    """
    ids = Unit.objects.values("pk")
    if not _is_known(user):
        return ids.none()
    if user.is_superuser:
        return ids
    return _of(allowing(user, permission, Over(programme=programme)), ids, today())


def in_scope(
    queryset: QuerySet[M], user: Any, permission: str, field: str = "unit_id", programme: str = ""
) -> QuerySet[M]:
    """Only the rows whose unit is in the person's scope for that permission."""
    if not _is_known(user):
        return queryset.none()
    if user.is_superuser:
        return queryset
    return queryset.filter(**{f"{field}__in": units_in_scope(user, permission, programme)})


def holders(
    permission: str, unit_id: int, programme: str = "", on: date | None = None
) -> QuerySet[Grant, Any]:
    """The ids of the people who may do something over a unit, as a sub-select (`id__in=…`).

    Without a programme: who may in all programmes, or, where the thing belongs to the unit alone, in any.
    Superusers are not among them: they hold no role.
    """
    day = on or today()
    roles = with_permission(permission)
    above = RawSQL(_ABOVE, (day, unit_id, unit_id, day))
    itself = RawSQL(_TARGETS, (unit_id, unit_id, day))
    reaching = Q(role__in=roles & downward(), unit_id__in=above) | Q(
        role__in=roles - downward(), unit_id__in=itself
    )
    grants = Grant.objects.in_force(day).filter(reaching, user__is_active=True)
    if programme or not is_shared(permission):
        grants = grants.filter(programme__in={"", programme})
    return grants.order_by().values("user_id").distinct()


def _is_known(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active)


def _of(grants: tuple[Held, ...], ids: QuerySet[Unit, Any], on: date) -> QuerySet[Unit, Any]:
    """The units that grants reach on a day, and what they came from."""
    reached = Q()
    for one in grants:
        if one.is_downward:
            reached |= Q(path__gte=one.path, path__lt=one.path + AFTER_ALL_PATHS)
        else:
            reached |= Q(unit_id=one.unit_id)
    if not reached:
        return ids.none()
    here = Position.objects.filter(reached, valid__contains=on).values("unit_id")
    before = Mapping.objects.filter(to_unit__in=here, on_map__contains=on).values("from_unit")
    return ids.filter(Q(pk__in=here) | Q(pk__in=before))
