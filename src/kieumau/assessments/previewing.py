"""What publishing a draft would change: its criteria, and the outcomes of units in the latest period."""

from dataclasses import dataclass
from datetime import date, datetime

from kieumau.assessments.models import Assessment
from kieumau.assessments.trying import PeriodTrial, try_set
from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import decode
from kieumau.criteria.comparing import Changes, compare
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.formulas.windows import Window


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft beside the newest published version of its set.

    `newest` and `changes` are None for a set that is new; `trial` is None where no version of it was
    ever judged for a period that the draft has.
    """

    newest: CriteriaSet | None
    changes: Changes | None
    trial: PeriodTrial | None


def preview(draft: CriteriaSet, *, on: date, now: datetime) -> Preview:
    """What a draft changes against the newest version, tried on the latest period that has verdicts.

    Reads only; verdicts under published versions stay as they are. Costs a trial of one period.
    """
    newest = CriteriaSet.objects.filter(code=draft.code).order_by("-version").first()
    if newest is None:
        return Preview(None, None, None)
    changes = compare(definition(newest), definition(draft))
    window = _latest(draft)
    if window is None:
        return Preview(newest, changes, None)
    [trial] = try_set(draft, [window], on=on, now=now, against={window: newest}).periods
    return Preview(newest, changes, trial)


def _latest(draft: CriteriaSet) -> Window | None:
    """The period that ends last among those with verdicts under any version of the draft's set."""
    periods = Assessment.objects.filter(
        criteria_set__code=draft.code,
        criteria_set__calendar=draft.calendar,
        criteria_set__period_kind=draft.period_kind,
    )
    windows = map(decode, periods.values_list("period", flat=True).distinct())
    return max(windows, key=lambda window: calendar_of(window.calendar).last_day(window), default=None)
