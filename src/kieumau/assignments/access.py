"""The doors to assignments, visits and directives. What is not yours is not there: 404.

An assignment is read by who may read over its owner, its giver or a partner; a visit by who may over the
unit visited or the one that led it. A directive binds everybody below its issuer and is read by all who
read assignments anywhere.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.http import Http404

from kieumau.accounts.doors import may, require
from kieumau.accounts.held import held
from kieumau.accounts.roles import is_shared, with_permission
from kieumau.accounts.scopes import units_in_scope
from kieumau.assignments.models import Assignment, Directive, Visit
from kieumau.units.models import Unit
from kieumau.units.over import Over

READ = "assignments.read"
GIVE = "assignments.give"
REPORT = "assignments.report"
CLOSE = "assignments.close"
RECORD = "visits.record"

_NO_PROGRAMME = "-"  # code of none: asks for roles that count in all programmes


def readable(user: Any, assignment_id: int) -> Assignment:
    """The assignment with where it comes from, for somebody who may read it. 404 otherwise."""
    rows = Assignment.objects.select_related("conclusion", "directive", "reported_by", "closed_by")
    found = rows.filter(pk=assignment_id).first()
    if found is None or not may_read(user, found):
        raise Http404
    return found


def may_look(user: Any) -> bool:
    """Does the person read assignments, visits and directives anywhere?"""
    return may(user, READ)


def may_read(user: Any, one: Assignment) -> bool:
    """May the person see it: over its owner, its giver or a partner?"""
    return any(
        may(user, READ, Over(unit, one.programme)) for unit in (one.owner_id, one.giver_id, *one.partners)
    )


def may_report(user: Any, one: Assignment) -> bool:
    """May the person report for its owner, and ask for more time?"""
    return may(user, REPORT, Over(one.owner_id, one.programme))


def may_close(user: Any, one: Assignment) -> bool:
    """May the person close it, or send it back, for the unit that gave it?"""
    return may(user, CLOSE, Over(one.giver_id, one.programme))


def may_change(user: Any, one: Assignment) -> bool:
    """May the person change, extend and withdraw it for the unit that gave it?"""
    return may(user, GIVE, Over(one.giver_id, one.programme))


def may_give(user: Any, unit_id: int, programme: str = "") -> bool:
    """May the person give assignments to a unit, or on behalf of it?"""
    return may(user, GIVE, Over(unit_id, programme))


def require_giving(user: Any, unit_ids: set[int], programme: str = "") -> None:
    """Lets pass whoever may give to, or on behalf of, all of the units. Raises `Denied`. One query."""
    if user.is_superuser:
        return
    reached = units_in_scope(user, GIVE, programme or _NO_PROGRAMME).filter(pk__in=unit_ids)
    if reached.count() != len(unit_ids):
        require(user, GIVE, Over(min(unit_ids), programme))
        require(user, GIVE, Over(max(unit_ids), programme))
        raise Http404


def giving_units(user: Any, permission: str = GIVE) -> list[int]:
    """On behalf of which units a person gives or records visits: those of his roles."""
    roles = with_permission(permission)
    return sorted({one.unit_id for one in held(user) if one.role in roles and one.path})


def readable_visit(user: Any, visit_id: int) -> Visit:
    """The visit, for somebody who may read over the unit or whoever led it. 404 otherwise."""
    found = Visit.objects.filter(pk=visit_id).first()
    if found is None or not any(
        may(user, READ, Over(one, found.programme)) for one in (found.leader_id, found.unit_id)
    ):
        raise Http404
    return found


def may_record(user: Any, unit_id: int, leader_id: int, programme: str = "") -> bool:
    """May the person put down a visit to a unit, led by another (or itself)?"""
    return may(user, RECORD, Over(unit_id, programme)) and may(user, RECORD, Over(leader_id, programme))


def may_rewrite(user: Any, leader_id: int, programme: str = "") -> bool:
    """May the person change what is said of a visit? For the unit that led it: never the unit visited."""
    return may(user, RECORD, Over(leader_id, programme))


def readable_directive(user: Any, directive_id: int) -> Directive:
    """The directive, for somebody who reads assignments anywhere. 404 otherwise."""
    found = Directive.objects.filter(pk=directive_id).first()
    if found is None or not may(user, READ):
        raise Http404
    return found


def seen(rows: QuerySet[Assignment], user: Any) -> QuerySet[Assignment]:
    """Only the assignments that the person may read."""
    partners = Q()
    if not user.is_superuser and user.is_authenticated:
        partners = reached(user, READ, partners="partners")
    return rows.filter(reached(user, READ, "owner", "giver") | partners)


def reached(user: Any, permission: str, *fields: str, partners: str = "") -> Q:
    """Rows one of whose units is in the person's scope, each in its own programme. Sub-selects, no query.

    A role in one programme reaches rows of that programme, and of none where the permission is shared.
    """
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    roles = with_permission(permission)
    bound = sorted({one.programme for one in held(user) if one.role in roles} - {""})

    def within(programme: str) -> Q:
        scope = units_in_scope(user, permission, programme)
        condition = Q()
        for field in fields:
            condition |= Q(**{f"{field}__in": scope})
        if partners:
            condition |= Q(**{f"{partners}__overlap": ArraySubquery(scope)})
        return condition

    if not bound:
        return within("")
    everywhere = Q(programme__in=[*bound, ""] if is_shared(permission) else bound)
    found = ~everywhere & within(_NO_PROGRAMME)
    for code in bound:
        found |= Q(programme=code) & within(code)
    if is_shared(permission):
        found |= Q(programme="") & within("")
    return found


def units_given(user: Any, programme: str = "") -> QuerySet[Unit, Any]:
    """The ids of the units to which a person may give, as a sub-select."""
    return units_in_scope(user, GIVE, programme or _NO_PROGRAMME)
