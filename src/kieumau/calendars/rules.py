"""Reporting calendars as arithmetic: which days a period covers, and how periods follow each other.

A calendar's year Y begins on one day (nd09: 15 December of the year before), and every kind of period
is a number of months counted from there. Nothing else is needed to know the bounds of any period, the
same period last year, the year to date or the period's id, so none of it asks the database.

Bounds are half open: a period runs from `starts_on` to just before `ends_before`, both at the
calendar's cut time (midnight, but 12:00 for city-1022) in its time zone.

Source of the calendars: domain facts section 3 (Nghị định 60/2018, Nghị định 09/2019 Điều 12,
Thông tư 124/2021/TT-BCA, Hướng dẫn 01/HD-BCA-V05 of 2026).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from kieumau.formulas.phrases import window_label
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.yamlfile import Name, Shape

FIRST_YEAR, LAST_YEAR = 1990, 2089

# kind: (number in a period's id, months, code of the n-th in year Y)
KINDS: dict[str, tuple[int, int, str]] = {
    "month": (1, 1, "{year}-{n:02}"),
    "quarter": (2, 3, "{year}-Q{n}"),
    "half": (3, 6, "{year}-H{n}"),
    "nine_months": (4, 9, "{year}-9M"),
    "year": (5, 12, "{year}"),
}
KIND_NUMBERS = {number: kind for kind, (number, _, _) in KINDS.items()}
CODE = re.compile(r"^(\d{4})(?:-(?:Q([1-4])|H([12])|(9M)|(\d{1,2})))?$")


class YearBegin(Shape):
    """The day on which the calendar's year begins; `year_before`: it lies in the year before."""

    month: int
    day: int
    year_before: bool = False


class Definition(Shape):
    """One calendar as its YAML file gives it."""

    code: str
    number: int
    name: Name
    source: str
    time_zone: str
    cut_time: time = time(0)
    year_begins: YearBegin
    kinds: tuple[str, ...]


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Calendar:
    """Lịch báo cáo; implements the calendar that formulas ask for."""

    definition: Definition

    @property
    def code(self) -> str:
        """Short lasting name, such as `nd09`."""
        return self.definition.code

    def per_year(self, kind: str) -> int:
        """How many periods of `kind` a year has. Raises `Refused` where the calendar has no such kind."""
        if kind not in self.definition.kinds:
            raise Refused([_no_such_kind(self, kind)])
        return max(1, 12 // KINDS[kind][1])

    def tiles_year(self, kind: str) -> bool:
        """Do periods of `kind` follow each other without gaps? (Nine months do not.)"""
        return 12 % KINDS[kind][1] == 0

    # bounds -------------------------------------------------------------------------------------

    def _start(self, year: int, month_index: int) -> date:
        """The day on which month `month_index` (0 = first) of the calendar's `year` begins."""
        begins = self.definition.year_begins
        months = (year - begins.year_before) * 12 + begins.month - 1 + month_index
        return date(months // 12, months % 12 + 1, begins.day)

    def bounds(self, window: Window) -> tuple[date, date]:
        """First day, and the day before which the window ends."""
        return _bounds(self, window)

    def moments(self, window: Window) -> tuple[datetime, datetime]:
        """The same as moments, with the cut time in the calendar's time zone."""
        zone = ZoneInfo(self.definition.time_zone)
        first, end = self.bounds(window)
        cut = self.definition.cut_time
        return datetime.combine(first, cut, zone), datetime.combine(end, cut, zone)

    def last_day(self, window: Window) -> date:
        """The last whole day, `ends_before` − 1, whatever the cut time: the day whose units count."""
        return self.bounds(window)[1] - timedelta(days=1)

    # neighbours (the protocol of formulas) ------------------------------------------------------

    def _shift(self, window: Window, periods: int) -> Window | None:
        per_year = self.per_year(window.kind)
        first = window.first[0] * per_year + window.first[1] - 1 + periods
        last = window.last[0] * per_year + window.last[1] - 1 + periods
        return self._within(
            window.kind,
            (first // per_year, first % per_year + 1),
            (last // per_year, last % per_year + 1),
        )

    def _within(self, kind: str, first: tuple[int, int], last: tuple[int, int]) -> Window | None:
        if first[0] < FIRST_YEAR or last[0] > LAST_YEAR:
            return None
        return Window(self.code, kind, first, last)

    def length(self, window: Window) -> int:
        """How many periods the window spans."""
        per_year = self.per_year(window.kind)
        return (window.last[0] - window.first[0]) * per_year + window.last[1] - window.first[1] + 1

    def previous(self, window: Window) -> Window | None:
        """As many periods, ending just before this window; None for nine months."""
        return self._shift(window, -self.length(window)) if self.tiles_year(window.kind) else None

    def year_ago(self, window: Window) -> Window | None:
        """Cùng kỳ năm trước: the same numbers in the year before."""
        (year, n), (last_year, last_n) = window.first, window.last
        return self._within(window.kind, (year - 1, n), (last_year - 1, last_n))

    def in_year(self, window: Window, year: int) -> Window | None:
        """The same numbers, with the window ending in `year`."""
        back = window.last[0] - year
        return self._within(window.kind, (window.first[0] - back, window.first[1]), (year, window.last[1]))

    def to_date(self, window: Window) -> Window | None:
        """Lũy kế: from the first period of the year in which the window ends up to its end."""
        return self._within(window.kind, (window.last[0], 1), window.last)

    def last(self, window: Window, n: int) -> Window | None:
        """The last `n` windows of this length as one; None for nine months (n > 1)."""
        if n == 1:
            return window
        if n < 1 or not self.tiles_year(window.kind):
            return None
        first = self._shift(window, -self.length(window) * (n - 1))
        return self._within(window.kind, first.first, window.last) if first else None

    # finding --------------------------------------------------------------------------------------

    def period(self, kind: str, year: int, number: int) -> Window:
        """One period as a window. Raises `Refused` for a kind or number that does not exist."""
        if not 1 <= number <= self.per_year(kind) or not FIRST_YEAR <= year <= LAST_YEAR:
            raise Refused([_no_such_period(self, f"{year}-{number}")])
        return Window(self.code, kind, (year, number), (year, number))

    def window(self, code: str) -> Window:
        """The period of a code: `2026`, `2026-H2`, `2026-9M`, `2026-Q3`, `2026-11`. Raises `Refused`."""
        found = CODE.match(code.strip().upper())
        if not found:
            raise Refused([_no_such_period(self, code)])
        year, quarter, half, nine, month = found.groups()
        for kind, number in (("quarter", quarter), ("half", half), ("month", month)):
            if number:
                return self._known(kind, int(year), int(number), code)
        return self._known("nine_months" if nine else "year", int(year), 1, code)

    def _known(self, kind: str, year: int, number: int, code: str) -> Window:
        if kind not in self.definition.kinds:
            raise Refused([_no_such_period(self, code)])
        try:
            return self.period(kind, year, number)
        except Refused:
            raise Refused([_no_such_period(self, code)]) from None

    def windows(self, kind: str, first: Window, last: Window) -> list[Window]:
        """Every single period of `kind` from `first` to `last`, in order."""
        run = Window(self.code, kind, first.first, last.last)
        return [self.period(kind, year, n) for year, n in self._numbers(run)]

    def containing(self, kind: str, day: date) -> Window:
        """The period of a tiling kind that holds `day` (by date, whatever the cut time).

        Raises `Refused` for a day before the first year or after the last.
        """
        year, index = divmod(self._index(kind, day), self.per_year(kind))
        return self.period(kind, year, index + 1)

    def _index(self, kind: str, day: date) -> int:
        """Which period of `kind` holds the day, counted from year 0; any day will do."""
        begins = self.definition.year_begins
        months = day.year * 12 + day.month - 1 - (day.day < begins.day)
        return (months - (begins.month - 1) + 12 * begins.year_before) // KINDS[kind][1]

    def _nearest_beginning(self, kind: str, day: date) -> tuple[int, timedelta]:
        """The period that begins nearest to the day (the earlier of two), and how far off it begins."""
        before = self._index(kind, day)
        off = [abs(self._start(0, index * KINDS[kind][1]) - day) for index in (before, before + 1)]
        return (before + 1, off[1]) if off[1] < off[0] else (before, off[0])

    def tile(self, starts_on: date, ends_before: date, kind: str, slack_days: int = 0) -> Window | None:
        """The run of whole `kind` periods from one day to another.

        Each end is the nearest one, at most `slack_days` off; days that are whole months apart give a
        run of as many months. None where no such run exists, or not between the first year and the last.
        """
        if kind not in self.definition.kinds:
            return None
        if not self.tiles_year(kind):
            return self._non_tiling(kind, starts_on, ends_before)
        first, first_off = self._nearest_beginning(kind, starts_on)
        end, end_off = self._nearest_beginning(kind, ends_before)
        if max(first_off, end_off) > timedelta(days=slack_days) or end <= first:
            return None
        months = (ends_before.year - starts_on.year) * 12 + ends_before.month - starts_on.month
        if starts_on.day == ends_before.day and (end - first) * KINDS[kind][1] != months:
            return None
        per_year = self.per_year(kind)
        (year, number), (last_year, last_number) = divmod(first, per_year), divmod(end - 1, per_year)
        return self._within(kind, (year, number + 1), (last_year, last_number + 1))

    def _non_tiling(self, kind: str, starts_on: date, ends_before: date) -> Window | None:
        """The nine months of a year, if they are exactly these days."""
        year = self._index("year", starts_on)
        own = self._within(kind, (year, 1), (year, 1))
        return own if own and self.bounds(own) == (starts_on, ends_before) else None

    # names ----------------------------------------------------------------------------------------

    def _numbers(self, window: Window) -> list[tuple[int, int]]:
        per_year = self.per_year(window.kind)
        first = window.first[0] * per_year + window.first[1] - 1
        return [
            ((first + step) // per_year, (first + step) % per_year + 1) for step in range(self.length(window))
        ]

    def period_id(self, kind: str, year: int, number: int) -> int:
        """The id of the row of a period: computed, the same in every installation."""
        return self.definition.number * 1_000_000 + (year - 1900) * 1_000 + KINDS[kind][0] * 100 + number

    def period_ids(self, window: Window) -> list[int]:
        """Ids of the window's periods, in order."""
        return [self.period_id(window.kind, year, number) for year, number in self._numbers(window)]

    def period_code(self, window: Window) -> str:
        """Code of a window: `2026-11`, or `2026-01..2026-11` for a run."""
        pattern = KINDS[window.kind][2]
        first = pattern.format(year=window.first[0], n=window.first[1])
        last = pattern.format(year=window.last[0], n=window.last[1])
        return first if first == last else f"{first}..{last}"

    def label(self, window: Window) -> Text:
        """Readable name: tháng 11 năm 2026 · November 2026."""
        return window_label(window)

    def days(self, window: Window) -> Text:
        """Which days those are, in short: 15/08 – 14/09/2025 · 15 Aug – 14 Sep 2025."""
        first, last = self.bounds(window)[0], self.last_day(window)
        is_one_year = first.year == last.year
        vi = f"{first:%d/%m}" if is_one_year else f"{first:%d/%m/%Y}"
        en = f"{first.day} {MONTHS[first.month - 1]}" + ("" if is_one_year else f" {first.year}")
        return Text(
            vi=f"{vi} – {last:%d/%m/%Y}", en=f"{en} – {last.day} {MONTHS[last.month - 1]} {last.year}"
        )


@lru_cache(maxsize=20_000)
def _bounds(calendar: Calendar, window: Window) -> tuple[date, date]:
    months = KINDS[window.kind][1]
    (year, number), (last_year, last_number) = window.first, window.last
    return (
        calendar._start(year, (number - 1) * months),
        calendar._start(last_year, last_number * months),
    )


def _no_such_kind(calendar: Calendar, kind: str) -> Problem:
    known = ", ".join(calendar.definition.kinds)
    return Problem(
        "unknown-period-kind",
        Text(
            vi=f"Lịch “{calendar.definition.name.vi}” không có loại kỳ “{kind}”.",
            en=f"The calendar “{calendar.definition.name.en}” has no periods of kind “{kind}”.",
        ),
        Text(vi=f"Các loại có: {known}.", en=f"It has: {known}."),
    )


def _no_such_period(calendar: Calendar, code: str) -> Problem:
    samples = {
        "month": "2026-11",
        "quarter": "2026-Q4",
        "half": "2026-H2",
        "nine_months": "2026-9M",
        "year": "2026",
    }
    known = ", ".join(samples[kind] for kind in calendar.definition.kinds)
    return Problem(
        "unknown-period",
        Text(
            vi=f"“{code}” không phải là kỳ của lịch “{calendar.definition.name.vi}”.",
            en=f"“{code}” is not a period of the calendar “{calendar.definition.name.en}”.",
        ),
        Text(vi=f"Viết như: {known}.", en=f"Write it like: {known}."),
    )
