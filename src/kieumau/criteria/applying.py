"""Which sets apply to which units on a day: by date, level, kind, register and area.

The areas of a set are named by codes, and a code is not an identity: the unit meant is the one that
had the code on the day the set took effect. It may have another code later, or no longer be there; then
the set applies to nobody until it is issued anew.
"""

from datetime import date

from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import LEVELS, Definition
from kieumau.units.models import Position, Term
from kieumau.units.queries import unit


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
    return [one for one in in_force(on) if applies(definition(one), found)]


def applies(says: Definition, term: Term) -> bool:
    """Does a set apply to a unit? `term` comes with its level and path, as `units.queries` gives it."""
    whom = says.applies_to
    if term.level != LEVELS[whom.level] or (whom.kinds and term.kind_id not in whom.kinds):
        return False
    if whom.registers and term.register not in whom.registers:
        return False
    return whom.within is None or not area_ids(says).isdisjoint(map(int, term.path.rstrip(".").split(".")))


def area_ids(says: Definition) -> set[int]:
    """The units that the set's areas are; empty where it names none. One query where it does."""
    names = [reference.partition(":") for reference in says.applies_to.within or ()]
    if not names:
        return set()
    terms = Term.objects.filter(valid__contains=says.effective.starts, code__in=[code for *_, code in names])
    wanted = {(register, code) for register, _, code in names}
    rows = terms.values_list("register", "code", "unit_id")
    return {unit_id for register, code, unit_id in rows if (register, code) in wanted}


def area_paths(says: Definition, on: date) -> list[str]:
    """The paths of the set's areas as the tree stands on a day."""
    standing = Position.objects.filter(unit__in=area_ids(says), valid__contains=on)
    return sorted(standing.values_list("path", flat=True))
