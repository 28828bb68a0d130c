"""Where somebody may put a document that a page asks for, and who may where he may not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from kieumau.accounts.models import User
from kieumau.accounts.scopes import nearest_holders, units_in_scope
from kieumau.documents.access import ADD
from kieumau.kernel.messages import Text
from kieumau.units.models import Term

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Adding:
    """The shelves that are open to a person, by unit, the nearest first; else the names of who may add."""

    shelves: list[tuple[int, Text]]
    others: list[str]


def where_to_add(user: Any, unit_ids: Collection[int], on: date) -> Adding:
    """Of the shelves of units, the nearest last: where a person may add. One query, two where he may nowhere.

    `others` are those nearest to the last unit who may add there.
    """
    ids = list(unit_ids)
    rows = Term.objects.filter(unit__in=ids, valid__contains=on).select_related("kind")
    found = {one.unit_id: one for one in rows.filter(unit__in=units_in_scope(user, ADD))}
    shelves = [
        (one, Text(vi=found[one].full_name("vi"), en=found[one].full_name("en")))
        for one in reversed(ids)
        if one in found
    ]
    if shelves or not ids:
        return Adding(shelves, [])
    people = User.objects.filter(pk__in=nearest_holders(ADD, ids[-1])).order_by("username")
    return Adding([], list(people.values_list("username", flat=True)[:MOST_NAMED]))
