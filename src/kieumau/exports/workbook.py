"""What an office worker gets: an export as a workbook in his language, every code with what it stands for.

Shares stand in columns of their own, as percentages, so that nobody adds them to counts. A spreadsheet keeps
fifteen digits of a number: where a figure has more it is rounded there and stands exactly beside.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import Any

from kieumau.assessments.rules import Outcome
from kieumau.assessments.sentences import WORDS as OUTCOMES
from kieumau.calendars.library import calendar
from kieumau.calendars.library import window as window_of
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Points
from kieumau.exports.asking import Asked
from kieumau.exports.explaining import ABOUT
from kieumau.exports.formats import EXACT_DIGITS, Blocks, Sheet, SheetColumn
from kieumau.exports.rows import SENTENCES, Compared, FigureRow, written
from kieumau.exports.verdicts import AskedVerdicts, VerdictRow
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text

_ABOUT = Text(vi="Cột|Ý nghĩa", en="Column|What it says")
_KEPT = Context(prec=EXACT_DIGITS, rounding=ROUND_HALF_UP)
LEVELS = {
    "nation": Text(vi="cả nước", en="nation"),
    "province": Text(vi="cấp tỉnh", en="province"),
    "district": Text(vi="cấp huyện", en="district"),
    "commune": Text(vi="cấp xã", en="commune"),
}
STATES = {
    "value": Text(vi="có số liệu", en="figure"),
    "missing": Text(vi="chưa có số liệu", en="no figure yet"),
    "not_applicable": Text(vi="không áp dụng", en="not applicable"),
    "refused": Text(vi="từ chối cung cấp", en="refused"),
}
MAPS = {
    "reported": Text(vi="như đã báo cáo", en="as reported"),
    "today": Text(vi="bản đồ hiện nay", en="today's map"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One column: its headings, its width in letters, and what a row says in it: its field `of`, or `cell`.

    `look` is one of `formats.LOOKS`.
    """

    of: str
    vi: str
    en: str
    width: int
    cell: Callable[[Any], Any] | None = None
    look: str = ""


def figures_sheet(asked: Asked, blocks: Blocks) -> Sheet:
    """The figures. Rows are worded as they are read from `blocks`."""
    return _sheet(Text(vi="Số liệu", en="Figures"), _figures(asked), blocks, asked.language)


def verdicts_sheet(asked: AskedVerdicts, blocks: Blocks) -> Sheet:
    """The verdicts, likewise."""
    return _sheet(Text(vi="Kết quả", en="Verdicts"), _verdicts(asked), blocks, asked.language)


def _sheet(name: Text, columns: Sequence[Said], blocks: Blocks, language: str) -> Sheet:
    headings = [SheetColumn(Text(vi=one.vi, en=one.en).in_(language), one.width, one.look) for one in columns]
    about = [
        dict(zip(_ABOUT.in_(language).split("|"), (named.heading, ABOUT[one.of].in_(language)), strict=True))
        for named, one in zip(headings, columns, strict=True)
        if one.of in ABOUT
    ]
    return Sheet(name.in_(language), headings, _cells(columns, blocks), language, about)


def _cells(columns: Sequence[Said], blocks: Blocks) -> Iterator[list[list[Any]]]:
    cells = [one.cell or attrgetter(one.of) for one in columns]
    for block in blocks:
        yield [[cell(row) for cell in cells] for row in block]


def _figures(asked: Asked) -> list[Said]:
    say = _Saying(asked.language)
    shares = {code for code, one in asked.known.items() if one.is_share}

    def count(name: str) -> Callable[[FigureRow], Decimal | None]:
        return lambda row: None if row.indicator in shares else kept(getattr(row, name))

    def share(name: str) -> Callable[[FigureRow], Decimal | None]:
        return lambda row: kept(getattr(row, name)) if row.indicator in shares else None

    return [
        Said("unit_name", "Đơn vị", "Unit", 34),
        Said("unit", "Mã đơn vị", "Unit code", 11),
        Said("level", "Cấp", "Level", 10, lambda row: say.word(LEVELS, row.level)),
        Said("indicator_name", "Chỉ tiêu", "Indicator", 40),
        Said("indicator", "Mã chỉ tiêu", "Indicator code", 22),
        Said("measure", "Đơn vị tính", "Measure", 12),
        *_periods(say),
        Said("value", "Số liệu", "Figure", 14, count("value")),
        Said("rate", "Tỷ lệ", "Share", 10, share("value"), "share"),
        Said(
            "fraction", "Giá trị chính xác", "Exact value", 16,
            lambda row: say.exactly(row.value, row.fraction),
        ),
        Said("state", "Tình trạng", "State", 16, lambda row: say.word(STATES, row.state)),
        Said("map", "Bản đồ", "Map", 18, lambda row: say.map(row.map)),
        Said("comparability_note", "So sánh theo cột", "Comparison along the column", 32),
        Said("reported", "Số báo cáo đã có", "Reported", 11),
        Said("expected", "Số báo cáo phải có", "Expected", 11),
        Said("source", "Nguồn", "Source", 30),
        Said("year_ago", "Cùng kỳ năm trước", "A year ago", 14, count("year_ago")),
        Said("rate_year_ago", "Tỷ lệ cùng kỳ", "Share a year ago", 10, share("year_ago"), "share"),
        Said(
            "year_ago_fraction", "Giá trị chính xác cùng kỳ", "Exact value a year ago", 16,
            lambda row: say.exactly(row.year_ago, row.year_ago_fraction),
        ),
        Said(
            "year_ago_state", "Tình trạng cùng kỳ", "State a year ago", 16,
            lambda row: say.word(STATES, row.year_ago_state),
        ),
        Said("change", "Tăng, giảm so với cùng kỳ", "Change from a year ago", 12, count("change"), "share"),
        Said(
            "points_of_share",
            "Tăng, giảm của tỷ lệ (điểm phần trăm)", "Change of the share (percentage points)", 14,
            lambda row: points(row.change) if row.indicator in shares else None, "points",
        ),
        Said("year_ago_reported", "Số báo cáo đã có cùng kỳ", "Reported a year ago", 11),
        Said("year_ago_expected", "Số báo cáo phải có cùng kỳ", "Expected a year ago", 11),
        Said("year_ago_note", "So sánh với cùng kỳ", "Comparison with a year ago", 32, say.year_ago),
        Said("known_on", "Như đã biết đến hết ngày", "As known on", 12),
    ]  # fmt: skip


def _verdicts(asked: AskedVerdicts) -> list[Said]:
    say, language = _Saying(asked.language), asked.language
    title = Text(vi=asked.criteria_set.title_vi, en=asked.criteria_set.title_en).in_(language)
    rule = definition(asked.criteria_set).rule
    classes = {one.code: one.name.text() for one in rule.classes} if isinstance(rule, Points) else {}
    outcomes = {one.key: OUTCOMES[one] for one in Outcome}
    return [
        Said("unit_name", "Đơn vị", "Unit", 34),
        Said("unit", "Mã đơn vị", "Unit code", 11),
        Said("judged_unit_name", "Đơn vị đã được xét", "Unit that was judged", 34),
        Said("judged_unit", "Mã đơn vị đã được xét", "Code of the judged unit", 11),
        Said("share", "Phần nay thuộc đơn vị", "Part that belongs to the unit", 12, _part, "share"),
        Said("exact_share", "Phần chính xác", "Exact part", 12, lambda row: say.part(row.share)),
        Said("title", "Bộ tiêu chí", "Criteria set", 40, lambda _: title),
        Said("criteria_set", "Mã bộ tiêu chí", "Code of the set", 16),
        Said("version", "Phiên bản", "Version", 9),
        *_periods(say),
        Said("criterion_title", "Tiêu chí", "Criterion", 44),
        Said("criterion", "Mã tiêu chí", "Criterion code", 11),
        Said("outcome", "Kết quả", "Outcome", 15, lambda row: say.word(outcomes, row.outcome)),
        Said("points", "Điểm", "Points", 9, lambda row: kept(row.points)),
        Said(
            "unit_outcome", "Kết quả của đơn vị", "Outcome of the unit", 15,
            lambda row: say.word(outcomes, row.unit_outcome),
        ),
        Said("unit_class", "Xếp loại", "Class", 18, lambda row: say.word(classes, row.unit_class)),
        Said("judged_on", "Ngày xét", "Judged on", 12),
        Said("map", "Bản đồ", "Map", 18, lambda row: say.map(row.map)),
        Said("comparability_note", "So sánh", "Comparison", 32),
        Said("known_on", "Như đã biết đến hết ngày", "As known on", 12),
    ]  # fmt: skip


def _periods(say: "_Saying") -> list[Said]:
    return [
        Said("label", "Kỳ", "Period", 20, lambda row: say.period(row.calendar, row.period)),
        Said("period", "Mã kỳ", "Period code", 10),
        Said("calendar", "Lịch báo cáo", "Calendar", 26, lambda row: say.calendar(row.calendar)),
        Said("period_start", "Từ ngày", "From", 12),
        Said("period_end", "Đến hết ngày", "To", 12),
    ]


def kept(value: Decimal | None) -> Decimal | None:
    """The number as a spreadsheet keeps it: fifteen digits, rounded half up."""
    return None if value is None else _KEPT.plus(value)


def points(change: Decimal | None) -> Decimal | None:
    """The difference of two shares in percentage points."""
    return None if change is None else kept(change.scaleb(2))


def _part(row: VerdictRow) -> Decimal | None:
    return kept(written(Fraction(row.share))[0]) if row.share else None


class _Saying:
    """Codes in the words of one language; what many rows share is worded once."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.period = cache(self._period)
        self.map = cache(self._map)

    def word(self, words: Mapping[str, Text], code: str) -> str:
        """What a code stands for; one that nobody knows stands for itself."""
        return words[code].in_(self.language) if code in words else code

    def calendar(self, code: str) -> str:
        """The name of a calendar."""
        return calendar(code).definition.name.text().in_(self.language)

    def exactly(self, value: Decimal | None, fraction: str) -> str:
        """The exact value as a text, where the number beside it is not the whole truth; else empty."""
        if fraction or value is None or kept(value) == value:
            return fraction
        return self._decimal(value)

    def part(self, share: str) -> str:
        """The exact part of a territory, where the percentage is not the whole truth."""
        return share if share and written(Fraction(share))[1] else ""

    def year_ago(self, row: FigureRow) -> str:
        """How far a figure compares with that of a year ago, with the reasons where there are any."""
        if row.year_ago_note or not row.year_ago_comparability:
            return row.year_ago_note
        return SENTENCES[Compared(row.year_ago_comparability)].in_(self.language)

    def _decimal(self, value: Decimal) -> str:
        return f"{value:f}".replace(".", "," if self.language == "vi" else ".")

    def _period(self, code: str, period: str) -> str:
        own = calendar(code)
        label = own.label(window_of(period, code)).in_(self.language)
        return label[:1].upper() + label[1:]

    def _map(self, word: str) -> str:
        if word in MAPS:
            return MAPS[word].in_(self.language)
        day = date.fromisoformat(word)
        said = Text(vi=f"bản đồ ngày {day:%d/%m/%Y}", en=f"map of {in_words(day).en}")
        return said.in_(self.language)
