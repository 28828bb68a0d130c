"""A unit on the map of a day on which it was not there: whose territory that was."""

from dataclasses import dataclass
from datetime import date

from kieumau.home.places import Place
from kieumau.home.story import Relative, story
from kieumau.home.viewing import View


@dataclass(frozen=True, slots=True)
class Absence:
    """The day, whether the unit was still to come (else it had ended), and who is to be looked at instead."""

    day: date
    is_ahead: bool
    relatives: tuple[Relative, ...]


def absence(stands: Place, view: View, today: date) -> Absence | None:
    """None where the unit is on the map, or figures are shown as reported. One query, on a map without it."""
    day, unit = view.on.day, stands.unit
    if day is None or _holds(unit.starts_on, unit.ends_before, day):
        return None
    told = story(unit.id, stands.day, today)
    if any(_holds(one.unit.starts_on, one.unit.ends_before, day) for one in told.stretches):
        return None
    is_ahead = all(day < one.unit.starts_on for one in told.stretches)
    return Absence(day, is_ahead, told.predecessors if is_ahead else told.successors)


def _holds(first: date, ends_before: date | None, day: date) -> bool:
    return first <= day and (ends_before is None or day < ends_before)
