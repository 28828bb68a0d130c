"""Everything that judging needs to know beforehand: one version of a set, one period, one day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Self

from django.db.models import QuerySet

from kieumau.assessments.judging import Judge
from kieumau.assessments.known import Asking, Then
from kieumau.assessments.reading import UnitReading
from kieumau.assessments.storing import Judged, Occasion
from kieumau.calendars.library import calendar as calendar_of
from kieumau.criteria.applying import unit_ids
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import Placed, definition, placed
from kieumau.criteria.rules import LEVELS, Definition
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Problem, Refused, Text


@dataclass(frozen=True)
class Setting:
    """One version of a set over one of its periods, judged as of one day.

    By what is known now, or was `then`. `assume_answered`: criteria that nobody has answered count as
    met; for trials, never for verdicts that are stored.
    """

    criteria_set: CriteriaSet
    window: Window
    occasion: Occasion
    then: Then | None = None
    assume_answered: bool = False

    @classmethod
    def of(
        cls,
        criteria_set: CriteriaSet,
        window: Window,
        on: date,
        now: datetime,
        then: Then | None = None,
        *,
        assume_answered: bool = False,
    ) -> Self:
        """The setting. Raises Refused for a window that is not a period of the set."""
        period = period_id(criteria_set, window)
        return cls(criteria_set, window, Occasion(criteria_set.pk, period, on, now), then, assume_answered)

    @cached_property
    def definition(self) -> Definition:
        """What the set says."""
        return definition(self.criteria_set)

    @cached_property
    def placed(self) -> Placed:
        """Its formulas over the window."""
        return placed(self.criteria_set, self.window)

    @property
    def level(self) -> int:
        """The level of the units judged."""
        return LEVELS[self.definition.applies_to.level]

    @property
    def slack_days(self) -> int:
        """How many days the reporting periods of figures may lie off."""
        return self.definition.figures_slack_days

    @cached_property
    def bounds(self) -> tuple[date, date]:
        """First day of the window, and the day before which it ends."""
        return calendar_of(self.window.calendar).bounds(self.window)

    @property
    def last_day(self) -> date:
        """The day as of which units exist, have their kind and stand in the tree."""
        return self.bounds[1] - timedelta(days=1)

    @cached_property
    def judge(self) -> Judge:
        """The rules of the set, ready for many units."""
        return Judge(
            self.definition,
            self.placed,
            self.occasion.judged_on,
            *self.bounds,
            assume_answered=self.assume_answered,
        )

    @cached_property
    def asking(self) -> Asking:
        """What its formulas ask beside figures."""
        return Asking(self.definition, self.placed, self.last_day, self.then)

    def unit_ids(self, among: Collection[int] | QuerySet[Any, Any] | None = None) -> set[int]:
        """The units that the set applies to, all or those among some."""
        says = self.definition
        return unit_ids(says.applies_to, says.effective.starts, self.last_day, among)

    def judged(self, reading: UnitReading) -> Judged:
        """The verdict on a unit whose formulas were read."""
        verdict = self.judge.verdict(reading.readings, reading.states, reading.facts)
        return Judged(reading.unit_id, verdict, reading.operands)


def period_id(criteria_set: CriteriaSet, window: Window) -> int:
    """The id of a period of the set. Raises Refused for any other window."""
    own = (criteria_set.calendar, criteria_set.period_kind)
    if (window.calendar, window.kind) != own or window.first != window.last:
        given, wanted = f"{window.calendar}/{window.kind}", "/".join(own)
        reason = Text(
            vi=f"Bộ tiêu chí {criteria_set.code} xét theo kỳ {wanted}, không phải {given}.",
            en=f"The set {criteria_set.code} is judged by {wanted}, not by {given}.",
        )
        raise Refused([Problem("not-a-period-of-the-set", reason)])
    [found] = calendar_of(window.calendar).period_ids(window)
    return found
