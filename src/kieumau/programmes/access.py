"""The doors to programmes. What is not yours is not there: 404; what you may read but not change: 403.

A programme is read by whoever holds a role over its area, in a part of it or above it, and by everybody
where reading is open. Its money is read by those at work over the units, open reading or not.
"""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from kieumau.accounts import doors
from kieumau.accounts.held import Held, held, today
from kieumau.accounts.roles import with_permission
from kieumau.accounts.scopes import in_scope, units_in_scope
from kieumau.programmes.models import BudgetLine, Programme
from kieumau.units.models import Position, Term, Unit
from kieumau.units.over import WHOLE, Over

READ = "programmes.read"
EDIT = "programmes.edit"
BUDGET = "programmes.budget"


def readable_programmes(user: Any) -> list[Programme]:
    """The programmes that a person may read, those of now first. One query."""
    here = Position.objects.filter(unit_id=OuterRef("area_id"), valid__contains=today()).values("path")[:1]
    rows = Programme.objects.annotate(area_path=Coalesce(Subquery(here), Value("")))
    if settings.KIEUMAU_OPEN_READING or getattr(user, "is_superuser", False):
        return list(rows)
    grants = held(user) if user.is_authenticated else ()
    return [one for one in rows if _is_near(one.code, one.area_path, grants)]


def readable(user: Any, code: str) -> Programme:
    """The programme of that code, for somebody who may read it. 404 otherwise."""
    found = next((one for one in readable_programmes(user) if one.code == code), None)
    if found is None:
        raise Http404
    return found


def may_make(user: Any) -> bool:
    """May the person set up programmes anywhere at all?"""
    return doors.may(user, EDIT)


def may_edit(user: Any, programme: Programme, area: Term | None) -> bool:
    """May the person change what the programme has in an area, as links of pages ask? No query."""
    if not user.is_authenticated or area is None:
        return False
    return user.is_superuser or any(one.reaches((area.path,)) for one in _held(user, EDIT, programme))


def where_to_keep_budget(user: Any, programme: Programme, area: Term) -> int | None:
    """Where a new budget line of a person begins: in the area, else in the highest unit of his within it.

    None for whoever may not keep the budget there at all. No query.
    """
    if not user.is_authenticated:
        return None
    grants = _held(user, BUDGET, programme)
    if user.is_superuser or any(one.reaches((area.path,)) for one in grants):
        return area.unit_id
    within = [one for one in grants if one.path.startswith(area.path)]
    return min(within, key=lambda one: (one.path.count("."), one.path)).unit_id if within else None


def with_own_budget(user: Any, programme: Programme, unit_ids: Collection[int]) -> set[int]:
    """Of these units those whose budget the person may keep. One query."""
    mine = units_in_scope(user, BUDGET, programme.code).filter(pk__in=unit_ids)
    return set(mine.values_list("pk", flat=True))


def require(user: Any, permission: str, programme: Programme, unit_id: int | None) -> None:
    """Lets whoever may do that pass. Raises `Denied` otherwise."""
    doors.require(user, permission, _over(programme, unit_id))


def require_somewhere(user: Any, permission: str, programme: Programme) -> None:
    """Lets whoever may do that anywhere in the programme pass. Raises `Denied` otherwise."""
    doors.require(user, permission, Over(programme=programme.code))


def readable_lines(user: Any, programme: Programme) -> QuerySet[BudgetLine]:
    """The budget lines of a programme that a person may see."""
    return in_scope(BudgetLine.objects.filter(programme=programme), user, READ, programme=programme.code)


def may_read_money(user: Any, programme: Programme) -> bool:
    """May the person see the budget of any unit of the programme?"""
    return doors.may(user, READ, Over(programme=programme.code))


def outside(user: Any, programme: Programme, unit_ids: Collection[int]) -> set[int]:
    """Of these units those that the person may not choose for the programme. One query."""
    mine = units_in_scope(user, EDIT, programme.code).filter(pk__in=unit_ids)
    return set(unit_ids) - set(mine.values_list("pk", flat=True))


def editable_units(user: Any, programme: Programme) -> QuerySet[Unit, Any]:
    """The ids of the units over which a person may change the programme, as a sub-select."""
    return units_in_scope(user, EDIT, programme.code)


def editable_anywhere(user: Any) -> QuerySet[Unit, Any]:
    """The ids of the units over which a person may set up programmes, as a sub-select."""
    return units_in_scope(user, EDIT)


def _held(user: Any, permission: str, programme: Programme) -> list[Held]:
    roles = with_permission(permission)
    return [one for one in held(user) if one.role in roles and one.is_in(programme.code, permission)]


def _over(programme: Programme, unit_id: int | None) -> Over:
    place = unit_id if unit_id is not None else programme.area_id
    # Known from before, of a whole country: whoever may change that of a whole country.
    return WHOLE if place is None else Over(place, programme.code)


def _is_near(code: str, area_path: str, grants: Collection[Held]) -> bool:
    """Does a role reach the area, stand in it, or above it?"""
    return any(
        one.programme in {"", code}
        and bool(one.path)
        and (one.path.startswith(area_path) or area_path.startswith(one.path))
        for one in grants
    )
