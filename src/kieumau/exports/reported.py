"""Figures as they were reported, for all units of an area at once: rows of communes, totals of provinces."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db import connection

from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand
from kieumau.indicators.maps.rules import Mark
from kieumau.indicators.rules import state_of, state_so_far
from kieumau.indicators.runs import Run


class Cell(NamedTuple):
    """A figure with what is told of it. `mark` None: as it was reported. `sources` are ids, at most a few.

    `least` are reported and expected figures of that part of a derived one of which fewest are there.
    """

    state: State
    value: Decimal | Fraction | None
    mark: Mark | None
    reported: int
    expected: int
    sources: tuple[int, ...] = ()
    least: tuple[int, int] | None = None

    @property
    def counted(self) -> tuple[int, int]:
        """How many figures are there of how many expected, as people are told it."""
        return self.least or (self.reported, self.expected)


Cells = dict[Operand, dict[int, Cell]]  # by unit; what is not there is left out
Expected = Callable[[int, Run], int]  # unit, run: how many figures belong to it
STATES = tuple(State)

_SINGLE = """
    SELECT unit, period, indicator, state, value, source FROM figure
    WHERE period = ANY(%(periods)s) AND unit = ANY(%(units)s) AND indicator = ANY(%(indicators)s)
"""
_CELLS = "unnest(%(cells)s::int[], %(periods)s::int[], %(indicators)s::int[]) AS c (cell, period, indicator)"
_SUMMED = f"""
    SELECT f.unit, c.cell, sum(f.value), count(*) FILTER (WHERE f.state = 0)::int,
        count(*) FILTER (WHERE f.state = 2)::int, count(*) FILTER (WHERE f.state = 3)::int,
        array_agg(DISTINCT f.source)
    FROM {_CELLS} JOIN figure f ON f.period = c.period AND f.indicator = c.indicator
        AND f.unit = ANY(%(units)s)
    GROUP BY 1, 2
"""
_TOTALS = f"""
    SELECT t.unit, c.cell, sum(t.value), sum(t.value_count)::int, sum(t.not_applicable_count)::int,
        sum(t.refused_count)::int, '{{}}'::int[]
    FROM {_CELLS} JOIN figure_total t ON t.period = c.period AND t.indicator = c.indicator
        AND t.unit = ANY(%(units)s)
    GROUP BY 1, 2
"""
_COUNTS = """
    SELECT province_id, count(*)::int FROM unit_counted
    WHERE level = 3 AND valid @> %s::date AND province_id = ANY(%s) GROUP BY 1
"""


def own_cells(units: Sequence[int], runs: Iterable[Run]) -> Cells:
    """The units' own figures; what is not there is left out. Two queries."""
    single: list[Run] = []
    longer: list[Run] = []
    for run in runs:
        (single if len(run.periods) == 1 else longer).append(run)
    found = _singles(units, single) if single else {}
    if longer:
        expected = {run.operand: len(run.periods) for run in longer}
        found |= _summed(_SUMMED, units, longer, lambda unit, run: expected[run.operand])
    return found


def province_cells(units: Sequence[int], runs: Sequence[Run]) -> Cells:
    """The kept totals of provinces as far as they go; those of indicators that do not add up are own figures.

    One query for the totals and one for each distinct day, to count the communes of then.
    """
    rolling = [run for run in runs if run.rolls_up]
    days = {day for run in rolling for day in run.last_days}
    counts = {day: _commune_counts(units, day) for day in days}
    found = _summed(
        _TOTALS,
        units,
        rolling,
        lambda unit, run: sum(counts[day].get(unit, 0) for day in run.last_days),
        so_far=True,
    )
    for run in rolling:
        for unit in units:
            expected = sum(counts[day].get(unit, 0) for day in run.last_days)
            found[run.operand].setdefault(unit, Cell(State.MISSING, None, None, 0, expected))
    return found | own_cells(units, [run for run in runs if not run.rolls_up])


def _singles(units: Sequence[int], runs: Sequence[Run]) -> Cells:
    found: Cells = {run.operand: {} for run in runs}
    columns = {(run.periods[0], run.indicator_id): found[run.operand] for run in runs}
    with connection.cursor() as cursor:
        cursor.execute(_SINGLE, {"units": list(units), **_columns(runs)})
        for unit, period, indicator, state, value, source in cursor.fetchall():
            # Where indicators have different periods the query gives more pairs than were asked for.
            if (column := columns.get((period, indicator))) is not None:
                there = int(state in (State.VALUE, State.NOT_APPLICABLE))
                column[unit] = Cell(STATES[state], value, None, there, 1, (source,))
    return found


def _columns(runs: Sequence[Run]) -> Mapping[str, list[int]]:
    return {
        "periods": sorted({period for run in runs for period in run.periods}),
        "indicators": sorted({run.indicator_id for run in runs}),
    }


def _summed(
    query: str, units: Sequence[int], runs: Sequence[Run], expected: Expected, *, so_far: bool = False
) -> Cells:
    """Sums of several figures each: whole or none, or `so_far`, as pages show them."""
    asked = [(number, period, run.indicator_id) for number, run in enumerate(runs) for period in run.periods]
    values = {
        "units": list(units),
        "cells": [number for number, _, _ in asked],
        "periods": [period for _, period, _ in asked],
        "indicators": [indicator for _, _, indicator in asked],
    }
    found: Cells = {run.operand: {} for run in runs}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        for unit, number, total, value_count, not_applicable, refused, sources in cursor.fetchall():
            run = runs[number]
            most = expected(unit, run)
            counts = value_count, not_applicable, refused
            state = state_so_far(*counts) if so_far else state_of(most, *counts)
            value = (total or Decimal(0)) if state is State.VALUE else None
            there = value_count + not_applicable
            found[run.operand][unit] = Cell(state, value, None, there, most, tuple(sources))
    return found


def _commune_counts(units: Sequence[int], day: date) -> Mapping[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [day, list(units)])
        return dict(cursor.fetchall())
