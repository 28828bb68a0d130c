"""What a new draft begins with: the period and the units of the set that is used here now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kieumau.calendars.library import calendars
from kieumau.criteria.fitting import Reported
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.registry import judged_last
from kieumau.indicators.models import Indicator


@dataclass(frozen=True, slots=True)
class Start:
    """Period, days that figures may be off, and units of a new set."""

    calendar: str = "civil"
    kind: str = "year"
    slack_days: int = 0
    level: str = "commune"
    kinds: tuple[str, ...] = ()


def start_of(today: date) -> Start:
    """As the set in force has it by which units were judged last; else as most sets in force have it.

    Without a set: the year of the calendar that most indicators are reported for.
    """
    in_force = list(CriteriaSet.objects.filter(in_force__contains=today).defer("text").order_by("pk"))
    used = {asked() for asked in judged_last}
    found = next((one for one in in_force if one.pk in used), None) or _usual(in_force)
    if found is not None:
        says = definition(found)
        units = says.applies_to
        return Start(
            says.period.calendar, says.period.kind, says.figures_slack_days, units.level, units.kinds
        )
    for code, kind in ways_of_reporting():
        if (calendar := calendars().get(code)) is not None:
            return Start(code, "year" if "year" in calendar.definition.kinds else kind)
    return Start()


def ways_of_reporting() -> list[Reported]:
    """Calendar and kind of period for which indicators are reported, the most usual first. One query."""
    rows = Indicator.objects.filter(formula="").values_list("calendar", "period_kind")
    return [way for way, _ in Counter(rows).most_common()]


def _usual(in_force: Iterable[CriteriaSet]) -> CriteriaSet | None:
    """One of those whose period most sets have: the newest that judges most kinds of units."""
    rows = list(in_force)
    counted = Counter((one.calendar, one.period_kind) for one in rows)
    return max(
        rows,
        key=lambda one: (
            counted[one.calendar, one.period_kind],
            len(definition(one).applies_to.kinds),
            one.pk,
        ),
        default=None,
    )
