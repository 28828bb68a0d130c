"""Days in the YAML of a set: of a year, of a document, the due day, and when a version is in force."""

from datetime import date, timedelta
from typing import Self

from pydantic import Field, model_validator

from kieumau.kernel.messages import Text
from kieumau.kernel.yamlfile import BilingualError, Shape

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
LEAP_YEAR = 2000


class MonthDay(Shape):
    """A day of the year, `{month: 10, day: 31}`; 29 February is 28 in a common year."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)

    @model_validator(mode="after")
    def _exists(self) -> Self:
        try:
            date(LEAP_YEAR, self.month, self.day)
        except ValueError as error:
            raise BilingualError(
                "no-such-day",
                Text(
                    vi=f"Tháng {self.month} không có ngày {self.day}.",
                    en=f"There is no day {self.day} in month {self.month}.",
                ),
            ) from error
        return self

    def within(self, starts_on: date, ends_before: date) -> date:
        """The first such day from `starts_on`; the period's last day if it has none."""
        for year in range(starts_on.year, ends_before.year + 1):
            day = self.in_year(year)
            if starts_on <= day < ends_before:
                return day
        return ends_before - timedelta(days=1)

    def in_year(self, year: int) -> date:
        """This day in `year`."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, self.month, self.day - 1)


class Due(Shape):
    """A due day: one within the period (`{on: {month: 10, day: 31}}`) or so many days after its end."""

    on: MonthDay | None = None
    days_after_end: int | None = Field(default=None, ge=0, le=366)

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.on is None) == (self.days_after_end is None):
            raise BilingualError(
                "one-of-two",
                Text(vi="Ghi “on” hoặc “days_after_end”.", en="Give either “on” or “days_after_end”."),
            )
        return self

    def within(self, starts_on: date, ends_before: date) -> date:
        """The due day for the period from `starts_on` to just before `ends_before`."""
        if self.on is not None:
            return self.on.within(starts_on, ends_before)
        return ends_before + timedelta(days=(self.days_after_end or 0) - 1)


class Effective(Shape):
    """First and (inclusive) last day on which a version may be used for a period that ends then."""

    starts: date = Field(alias="from", ge=FIRST_DAY, le=LAST_DAY)
    ends: date | None = Field(default=None, alias="to", ge=FIRST_DAY, le=LAST_DAY)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends is not None and self.ends < self.starts:
            raise BilingualError(
                "ends-before-it-starts",
                Text(vi="Ngày hết hiệu lực trước ngày có hiệu lực.", en="It ends before it takes effect."),
            )
        return self


class DateWindow(Shape):
    """From one day of the year to another, both included, within the period."""

    starts: MonthDay = Field(alias="from")
    ends: MonthDay = Field(alias="to")
