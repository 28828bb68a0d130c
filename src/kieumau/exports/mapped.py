"""Figures of all units of an area on the map of a day, with the files they came from.

Sums come from `indicators.maps.wide`; those of several units are shown as far
as they go, as on pages. An indicator that does not add up is shown where the territory was one whole unit
all along, and nowhere else.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from kieumau.exports.reported import Cell, Cells, own_cells
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.maps.rules import Mark
from kieumau.indicators.maps.wide import wide_on_map
from kieumau.indicators.runs import Run, runs_of
from kieumau.units.models import Level

_CELLS = (
    "unnest(%(cells)s::int[], %(periods)s::int[], %(indicators)s::int[], %(days)s::date[])"
    " AS c (cell, period, indicator, day)"
)
_SOURCES = f"""
    SELECT m.to_unit, c.cell, array_agg(DISTINCT f.source)
    FROM {_CELLS}
    JOIN unit_mapping m ON m.to_unit = ANY(%(units)s) AND m.on_map @> %(on)s::date AND m.reported @> c.day
    JOIN figure f ON f.period = c.period AND f.unit = m.from_unit AND f.indicator = c.indicator
    GROUP BY 1, 2
"""
_WHOLE = """
    SELECT m.to_unit, d.day, min(m.from_unit) FILTER (WHERE m.numerator = m.denominator), count(*)::int
    FROM unnest(%(days)s::date[]) AS d (day)
    JOIN unit_mapping m ON m.to_unit = ANY(%(units)s) AND m.on_map @> %(on)s::date AND m.reported @> d.day
    GROUP BY 1, 2
"""


def cells_on_map(
    units: Sequence[int],
    operands: Sequence[Operand],
    on: date,
    *,
    level: int,
    within: str,
    known: Mapping[str, Definition],
) -> Cells:
    """The figures of provinces or communes below a path; `units` are all of them.

    Queries: those of `wide_on_map`, one for the sources of communes, three more for what does not add up.
    """
    adding = [one for one in operands if known[one.indicator].over_units == "sum"]
    runs = list(runs_of(adding, known))
    sources = _sources(units, runs, on) if level == Level.COMMUNE and runs else {}
    found: Cells = {operand: {} for operand in adding}
    if adding:
        for unit_id, values in wide_on_map(adding, on, level=level, within=within).items():
            for operand, one in values.items():
                named = sources.get((unit_id, operand), ())
                amount, is_total = one.amount, level < Level.COMMUNE or one.of_several
                state = amount.state_so_far if is_total else one.state
                value = amount.total if state is State.VALUE else None
                found[operand][unit_id] = Cell(
                    state, value, one.mark, amount.reported, amount.expected, named
                )
    apart = [run for run in runs_of(operands, known) if not run.rolls_up]
    return found | _apart(units, apart, on) if apart else found


def _sources(
    units: Sequence[int], runs: Sequence[Run], on: date
) -> Mapping[tuple[int, Operand], tuple[int, ...]]:
    asked = [
        (number, period, run.indicator_id, day)
        for number, run in enumerate(runs)
        for period, day in zip(run.periods, run.last_days, strict=True)
    ]
    columns = map(list, zip(*asked, strict=True))
    values: dict[str, Any] = dict(zip(("cells", "periods", "indicators", "days"), columns, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES, {**values, "units": list(units), "on": on})
        return {(unit, runs[number].operand): tuple(sources) for unit, number, sources in cursor.fetchall()}


def _apart(units: Sequence[int], runs: Sequence[Run], on: date) -> Cells:
    """Figures that do not add up: those of the one unit that the territory was."""
    days = sorted({day for run in runs for day in run.last_days})
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, {"days": days, "units": list(units), "on": on})
        was = {(unit, day): before for unit, day, before, count in cursor.fetchall() if count == 1 and before}
    own = own_cells(sorted(set(was.values())), runs)
    found: Cells = {}
    for run in runs:
        column = found[run.operand] = {}
        for unit in units:
            before = {was.get((unit, day)) for day in run.last_days}
            one = before.pop() if len(before) == 1 else None
            if one is None:
                column[unit] = Cell(State.MISSING, None, Mark.NOT_COMPARABLE, 0, 0)
            else:
                missing = Cell(State.MISSING, None, None, 0, len(run.periods))
                column[unit] = own[run.operand].get(one, missing)._replace(mark=Mark.SAME)
    return found
