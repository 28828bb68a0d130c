"""The rows of an export, block by block: one window, the units of one area, some indicators.

A block is read with a few queries for all its units and holds at most a few thousand cells, so that the
memory is the same for a thousand rows as for ten million. All blocks of an export see one state of the store.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, cast

from django.db import connection, transaction

from kieumau.audit.past import as_known
from kieumau.calendars.library import calendar
from kieumau.exports.asking import Asked
from kieumau.exports.mapped import cells_on_map
from kieumau.exports.places import Area, areas, pieces
from kieumau.exports.reported import Cell, Cells, own_cells, province_cells
from kieumau.exports.rows import BY_MARK, LEVEL_WORDS, STATES, Compared, FigureRow, written
from kieumau.exports.year_ago import UNASKED, Between, YearAgo, stayed_since, years_ago
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands_of, place
from kieumau.formulas.tree import Node
from kieumau.formulas.values import OperandValue, State
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.maps.queries import values_on_map
from kieumau.indicators.maps.rules import Mark
from kieumau.indicators.models import Source
from kieumau.indicators.rules import state_without_outcome
from kieumau.indicators.runs import runs_of
from kieumau.kernel.messages import Text
from kieumau.units.models import Level, Position

MOST_CELLS = 8_000
MOST_SOURCES = 3
ROLL_UP = Text(vi="tổng hợp từ cấp dưới", en="roll-up of the units below")
NOTHING = Cell(State.MISSING, None, None, 0, 0)


class Key(NamedTuple):
    """Where a block stands in its export: group, window, area and piece, each counted from 0."""

    group: int = 0
    window: int = 0
    area: int = 0
    piece: int = 0


@dataclass
class Reading:
    """Reads blocks of one export; what blocks share (names, trees, sources) is kept as long as it lasts."""

    asked: Asked
    _sources: dict[int, str] = field(default_factory=dict)
    _areas: tuple[tuple[date, str], list[Area]] | None = None
    _trees: dict[str, Node] = field(default_factory=dict)

    @property
    def _most_cells(self) -> int:
        return MOST_CELLS // 2 if self.asked.with_year_ago else MOST_CELLS

    def places(self, start: Key | None = None) -> Iterator[tuple[Key, Area, tuple[str, ...]]]:
        """The area and the indicators of every block in order, from `start` on; no figures are read.

        Ordered by the indicators' calendar, then window, area, unit and indicator. Two queries for each
        window that sees another tree than the one before.
        """
        first = start or Key()
        for group_number, group in enumerate(self.asked.groups):
            for window_number, window in enumerate(group.windows):
                if (group_number, window_number) < first[:2]:
                    continue
                for area_number, area in enumerate(self._areas_of(window)):
                    for number, codes in enumerate(pieces(area, group.codes, self._most_cells)):
                        key = Key(group_number, window_number, area_number, number)
                        if key >= first:
                            yield key, area, codes

    def blocks(self) -> Iterator[list[FigureRow]]:
        """The rows of every block in order."""
        for key, area, codes in self.places():
            yield self.block(self.asked.groups[key.group].windows[key.window], area, codes)

    def block(self, window: Window, area: Area, codes: Sequence[str]) -> list[FigureRow]:
        """The rows of some units and indicators in one window."""
        ago = calendar(window.calendar).year_ago(window) if self.asked.with_year_ago else None
        shown = {(code, one): self._shown(code, one) for code in codes for one in (window, ago) if one}
        operands = dict.fromkeys(one for some in shown.values() for one in some.operands)
        cells = self._cells(area, list(operands))
        self._learn({one for column in cells.values() for cell in column.values() for one in cell.sources})
        pairs = self._pairs(area, codes, shown, (window, ago), cells) if ago else {}
        said = [(code, self._about(code, window), shown[code, window]) for code in codes]
        level, on = LEVEL_WORDS[self.asked.level], self.asked.on.word
        rows = []
        for unit_id, unit_code, unit_name in area.places:
            for code, about, what in said:
                cell = what.cell(unit_id, cells)
                before = shown[code, ago].cell(unit_id, cells) if ago else None
                number, fraction = written(cell.value) if cell.value is not None else (None, "")
                compared = about.compared(cell.mark)
                year_ago = pairs[code].told(unit_id, cell, before) if before else UNASKED
                rows.append(
                    FigureRow._make((
                        unit_code, unit_name, level, *about.said, number, fraction, STATES[cell.state], on,
                        compared.value, about.sentences[compared], *cell.counted,
                        self._source(cell),
                        *year_ago,
                        self.asked.known_on,
                    ))
                )  # fmt: skip
        return rows

    # what there is to read --------------------------------------------------------------------------

    def _areas_of(self, window: Window) -> list[Area]:
        day = self.asked.on.day or calendar(window.calendar).last_day(window)
        stood = Position.objects.filter(unit_id=self.asked.within_id, valid__contains=day)
        path = stood.values_list("path", flat=True).first()
        if path is None:
            return []
        if self._areas is None or self._areas[0] != (day, path):
            self._areas = (day, path), areas(day, self.asked.level, path, self.asked.language)
        return self._areas[1]

    def _shown(self, code: str, window: Window) -> "_Shown":
        tree = self._placed(code, window)
        operands = (Operand(code, window),) if tree is None else operands_of(tree)
        lacking = {}
        if self.asked.on.is_reported and self.asked.level == Level.COMMUNE:
            runs = runs_of(operands, self.asked.known)
            lacking = {run.operand: NOTHING._replace(expected=len(run.periods)) for run in runs}
        return _Shown(tree, operands, lacking)

    def _pairs(
        self,
        area: Area,
        codes: Sequence[str],
        shown: "Mapping[tuple[str, Window], _Shown]",
        windows: tuple[Window, Window],
        cells: Cells,
    ) -> Mapping[str, YearAgo]:
        """How each indicator compares with a year ago; as reported, for units with the same territory."""
        window, ago = windows
        last_days = [calendar(one.calendar).last_day(one) for one in (window, ago)]
        units = [place.unit_id for place in area.places]
        stayed = stayed_since(units, self.asked.level, *last_days) if self.asked.on.is_reported else None
        compared = {
            code: Between(
                # At the beginning of a calendar a formula may name fewer periods.
                window,
                ago,
                list(zip(shown[code, window].operands, shown[code, ago].operands, strict=False)),
            )
            for code in codes
        }
        alone = None
        if len(units) == 1 and self.asked.level < Level.COMMUNE:
            alone = units[0], {one: column.get(units[0], NOTHING) for one, column in cells.items()}
        return years_ago(compared, self.asked, stayed, alone)

    def _placed(self, code: str, window: Window) -> Node | None:
        """The formula of a derived indicator over a window; None for a plain one."""
        known = self.asked.known
        if not known[code].is_derived:
            return None
        if code not in self._trees:
            self._trees[code] = expand(parse(code), known)
        return place(self._trees[code], window, calendar(window.calendar))

    def _cells(self, area: Area, operands: Sequence[Operand]) -> Cells:
        """The plain figures of an area."""
        units = [place.unit_id for place in area.places]
        level, on = self.asked.level, self.asked.on
        if level not in (Level.PROVINCE, Level.COMMUNE):
            return self._one_by_one(units, operands)
        if on.day is None:
            runs = list(runs_of(operands, self.asked.known))
            return own_cells(units, runs) if level == Level.COMMUNE else province_cells(units, runs)
        known = self.asked.known
        return cells_on_map(units, operands, on.day, level=level, within=area.path, known=known)

    def _one_by_one(self, units: Sequence[int], operands: Sequence[Operand]) -> Cells:
        """The nation and districts: few, or rare."""
        found: Cells = {operand: {} for operand in operands}
        for unit_id in units:
            for operand, one in values_on_map(unit_id, operands, self.asked.on).items():
                mark = None if self.asked.on.is_reported else one.mark
                amount = one.amount
                rolls_up = self.asked.known[operand.indicator].over_units == "sum"
                state = amount.state_so_far if rolls_up else one.state
                value = amount.total if state is State.VALUE else None
                found[operand][unit_id] = Cell(state, value, mark, amount.reported, amount.expected)
        return found

    # what is said of them ---------------------------------------------------------------------------

    def _about(self, code: str, window: Window) -> "_About":
        one, own, language = self.asked.known[code], calendar(window.calendar), self.asked.language
        starts_on, ends_before = own.bounds(window)
        last_day = ends_before - timedelta(days=1)
        changed = any(
            last_day < noted.since <= self.asked.last_day for noted in self.asked.redefined.get(code, ())
        )
        return _About(
            (
                code,
                one.name.in_(language),
                one.measure.in_(language),
                window.calendar,
                own.period_code(window),
                starts_on,
                last_day,
            ),
            {compared: compared.sentence.in_(language) for compared in Compared},
            is_redefined=changed,
        )

    def _learn(self, ids: set[int]) -> None:
        """Read the names of sources that are not known yet."""
        if unknown := ids - self._sources.keys():
            if len(self._sources) > 50_000:
                self._sources.clear()
                unknown = ids
            self._sources |= dict(Source.objects.filter(id__in=unknown).values_list("id", "name"))

    def _source(self, cell: Cell) -> str:
        if len(cell.sources) == 1:
            return self._sources.get(cell.sources[0], "")
        if cell.sources:
            names = dict.fromkeys(self._sources.get(one, "") for one in sorted(cell.sources)[:MOST_SOURCES])
            more = len(cell.sources) - MOST_SOURCES
            return "; ".join(names) + (f"; … +{more}" if more > 0 else "")
        if cell.reported and self.asked.level < Level.COMMUNE:
            return ROLL_UP.in_(self.asked.language)
        return ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """An indicator in one window: its formula (None for a plain one) and the figures it is made of.

    `lacking` is what stands for a figure that is not there: how many are expected of a unit.
    """

    tree: Node | None
    operands: Sequence[Operand]
    lacking: Mapping[Operand, Cell]

    def cell(self, unit_id: int, cells: Cells) -> Cell:
        """Its figure for a unit."""
        parts = {
            operand: cells.get(operand, {}).get(unit_id) or self.lacking.get(operand, NOTHING)
            for operand in self.operands
        }
        return _derived(self.tree, parts) if self.tree else parts[self.operands[0]]


def _derived(tree: Node, parts: Mapping[Operand, Cell]) -> Cell:
    """A rate from its parts on the same map; it carries the weakest of their marks."""
    values = {
        # A figure handed back by thirds is no decimal; evaluation makes fractions of all values anyway.
        operand: OperandValue(cell.state, cast(Decimal | None, cell.value))
        for operand, cell in parts.items()
    }
    outcome = evaluate_placed(tree, values).outcome
    number = outcome if isinstance(outcome, Fraction) else None
    some = parts.values()
    state = State.VALUE if number is not None else state_without_outcome(cell.state for cell in some)
    marks = [cell.mark for cell in some if cell.mark is not None]
    return Cell(
        state,
        number,
        max(marks, default=None),
        sum(cell.reported for cell in some),
        sum(cell.expected for cell in some),
        tuple(dict.fromkeys(source for cell in some for source in cell.sources)),
        min((cell.counted for cell in some), key=lambda counts: counts[0], default=None),
    )


@dataclass(frozen=True, slots=True)
class _About:
    """What all rows of an indicator in a window have in common."""

    said: tuple[str, str, str, str, str, date, date]
    sentences: Mapping[Compared, str]
    is_redefined: bool

    def compared(self, mark: Mark | None) -> Compared:
        """The weakest of what there is to say."""
        found = Compared.AS_REPORTED if mark is None else BY_MARK[mark]
        is_weaker = self.is_redefined and found is not Compared.NOT_COMPARABLE
        return Compared.DEFINITION if is_weaker else found


@contextmanager
def reading(asked: Asked) -> Iterator[Reading]:
    """A reading of an export, as of one moment, or as known on the day asked for."""
    with one_moment(), as_known(asked.known_at, figures=True):
        yield Reading(asked)


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read within sees the store as it was at the beginning, whatever is written meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def figure_blocks(asked: Asked) -> Iterator[list[FigureRow]]:
    """The rows of an export as of one moment."""
    with reading(asked) as found:
        yield from found.blocks()
