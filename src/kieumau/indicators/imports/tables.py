"""A sheet under a mapping: its headings found, its rows with numbers, its templates bound to columns."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kieumau.indicators.imports import file_faults, row_faults
from kieumau.indicators.imports.cells import Cell, cell_text
from kieumau.indicators.imports.mapping import Mapping
from kieumau.indicators.imports.sheets import Sheet, column_letter, place
from kieumau.indicators.imports.templates import HEADER, SHEET, Template
from kieumau.kernel.messages import Place, Problem
from kieumau.kernel.text import nearest, search_key, tidy


class Bound:
    """A template bound to the columns of one sheet."""

    def __init__(self, template: Template, columns: Sequence[int], sheet: str) -> None:
        self._template = template
        self._columns = columns
        self._sheet = sheet
        self._plain = template.literals == ("", "") and not any(template.filters) and bool(template.columns)
        self._known: dict[tuple[Cell, ...], str] = {}

    @property
    def column(self) -> int | None:
        """The first column it takes its text from."""
        return self._columns[0] if self._columns else None

    def text(self, row: Sequence[Cell]) -> str:
        """The template's text in one row."""
        cells = tuple([row[column] for column in self._columns])
        if (text := self._known.get(cells)) is None:
            text = self._known[cells] = self._filled(cells, "")
        return text

    def heading(self, heading: str) -> str:
        """The template's text below one heading."""
        return self._filled((), heading)

    def _filled(self, cells: Sequence[Cell], heading: str) -> str:
        own = {HEADER: heading, SHEET: self._sheet}
        texts = iter(cells)
        filled = [own[name] if name in own else cell_text(next(texts)) for name in self._template.names]
        return self._template.fill(filled).strip()

    def cell(self, row: Sequence[Cell]) -> Cell:
        """The cell itself where the template is one whole column (dates stay dates), else the text."""
        return row[self._columns[0]] if self._plain else self.text(row)


@dataclass
class Table:
    """A sheet ready to be read: rows below the headings, with their numbers."""

    sheet: Sheet
    file: str
    headings: list[str]
    heading_row: int
    unit: Bound
    within: Bound | None
    indicator: Bound
    period: Bound
    unit_levels: list[tuple[Bound, Bound]]
    remarks: Bound | None = None
    value_columns: list[int] = field(default_factory=list)
    otherwise: int | None = None
    nameless_columns: list[int] = field(default_factory=list)
    rows: Iterator[tuple[int, list[Cell]]] = field(default_factory=lambda: iter(()))
    rows_ignored: int = 0
    ignore: list[tuple[int, frozenset[str]]] = field(default_factory=list)

    def place(self, row: int | None, column: int | None = None) -> Place:
        """The address of a cell, with the heading of its column."""
        heading = self.headings[column] if column is not None and column < len(self.headings) else ""
        return place(self.file, self.sheet.name, row, column, heading)


def open_table(sheet: Sheet, file: str, mapping: Mapping) -> Table | list[Problem]:
    """The table of a sheet, or all that is wrong with its headings. An empty sheet is one problem."""
    numbered = enumerate(sheet.rows, 1)
    for _ in range(mapping.skip_rows):
        next(numbered, None)
    heading_rows = [row for _, row in zip(range(mapping.header_rows), numbered, strict=False)]
    first = next(_filled(numbered), None)
    if sheet.faults and first is None:
        return list(sheet.faults)
    if first is None:
        has_headings = any(any(row) for _, row in heading_rows)
        fault = file_faults.header_only() if has_headings else file_faults.empty_file()
        return [file_faults.at(fault, file=file, sheet=sheet.name)]
    if heading_rows:
        headings, last_heading = _headings(heading_rows, sheet), heading_rows[-1][0]
    else:
        headings, last_heading = [column_letter(n) for n in range(len(first[1]))], first[0] - 1
    columns = _Columns(headings, sheet, file, last_heading)
    table = _bound(columns, mapping)
    if columns.problems:
        return columns.problems
    table.rows = _data_rows(table, first, numbered)
    return table


def _bound(columns: "_Columns", mapping: Mapping) -> Table:
    """The mapping bound to the columns of a sheet, still without rows; `columns` gathers what is wrong."""
    table = Table(
        columns.sheet,
        columns.file,
        columns.headings,
        columns.row,
        columns.bind(mapping.unit.template()),
        columns.bind(mapping.unit.templates()[1]) if mapping.unit.within else None,
        columns.bind(mapping.indicator.template()),
        columns.bind(mapping.period.template()),
        columns.bind_levels(mapping),
        columns.bind(Template.parse(mapping.remarks)) if mapping.remarks else None,
    )
    ignored = [columns.find(name) for name in mapping.ignore]
    table.ignore = [
        (columns.find(name), frozenset(tidy(text) for text in texts))
        for name, texts in mapping.ignore_rows.items()
    ]
    table.value_columns, table.nameless_columns = columns.values(mapping, ignored)
    if mapping.values.otherwise:
        table.otherwise = columns.find(mapping.values.otherwise)
    columns.refuse_merged([*columns.used, *table.value_columns], mapping.header_rows)
    return table


def _filled(rows: Iterator[tuple[int, list[Cell]]]) -> Iterator[tuple[int, list[Cell]]]:
    """Rows in which something stands."""
    for number, row in rows:
        if any(row) or any(cell != "" for cell in row):
            yield number, row


def _data_rows(
    table: Table, first: tuple[int, list[Cell]], rest: Iterator[tuple[int, list[Cell]]]
) -> Iterator[tuple[int, list[Cell]]]:
    """Filled rows that the mapping does not leave out."""
    ignore = table.ignore
    yield from () if _is_ignored(table, first[1]) else (first,)
    for numbered in _filled(rest):
        if not ignore or not _is_ignored(table, numbered[1]):
            yield numbered


def _is_ignored(table: Table, row: list[Cell]) -> bool:
    if any(column < len(row) and cell_text(row[column]) in texts for column, texts in table.ignore):
        table.rows_ignored += 1
        return True
    return False


def _headings(rows: list[tuple[int, list[Cell]]], sheet: Sheet) -> list[str]:
    """The text above each column: the rows of headings joined, merged cells counted for each column."""
    width = max(len(row) for _, row in rows)
    pieces: list[list[str]] = [[] for _ in range(width)]
    by_number = {number: [cell_text(cell) for cell in row] for number, row in rows}
    for number, texts in by_number.items():
        for column in range(width):
            text = texts[column] if column < len(texts) else ""
            for top, left, bottom, right in sheet.merged if len(rows) > 1 else ():
                if top <= number <= bottom and left <= column + 1 <= right:
                    text = by_number.get(top, texts)[left - 1]
            if text and pieces[column][-1:] != [text]:
                pieces[column].append(text)
    return [" ".join(parts) for parts in pieces]


class _Columns:
    """Finds columns by heading and gathers what is wrong."""

    def __init__(self, headings: list[str], sheet: Sheet, file: str, row: int) -> None:
        self.headings = headings
        self.sheet = sheet
        self.file = file
        self.row = row
        self.used: set[int] = set()
        self.problems: list[Problem] = []
        self._folded = [search_key(heading) for heading in headings]
        self._complained: set[str] = set()

    def bind(self, template: Template) -> Bound:
        """The template with its columns, which from now on hold no values."""
        columns = [self.find(name) for name in template.columns]
        self.used.update(columns)
        return Bound(template, columns, self.sheet.name)

    def bind_levels(self, mapping: Mapping) -> list[tuple[Bound, Bound]]:
        """Code and name of each level of units that the file itself names."""
        levels = mapping.units.levels if mapping.units else ()
        return [(self.bind(Template.parse(own.code)), self.bind(Template.parse(own.name))) for own in levels]

    def find(self, name: str) -> int:
        """The column of that heading: exactly, or but for case and accents. Notes a problem otherwise."""
        wanted = tidy(name)
        found = [column for column, heading in enumerate(self.headings) if heading == wanted]
        if not found and (key := search_key(wanted)):
            found = [column for column, folded in enumerate(self._folded) if folded == key]
        if len(found) == 1:
            return found[0]
        one_column = len(self.headings) == 1 and self.sheet.is_text
        if wanted not in self._complained and not (one_column and self._complained):
            self._complained.add(wanted)
            if found:
                letters = ", ".join(column_letter(column) for column in found)
                fault = row_faults.repeated_heading(wanted, letters)
            else:
                near = nearest(wanted, [heading for heading in self.headings if heading], 2)
                fault = row_faults.missing_column(
                    wanted, near, len(self.headings) == 1 and self.sheet.is_text
                )
            self._note(fault, None)
        return 0

    def values(self, mapping: Mapping, ignored: list[int]) -> tuple[list[int], list[int]]:
        """Columns of values, and columns that would be but have no heading."""
        if mapping.values.column:
            return [self.find(mapping.values.column)], []
        if mapping.values.columns != "rest":
            return [self.find(name) for name in mapping.values.columns], []
        if self.problems:
            return [], []
        rest = [
            column
            for column in range(len(self.headings))
            if column not in self.used and column not in ignored
        ]
        named = [column for column in rest if self.headings[column]]
        counts = Counter(self.headings[column] for column in named)
        for heading in [heading for heading, count in counts.items() if count > 1]:
            letters = ", ".join(column_letter(column) for column in named if self.headings[column] == heading)
            self._note(row_faults.repeated_heading(heading, letters), None)
        if not named:
            self._note(row_faults.no_value_columns(), None)
        return named, [column for column in rest if not self.headings[column]]

    def refuse_merged(self, columns: list[int], heading_rows: int) -> None:
        """One heading over several columns that are read is no heading for any of them."""
        if heading_rows != 1:
            return
        for top, left, bottom, right in self.sheet.merged:
            across = [column for column in range(left - 1, right) if column in columns or column == left - 1]
            if top <= self.row <= bottom and left < right and any(column in columns for column in across):
                letters = f"{column_letter(left - 1)}–{column_letter(right - 1)}"
                self._note(row_faults.merged_heading(letters), left - 1)

    def _note(self, fault: Problem, column: int | None) -> None:
        heading = "" if column is None else self.headings[column]
        self.problems.append(
            Problem(
                fault.code,
                fault.reason,
                fault.hint,
                place(self.file, self.sheet.name, self.row, column, heading),
            )
        )
