"""What the pages of programmes show of packages above: titles and rounds, told by those who keep them.

A package adds to these lists in its `AppConfig.ready()`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kieumau.kernel.messages import Text
from kieumau.programmes.models import Programme
from kieumau.units.models import Mapping, Position


@dataclass(frozen=True, slots=True)
class Linked:
    """Something of a programme that has a page: its name, a word or two beside it, where it is."""

    name: str
    note: Text
    address: str


# Given a programme and a day: a query of one column, the ids of the units that hold its title then.
titles_held: list[Callable[[Programme, date], QuerySet[Any, Any]]] = []
# Given a programme and a person: the rounds of the programme which that person may open, newest first.
rounds_of: list[Callable[[Programme, Any], Sequence[Linked]]] = []


def holds_title(programme: Programme, on: date, field: str = "unit_id") -> Q:
    """The condition that a unit holds the title of a programme on a day; nobody does where nobody tells."""
    held = Q(**{f"{field}__in": []})
    for ask in titles_held:
        held |= Q(**{f"{field}__in": ask(programme, on)})
    return held


def predecessor_holds_title(programme: Programme, on: date, field: str = "unit_id") -> Q:
    """The condition that a unit holds no title on a day, but one it came from would, were it still there."""
    titled = Mapping.objects.filter(holds_title(programme, on, "from_unit"), on_map__contains=on)
    lives = Position.objects.filter(unit_id=OuterRef("from_unit"), valid__contains=on)
    inherited = titled.filter(~Exists(lives)).values("to_unit")
    return Q(**{f"{field}__in": inherited}) & ~holds_title(programme, on, field)
