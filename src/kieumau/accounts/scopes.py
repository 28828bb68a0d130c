"""Where a person may do something, as sub-selects: never a list of ids."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from kieumau.accounts.held import PLACES, Held, allowing, today
from kieumau.accounts.models import User
from kieumau.accounts.roles import downward, is_reading, is_shared, with_permission
from kieumau.audit.access import READ as READ_LOG
from kieumau.units.models import Mapping, Position, Unit
from kieumau.units.over import WHOLE, Over
from kieumau.units.queries import AFTER_ALL_PATHS

M = TypeVar("M", bound=Model)

_HOLDERS = "account_holders(%s::int[], %s::text[], %s::text[], %s::date, %s::boolean, %s::text[])"
_ALL = f"(SELECT person FROM {_HOLDERS})"
_ABOVE = f"""
(WITH place AS ({PLACES})
SELECT part::bigint FROM place, unnest(string_to_array(rtrim(path, '.'), '.')) AS part
GROUP BY part HAVING count(*) = (SELECT count(*) FROM place))
"""
_NEAREST = f"""
(SELECT person FROM (SELECT person, depth, max(depth) OVER () AS nearest FROM {_HOLDERS}) h
WHERE depth = nearest)
"""


def units_in_scope(user: Any, permission: str, programme: str = "") -> QuerySet[Unit, Any]:
    """The ids of the units over which a person may do something, with those that ended and became them: for
    writing only those of which all parts are where one of his roles is.

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


def above(unit_id: int, on: date) -> RawSQL:
    """The ids of the units above a unit on a day, and itself; of one that ended, of those above all parts."""
    return RawSQL(_ABOVE, (unit_id, on))


def units_of_log(user: Any) -> QuerySet[Unit, Any] | None:
    """The units whose entries of the log a person may read; None where he may for the whole country."""
    may_all = _is_known(user) and user.has_perm(READ_LOG, WHOLE)
    return None if may_all else units_in_scope(user, READ_LOG)


def holders(
    permission: str, unit_id: int, programme: str = "", on: date | None = None
) -> QuerySet[User, Any]:
    """The ids of the people who may do something over a unit, as a sub-select (`id__in=…`).

    Without a programme: who may in all programmes, or, where the thing belongs to the unit alone, in any.
    Superusers are not among them: they hold no role. Wherever they are: whoever asks need not reach them.
    """
    found = RawSQL(_ALL, _asked([unit_id], permission, programme, on))
    return User.objects.filter(pk__in=found).order_by().values("pk")


def nearest_holders(
    permission: str, unit_id: int, programme: str = "", on: date | None = None
) -> QuerySet[User, Any]:
    """Of those holders only the nearest above the unit: the province where it has some, else the nation."""
    found = RawSQL(_NEAREST, _asked([unit_id], permission, programme, on))
    return User.objects.filter(pk__in=found).order_by().values("pk")


def holders_of_each(
    unit_ids: Collection[int], permission: str, programme: str = "", on: date | None = None
) -> dict[int, list[int]]:
    """The same for many units at once: who may do something over each, by the unit. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        asked = _asked(unit_ids, permission, programme, on)
        cursor.execute(f"SELECT asked, person FROM {_HOLDERS} ORDER BY asked, person", asked)
        for unit_id, person in cursor.fetchall():
            found[unit_id].append(person)
    return dict(found)


def _asked(unit_ids: Collection[int], permission: str, programme: str, on: date | None) -> tuple[Any, ...]:
    """What `account_holders` is asked: units, roles, those that count below, the day, programmes or any."""
    roles = with_permission(permission)
    is_any = not programme and is_shared(permission)
    return (
        sorted(unit_ids),
        sorted(roles),
        sorted(roles & downward()),
        on or today(),
        is_reading(permission),
        None if is_any else ["", programme],
    )


def _is_known(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active)


def _of(grants: tuple[Held, ...], ids: QuerySet[Unit, Any], on: date, *, reads: bool) -> QuerySet[Unit, Any]:
    """The units that grants reach on a day, and those that ended and became them: for writing, of one."""
    each = list(dict.fromkeys(map(_under, grants)))
    if not each:
        return ids.none()
    standing = Position.objects.filter(valid__contains=on).values("unit_id")
    here = standing.filter(reduce(or_, each))
    if reads:
        return ids.filter(Q(pk__in=here) | Q(pk__in=ended_into(here, on)))
    before = (Q(pk__in=ended_into(standing.filter(one), on, as_a_whole=True)) for one in each)
    return ids.filter(reduce(or_, before, Q(pk__in=here)))


def _under(one: Held) -> Q:
    """The positions that a grant reaches."""
    if one.is_downward:
        return Q(path__gte=one.path, path__lt=one.path + AFTER_ALL_PATHS)
    return Q(unit_id=one.unit_id)


def ended_into(units: Any, on: date, *, as_a_whole: bool = False) -> QuerySet[Mapping, Any]:
    """The ids of the units that ended before a day and of which a part (or all) went to some, by its map."""
    lives = Position.objects.filter(unit_id=OuterRef("from_unit"), valid__contains=on)
    found = Mapping.objects.filter(~Exists(lives), to_unit__in=units, on_map__contains=on)
    if as_a_whole:
        others = Mapping.objects.filter(from_unit=OuterRef("from_unit"), on_map__contains=on)
        found = found.filter(~Exists(others.exclude(to_unit__in=units)))
    return found.values("from_unit")
