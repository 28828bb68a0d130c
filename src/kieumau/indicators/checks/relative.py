"""Windows that are not tied to a period yet: `previous` of whatever period is asked for.

A formula placed with these (`placing.place` over a `Relative` calendar) has the same figures in the same
places for every period, so that it is compiled once and run for any number of periods in one query.
"""

from kieumau.formulas.windows import Calendar, Window

_NOWHERE = (0, 0)


def here(calendar: str, kind: str) -> Window:
    """The period asked for, in a calendar and of a kind."""
    return Window(f"{calendar}/{kind}", "", _NOWHERE, _NOWHERE)


def is_here(relative: Window) -> bool:
    """Is it the period asked for itself?"""
    return not relative.kind


class Relative(Calendar):
    """A calendar that only writes down by which steps a window is reached."""

    def previous(self, window: Window) -> Window:
        """One window earlier."""
        return _then(window, "previous")

    def year_ago(self, window: Window) -> Window:
        """One year earlier."""
        return _then(window, "year_ago")

    def in_year(self, window: Window, year: int) -> Window:
        """The same in another year."""
        return _then(window, f"in_year {year}")

    def to_date(self, window: Window) -> Window:
        """From the beginning of the year."""
        return _then(window, "to_date")

    def last(self, window: Window, n: int) -> Window:
        """The last `n` windows."""
        return _then(window, f"last {n}")


def resolve(relative: Window, at: Window, calendar: Calendar) -> Window | None:
    """The window that the steps lead to from the period `at`; None where there is no such window."""
    found: Window | None = at
    for step in filter(None, relative.kind.split("/")):
        if found is None:
            return None
        found = _taken(step, found, calendar)
    return found


def _then(window: Window, step: str) -> Window:
    return Window(window.calendar, f"{window.kind}/{step}" if window.kind else step, _NOWHERE, _NOWHERE)


def _taken(step: str, window: Window, calendar: Calendar) -> Window | None:
    word, _, number = step.partition(" ")
    match word:
        case "previous":
            return calendar.previous(window)
        case "year_ago":
            return calendar.year_ago(window)
        case "in_year":
            return calendar.in_year(window, int(number))
        case "to_date":
            return calendar.to_date(window)
        case "last":
            return calendar.last(window, int(number))
    raise ValueError(f"not a step in time: {step!r}")
