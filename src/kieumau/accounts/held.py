"""What a person holds today, and whether it reaches a unit.

One query a request: the grants in force are kept on the person (`request.user` lives as long as the request).
Where a unit stands is asked once for each unit. A unit in force is itself alone. One that ended counts where
today's map puts it: for reading wherever a part went, for writing by a role that reaches all of its parts.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.accounts.roles import downward, is_reading, is_shared, with_permission
from kieumau.calendars.working_days import day_of
from kieumau.units.over import WHOLE, Over

_KEPT = "_kieumau_held"
ANYWHERE = Over()


@dataclass(frozen=True, slots=True)
class Held:
    """A grant in force: `path` is where its unit stands today, empty where the unit is no more."""

    grant_id: int
    role: str
    unit_id: int
    programme: str
    path: str
    ends_before: date | None

    @property
    def is_downward(self) -> bool:
        """Does it count for the units below?"""
        return self.role in downward()

    @property
    def is_of_the_whole(self) -> bool:
        """Does it count for a whole tree, a country?"""
        return self.is_downward and self.path.count(".") == 1

    def reaches(self, paths: Iterable[str]) -> bool:
        """Does it reach a unit that stands at one of these places?"""
        return any(map(self._covers, paths))

    def counts_for(self, paths: Collection[str], permission: str) -> bool:
        """Does it reach a unit whose parts stand there: for reading one of them, for anything else all?"""
        if is_reading(permission):
            return self.reaches(paths)
        return bool(paths) and all(map(self._covers, paths))

    def _covers(self, path: str) -> bool:
        if not self.path:
            return False
        return path.startswith(self.path) if self.is_downward else path == self.path

    def is_in(self, programme: str, permission: str) -> bool:
        """Does it count for what belongs to that programme (or, empty, to none)?"""
        if not self.programme or self.programme == programme:
            return True
        return not programme and is_shared(permission)


@dataclass(slots=True)
class _Kept:
    on: date
    held: tuple[Held, ...]
    places: dict[int, tuple[str, ...]]


def today() -> date:
    """The day it is at the installation."""
    return day_of(timezone.now())


def held(user: Any) -> tuple[Held, ...]:
    """The grants of a person that are in force today. One query, once for each `User` in memory."""
    return _kept(user).held


def forget(user: Any) -> None:
    """The next question reads anew: what the person holds has changed."""
    setattr(user, _KEPT, None)


def keep(user: Any, on: date, grants: tuple[Held, ...]) -> None:
    """What the person holds on a day was read elsewhere already."""
    setattr(user, _KEPT, _Kept(on, grants, {}))


def stands(user: Any, unit_id: int, path: str) -> None:
    """A unit that is in force stands there today: it was read elsewhere already, and is asked no more."""
    _kept(user).places.setdefault(unit_id, (path,))


def places(user: Any, unit_id: int) -> tuple[str, ...]:
    """Where a unit stands today; of one that ended, all its parts. One query for each unit."""
    kept = _kept(user)
    if unit_id not in kept.places:
        kept.places[unit_id] = places_of(unit_id, kept.on)
    return kept.places[unit_id]


def allowing(user: Any, permission: str, over: Over = ANYWHERE) -> tuple[Held, ...]:
    """The grants that let a person do something there; without a unit, anywhere at all."""
    roles = with_permission(permission)
    of_role = [one for one in held(user) if one.role in roles]
    if over.unit_id is None:
        fitting = [one for one in of_role if one.path]
        if not over.programme:
            return tuple(fitting)
    elif over == WHOLE:
        fitting = [one for one in of_role if one.is_of_the_whole]
    else:
        paths = places(user, over.unit_id) if of_role else ()
        fitting = [one for one in of_role if one.counts_for(paths, permission)]
    return tuple(one for one in fitting if one.is_in(over.programme, permission))


def places_of(unit_id: int, on: date) -> tuple[str, ...]:
    """The path of a unit on a day; of one that ended, those of its parts (empty for one that is no more)."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, (unit_id, on))
        return tuple(path for (path,) in cursor.fetchall())


# Asked with a unit and a day.
PLACES = """
with asked as (select %s::int as unit, %s::date as day),
itself as (select path from asked join unit_position on unit_id = unit and valid @> day)
select path from itself
union
select coalesce(p.path, '')
from asked join unit_mapping m on m.from_unit = unit and m.on_map @> day
left join unit_position p on p.unit_id = m.to_unit and p.valid @> day
where not exists (select from itself)
"""


def grants_in_force(user: User, on: date) -> tuple[Held, ...]:
    """What a person holds on a day. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, {"person": user.pk, "on": on})
        return tuple(Held(*row) for row in cursor.fetchall())


# Whoever it is about: the connection may work for somebody else, or for nobody yet.
_IN_FORCE = """
select g.id, g.role, g.unit_id, g.programme, coalesce(p.path, ''), g.ends_before
from account_grants_of(%(person)s) g
left join unit_position p on p.unit_id = g.unit_id and p.valid @> %(on)s::date
where g.starts_on <= %(on)s and (g.ends_before is null or g.ends_before > %(on)s)
order by g.id
"""


def _kept(user: Any) -> _Kept:
    on = today()
    kept: _Kept | None = getattr(user, _KEPT, None)  # `request.user` stands before the person
    if kept is None or kept.on != on:
        kept = _Kept(on, grants_in_force(user, on), {})
        setattr(user, _KEPT, kept)
    return kept
