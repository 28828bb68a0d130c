"""The rows of one sheet into figures, in each of the three layouts.

The work per cell is one look into a dictionary of known texts and one into the keys already seen;
everything else (unit, indicator, period) is looked up once per row, once per column or once per word.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kieumau.indicators.imports import row_faults
from kieumau.indicators.imports.cells import Cell, CellReader
from kieumau.indicators.imports.gathered import Gathered, RowPlace, key_of, parts_of
from kieumau.indicators.imports.lookups import (
    Indicators,
    KnownIndicator,
    KnownPeriod,
    Periods,
    Rhythm,
    Units,
    UnitWord,
)
from kieumau.indicators.imports.report import Problems
from kieumau.indicators.imports.sheets import column_letter
from kieumau.indicators.imports.tables import Table
from kieumau.kernel.messages import Problem

T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """What the rows of every sheet share: where words are looked up and where figures go.

    `keeps_blanks`: an empty cell is remembered, because absent rows will be filled with zeros.
    """

    units: Units
    indicators: Indicators
    periods: Periods
    gathered: Gathered
    problems: Problems
    keeps_blanks: bool


class Rows:
    """How the rows of one sheet are read; one subclass per layout.

    `has_failed` tells of the row just read. What is wrong with a heading fails no row: its column is
    left out.
    """

    def __init__(self, known: Known, table: Table) -> None:
        self.table = table
        self.units = known.units
        self.indicators = known.indicators
        self.periods = known.periods
        self.gathered = known.gathered
        self.problems = known.problems
        self.keeps_blanks = known.keeps_blanks
        self.has_failed = False
        self.columns_left_out = 0
        self._nameless = list(table.nameless_columns)
        self._said_of_sheet: set[str] = set()

    def read(self, number: int, row: list[Cell]) -> None:
        """Gather the figures of a row and note what is wrong in it."""
        raise NotImplementedError

    # what a row or a column names -----------------------------------------------------------------

    def indicator(self, number: int, row: Sequence[Cell]) -> KnownIndicator | None:
        """The row's indicator; a problem is noted."""
        return self._known(
            self.indicators.find(self.table.indicator.text(row)), number, self.table.indicator.column
        )

    def period(self, number: int, row: Sequence[Cell], rhythm: Rhythm) -> KnownPeriod | None:
        """The row's period; a problem is noted."""
        return self._known(
            self.periods.find(self.table.period.cell(row), rhythm), number, self.table.period.column
        )

    def unit_word(self, row: Sequence[Cell]) -> UnitWord:
        """What the row calls its unit, and what it says it lies within."""
        return self.table.unit.text(row), self.table.within.text(row) if self.table.within else ""

    def unit(self, number: int, row: Sequence[Cell], period: KnownPeriod | None) -> int | None:
        """The row's unit in the period (ever, where that is not known); a problem is noted."""
        word = self.unit_word(row)
        found = self.units.find(word, period.last_day) if period else self.units.ever(word)
        return self._known(found, number, self.table.unit.column)

    def _known(self, found: T | Problem, number: int, column: int | None) -> T | None:
        if not isinstance(found, Problem):
            return found
        if column is not None:
            self.fail(found, number, column)
        elif found.code not in self._said_of_sheet:  # given by the mapping or the sheet's name
            self._said_of_sheet.add(found.code)
            self.fail(found, None, None)
        self.has_failed = True
        return None

    def fail(self, problem: Problem, number: int | None, column: int | None) -> None:
        """Something is wrong in this row."""
        self.problems.add(problem, self.table.place(number, column))
        self.has_failed = True

    def heading_problem(self, problem: Problem, column: int) -> None:
        """A column that cannot be read."""
        self.problems.add(problem, self.table.place(self.table.heading_row, column))
        self.columns_left_out += 1

    def once(self, columns: list[tuple[int, T, int]]) -> list[tuple[int, T]]:
        """The columns whose heading means what no other means; the others are left out and noted."""
        counts = Counter(meaning for _, _, meaning in columns)
        for meaning in [meaning for meaning, count in counts.items() if count > 1]:
            alike = [column for column, _, own in columns if own == meaning]
            heading = self.table.headings[alike[-1]]
            letters = ", ".join(column_letter(column) for column in alike)
            self.heading_problem(row_faults.repeated_heading(heading, letters), alike[-1])
            self.columns_left_out += len(alike) - 1
        return [(column, found) for column, found, meaning in columns if counts[meaning] == 1]

    def column_of(self, period: int, indicator: int) -> int | None:
        """The column in which the figures of a period and an indicator stand on this sheet."""
        raise NotImplementedError

    def nameless(self, number: int, row: Sequence[Cell]) -> None:
        """A value below an empty heading is noted once per column."""
        for column in [column for column in self._nameless if row[column] != ""]:
            self._nameless.remove(column)
            self.problems.add(row_faults.no_heading(), self.table.place(number, column))
            self.columns_left_out += 1

    # values -----------------------------------------------------------------------------------------

    def keep(self, here: RowPlace, column: int, cell: Cell, key: int, cells: CellReader) -> None:
        """One cell under its key."""
        parsed = cells.read(cell)
        if isinstance(parsed, Problem):
            self.gathered.unread.add(key)
            self.fail(parsed, here[1], column)
        elif isinstance(parsed, tuple):
            if (first := self.gathered.rows.setdefault(key, here)) is not here:
                self.repeated(here, column, key, first)
            else:
                self.gathered.figures.append((*parts_of(key), *parsed))
        elif self.keeps_blanks:
            self.gathered.blanks.add(key)

    def repeated(self, here: RowPlace, column: int, key: int, first: RowPlace) -> None:
        """The same key twice: neither row is believed."""
        period, unit, indicator = parts_of(key)
        name = f"{self.units.label(unit)}, {self.indicators.code(indicator)}, {self.periods.code(period)}"
        sheet = first[0] if first[0] != here[0] else ""
        self.problems.add(
            row_faults.repeated_figure(name, first[1], sheet), self.table.place(here[1], column)
        )
        self.gathered.clashing.add(key)

    def check_cells(
        self, number: int, row: Sequence[Cell], columns: Iterable[tuple[int, CellReader]]
    ) -> None:
        """The faults of cells in a row that fails already, so that one pass tells all."""
        for column, cells in columns:
            parsed = cells.read(row[column])
            if isinstance(parsed, Problem):
                self.fail(parsed, number, column)


class _OneValue(Rows):
    """Long: one value in a row."""

    def read(self, number: int, row: list[Cell]) -> None:
        """See the base."""
        indicator = self.indicator(number, row)
        period = self.period(number, row, indicator.rhythm) if indicator else None
        unit = self.unit(number, row, period)
        column = self._answered(number, row)
        if indicator and period and unit:
            key = key_of(period.id, unit, indicator.id)
            if column != self.table.value_columns[0]:
                self.gathered.elsewhere[key] = column
            self.keep((self.table.sheet.name, number), column, row[column], key, indicator.cells)
        elif indicator:
            self.check_cells(number, row, [(column, indicator.cells)])

    def _answered(self, number: int, row: Sequence[Cell]) -> int:
        """The column in which the row's answer stands: its number, or the word why there is none."""
        column, other = self.table.value_columns[0], self.table.otherwise
        if other is None or row[other] == "":
            return column
        if row[column] != "":
            self.fail(row_faults.two_answers(), number, other)
            return column
        return other

    def column_of(self, period: int, indicator: int) -> int | None:
        """See the base: the only one there is."""
        return self.table.value_columns[0]


class _IndicatorsAcross(Rows):
    """Wide: one column for each indicator."""

    def __init__(self, known: Known, table: Table) -> None:
        super().__init__(known, table)
        self._columns: list[tuple[int, KnownIndicator]] = []
        for column in table.value_columns:
            found = self.indicators.find(table.indicator.heading(table.headings[column]))
            if isinstance(found, Problem):
                self.heading_problem(found, column)
            else:
                self._columns.append((column, found))
        self._columns = self.once([(column, found, found.id) for column, found in self._columns])

    def read(self, number: int, row: list[Cell]) -> None:
        """See the base."""
        self.nameless(number, row)
        here = (self.table.sheet.name, number)
        keys: dict[Rhythm, tuple[KnownPeriod, int] | None] = {}
        for column, indicator in self._columns:
            if (rhythm := indicator.rhythm) not in keys:
                period = self.period(number, row, rhythm)
                unit = None if None in keys.values() else self.unit(number, row, period)
                keys[rhythm] = (period, unit) if period and unit else None
            if known := keys[rhythm]:
                key = key_of(known[0].id, known[1], indicator.id)
                self.keep(here, column, row[column], key, indicator.cells)
            else:
                self.check_cells(number, row, [(column, indicator.cells)])

    def column_of(self, period: int, indicator: int) -> int | None:
        """See the base: whatever the period."""
        return next((column for column, found in self._columns if found.id == indicator), None)


class _PeriodsAcross(Rows):
    """Wide: one column for each period."""

    def __init__(self, known: Known, table: Table) -> None:
        super().__init__(known, table)
        self._by_rhythm: dict[Rhythm, list[tuple[int, KnownPeriod]]] = {}
        self._by_unit: dict[tuple[UnitWord, Rhythm], _UnitColumns] = {}

    def read(self, number: int, row: list[Cell]) -> None:
        """See the base. This is the innermost loop of large files: kept flat on purpose."""
        self.nameless(number, row)
        indicator = self.indicator(number, row)
        if indicator is None:
            self.unit(number, row, None)
            return
        known = self._unit_columns(row, indicator.rhythm)
        if known.unknown:
            self._known(known.unknown, number, self.table.unit.column)
            columns = self._period_columns(indicator.rhythm)
            self.check_cells(number, row, [(column, indicator.cells) for column, _ in columns])
            return
        for column, problem in known.not_there:
            if row[column] != "":
                self.fail(problem, number, column)
        texts, read = indicator.cells.texts, indicator.cells.read
        figures, first_row = self.gathered.figures, self.gathered.rows.setdefault
        here = (self.table.sheet.name, number)
        indicator_id = indicator.id
        base = indicator_id << 24
        for column, period, unit, part in known.columns:
            cell = row[column]
            parsed = texts.get(cell) or read(cell)  # type: ignore[arg-type]  # no cell but text is there
            if parsed.__class__ is tuple:
                if first_row(part | base, here) is here:
                    figures.append((period, unit, indicator_id, parsed[0], parsed[1]))
                    continue
                self.repeated(here, column, part | base, self.gathered.rows[part | base])
            else:
                self.keep(here, column, cell, part | base, indicator.cells)

    def column_of(self, period: int, indicator: int) -> int | None:
        """See the base: whatever the indicator."""
        columns = (pair for pairs in self._by_rhythm.values() for pair in pairs)
        return next((column for column, found in columns if found.id == period), None)

    def _unit_columns(self, row: Sequence[Cell], rhythm: Rhythm) -> "_UnitColumns":
        word = self.unit_word(row)
        if (known := self._by_unit.get((word, rhythm))) is None:
            known = self._by_unit[word, rhythm] = _UnitColumns()
            for column, period in self._period_columns(rhythm):
                found = self.units.find(word, period.last_day)
                if not isinstance(found, Problem):
                    known.columns.append((column, period.id, found, key_of(period.id, found, 0)))
                elif found.code == "unit-not-in-period":
                    known.not_there.append((column, found))
                else:
                    known.unknown = found
        return known

    def _period_columns(self, rhythm: Rhythm) -> list[tuple[int, KnownPeriod]]:
        if (known := self._by_rhythm.get(rhythm)) is None:
            known = []
            for column in self.table.value_columns:
                found = self.periods.find(self.table.period.heading(self.table.headings[column]), rhythm)
                if isinstance(found, Problem):
                    self.heading_problem(found, column)
                else:
                    known.append((column, found))
            known = self._by_rhythm[rhythm] = self.once(
                [(column, found, found.id) for column, found in known]
            )
        return known


class _UnitColumns:
    """The columns in which one word for a unit means a unit, and why it does not in the others."""

    def __init__(self) -> None:
        self.columns: list[tuple[int, int, int, int]] = []  # column, period, unit, both as part of a key
        self.not_there: list[tuple[int, Problem]] = []
        self.unknown: Problem | None = None


# By what the headings of the value columns name.
LAYOUTS: dict[str, type[Rows]] = {"": _OneValue, "period": _PeriodsAcross, "indicator": _IndicatorsAcross}
