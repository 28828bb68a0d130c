"""Which checks a write touches, and at which periods.

Figures of October are looked at by October's checks, and by November's where those compare with the month
before. The first bind whoever writes October; the second are only told: who mends October must not be held
up by what November says, and November's own writer will hear of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kieumau.calendars.library import calendar, decode
from kieumau.formulas.windows import Window
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.checks.relative import is_here
from kieumau.indicators.checks.sound import CheckAt, SoundCheck
from kieumau.kernel.messages import Refused

Changed = tuple[int, int]  # period, indicator


@dataclass(frozen=True, slots=True)
class Touch:
    """A check at one period, and which of the changed figures it reads there.

    `reads` tells of each whether its own period is an earlier one than that of the check.
    """

    check: SoundCheck
    at: Window
    reads: Mapping[Changed, bool]

    @property
    def there(self) -> CheckAt:
        """The check at that period."""
        return self.check.at(self.at)

    @property
    def period(self) -> int:
        """The id of the period."""
        return self.there.period


def touching(
    checks: Iterable[SoundCheck], changed: Collection[Changed], catalogue: Mapping[str, Definition]
) -> list[Touch]:
    """Every check at every period where it reads one of the changed figures (period, indicator)."""
    by_indicator: dict[int, set[int]] = {}
    for period, indicator in changed:
        by_indicator.setdefault(indicator, set()).add(period)
    found = []
    for check in checks:
        periods = set().union(*(by_indicator.get(catalogue[code].id, ()) for code in check.codes))
        found += list(_touches(check, periods, changed)) if periods else []
    return found


def period_around(period: int, rhythm: tuple[str, str]) -> int | None:
    """The id of the period of another rhythm in which a period ends; None where there is none."""
    window = _around(period, rhythm)
    return _id(window) if window else None


def _touches(check: SoundCheck, periods: set[int], changed: Collection[Changed]) -> Iterator[Touch]:
    around = {period: _around(period, check.rhythm) for period in periods}
    for at in _asked([window for window in around.values() if window], check):
        reads = {key: around.get(key[0]) != at for key in check.at(at).keys if key in changed}
        if reads:
            yield Touch(check, at, reads)


def _asked(windows: list[Window], check: SoundCheck) -> list[Window]:
    """The periods themselves, and those of the year after that may look back at them."""
    if not windows:
        return []
    if all(is_here(operand.window) for operand in check.operands):
        return sorted(set(windows))
    own, kind = calendar(check.rhythm[0]), check.rhythm[1]
    first, last = min(windows), max(windows)
    try:
        after = own.period(kind, last.last[0] + 1, last.last[1])
        return own.windows(kind, first, after)
    except Refused:  # the last year that the calendar knows
        return sorted(set(windows))


@lru_cache(maxsize=2_000)
def _around(period: int, rhythm: tuple[str, str]) -> Window | None:
    window = decode(period)
    if (window.calendar, window.kind) == rhythm:
        return window
    own, kind = calendar(rhythm[0]), rhythm[1]
    day = calendar(window.calendar).last_day(window)
    try:
        found = own.containing(kind, day) if own.tiles_year(kind) else own.period(kind, day.year, 1)
    except Refused:
        return None
    starts_on, ends_before = own.bounds(found)
    return found if starts_on <= day < ends_before else None


def _id(window: Window) -> int:
    return calendar(window.calendar).period_ids(window)[0]
