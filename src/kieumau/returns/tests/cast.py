"""The small country of `indicators`, with a form that its communes and provinces owe every month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from kieumau.accounts.models import Grant, User
from kieumau.calendars.days_off import load_days_off, set_day
from kieumau.calendars.library import calendar
from kieumau.indicators.tests.cast import Country, load_country
from kieumau.kernel.messages import Text
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
    """The country, its form, two people and a folder for files.

    Both may enter and review the returns of every unit.
    """

    folder: Path
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


def load_world(
    folder: Path,
    opened: datetime = OPENED,
    since: str = "2026-09-30",
    swapped: Mapping[str, bool] | None = None,
) -> World:
    """The country with its form, days off of two years, and the periods that ended from a day on open.

    `swapped` are days worked or off against the calendar.
    """
    country = load_country(folder)
    load_days_off([2026, 2027], actor="thử", now=OPENED)
    for day, is_working in (swapped or {}).items():
        why = Text(vi="Hoán đổi", en="Swapped")
        on = date.fromisoformat(day)
        set_day(on, is_working=is_working, name=why, source="thử", actor="thử", now=OPENED)
    path = folder / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    form = load_form(path, actor="thử", now=OPENED)
    open_periods(actor="thử", now=opened, since=date.fromisoformat(since))
    an, binh = (User.objects.create_user(name) for name in ("an", "binh"))
    for user in (an, binh):
        give(user, "verifier", country.units["N"])
        for unit_id in country.units.values():
            give(user, "officer", unit_id)
    return World(folder, country, form, an, binh)


def load_world_of_today(folder: Path) -> World:
    """The same, opened now: pages go by the clock."""
    return load_world(folder, opened=timezone.now())


def give(user: User, role: str, unit_id: int) -> None:
    """A role over a unit, held for long."""
    Grant.objects.create(
        user=user, role=role, unit_id=unit_id, starts_on=date(2020, 1, 1), given_at=at("2020-01-01 08:00")
    )
