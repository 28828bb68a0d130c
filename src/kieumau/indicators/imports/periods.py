"""Which period a text or a date cell means, in the calendar and kind of the indicator.

A pattern is written with YYYY, MM, QQ (quarter: 3 or III), HH (half: 1 or I), DD and any words; case,
accents and spaces do not count. A date means the month whose number it bears, and only its first or last
day does: 15 October could be October or November where months begin on the 15th.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from kieumau.calendars.rules import Calendar
from kieumau.formulas.windows import Window
from kieumau.indicators.imports.cells import Cell, cell_text, shown
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import tidy

_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>0?[1-9]|1[0-2])",
    "DD": r"(?P<day>0?[1-9]|[12]\d|3[01])",
    "QQ": r"(?P<quarter>[1-4]|i{1,3}|iv)",
    "HH": r"(?P<half>[12]|i{1,2})",
}
_TOKEN = re.compile("|".join(_TOKENS))
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00:00)?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

KIND_NAMES = {
    "month": Text(vi="tháng", en="month"),
    "quarter": Text(vi="quý", en="quarter"),
    "half": Text(vi="sáu tháng", en="half-year"),
    "nine_months": Text(vi="chín tháng", en="nine months"),
    "year": Text(vi="năm", en="year"),
}


@dataclass(frozen=True)
class Found:
    """A kind of period with its year and number."""

    kind: str
    year: int
    number: int


class PeriodReader:
    """Reads the periods of one calendar and kind; remembers every distinct text."""

    def __init__(self, calendar: Calendar, kind: str, patterns: Sequence[str]) -> None:
        self.calendar = calendar
        self.kind = kind
        self._patterns = [(pattern, _compiled(pattern)) for pattern in patterns]
        self._known: dict[object, Window | Problem] = {}

    def read(self, cell: Cell) -> Window | Problem:
        """The window that the cell names, one period of the reader's kind. A `Problem` has no place."""
        key = (cell.__class__, cell)
        if (known := self._known.get(key)) is None:
            known = self._known[key] = self._read(cell)
        return known

    def _read(self, cell: Cell) -> Window | Problem:
        if isinstance(cell, date | datetime):
            return self._window(_of_day(cell.year, cell.month, cell.day), cell)
        text = cell_text(cell)
        if iso := _ISO_DAY.fullmatch(text):
            return self._window(_of_day(int(iso[1]), int(iso[2]), int(iso[3])), cell)
        folded = _fold(text)
        candidates = [found for _, read in self._patterns if (found := read(folded))]
        for found in candidates:
            if found.kind == self.kind:
                return self._window(found, cell)
        if candidates:
            return self._window(candidates[0], cell)
        code = text.removeprefix(f"{self.calendar.code}:")
        try:
            window = self.calendar.window(code)
        except Refused:
            return self._unknown(cell)
        return window if window.kind == self.kind else self._wrong_kind(window.kind, cell)

    def _window(self, found: Found | None, cell: Cell) -> Window | Problem:
        if found is None:
            return Problem(
                "day-within-period",
                Text(
                    vi=f"Ngày “{shown(cell)}” không cho biết kỳ nào.",
                    en=f"The day “{shown(cell)}” does not say which period.",
                ),
                Text(
                    vi="Dùng ngày đầu tháng, hoặc viết như 2025-10.",
                    en="Use the first day of the month, or write it like 2025-10.",
                ),
            )
        if found.kind != self.kind:
            return self._wrong_kind(found.kind, cell)
        try:
            return self.calendar.period(found.kind, found.year, found.number)
        except Refused:
            return self._unknown(cell)

    def _wrong_kind(self, kind: str, cell: Cell) -> Problem:
        given, wanted = KIND_NAMES[kind], KIND_NAMES[self.kind]
        return Problem(
            "wrong-period-kind",
            Text(
                vi=f"“{shown(cell)}” là kỳ {given.vi}, còn chỉ tiêu này báo cáo theo {wanted.vi}.",
                en=f"“{shown(cell)}” is a {given.en}; this indicator is reported by {wanted.en}.",
            ),
            self._hint(),
        )

    def _unknown(self, cell: Cell) -> Problem:
        name = shown(cell)
        return Problem(
            "unknown-period",
            Text(
                vi=f"“{name}” không phải là kỳ của lịch “{self.calendar.definition.name.vi}”.",
                en=f"“{name}” is not a period of the calendar “{self.calendar.definition.name.en}”.",
            )
            if name
            else Text(vi="Thiếu kỳ.", en="The period is missing."),
            self._hint(),
        )

    def _hint(self) -> Text:
        sample = self.calendar.period_code(self.calendar.period(self.kind, 2025, 1))
        patterns = ", ".join(pattern for pattern, _ in self._patterns[:4])
        return Text(
            vi=f"Viết như {sample}" + (f", hoặc theo mẫu: {patterns}." if patterns else "."),
            en=f"Write it like {sample}" + (f", or by a pattern: {patterns}." if patterns else "."),
        )


def _of_day(year: int, month: int, day: int) -> Found | None:
    if not 1 <= month <= 12 or day not in (1, monthrange(max(year, 1), month)[1]):
        return None
    return Found("month", year, month)


def _fold(text: str) -> str:
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )
    return tidy(bare).casefold().replace("đ", "d")


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> Callable[[str], Found | None]:
    """A function from folded text to what the pattern finds in it."""
    parts, end = [], 0
    for token in _TOKEN.finditer(pattern):
        parts += [_literal(pattern[end : token.start()]), _TOKENS[token[0]]]
        end = token.end()
    matches = re.compile("".join([*parts, _literal(pattern[end:])])).fullmatch

    def read(folded: str) -> Found | None:
        groups = found.groupdict() if (found := matches(folded)) else {}
        if "year" not in groups:
            return None
        year = int(groups["year"])
        if "day" in groups:
            return _of_day(year, int(groups.get("month") or 0), int(groups["day"]))
        for kind in ("month", "quarter", "half"):
            if kind in groups:
                return Found(kind, year, _ROMAN.get(groups[kind]) or int(groups[kind]))
        return Found("year", year, 1)

    return read


def _literal(text: str) -> str:
    """Words of a pattern; spaces may be more or none at their ends."""
    words = _fold(text).split(" ")
    inner = r"\s*".join(re.escape(word) for word in words)
    return rf"\s*{inner}\s*" if inner else r"\s*" * bool(text)
