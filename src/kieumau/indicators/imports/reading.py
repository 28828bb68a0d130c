"""One pass over a file: its sheets, its rows, and every problem with its cell."""

from collections.abc import Callable, Iterable

from kieumau.indicators.imports import file_faults, row_faults
from kieumau.indicators.imports.cells import Cell
from kieumau.indicators.imports.comparing import known_otherwise
from kieumau.indicators.imports.gathered import Gathered, RowPlace, key_of
from kieumau.indicators.imports.lookups import Indicators, Periods, Units
from kieumau.indicators.imports.mapping import Mapping
from kieumau.indicators.imports.report import Problems
from kieumau.indicators.imports.rows import LAYOUTS, Known, Rows
from kieumau.indicators.imports.sheets import Limits, Sheet, column_letter
from kieumau.indicators.imports.tables import Table, open_table
from kieumau.indicators.whence import Stood
from kieumau.kernel.messages import Problem

PROGRESS_EVERY = 1000
FoundCell = tuple[Table, int, int | None]  # with its row and its column


class Broken(Exception):
    """Nothing of the file may be stored; why, stands among the problems."""


class Reader:
    """Reads the sheets of one file into `gathered` and `problems`.

    `layouts` are its sheets by name, `remarks` what rows say of their figures.
    """

    def __init__(
        self, mapping: Mapping, units: Units, indicators: Indicators, problems: Problems, limits: Limits
    ) -> None:
        self.mapping = mapping
        self.units = units
        self.indicators = indicators
        self.periods = Periods(mapping.period)
        self.problems = problems
        self.limits = limits
        self.gathered = Gathered()
        self._known = Known(
            units, indicators, self.periods, self.gathered, problems, keeps_blanks=mapping.absent == "zero"
        )
        self.layouts: dict[str, Rows] = {}
        self.remarks: dict[RowPlace, str] = {}
        self.rows_read = self.rows_left_out = self.rows_ignored = self.columns_left_out = 0

    def read(self, sheet: Sheet, file: str, progress: Callable[[int], None]) -> None:
        """All rows of one sheet; `progress` hears of row numbers. Raises `Broken`."""
        if not sheet.is_text:
            self.problems.extend(sheet.faults)
        table = open_table(sheet, file, self.mapping)
        if isinstance(table, list):
            self.problems.extend(table)
            return
        rows = self.layouts[sheet.name] = LAYOUTS[self.mapping.across](self._known, table)
        short: tuple[int, int] | None = None
        width = len(table.headings)
        for number, row in table.rows:
            self.rows_read += 1
            if short:
                self._leave_out(table, short[0], row_faults.short_row(short[1], width, is_last=False))
                short = None
            if len(row) < width:
                short = (number, len(row))
            elif len(row) > width and any(row[width:]):
                self._leave_out(table, number, row_faults.long_row(len(row), width))
            else:
                self._read_row(rows, number, row)
            if self.rows_read % PROGRESS_EVERY == 0:
                progress(number)
                self._refuse_too_many(table, number)
        if short:
            self._leave_out(table, short[0], row_faults.short_row(short[1], width, is_last=True))
        self.rows_ignored += table.rows_ignored
        self.columns_left_out += rows.columns_left_out
        if sheet.is_text and sheet.faults:
            self.problems.extend(sheet.faults)
            raise Broken

    def _read_row(self, rows: Rows, number: int, row: list[Cell]) -> None:
        """A row with anything wrong gives no figure at all."""
        mark = len(self.gathered.figures)
        rows.has_failed = False
        rows.read(number, row)
        if rows.has_failed:
            self.gathered.leave_out(mark)
            self.rows_left_out += 1
        elif rows.table.remarks and (text := rows.table.remarks.text(row)):
            self.remarks[rows.table.sheet.name, number] = text

    def _leave_out(self, table: Table, number: int, fault: Problem) -> None:
        self.problems.add(fault, table.place(number))
        self.rows_left_out += 1

    def _refuse_too_many(self, table: Table, number: int) -> None:
        if len(self.gathered.figures) > self.limits.values:
            self.problems.add(file_faults.too_many_values(self.limits.values), table.place(number))
            raise Broken

    def periods_read(self) -> set[int]:
        """The ids of all periods that figures were read for."""
        return {row[0] for row in self.gathered.figures}

    def places_of(self, unit: int, keys: Iterable[tuple[int, int]]) -> list[FoundCell]:
        """The cells of a unit's figures (period, indicator) that the file has, in order of the file."""
        found = []
        for period, indicator in keys:
            if here := self.gathered.rows.get(key_of(period, unit, indicator)):
                rows = self.layouts[here[0]]
                found.append((rows.table, here[1], rows.column_of(period, indicator)))
        order = {name: number for number, name in enumerate(self.layouts)}
        return sorted(found, key=lambda cell: (order[cell[0].sheet.name], cell[1], cell[2] or 0))

    def stood(self) -> Stood:
        """Where the figures stood."""
        layouts = self.layouts

        def column_of(sheet: str, period: int, indicator: int) -> str:
            column = layouts[sheet].column_of(period, indicator)
            return "" if column is None else column_letter(column)

        elsewhere = {key: column_letter(column) for key, column in self.gathered.elsewhere.items()}
        return Stood(self.gathered.rows, column_of, elsewhere)

    def fill_zeros(self) -> tuple[int, int]:
        """Zeros for what the file leaves out, where the mapping says that absent means none.

        Returns how many, and how many figures known already were left as they are.
        """
        return self.gathered.fill_zeros(
            lambda indicator: [
                (period.id, period.last_day)
                for period in self.periods.seen(self.indicators.rhythm(indicator))
            ],
            self.units.lives,
            known_otherwise,
        )
