"""One cell of somebody's table: an exact number, a fact why there is none, nothing, or a fault.

`plain` numbers have a dot before the decimals and no grouping. A text that looks like a number
written another way is refused with the number it would be, never guessed: “1.061,5” under `plain`
says that it is 1061.5 under `numbers: vi`. Cells of a workbook come as binary floats; their fifteen
significant digits, which is what a spreadsheet shows, are the figure.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from kieumau.formulas.values import State
from kieumau.indicators.imports.mapping import Words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import DecimalMark, parse_number, round_half_up
from kieumau.kernel.text import tidy


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A workbook cell that shows an error (`#REF!`), or a formula that was never calculated."""

    shown: str


@dataclass(frozen=True, slots=True)
class PercentCell:
    """A workbook cell shown in per cent: 0.85 behind, 85 % before the eyes."""

    value: float


Cell = str | int | float | bool | date | datetime | time | timedelta | ErrorCell | PercentCell
Parsed = tuple[int, Decimal | None]


class Blank:
    """Nothing stands in the cell: no figure, and nothing said about it."""


BLANK = Blank()
MARKS: dict[str, DecimalMark] = {"plain": ".", "vi": ",", "en": "."}
OTHERS = {"plain": ("vi", "en"), "vi": ("plain", "en"), "en": ("plain", "vi")}
LARGEST_FLOAT = 10**15
MOST_DIGITS = 25  # fewer than Decimal's own 28, so that no step below rounds in silence

_ERROR = re.compile(r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")
_DATE = re.compile(
    r"\d{1,4}[/-]\d{1,2}([/-]\d{1,4})?|\d{1,2}[.]\d{1,2}[.]\d{4}|\d{1,2}[-/ ][A-Za-z]{3}[-/ ]?\d{0,4}"
)
_GROUPED_BY_DOT = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
_NUMBER_IN_TEXT = re.compile(r"^'?([+-]?\d+(?:\.\d+)?)\b[^\d]*$")


def shown(cell: Cell) -> str:
    """A bounded piece of a cell, fit for a message."""
    text = " ".join(cell_text(cell).split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def cell_text(cell: Cell) -> str:
    """A cell as the text a person sees: composed, single spaces; whole numbers without decimals."""
    match cell:
        case str():
            return tidy(cell)
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < LARGEST_FLOAT else f"{cell:.15g}"
        case ErrorCell():
            return cell.shown
        case PercentCell():
            return f"{Decimal(f'{cell.value:.15g}') * 100:f}%"
        case datetime():
            return cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


@dataclass(frozen=True)
class Rule:
    """What an indicator allows: how many decimals, a share (per cent is understood), negatives."""

    decimals: int
    is_share: bool
    negatives: bool

    @property
    def exact_decimals(self) -> int:
        """Decimals of the stored number: a share shown with two in per cent has four."""
        return self.decimals + 2 if self.is_share else self.decimals


class CellReader:
    """Reads cells under one rule and remembers what each distinct text was."""

    def __init__(self, numbers: str, words: Words, rule: Rule) -> None:
        self.rule = rule
        self.numbers = numbers
        self.texts: dict[str, Parsed | Blank | Problem] = {"": BLANK, "0": (0, Decimal(0))}
        self._others: dict[tuple[type, object], Parsed | Blank | Problem] = {}
        self._words: dict[str, Parsed] = {}
        for group, state in (
            (words.missing, State.MISSING),
            (words.not_applicable, State.NOT_APPLICABLE),
            (words.refused, State.REFUSED),
        ):
            self._words |= {tidy(word).casefold(): (int(state), None) for word in group}
        self._words |= {tidy(word).casefold(): (0, Decimal(0)) for word in words.zero}

    def read(self, cell: Cell) -> Parsed | Blank | Problem:
        """What stands in the cell. A `Problem` has no place yet."""
        if isinstance(cell, str):
            if (known := self.texts.get(cell)) is None:
                known = self.texts[cell] = self._read_text(cell)
            return known
        key = (cell.__class__, cell)
        if (known := self._others.get(key)) is None:
            known = self._others[key] = self._read_other(cell)
        return known

    def _read_text(self, cell: str) -> Parsed | Blank | Problem:
        text = tidy(cell)
        if not text:
            return BLANK
        if (word := self._words.get(text.casefold())) is not None:
            return word
        if _ERROR.fullmatch(text.upper()):
            return error_cell(text)
        if text.endswith("%"):
            return self._read_percent(text)
        if (number := _strict(text, self.numbers)) is not None:
            if self._may_be_grouped(text):
                return _written_otherwise(text, self.numbers)
            return self._check(number, text)
        if _DATE.fullmatch(text):
            return date_in_number(text)
        return _written_otherwise(text, self.numbers)

    def _may_be_grouped(self, text: str) -> bool:
        """Is `1.061` under plain, for an indicator that has fewer than three decimals, a doubt?"""
        return (
            self.numbers == "plain"
            and self.rule.exact_decimals < 3
            and _GROUPED_BY_DOT.fullmatch(text) is not None
        )

    def _read_percent(self, text: str) -> Parsed | Problem:
        number = _strict(text[:-1].strip(), self.numbers)
        if number is None:
            return _written_otherwise(text, self.numbers)
        return self._check(number / 100, text) if self.rule.is_share else percent_cell(text)

    def _read_other(self, cell: Cell) -> Parsed | Blank | Problem:
        match cell:
            case ErrorCell():
                return error_cell(cell.shown)
            case PercentCell() if not self.rule.is_share:
                return percent_cell(shown(cell))
            case PercentCell():
                return self._read_float(cell.value)
            case date() | time() | timedelta():
                return date_in_number(shown(cell))
            case bool():
                return not_a_number(shown(cell))
            case int():
                return self._check(Decimal(cell), str(cell))
            case float():
                return self._read_float(cell)
            case _:
                return not_a_number(shown(cell))

    def _read_float(self, cell: float) -> Parsed | Problem:
        if not abs(cell) < LARGEST_FLOAT:
            return number_too_long(f"{cell:.15g}")
        return self._check(Decimal(f"{cell:.15g}"), shown(cell))

    def _check(self, number: Decimal, text: str) -> Parsed | Problem:
        """Enforce the indicator's rule on an exact number; trailing zeros go."""
        if len(text) > MOST_DIGITS and len(number.as_tuple().digits) > MOST_DIGITS:
            return number_too_long(text)
        if number != (whole := number.to_integral_value()):
            number = number.normalize()
            # By the exponent: rounding would need more digits than the context has.
            if -int(number.as_tuple().exponent) > self.rule.exact_decimals:
                return self._too_many_decimals(number, text)
        else:
            number = whole
        if number < 0 and not self.rule.negatives:
            return Problem(
                "negative",
                Text(vi=f"“{shown(text)}” là số âm.", en=f"“{shown(text)}” is negative."),
                Text(
                    vi="Số liệu đếm không âm; nếu đúng là có thể âm, đặt negatives: allowed trong ánh xạ.",
                    en="Counts are not negative; where they may be, set negatives: allowed in the mapping.",
                ),
            )
        return (0, abs(number) if number == 0 else number)

    def _too_many_decimals(self, number: Decimal, text: str) -> Problem:
        allowed = self.rule.decimals
        near = round_half_up(number, self.rule.exact_decimals)
        rounded = Decimal(near.numerator) / Decimal(near.denominator)
        return Problem(
            "too-many-decimals",
            Text(
                vi=f"“{shown(text)}” có phần thập phân dài hơn mức cho phép ({allowed}).",
                en=f"“{shown(text)}” has more decimals than the indicator allows ({allowed}).",
            ),
            Text(vi=f"Gần nhất là {_comma(rounded)}.", en=f"The nearest is {rounded:f}."),
        )


def _strict(text: str, numbers: str) -> Decimal | None:
    """The number that `text` is under one way of writing; None where it is not one."""
    if numbers == "plain" and ("," in text or " " in text or text.count(".") > 1):
        return None
    try:
        return parse_number(text, MARKS[numbers])
    except Refused:
        return None


def _comma(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")


def _written_otherwise(text: str, numbers: str) -> Problem:
    """The refusal of a text, naming what it would be under the other settings."""
    bare = text.removesuffix("%").strip()
    readings = [(other, number) for other in OTHERS[numbers] if (number := _strict(bare, other)) is not None]
    current = _strict(bare, numbers)
    readings = [(other, number) for other, number in readings if number != current]
    if not readings:
        return not_a_number(text)
    if numbers == "plain" and len({number for _, number in readings}) == 1:
        readings = readings[:1]
    vi = " hoặc ".join(f"{_comma(number)} (numbers: {other})" for other, number in readings)
    en = " or ".join(f"{number:f} (numbers: {other})" for other, number in readings)
    return Problem(
        "number-written-otherwise",
        Text(
            vi=f"“{shown(text)}” không theo cách viết số đã khai báo (numbers: {numbers}).",
            en=f"“{shown(text)}” is not written the way the mapping says (numbers: {numbers}).",
        ),
        Text(vi=f"Có thể là {vi}.", en=f"It may be {en}."),
    )


def not_a_number(text: str) -> Problem:
    """Text where a number is due, with the number that seems to be inside it."""
    inside = _NUMBER_IN_TEXT.match(text)
    hint = (
        Text(vi=f"Chỉ ghi số: {inside[1]}.", en=f"Write only the number: {inside[1]}.")
        if inside
        else Text(
            vi="Nếu từ này có nghĩa “thiếu”, “không áp dụng” hay “từ chối”, khai báo ở mục words.",
            en="If the word means missing, not applicable or refused, declare it under words.",
        )
    )
    return Problem(
        "not-a-number",
        Text(vi=f"“{shown(text)}” không phải là số.", en=f"“{shown(text)}” is not a number."),
        hint,
    )


def error_cell(text: str) -> Problem:
    """A spreadsheet error where a number is due."""
    if text.startswith("="):
        return Problem(
            "formula-without-value",
            Text(
                vi="Ô có công thức nhưng chưa có kết quả.",
                en="The cell has a formula but no calculated value.",
            ),
            Text(
                vi="Mở tệp bằng Excel hoặc LibreOffice rồi lưu lại, hoặc dán giá trị.",
                en="Open the file in Excel or LibreOffice and save it again, or paste the values.",
            ),
        )
    return Problem(
        "error-cell",
        Text(vi=f"Ô báo lỗi {text}.", en=f"The cell shows the error {text}."),
        Text(
            vi="Sửa công thức trong tệp, hoặc để trống nếu không có số liệu.",
            en="Repair the formula in the file, or leave the cell empty where there is no figure.",
        ),
    )


def number_too_long(text: str) -> Problem:
    """More digits than a figure has, or than a spreadsheet keeps."""
    return Problem(
        "number-too-long",
        Text(vi=f"“{shown(text)}” có quá nhiều chữ số.", en=f"“{shown(text)}” has too many digits."),
        Text(
            vi="Bảng tính chỉ giữ đúng 15 chữ số: nếu số này đúng, định dạng ô là văn bản và nhập lại.",
            en="A spreadsheet keeps only 15 digits exactly: if it is right, format the cell as text and "
            "enter it again.",
        ),
    )


def percent_cell(text: str) -> Problem:
    """A share given to an indicator that is not one."""
    return Problem(
        "percent",
        Text(
            vi=f"“{shown(text)}” là phần trăm, chỉ tiêu này không phải là tỷ lệ.",
            en=f"“{shown(text)}” is a percentage; this indicator is not a share.",
        ),
        Text(vi="Ghi số, không ghi phần trăm.", en="Give the number, not a percentage."),
    )


def date_in_number(text: str) -> Problem:
    """A date where a number is due: usually a spreadsheet's own doing."""
    return Problem(
        "date-in-number",
        Text(
            vi=f"“{shown(text)}” là ngày tháng, không phải là số.",
            en=f"“{shown(text)}” is a date, not a number.",
        ),
        Text(
            vi="Bảng tính có thể đã tự đổi số thành ngày: định dạng cột là số rồi nhập lại.",
            en="The spreadsheet may have turned a number into a date: format the column as number and "
            "enter it again.",
        ),
    )
