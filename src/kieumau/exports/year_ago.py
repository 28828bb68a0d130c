"""A figure beside that of a year ago: how much it changed, and how far the two compare.

In a list nobody looks whether the same units were silent both times: where something lacks on both sides
the mark says that it has not been compared (`indicators.maps.comparing`). Of one unit alone it is compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import connection

from kieumau.exports.asking import Asked
from kieumau.exports.reported import Cell
from kieumau.exports.rows import BY_MARK, STATES, written
from kieumau.formulas.windows import Operand
from kieumau.indicators.maps.between import Between as Known
from kieumau.indicators.maps.between import Compared as Between
from kieumau.indicators.maps.between import between
from kieumau.indicators.maps.comparing import change_between
from kieumau.indicators.maps.queries import territory_since, who_differs_at
from kieumau.indicators.maps.rules import (
    AS_REPORTED,
    MARKS,
    SAME_TERRITORY,
    Amount,
    Judged,
    Mark,
)
from kieumau.indicators.maps.territory import courses
from kieumau.indicators.runs import runs_of
from kieumau.kernel.messages import Text
from kieumau.units.models import Level

__all__ = ["UNASKED", "Between", "YearAgo", "stayed_since", "years_ago"]

# As in `rows.FigureRow`: value, fraction, state, change, reported, expected, mark, why.
Told = tuple[Decimal | None, str, str, Decimal | None, int | None, int | None, str, str]
UNASKED: Told = (None, "", "", None, None, None, "", "")


def _sentence(mark: Mark) -> Judged:
    text = MARKS[mark]
    return Judged(mark, Text(vi=f"{text.vi.capitalize()}.", en=f"{text.en.capitalize()}."))


JUDGED: Mapping[Mark | None, Judged] = {
    **{mark: _sentence(mark) for mark in Mark},
    Mark.SAME: SAME_TERRITORY,
    None: AS_REPORTED,
}
MOVED = Judged(
    Mark.NOT_COMPARABLE,
    Text(
        vi="Một năm trước địa bàn khác bây giờ; hãy xem trên bản đồ hiện nay.",
        en="A year ago the territory was another; look at today's map.",
    ),
)


@dataclass
class YearAgo:
    """One indicator in one window beside that of a year ago, for all units of a block.

    `stayed` are the units whose territory is the same, where figures are as reported; None on a map.
    """

    known: Known
    is_share: bool
    language: str
    stayed: frozenset[int] | None
    _judged: dict[tuple[object, ...], tuple[str, str]] = field(default_factory=dict)

    def told(self, unit_id: int, now: Cell, before: Cell) -> Told:
        """The columns of one row."""
        has_moved = self.stayed is not None and unit_id not in self.stayed
        if has_moved and not before.reported:  # most likely it was not there
            before = before._replace(expected=0)
        number, fraction = written(before.value) if before.value is not None else (None, "")
        mark, why = self._compared(now, before, has_moved=has_moved)
        is_apart = mark == BY_MARK[Mark.NOT_COMPARABLE].value
        change = None if is_apart else change_between(_exact(now), _exact(before), is_share=self.is_share)
        return (
            number,
            fraction,
            STATES[before.state],
            None if change is None else written(change)[0],
            *before.counted,
            mark,
            why,
        )

    def _compared(self, now: Cell, before: Cell, *, has_moved: bool) -> tuple[str, str]:
        """The mark and its reasons; few different ones stand in a block of thousands."""
        counts = now.reported, now.expected, before.reported, before.expected
        key = (now.mark, before.mark, has_moved, *counts)
        if (found := self._judged.get(key)) is None:
            marks = [JUDGED[now.mark], JUDGED[before.mark], *([MOVED] if has_moved else [])]
            judged = self.known.judged(marks, _amount(now), _amount(before))
            code = "as-reported" if judged.why == AS_REPORTED.why else BY_MARK[judged.mark].value
            found = self._judged[key] = code, judged.told.in_(self.language)
        return found


def years_ago(
    compared: Mapping[str, Between],
    asked: Asked,
    stayed: frozenset[int] | None,
    alone: tuple[int, Mapping[Operand, Cell]] | None = None,
) -> Mapping[str, YearAgo]:
    """How each indicator of a block is compared, by its code. No query.

    `alone` is the one unit of the block, above communes, with its figures: for it three queries at most
    tell whether the same units reported both times.
    """
    operands = {one for each in compared.values() for pair in each.operands for one in pair}
    runs = {run.operand: run for run in runs_of(list(operands), asked.known)}
    unit_id, cells = alone or (0, {})
    found = between(
        compared,
        {operand: _amount(cell) for operand, cell in cells.items()},
        runs,
        lambda code: tuple(asked.redefined.get(code, ())),
        who_differs_at(unit_id, asked.on) if alone else lambda _: {},
    )
    return {
        code: YearAgo(
            one if alone else replace(one, who=None), asked.known[code].is_share, asked.language, stayed
        )
        for code, one in found.items()
    }


_STAYED = """
    SELECT to_unit FROM unit_mapping
    WHERE to_unit = ANY(%(units)s) AND on_map @> %(now)s::date AND reported @> %(before)s::date
    GROUP BY to_unit HAVING count(*) = 1 AND bool_and(from_unit = to_unit AND numerator = denominator)
"""


def stayed_since(units: Sequence[int], level: int, now: date, before: date) -> frozenset[int]:
    """Which of these units of one level had the same territory on the earlier day. One query at most."""
    if level == Level.NATION:
        return frozenset(units)
    if level == Level.PROVINCE:
        found = courses(before, now)
        return frozenset(
            unit
            for unit in units
            if unit in found
            and not found[unit].parts
            and [(one.unit_id, one.apart) for one in found[unit].wholes] == [(unit, ())]
        )
    if level == Level.COMMUNE:
        with connection.cursor() as cursor:
            cursor.execute(_STAYED, {"units": list(units), "now": now, "before": before})
            return frozenset(unit for (unit,) in cursor.fetchall())
    return frozenset(unit for unit in units if territory_since(unit, before, now).mark is Mark.SAME)


def _amount(cell: Cell) -> Amount:
    """As many values as were reported: what matters here is how many there are of how many."""
    return Amount(value_count=cell.reported, expected=cell.expected)


def _exact(cell: Cell) -> Fraction | None:
    return None if cell.value is None else Fraction(cell.value)
