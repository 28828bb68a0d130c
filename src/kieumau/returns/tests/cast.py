"""The small country of `indicators`, with a form that its communes and provinces owe every month."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kieumau.accounts.models import User
from kieumau.calendars.days_off import load_days_off
from kieumau.calendars.library import calendar
from kieumau.indicators.tests.cast import Country, load_country
from kieumau.returns.actions import Entered, Typed, enter, load_form, open_periods
from kieumau.returns.models import Form, Return

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FORM = """
code: mau-thang
title: {vi: Báo cáo tháng, en: Monthly return}
catalogue: mau
source: mẫu
verification: unverified
register: m
calendar: civil
kind: month
groups:
  - title: {vi: Tội phạm, en: Crime}
    indicators: [crime.occurred, crime.solved]
  - title: {vi: Dân cư, en: Population}
    indicators: [people]
owed:
  - {level: commune, since: 2025-01-01, due_working_days: 2, lock_working_days: 10}
  - {level: province, since: 2025-01-01, due_working_days: 4, lock_working_days: 12}
"""
CELLS = ("crime.occurred", "crime.solved", "people")


def at(text: str) -> datetime:
    """A moment over there: `2026-10-02 08:00`, or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# September 2026 ends on a Wednesday; the two working days after it are 1 and 2 October.
OPENED = at("2026-10-01 07:00")
DUE = at("2026-10-03 00:00")
LOCKED = at("2026-10-15 00:00")


@dataclass(frozen=True)
class World:
    """The country, its form, and the people who enter and who accept."""

    country: Country
    form: Form
    an: User
    binh: User

    def report(self, unit: str, period: str = "2026-09") -> Return:
        """The return of a unit as it is now."""
        period_id = calendar("civil").period_ids(calendar("civil").window(period))[0]
        return Return.objects.get(unit_id=self.country.units[unit], period_id=period_id)

    def enter(self, unit: str, when: datetime, *typed: str, period: str = "2026-09") -> Entered:
        """Type into the three cells, from empty ones."""
        cells = {code: Typed(text) for code, text in zip(CELLS, typed, strict=False)}
        return enter(self.report(unit, period).pk, cells, actor=self.an, now=when)


def load_world(folder: Path, opened: datetime = OPENED) -> World:
    """The country with its form, days off of a year, and the period that ended last open."""
    country = load_country(folder)
    load_days_off([2026], actor="thử", now=OPENED)
    path = folder / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    form = load_form(path, actor="thử", now=OPENED)
    open_periods(actor="thử", now=opened, since=date(2026, 9, 30))
    people = [User.objects.create_user(name) for name in ("an", "binh")]
    return World(country, form, people[0], people[1])
