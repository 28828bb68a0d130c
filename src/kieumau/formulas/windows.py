"""Windows of time, and what a formula asks of a calendar.

A formula is asked for one window, say October 2025. `previous`, `year_ago`, `in_year`, `change`,
`total` and `to_date` take any expression and move the window of every figure inside it; numbers stay as they
are. So `total(solved / occurred, last: 3)` is the ratio of two three-month totals, never a sum of
three ratios. How one figure adds up over a longer window (a flow is summed, a stock is its last
value) is the indicator's own rule and not the formula's.
"""

import re
from dataclasses import dataclass
from typing import Protocol, Self


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A run of consecutive periods of one kind in one calendar, both ends included.

    `first` and `last` are (year, ordinal within the year): the third quarter of 2025 is
    `Window("civil", "quarter", (2025, 3), (2025, 3))`.
    """

    calendar: str
    kind: str
    first: tuple[int, int]
    last: tuple[int, int]

    @property
    def key(self) -> str:
        """Stable text form: `civil:quarter:2025-3..2025-3`."""
        (year, ordinal), (last_year, last_ordinal) = self.first, self.last
        return f"{self.calendar}:{self.kind}:{year}-{ordinal}..{last_year}-{last_ordinal}"

    @classmethod
    def from_key(cls, key: str) -> Self:
        """The window whose `key` this is. Raises ValueError for any other text."""
        found = re.fullmatch(r"([^:@]+):([^:@]+):(\d+)-(\d+)\.\.(\d+)-(\d+)", key)
        if not found:
            raise ValueError(f"not the key of a window: {key!r}")
        calendar, kind, *numbers = found.groups()
        year, ordinal, last_year, last_ordinal = map(int, numbers)
        return cls(calendar, kind, (year, ordinal), (last_year, last_ordinal))


@dataclass(frozen=True, slots=True, order=True)
class Operand:
    """One figure a formula needs: an indicator (never a derived one) over a window."""

    indicator: str
    window: Window

    @property
    def key(self) -> str:
        """Stable text form: `crime.total@civil:month:2025-10..2025-10`."""
        return f"{self.indicator}@{self.window.key}"

    @classmethod
    def from_key(cls, key: str) -> Self:
        """The operand whose `key` this is. Raises ValueError for any other text."""
        indicator, at, window = key.partition("@")
        if not (indicator and at):
            raise ValueError(f"not the key of an operand: {key!r}")
        return cls(indicator, Window.from_key(window))


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """Something a formula asks of a unit that is no figure.

    `kind` is `unit` (its class), `criterion` (a verdict of the same assessment), `result` and `points`
    (what another set came out as, over a window), or `children` (how a condition came out for the units
    one level down, over a window). `name` says which: `class`, a criterion, a set, the condition's text.
    """

    kind: str
    name: str
    window: Window | None = None

    @property
    def key(self) -> str:
        """Stable text form: `unit(class)`, `result(tt124-commune)@civil:year:2025-1..2025-1`."""
        at = f"@{self.window.key}" if self.window else ""
        return f"{self.kind}({self.name}){at}"

    @classmethod
    def from_key(cls, key: str) -> Self:
        """The fact whose `key` this is. Raises ValueError for any other text, a key of a figure too."""
        found = re.fullmatch(r"([a-z]+)\((.+)\)(?:@([^@()]+))?", key, re.DOTALL)
        if not found:
            raise ValueError(f"not the key of a fact: {key!r}")
        kind, name, window = found.groups()
        return cls(kind, name, Window.from_key(window) if window else None)


class Calendar(Protocol):
    """What formulas ask of a calendar. Every answer is None where there is no such window."""

    def previous(self, window: Window) -> Window | None:
        """The window of the same length that ends just before this one begins.

        None where periods of this kind do not tile the year (nine months).
        """

    def year_ago(self, window: Window) -> Window | None:
        """The same window one year of the calendar earlier."""

    def in_year(self, window: Window, year: int) -> Window | None:
        """The same window of another year of the calendar: the one in which it ends is `year`."""

    def to_date(self, window: Window) -> Window | None:
        """From the beginning of the calendar's year in which `window` ends up to its end."""

    def last(self, window: Window, n: int) -> Window | None:
        """The last `n` windows of this length, ending with this one, as one window."""
