"""On which map verdicts are listed. They stay those of the units judged (ADR 21): only the list changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from kieumau.indicators.maps.rules import REPORTED, Map, map_of_today
from kieumau.kernel.messages import Problem
from kieumau.web.days import KNOWN, day_asked

MAP = "ban-do"
AS_JUDGED, TODAY = "bao-cao", "hom-nay"


@dataclass(frozen=True, slots=True)
class Listing:
    """A map, and the day whose knowledge is shown; `asked_map` is what the address says, for links."""

    on: Map
    known_on: date | None
    asked_map: str

    @property
    def kept(self) -> dict[str, str]:
        """What links have to repeat."""
        known = self.known_on.isoformat() if self.known_on else ""
        return {name: value for name, value in ((MAP, self.asked_map), (KNOWN, known)) if value}

    @property
    def query(self) -> str:
        """The same as part of an address."""
        return urlencode(self.kept)


def listing(asked: Mapping[str, str], problems: list[Problem], today: date) -> Listing:
    """What `ban-do` and `biet-ngay` ask for; as judged, as known now where they ask for nothing."""
    known_on = day_asked(asked.get(KNOWN, "").strip(), problems, today=today)
    word = asked.get(MAP, "").strip().lower()
    if word == TODAY:
        return Listing(map_of_today(today), known_on, word)
    day = None if word in ("", AS_JUDGED) else day_asked(word, problems)
    return Listing(Map(day) if day else REPORTED, known_on, day.isoformat() if day else "")
