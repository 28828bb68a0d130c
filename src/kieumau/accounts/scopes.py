"""Where a person may do something, as sub-selects: never a list of ids."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length

from kieumau.accounts.held import Held, allowing, today
from kieumau.accounts.models import Grant
from kieumau.accounts.roles import downward, is_reading, is_shared, with_permission
from kieumau.audit.access import READ as READ_LOG
from kieumau.units.models import Mapping, Position, Unit
from kieumau.units.over import WHOLE, Over
from kieumau.units.queries import AFTER_ALL_PATHS

M = TypeVar("M", bound=Model)

# The unit itself; of one that ended, the units that took it over (for writing: the one that took all of it);
# and all units above them.
_TARGETS = """
select %s::int union
select to_unit from unit_mapping where from_unit = %s and on_map @> %s::date
    and not exists (select from unit_position where unit_id = %s and valid @> %s::date)
    and (%s or not exists (
        select from unit_mapping o where o.from_unit = unit_mapping.from_unit and o.on_map @> %s::date
            and o.to_unit <> unit_mapping.to_unit))
"""
_ABOVE = f"""
select unnest(string_to_array(rtrim(path, '.'), '.')::int[]) from unit_position
where valid @> %s::date and unit_id in ({_TARGETS})
"""

_OF_EACH = """
with target(asked, unit_id) as (
    select u, u from unnest(%(units)s::int[]) u
    union
    select from_unit, to_unit from unit_mapping m
    where from_unit = any (%(units)s::int[]) and on_map @> %(day)s::date
        and not exists (
            select from unit_position l where l.unit_id = m.from_unit and l.valid @> %(day)s::date)
        and (%(reads)s or not exists (
            select from unit_mapping o where o.from_unit = m.from_unit and o.on_map @> %(day)s::date
                and o.to_unit <> m.to_unit))
)
select distinct t.asked, g.user_id
from target t
left join unit_position p on p.unit_id = t.unit_id and p.valid @> %(day)s::date
join account_grant g on g.unit_id = t.unit_id
    or g.role = any (%(down)s) and g.unit_id = any (string_to_array(rtrim(p.path, '.'), '.')::int[])
join account_user u on u.id = g.user_id and u.is_active
where g.role = any (%(roles)s) and g.ended_at is null and g.starts_on <= %(day)s
    and (g.ends_before is null or g.ends_before > %(day)s)
    and (%(programmes)s::text[] is null or g.programme = any (%(programmes)s))
order by t.asked, g.user_id
"""


def units_in_scope(user: Any, permission: str, programme: str = "") -> QuerySet[Unit, Any]:
    """The ids of the units over which a person may do something, with those that ended and became them: for
    writing only those that went there as a whole.

    A sub-select of ranges of paths, to be used as `unit_id__in=…`; everything for a superuser, nothing
    for a stranger. Without a programme: in any programme at all.
    """
    ids = Unit.objects.values("pk")
    if not _is_known(user):
        return ids.none()
    if user.is_superuser:
        return ids
    grants = allowing(user, permission, Over(programme=programme))
    return _of(grants, ids, today(), reads=is_reading(permission))


def in_scope(
    queryset: QuerySet[M], user: Any, permission: str, field: str = "unit_id", programme: str = ""
) -> QuerySet[M]:
    """Only the rows whose unit is in the person's scope for that permission."""
    if not _is_known(user):
        return queryset.none()
    if user.is_superuser:
        return queryset
    return queryset.filter(**{f"{field}__in": units_in_scope(user, permission, programme)})


def in_scope_of_each(
    queryset: QuerySet[M], user: Any, permission: str, field: str, programme_field: str
) -> QuerySet[M]:
    """The same of rows that belong to programmes (or none), each asked in its own.

    `programme_field` leads to the programme's code. As `has_perm` answers for each row.
    """
    if not _is_known(user):
        return queryset.none()
    if user.is_superuser:
        return queryset
    grants = allowing(user, permission)
    reached = Q(pk__in=[])
    for code in sorted({one.programme for one in grants}):
        own = tuple(one for one in grants if one.programme == code)
        units = _of(own, Unit.objects.values("pk"), today(), reads=is_reading(permission))
        within = Q(**{f"{field}__in": units})
        if code:
            asked = Q(**{programme_field: code})
            within &= asked | Q(**{f"{programme_field}__isnull": True}) if is_shared(permission) else asked
        reached |= within
    return queryset.filter(reached)


def units_of_log(user: Any) -> QuerySet[Unit, Any] | None:
    """The units whose entries of the log a person may read; None where he may for the whole country."""
    may_all = _is_known(user) and user.has_perm(READ_LOG, WHOLE)
    return None if may_all else units_in_scope(user, READ_LOG)


def holders(
    permission: str, unit_id: int, programme: str = "", on: date | None = None
) -> QuerySet[Grant, Any]:
    """The ids of the people who may do something over a unit, as a sub-select (`id__in=…`).

    Without a programme: who may in all programmes, or, where the thing belongs to the unit alone, in any.
    Superusers are not among them: they hold no role.
    """
    grants = _reaching(permission, unit_id, programme, on or today())
    return grants.order_by().values("user_id").distinct()


def nearest_holders(
    permission: str, unit_id: int, programme: str = "", on: date | None = None
) -> QuerySet[Grant, Any]:
    """Of those holders only the nearest above the unit: the province where it has some, else the nation.

    One query now, and a sub-select as of `holders`.
    """
    day = on or today()
    # Of units one above the other the lower one has the longer path.
    path = Position.objects.filter(unit_id=OuterRef("unit_id"), valid__contains=day).values("path")[:1]
    grants = _reaching(permission, unit_id, programme, day).annotate(depth=Length(Subquery(path)))
    deepest = grants.order_by().aggregate(Max("depth"))["depth__max"]
    return grants.filter(depth=deepest).order_by().values("user_id").distinct()


def _reaching(permission: str, unit_id: int, programme: str, day: date) -> QuerySet[Grant, Any]:
    """The grants that let somebody do something over a unit on a day."""
    roles = with_permission(permission)
    asked = (unit_id, unit_id, day, unit_id, day, is_reading(permission), day)
    above, itself = RawSQL(_ABOVE, (day, *asked)), RawSQL(_TARGETS, asked)
    reaching = Q(role__in=roles & downward(), unit_id__in=above) | Q(
        role__in=roles - downward(), unit_id__in=itself
    )
    grants = Grant.objects.in_force(day).filter(reaching, user__is_active=True)
    if programme or not is_shared(permission):
        grants = grants.filter(programme__in={"", programme})
    return grants


def holders_of_each(
    unit_ids: Collection[int], permission: str, programme: str = "", on: date | None = None
) -> dict[int, list[int]]:
    """The same for many units at once: who may do something over each, by the unit. One query."""
    day = on or today()
    roles = with_permission(permission)
    asked: dict[str, Any] = {
        "units": sorted(unit_ids),
        "roles": sorted(roles),
        "down": sorted(roles & downward()),
        "day": day,
        "reads": is_reading(permission),
        "programmes": ["", programme] if programme or not is_shared(permission) else None,
    }
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_OF_EACH, asked)
        for unit_id, person in cursor.fetchall():
            found[unit_id].append(person)
    return dict(found)


def _is_known(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active)


def _of(grants: tuple[Held, ...], ids: QuerySet[Unit, Any], on: date, *, reads: bool) -> QuerySet[Unit, Any]:
    """The units that grants reach on a day, and those that ended and became them."""
    reached = Q()
    for one in grants:
        if one.is_downward:
            reached |= Q(path__gte=one.path, path__lt=one.path + AFTER_ALL_PATHS)
        else:
            reached |= Q(unit_id=one.unit_id)
    if not reached:
        return ids.none()
    here = Position.objects.filter(reached, valid__contains=on).values("unit_id")
    before = ended_into(here, on, as_a_whole=not reads)
    return ids.filter(Q(pk__in=here) | Q(pk__in=before))


def ended_into(units: Any, on: date, *, as_a_whole: bool = False) -> QuerySet[Mapping, Any]:
    """The ids of the units that ended before a day and of which a part (or all) went to some, by its map."""
    lives = Position.objects.filter(unit_id=OuterRef("from_unit"), valid__contains=on)
    found = Mapping.objects.filter(~Exists(lives), to_unit__in=units, on_map__contains=on)
    if as_a_whole:
        others = Mapping.objects.filter(from_unit=OuterRef("from_unit"), on_map__contains=on)
        found = found.filter(~Exists(others.exclude(to_unit=OuterRef("to_unit"))))
    return found.values("from_unit")
