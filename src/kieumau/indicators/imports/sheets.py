"""What every kind of file is read as: sheets of rows of cells, each with an address.

Rows are numbered from one as a spreadsheet shows them, columns have its letters.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kieumau.indicators.imports.cells import Cell
from kieumau.kernel.messages import Place, Problem


@dataclass(frozen=True)
class Limits:
    """How much one file may hold. `unpacked_bytes` is the content of a workbook once unzipped.

    `problems` is how many of its problems are told; all are counted.
    """

    file_bytes: int = 64 << 20
    unpacked_bytes: int = 256 << 20
    columns: int = 700
    cells: int = 20_000_000
    values: int = 5_000_000
    problems: int = 5_000


@dataclass
class Sheet:
    """One table of cells. `faults` fills up while a CSV is read: what broke off the reading.

    `merged` holds areas of merged cells as one-based (top, left, bottom, right).
    """

    name: str
    rows: Iterator[list[Cell]]
    row_count: int
    is_text: bool
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)


def column_letter(index: int) -> str:
    """The spreadsheet's letters of a zero-based column: 0 is A, 26 is AA."""
    letters, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def place(file: str, sheet: str, row: int | None, column: int | None = None, heading: str = "") -> Place:
    """Where a cell is: the column by letter and, where it has one, by its heading."""
    letter = "" if column is None else column_letter(column)
    return Place(file, sheet, row, f"{letter} ({heading})" if letter and heading else letter)
