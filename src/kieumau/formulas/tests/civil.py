"""A small civil calendar for these tests, and the catalogue they speak about."""

from kieumau.formulas.catalogue import Entry, Type
from kieumau.formulas.windows import Operand, Window
from kieumau.kernel.messages import Text

IN_A_YEAR = {"month": 12, "quarter": 4, "half": 2, "year": 1}


class Civil:
    """January to December; nine months do not tile the year."""

    def previous(self, window: Window) -> Window | None:
        if window.kind not in IN_A_YEAR:
            return None
        return self._run(window, -self._length(window), -self._length(window))

    def year_ago(self, window: Window) -> Window | None:
        (year, first), (last_year, last) = window.first, window.last
        return Window(window.calendar, window.kind, (year - 1, first), (last_year - 1, last))

    def in_year(self, window: Window, year: int) -> Window | None:
        back = window.last[0] - year
        if year < 1990:
            return None
        return Window(
            window.calendar, window.kind, (window.first[0] - back, window.first[1]), (year, window.last[1])
        )

    def to_date(self, window: Window) -> Window | None:
        if window.kind not in IN_A_YEAR:
            return None
        return Window(window.calendar, window.kind, (window.last[0], 1), window.last)

    def last(self, window: Window, n: int) -> Window | None:
        if window.kind not in IN_A_YEAR:
            return None
        return self._run(window, -(n - 1) * self._length(window), 0)

    def _length(self, window: Window) -> int:
        return self._index(window.kind, window.last) - self._index(window.kind, window.first) + 1

    def _index(self, kind: str, at: tuple[int, int]) -> int:
        return at[0] * IN_A_YEAR[kind] + at[1] - 1

    def _run(self, window: Window, first: int, last: int) -> Window:
        ends = []
        for at, move in ((window.first, first), (window.last, last)):
            year, ordinal = divmod(self._index(window.kind, at) + move, IN_A_YEAR[window.kind])
            ends.append((year, ordinal + 1))
        return Window(window.calendar, window.kind, ends[0], ends[1])


CIVIL = Civil()


def window(text: str, kind: str = "month") -> Window:
    """`2025-10`, or `2025-08..2025-10`: a window of the civil calendar."""
    first, _, last = text.partition("..")
    ends = [(int(year), int(number)) for year, number in (end.split("-") for end in (first, last or first))]
    return Window("civil", kind, ends[0], ends[1])


OCTOBER = window("2025-10")


def operand(code: str, at: Window = OCTOBER) -> Operand:
    """A figure of October 2025, or of another window."""
    return Operand(code, at)


def _number(vi: str, en: str, vi_measure: str, en_measure: str, decimals: int = 0) -> Entry:
    return Entry(Type.NUMBER, Text(vi=vi, en=en), Text(vi=vi_measure, en=en_measure), decimals)


CATALOGUE = {
    "areas.total": _number("Khu dân cư", "Residential areas", "khu dân cư", "areas"),
    "areas.registered": _number("Khu dân cư đăng ký", "Areas registered", "khu dân cư", "areas"),
    "areas.recognised": _number("Đã công nhận", "Recognised", "khu dân cư", "areas"),
    "crime.total": _number("Số vụ phạm tội", "Crimes", "vụ", "cases"),
    "crime.solved": _number("Số vụ phá được", "Cases solved", "vụ", "cases"),
    "fires": _number("Số vụ cháy", "Fires", "vụ", "fires"),
    "tips.received": _number("Tin báo tiếp nhận", "Tips received", "tin", "tips"),
    "tips.resolved": _number("Tin báo giải quyết", "Tips resolved", "tin", "tips"),
    "population": _number("Dân số", "Population", "người", "people"),
    "land": _number("Diện tích", "Land area", "ha", "ha", decimals=1),
    "satisfaction": Entry(Type.SHARE, Text(vi="Tỷ lệ hài lòng", en="Satisfaction")),
    "clearance": Entry(
        Type.SHARE, Text(vi="Tỷ lệ điều tra, khám phá", en="Clearance"), formula="crime.solved / crime.total"
    ),
}
