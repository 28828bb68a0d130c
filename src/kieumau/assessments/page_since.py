"""Figures that a unit cannot have: of days before it was there, which belong to the units it was made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kieumau.assessments.queries import UsedFigure
from kieumau.calendars.library import calendar as calendar_of
from kieumau.formulas.values import State
from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class BeforeIt:
    """A figure that is missing: the part of its period in which the unit was not there yet."""

    name: Text
    period: Text
    first: date
    last: date


def before_it(figures: Iterable[UsedFigure], since: date) -> list[BeforeIt]:
    """Those of the figures that are missing and begin before the day since which the unit is there."""
    found = []
    for one in figures:
        starts, ends_before = calendar_of(one.operand.window.calendar).bounds(one.operand.window)
        if one.value.state is State.MISSING and starts < since:
            last = min(ends_before, since) - timedelta(days=1)
            found.append(BeforeIt(one.name, one.period, starts, last))
    return found
