"""What the XML of a sheet says and its reader does not: its size, errors, missing results, per cent.

One pass of a streaming parser, so that the time is that of the bytes, whatever they are.
"""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from kieumau.indicators.imports.cells import ErrorCell
from kieumau.indicators.imports.sheets import Limits

_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,9})")


@dataclass
class Marks:
    """The used area of a sheet, and its cells that are not what they seem.

    `special` gives for a row (from 1) and a column (from 0) what stands there, None for a cell shown in
    per cent; it is not filled any further where the area is larger than the limits. `unplaced` is an
    error in a cell that does not say where it is.
    """

    width: int = 0
    height: int = 0
    special: dict[int, dict[int, ErrorCell | None]] = field(default_factory=dict)
    unplaced: str = ""


def read_marks(xml: bytes, percent: set[str], limits: Limits) -> Marks:
    """Read the XML of one sheet; `percent` are the styles shown in per cent. Raises ParseError."""
    pass_ = _Pass(percent, limits)
    # Fed as a whole: some versions of expat begin a token anew with every piece.
    parser = ElementTree.XMLParser(target=pass_)
    parser.feed(xml)
    parser.close()
    return pass_.marks


class _Pass:
    """Hears of every element of a sheet, in order."""

    def __init__(self, percent: set[str], limits: Limits) -> None:
        self.marks = Marks()
        self._percent = percent
        self._limits = limits
        self._rows = 0
        self._cell: dict[str, str] | None = None
        self._has_formula = self._has_text = False
        self._value: list[str] | None = None
        self._shown: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        match tag.rpartition("}")[2]:
            case "c":
                self._cell = attributes
                self._has_formula = self._has_text = False
                self._shown = []
            case "v":
                self._value = self._shown
            case "f":
                self._has_formula = True
            case "is":
                self._has_text = True
            case "row":
                self._begin_row(attributes.get("r", ""))

    def data(self, text: str) -> None:
        """Text between two tags."""
        if self._value is not None:
            self._value.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        match tag.rpartition("}")[2]:
            case "c" if self._cell is not None:
                self._end_cell(self._cell)
                self._cell = None
            case "v":
                self._value = None

    def close(self) -> None:
        """The sheet ends."""

    def _begin_row(self, number: str) -> None:
        self._rows += 1
        self.marks.height = max(self.marks.height, int(number) if number.isdecimal() else self._rows)

    def _end_cell(self, attributes: dict[str, str]) -> None:
        address = _ADDRESS.fullmatch(attributes.get("r", ""))
        column = _index(address[1]) if address else 0
        self.marks.width = max(self.marks.width, column + 1)
        self.marks.height = max(self.marks.height, int(address[2]) if address else 0)
        error = self._error(attributes.get("t", ""))
        if error is None and attributes.get("s") not in self._percent:
            return
        if address:
            self._mark(int(address[2]), column, error)
        elif error and not self.marks.unplaced:
            self.marks.unplaced = error.shown

    def _error(self, kind: str) -> ErrorCell | None:
        """The error that the cell shows, or the result that it lacks."""
        shown = "".join(self._shown)
        if kind == "e":
            return ErrorCell(shown if shown.startswith("#") else "#ERROR")
        if self._has_formula and not (shown or self._has_text or kind == "str"):
            return ErrorCell("=")
        return None

    def _mark(self, row: int, column: int, cell: ErrorCell | None) -> None:
        if self.marks.width <= self._limits.columns and row * self.marks.width <= self._limits.cells:
            self.marks.special.setdefault(row, {})[column] = cell


def _index(letters: str) -> int:
    """Zero-based column of its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
