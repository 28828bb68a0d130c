"""A form as an XLSX workbook: locked but for the cells to fill in, with drop-downs, checks and comments."""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kieumau.exports.formats import EXACT_DIGITS
from kieumau.exports.forms.sheets import (
    BEFORE,
    COLUMNS,
    HEADING_ROW,
    HIDDEN,
    MEASURE,
    NAME,
    OPEN,
    REMARK,
    SIGN,
    STATE,
    VALUE,
    WORDS,
    FormSheet,
    Line,
)
from kieumau.kernel.messages import Text

Marks = Mapping[tuple[str, int, int], Sequence[str]]  # sheet, row from one, column from zero
MOST_COMMENT = 1_000
TITLES = {
    NAME: Text(vi="Chỉ tiêu", en="Indicator"),
    MEASURE: Text(vi="Đơn vị tính", en="Measure"),
    BEFORE: Text(vi="Kỳ trước", en="Last period"),
    VALUE: Text(vi="Số liệu", en="Figure"),
    STATE: Text(vi="Hoặc: không có số", en="Or: no number"),
    REMARK: Text(vi="Ghi chú", en="Remark"),
}
WIDTHS = {NAME: 52, MEASURE: 14, BEFORE: 14, VALUE: 16, STATE: 20, REMARK: 36}
HOW = Text(
    vi="Điền cột vàng. 0 là không phát sinh; không có số thì chọn lý do ở cột bên. "
    "Không thêm, xóa dòng, cột.",
    en="Fill in the yellow column. 0 means none occurred; where there is no number choose why beside it. "
    "Do not add or remove rows or columns.",
)
WRONG_NUMBER = Text(vi="Cần một số, không âm", en="A number is needed, not negative")


def write_form(
    sheets: Sequence[FormSheet], language: str, marks: Marks | None = None, messages: Sequence[str] = ()
) -> bytes:
    """The workbook. `marks` are said in comments at their cells, `messages` above the table of each sheet."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        looks = _Looks(book)
        for sheet in sheets:
            _Writer(book.add_worksheet(sheet.name), looks, language, marks or {}).write(sheet, messages)
    return buffer.getvalue()


class _Looks:
    """The formats of cells, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._known: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        """A format."""
        key = tuple(sorted(properties.items()))
        if key not in self._known:
            self._known[key] = self._book.add_format({"valign": "top", **properties})
        return self._known[key]


class _Writer:
    """Writes one sheet."""

    def __init__(self, sheet: Worksheet, looks: _Looks, language: str, marks: Marks) -> None:
        self.sheet = sheet
        self.looks = looks
        self.language = language
        self.marks = marks

    def write(self, form: FormSheet, messages: Sequence[str]) -> None:
        """Everything."""
        sheet, bold = self.sheet, self.looks.of(bold=True, font_size=14)
        sheet.write_string(0, 0, SIGN)
        sheet.write_string(1, 0, form.register)
        sheet.write_string(0, NAME, form.title, bold)
        sheet.write_string(1, NAME, form.about, self.looks.of(bold=True))
        sheet.write_string(2, NAME, HOW.in_(self.language))
        if messages:
            sheet.write_string(3, NAME, " · ".join(messages)[:2_000], self.looks.of(font_color="#9C0006"))
        heading = self.looks.of(bold=True, bottom=1, text_wrap=True)
        for column, title in TITLES.items():
            sheet.write_string(HEADING_ROW - 2, column, title.in_(self.language), heading)
        for column, word in enumerate(COLUMNS):
            sheet.write_string(HEADING_ROW - 1, column, word)
        for number, line in enumerate(form.lines, HEADING_ROW):
            self._line(form.name, number, line)
        sheet.set_row(HEADING_ROW - 1, None, None, {"hidden": True})
        for column in HIDDEN:
            sheet.set_column(column, column, 2, None, {"hidden": True})
        for column, width in WIDTHS.items():
            sheet.set_column(column, column, width)
        sheet.freeze_panes(HEADING_ROW, NAME)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _line(self, name: str, row: int, line: Line) -> None:
        """One line; `row` is counted from zero."""
        texts = {0: line.unit, 1: line.indicator, 2: line.period, NAME: line.name, MEASURE: line.measure}
        for column, text in texts.items():
            look = {"bold": True} if line.is_group else {"text_wrap": column == NAME}
            self._cell(name, row, column, text, **look)
        if line.is_group:
            return
        pattern = _pattern(line)
        self._cell(name, row, BEFORE, line.before, num_format=pattern, font_color="#595959")
        self._cell(name, row, VALUE, line.value, num_format=pattern, bg_color="#FFF8DC", border=1)
        self._cell(name, row, STATE, line.state, border=1)
        self._cell(name, row, REMARK, line.remark, border=1, text_wrap=True)
        self.sheet.data_validation(row, VALUE, row, VALUE, self._rule(line))
        words = [word.in_(self.language) for word in WORDS.values()]
        self.sheet.data_validation(row, STATE, row, STATE, {"validate": "list", "source": words})

    def _cell(self, name: str, row: int, column: int, value: Any, **look: Any) -> None:
        """A cell with its mark; open cells may be written to."""
        wrong = self.marks.get((name, row + 1, column))
        if column in OPEN:
            look["locked"] = False
        if wrong:
            look |= {"bg_color": "#FFC7CE", "font_color": "#9C0006", "border": 2}
        found = self.looks.of(**look)
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, found)
        elif isinstance(value, str) or not _fits(value):
            self.sheet.write_string(row, column, value if isinstance(value, str) else f"{value:f}", found)
        else:
            self.sheet.write_number(row, column, value, found)
        if wrong:
            text = "\n".join(wrong)[:MOST_COMMENT]
            self.sheet.write_comment(row, column, text, {"author": "Kiểu Mẫu", "x_scale": 2})

    def _rule(self, line: Line) -> dict[str, Any]:
        """What the cell takes: a share, a whole number, a number."""
        said = {"error_title": WRONG_NUMBER.in_(self.language)[:32], "ignore_blank": True}
        if line.is_share:
            return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, **said}
        kind = "decimal" if line.decimals else "integer"
        return {"validate": kind, "criteria": ">=", "value": 0, **said}


def _pattern(line: Line) -> str:
    decimals = "." + "0" * line.decimals if line.decimals else ""
    return f"0{decimals}%" if line.is_share else f"#,##0{decimals}"


def _fits(value: Any) -> bool:
    """Does a spreadsheet keep every digit?"""
    return not isinstance(value, Decimal) or len(value.as_tuple().digits) <= EXACT_DIGITS
