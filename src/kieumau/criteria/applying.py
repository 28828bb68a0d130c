"""Which sets (and norms) apply to which units on a day: by date, level, kind, register and area.

The areas of a set are named by codes, and a code is not an identity: the unit meant is the one that
had the code on the day the set took effect. It may have another code later, or no longer be there; then
the set applies to nobody until it is issued anew.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import LEVELS, AppliesTo, Definition, UnitClass
from kieumau.units.models import Position, Term
from kieumau.units.queries import AFTER_ALL_PATHS, unit


def in_force(on: date) -> list[CriteriaSet]:
    """The version of every set that is in force on a day, in the order of their codes. One query.

    In force is the highest version whose range holds the day.
    """
    holding = CriteriaSet.objects.filter(in_force__contains=on)
    return list(holding.order_by("code", "-version").distinct("code"))


def for_unit(unit_id: int, on: date) -> list[CriteriaSet]:
    """The sets in force on a day that apply to a unit as it is on that day.

    Raises `UnknownUnit` when it is not there. Two queries, and one for each set with areas of its own.
    """
    found = unit(unit_id, on)
    return [one for one in in_force(on) if _applies(definition(one), found)]


def _applies(says: Definition, term: Term) -> bool:
    return applies(says.applies_to, term, says.effective.starts)


def applies(whom: AppliesTo, term: Term, starts: date) -> bool:
    """Do rules that took effect on a day apply to a unit? `term` comes with its level and path."""
    if term.level != LEVELS[whom.level] or (whom.kinds and term.kind_id not in whom.kinds):
        return False
    if whom.registers and term.register not in whom.registers:
        return False
    above = map(int, term.path.rstrip(".").split("."))
    return whom.within is None or not area_ids(whom, starts).isdisjoint(above)


def units_applied_to(whom: AppliesTo, starts: date, on: date) -> QuerySet[Term, int]:
    """The ids of the units on a day that rules apply to which took effect on `starts`, as a sub-select.

    No query; two where areas are named.
    """
    found = Term.objects.filter(valid__contains=on, kind__level=LEVELS[whom.level])
    if whom.kinds:
        found = found.filter(kind__in=whom.kinds)
    if whom.registers:
        found = found.filter(register__in=whom.registers)
    if whom.within is not None:
        found = found.filter(unit__in=_below(_area_paths(whom, starts, on), on))
    return found.values_list("unit_id", flat=True)


def unit_ids(
    whom: AppliesTo, starts: date, on: date, among: Collection[int] | QuerySet[Any, Any] | None = None
) -> set[int]:
    """The same units, read; all, or those among some. One query more."""
    found = units_applied_to(whom, starts, on)
    return set(found if among is None else found.filter(unit__in=among))


def area_ids(whom: AppliesTo, starts: date) -> set[int]:
    """The units that had the areas' codes on the day the rules took effect; empty where none is named."""
    names = [reference.partition(":") for reference in whom.within or ()]
    if not names:
        return set()
    found = Term.objects.filter(valid__contains=starts, code__in=[code for *_, code in names])
    wanted = {(register, code) for register, _, code in names}
    rows = found.values_list("register", "code", "unit_id")
    return {unit_id for register, code, unit_id in rows if (register, code) in wanted}


def _area_paths(whom: AppliesTo, starts: date, on: date) -> list[str]:
    standing = Position.objects.filter(unit__in=area_ids(whom, starts), valid__contains=on)
    return list(standing.values_list("path", flat=True))


def _below(paths: Collection[str], on: date) -> QuerySet[Position, int]:
    """The units at or below any of the paths, as a sub-select."""
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(path__gte=path, path__lt=path + AFTER_ALL_PATHS)
    return Position.objects.filter(condition, valid__contains=on).values_list("unit_id", flat=True)


def class_column(classes: Mapping[str, UnitClass] | None, on: date) -> str:
    """SQL: the class of the unit `w.unit_id` by its kind on a day, as text; NULL where it has none."""
    kinds = {kind: code for code, one in (classes or {}).items() for kind in one.kinds}
    if not kinds:
        return "NULL::text"
    words = " ".join(f"WHEN '{kind}' THEN '{code}'" for kind, code in kinds.items())
    return (
        f"(SELECT CASE t.kind_id {words} END FROM unit_term t"
        f" WHERE t.unit_id = w.unit_id AND t.valid @> DATE '{on:%Y-%m-%d}')"
    )
