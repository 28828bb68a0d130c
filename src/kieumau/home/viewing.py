"""How a page of figures is looked at: on which map, and as known on which day. Read from its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from kieumau.indicators.maps.rules import REPORTED, Map, map_of_today
from kieumau.kernel.messages import Problem, Text

MAP, KNOWN = "ban-do", "biet-ngay"
AS_REPORTED, TODAY = "bao-cao", "hom-nay"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class View:
    """The map, and the day whose knowledge is shown (None: now).

    `asked_map` and `asked_known` are what the address says and what links repeat; both empty for the usual
    view. `problems` say what was asked for and is no day.
    """

    on: Map
    known_on: date | None = None
    asked_map: str = ""
    asked_known: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def known_at(self) -> datetime | None:
        """The last moment of that day in Vietnam's time."""
        if self.known_on is None:
            return None
        next_day = datetime.combine(self.known_on + timedelta(days=1), time.min, ZONE)
        return next_day - timedelta(microseconds=1)

    @property
    def query(self) -> str:
        """What an address needs for the same view; empty for the usual one."""
        asked = {MAP: self.asked_map, KNOWN: self.asked_known}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def is_today(self) -> bool:
        """Today's map?"""
        return self.on.is_today

    @property
    def is_reported(self) -> bool:
        """As it was reported?"""
        return self.on.is_reported

    @property
    def map_day(self) -> date | None:
        """The day of the map, where it is that of another day."""
        return None if self.on.is_today else self.on.day


def view(asked: Mapping[str, str], *, today: date, is_there_today: bool) -> View:
    """What `ban-do` and `biet-ngay` ask for.

    Else today's map (for a unit that is not on it: as reported), as known now. What was known on an earlier
    day is shown on the map of that day, unless a map is asked for.
    """
    problems: list[Problem] = []
    known_on = _day(asked.get(KNOWN, "").strip(), problems, today=today)
    word = asked.get(MAP, "").strip().lower()
    usual = map_of_today(today) if is_there_today else REPORTED
    if known_on is not None:
        usual = Map(known_on)
    if word == AS_REPORTED:
        on = REPORTED
    elif word == TODAY:
        on = map_of_today(today)
    else:
        day = _day(word, problems)
        on = Map(day) if day else usual
        word = day.isoformat() if day else ""
    return View(on, known_on, word, known_on.isoformat() if known_on else "", problems)


def _day(text: str, problems: list[Problem], today: date | None = None) -> date | None:
    """The day that is written; not after `today`, where that is given."""
    if not text:
        return None
    shown = text[:30]
    try:
        day = date.fromisoformat(text)
    except ValueError:
        reason = Text(vi=f"“{shown}” không phải là ngày.", en=f"“{shown}” is not a date.")
        problems.append(
            Problem("not-a-date", reason, Text(vi="Viết như 2025-06-30.", en="Write 2025-06-30."))
        )
        return None
    if not 1900 <= day.year <= 2200:
        reason = Text(vi=f"Không có bản đồ của {shown}.", en=f"There is no map of {shown}.")
        problems.append(Problem("not-a-date", reason))
        return None
    if today is not None and day > today:
        reason = Text(
            vi="Không thể biết số liệu của một ngày chưa tới.",
            en="Nobody knows what a day to come will know.",
        )
        problems.append(Problem("day-to-come", reason))
        return None
    return day
