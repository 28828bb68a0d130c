"""How a page of figures is looked at: on which map, and as known on which day. Read from its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from kieumau.indicators.maps.rules import REPORTED, Map, map_of_today
from kieumau.kernel.messages import Problem
from kieumau.web.days import KNOWN, day_asked, last_moment

MAP = "ban-do"
AS_REPORTED, TODAY = "bao-cao", "hom-nay"


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
        return None if self.known_on is None else last_moment(self.known_on)

    @property
    def query(self) -> str:
        """What an address needs for the same view; empty for the usual one."""
        asked = {MAP: self.asked_map, KNOWN: self.asked_known}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The same as names and values, for forms."""
        return [(name, value) for name, value in ((MAP, self.asked_map), (KNOWN, self.asked_known)) if value]

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
    known_on = day_asked(asked.get(KNOWN, "").strip(), problems, today=today)
    word = asked.get(MAP, "").strip().lower()
    usual = map_of_today(today) if is_there_today else REPORTED
    if known_on is not None:
        usual = Map(known_on)
    if word == AS_REPORTED:
        on = REPORTED
    elif word == TODAY:
        on = map_of_today(today)
    else:
        day = day_asked(word, problems)
        on = Map(day) if day else usual
        word = day.isoformat() if day else ""
    return View(on, known_on, word, known_on.isoformat() if known_on else "", problems)
