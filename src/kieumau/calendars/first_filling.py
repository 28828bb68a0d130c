"""The first filling of the table of days off, from the package `holidays`.

It knows public holidays with what the law moves to a working day, and those swaps of working days that
its authors have recorded: see `docs/how-to/days-off.md` for the ones it lacks. Whatever a decision of the
government says otherwise is put right in the table, by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import holidays

from kieumau.kernel.messages import Problem, Refused, Text

MADE_UP = Text(vi="Làm bù", en="Worked instead of another day")


@dataclass(frozen=True, slots=True)
class Day:
    """One day that is not like its weekday: off, or worked although it is a Saturday or Sunday."""

    on: date
    is_working: bool
    name: Text
    source: str


def days_of(years: Iterable[int], country: str = "VN") -> list[Day]:
    """The days off and the days made up of a country in some years, in order.

    Days off that are Saturdays or Sundays anyway are named too: people look for them. Raises `Refused`
    for a country that the package does not know.
    """
    years = sorted(set(years))
    if country not in holidays.list_supported_countries():
        reason = Text(vi=f"Không có ngày nghỉ của “{country}”.", en=f"There are no days off for “{country}”.")
        hint = Text(vi="Viết mã nước, như VN.", en="Write the code of a country, such as VN.")
        raise Refused([Problem("unknown-country", reason, hint)])
    speaks = holidays.list_localized_countries().get(country, [])
    vi, en = (_named(country, years, name if name in speaks else None) for name in ("vi", "en_US"))
    source = f"holidays {version('holidays')}, {country}"
    found = [Day(on, False, Text(vi=str(vi[on]), en=str(en[on])), source) for on in vi]
    worked = [Day(on, True, MADE_UP, source) for on in vi.weekend_workdays if on.year in years]
    return sorted([*found, *worked], key=lambda day: day.on)


def _named(country: str, years: list[int], language: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=years, language=language)
