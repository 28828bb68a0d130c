"""CSV files as people make them: comma or semicolon, with or without a byte order mark."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.text import nearest, search_key, tidy

MAX_BYTES = 50_000_000
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
EARLIEST_YEAR = 1000  # before that it is a slip of the hand, and the day before the first day is no date


@dataclass(frozen=True, slots=True)
class Column:
    """A column a file may have; other spellings of the name differ only in case, accents and spaces."""

    name: str
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a file by column name, each with the line it begins on; cells tidied (NFC, no odd spaces)."""

    file: str
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def place(self, row: int, column: str = "") -> Place:
        """Where in the file."""
        return Place(file=self.file, row=row, column=column)


@dataclass(frozen=True, slots=True)
class Row:
    """A row being read; what is wrong with it goes to the list of the whole file."""

    sheet: Sheet
    number: int
    row: Mapping[str, str]
    problems: list[Problem]

    def day(self, column: str, *, is_required: bool = True) -> date | None:
        """The day in a cell; None where there is none, with a problem where there should be one."""
        text = self.row.get(column, "")
        if not text and not is_required:
            return None
        for pattern in DATE_FORMATS:
            try:
                day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
            except ValueError:
                continue
            if day.year >= EARLIEST_YEAR:
                return day
        hint = Text(vi="Viết 2025-07-01 hoặc 01/07/2025.", en="Write 2025-07-01 or 01/07/2025.")
        vi, en = f"“{text}” không phải là ngày.", f"“{text}” is not a date."
        self.complain(column, vi, en, hint, code="wrong-date")
        return None

    def place(self, column: str = "") -> Place:
        """Where the row stands, or one of its cells."""
        return self.sheet.place(self.number, column)

    def complain(self, column: str, vi: str, en: str, hint: Text | None = None, *, code: str = "") -> None:
        """Note what is wrong with one cell."""
        found = Problem(code or f"wrong-{column}", Text(vi=vi, en=en), hint, self.place(column))
        self.problems.append(found)


def read_sheet(path: Path, columns: tuple[Column, ...]) -> Sheet:
    """The rows of a CSV file that has (some of) `columns`.

    Raises `Refused` with every fault of its form: missing, empty, too large, not UTF-8, cut off, rows
    of another length than the header, unknown, repeated and missing columns.
    """
    text = _text(path)
    first_line = text.partition("\n")[0]
    separator = max(",;\t", key=first_line.count)
    return table(_lines(text, separator, path.name), columns, path.name)


def table(lines: Sequence[tuple[int, list[str]]], columns: tuple[Column, ...], file: str) -> Sheet:
    """The same of lines that were read elsewhere: each with its number and cells, the header first."""
    if len(lines) < 2:
        raise Refused([_problem("empty-file", "Tệp không có dòng nào.", "The file has no rows.", file)])
    names = _header(lines[0][1], columns, file)
    rows: list[tuple[int, Mapping[str, str]]] = []
    problems: list[Problem] = []
    for number, cells in lines[1:]:
        if len(cells) == len(names):
            rows.append((number, dict(zip(names, map(tidy, cells), strict=True))))
        else:
            vi = f"Dòng có {len(cells)} ô, tiêu đề có {len(names)}."
            en = f"The row has {len(cells)} cells, the header {len(names)}."
            problems.append(_problem("wrong-length", vi, en, file, number))
    if problems:
        raise Refused(problems)
    return Sheet(file, tuple(rows))


def _text(path: Path) -> str:
    name = path.name
    if not path.is_file():
        raise Refused(
            [_problem("no-such-file", f"Không có tệp “{name}”.", f"There is no file “{name}”.", name)]
        )
    if path.stat().st_size > MAX_BYTES:
        raise Refused([_problem("too-large", "Tệp lớn hơn 50 MB.", "The file is larger than 50 MB.", name)])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = Text(vi="Lưu lại tệp dạng “CSV UTF-8”.", en="Save it again as “CSV UTF-8”.")
        reason = Text(vi="Tệp không phải UTF-8.", en="The file is not UTF-8.")
        raise Refused([Problem("wrong-encoding", reason, hint, Place(file=name))]) from error
    if "\0" in text:
        raise Refused([_problem("not-text", "Tệp không phải văn bản.", "The file is not text.", name)])
    return text


def _lines(text: str, separator: str, name: str) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        vi = "Tệp bị cắt cụt hoặc sai dấu nháy."
        en = f"The file is cut off or its quotes are wrong ({error})."
        raise Refused([_problem("broken-file", vi, en, name, begins)]) from error
    return rows


def _header(cells: list[str], columns: tuple[Column, ...], name: str) -> list[str]:
    known = {search_key(column.name): column.name for column in columns}
    problems: list[Problem] = []
    names: list[str] = []
    for cell in cells:
        found = known.get(search_key(cell))
        if found is None:
            near = nearest(cell, known.values())
            problems.append(
                Problem(
                    "unknown-column",
                    Text(vi=f"Không dùng cột “{tidy(cell)}”.", en=f"Column “{tidy(cell)}” is not known."),
                    Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None,
                    Place(file=name, row=1),
                )
            )
        elif found in names:
            problems.append(
                _problem(
                    "repeated-column", f"Cột “{found}” lặp lại.", f"Column “{found}” is there twice.", name, 1
                )
            )
        names.append(found or cell)
    problems += [
        _problem(
            "missing-column", f"Thiếu cột “{column.name}”.", f"Column “{column.name}” is missing.", name, 1
        )
        for column in columns
        if column.is_required and column.name not in names
    ]
    if problems:
        raise Refused(problems)
    return names


def _problem(code: str, vi: str, en: str, file: str, row: int | None = None) -> Problem:
    return Problem(code, Text(vi=vi, en=en), place=Place(file=file, row=row))
