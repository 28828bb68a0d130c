"""Working days and the deadlines counted in them: plain Python, no database, no clock.

Saturday and Sunday are off unless made up for; what else is off, and which Saturday is worked instead of
which Friday, is decided every year (`SpecialDay`), never computed.

Rules: domain facts section 8. A period begins the day after the event, and one whose last day is off
ends with the next working day: chưa kiểm chứng (not verified against the text of the law).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKEND = frozenset({5, 6})  # Monday is 0
ONE_DAY = timedelta(days=1)
LONGEST_STRETCH = 60  # days in a row without one worked: somebody typed a year of days off


class NoWorkingDay(ValueError):
    """Sixty days in a row are off: the table of days off cannot be right."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days are worked: the week, less the days `off`, plus the days `worked` instead of others.

    A day that is in both is worked.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    @classmethod
    def of(cls, off: Iterable[date] = (), worked: Iterable[date] = ()) -> "WorkingDays":
        """From any days."""
        return cls(frozenset(off), frozenset(worked))

    def is_working(self, day: date) -> bool:
        """Is the day worked?"""
        return day in self.worked or (day.weekday() not in WEEKEND and day not in self.off)

    def on_or_after(self, day: date) -> date:
        """The day itself if it is worked, else the next that is. Raises `NoWorkingDay`."""
        for step in range(LONGEST_STRETCH):
            if self.is_working(found := day + step * ONE_DAY):
                return found
        raise NoWorkingDay(f"no working day within {LONGEST_STRETCH} days of {day}")

    def next_after(self, day: date) -> date:
        """The first working day after the day. Raises `NoWorkingDay`."""
        return self.on_or_after(day + ONE_DAY)

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after the day; with 0 the day itself if it is worked, else the next."""
        if count < 0:
            raise ValueError(f"working days are counted forward, not {count}")
        found = self.on_or_after(day) if count == 0 else day
        for _ in range(count):
            found = self.next_after(found)
        return found

    def between(self, first: date, last: date) -> int:
        """How many working days there are after `first` up to and with `last`; 0 where last <= first."""
        return sum(self.is_working(first + step * ONE_DAY) for step in range(1, (last - first).days + 1))

    def last_day(self, event_on: date, days: int) -> date:
        """The last day of a period of so many calendar days that an event on `event_on` began.

        The day after the event is the first. A last day that is off moves to the next working day.
        """
        return self.on_or_after(event_on + days * ONE_DAY)


def end_of(day: date, zone: ZoneInfo = ZONE) -> datetime:
    """The moment with which the day is over: midnight after it, which is no longer in it."""
    return datetime.combine(day + ONE_DAY, time(0), zone)


def day_of(moment: datetime, zone: ZoneInfo = ZONE) -> date:
    """The day on which a moment lies there. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(zone).date()
