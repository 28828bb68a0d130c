"""The figures of territories, added up: kept totals of provinces, rows of single units.

A cell is one run of periods as far as the territory stays the same. The database adds up each unit's
figures in each cell; here the few sums are put together with their shares.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from kieumau.indicators.facts import AS_KNOWN, rolled_up
from kieumau.indicators.maps.rules import Amount
from kieumau.indicators.maps.territory import NOWHERE, PLACE, Nation, Part, Territory, Whole
from kieumau.indicators.rules import Parts
from kieumau.indicators.runs import Run
from kieumau.units.models import Level

Member = Part | Whole | Nation
Sums = Mapping[tuple[int, int], Amount]  # cell, unit
NOTHING = Amount()


@dataclass(frozen=True, slots=True)
class Cell:
    """Some periods of a run that see the same territory; `last_day` is that of the last of them."""

    number: int
    indicator: int
    periods: tuple[int, ...]
    last_day: date
    territory: Territory


@dataclass(frozen=True, slots=True)
class Given:
    """What the members of the territory gave in one cell."""

    cell: Cell
    amounts: Mapping[Member, Amount]


def gather(
    runs: Sequence[Run], by_day: Mapping[date, Territory], as_known_at: datetime | None = None
) -> dict[Run, list[Given]]:
    """Every run's figures by origin, a list item for each stretch in which the territory stays the same.

    `as_known_at` gives the figures known then. At most three queries, however many runs.
    """
    cells = {run: [] for run in runs}  # type: dict[Run, list[Cell]]
    number = 0
    for run in runs:
        for cell in _cells(run, by_day, number):
            cells[run].append(cell)
            number += 1
    every = [cell for some in cells.values() for cell in some]
    totals = _TOTALS if as_known_at is None else _TOTALS_AS_KNOWN
    wholes = _sums(
        totals, every, {one.unit_id for cell in every for one in cell.territory.wholes}, as_known_at
    )
    figures = _SINGLE if as_known_at is None else _SINGLE_AS_KNOWN
    single = _sums(figures, every, {unit for cell in every for unit in cell.territory.units}, as_known_at)
    nations = {one.unit_id for cell in every for one in cell.territory.nations}
    national = {nation: rolled_up(nation, Level.NATION, runs, as_known_at).parts for nation in nations}
    return {
        run: [Given(cell, dict(_amounts(cell, wholes, single, national))) for cell in some]
        for run, some in cells.items()
    }


def _cells(run: Run, by_day: Mapping[date, Territory], first: int) -> Iterable[Cell]:
    together: dict[Territory, list[tuple[int, date]]] = defaultdict(list)
    for period, day in zip(run.periods, run.last_days, strict=True):
        together[by_day.get(day, NOWHERE)].append((period, day))
    for number, (territory, some) in enumerate(together.items(), start=first):
        periods = tuple(period for period, _ in some)
        yield Cell(number, run.indicator_id, periods, some[-1][1], territory)


def _amounts(
    cell: Cell, wholes: Sums, single: Sums, national: Mapping[int, Mapping[tuple[int, int], Parts]]
) -> Iterable[tuple[Member, Amount]]:
    count = len(cell.periods)
    for nation in cell.territory.nations:
        parts = [national[nation.unit_id].get((period, cell.indicator), Parts()) for period in cell.periods]
        whole = sum(parts, Parts())
        yield (
            nation,
            Amount.of(whole).expecting(nation.commune_count * count),
        )
    for one in cell.territory.wholes:
        found = wholes.get((cell.number, one.unit_id), NOTHING).expecting(one.commune_count * count)
        for unit_id in one.apart:
            found -= single.get((cell.number, unit_id), NOTHING)
        yield one, found
    for part in cell.territory.parts:
        found = single.get((cell.number, part.unit_id), NOTHING).expecting(count)
        yield part, found if part.share == 1 else found.part(part.share)


_CELLS = "unnest(%(cells)s::int[], %(periods)s::int[], %(indicators)s::int[]) AS c (cell, period, indicator)"
_TOTALS = f"""
    SELECT c.cell, t.unit, sum(t.value), sum(t.value_count)::int, sum(t.not_applicable_count)::int,
        sum(t.refused_count)::int
    FROM {_CELLS} JOIN figure_total t ON t.period = c.period AND t.indicator = c.indicator
        AND t.unit = ANY(%(units)s)
    GROUP BY 1, 2
"""
_STATES = """
    sum(f.value), count(*) FILTER (WHERE f.state = 0)::int, count(*) FILTER (WHERE f.state = 2)::int,
    count(*) FILTER (WHERE f.state = 3)::int
"""
_FIGURES = f"""
    SELECT c.cell, f.unit, {_STATES}
    FROM {_CELLS} JOIN {{figure}} f ON f.period = c.period AND f.indicator = c.indicator
        AND f.unit = ANY(%(units)s)
    GROUP BY 1, 2
"""
_SINGLE = _FIGURES.format(figure="figure")
_SINGLE_AS_KNOWN = _FIGURES.format(figure=AS_KNOWN.replace("{units}", "SELECT unnest(%(units)s::int[])"))
# What was known earlier has no totals: the communes' own figures are added up.
_TOTALS_AS_KNOWN = f"""
    SELECT c.cell, {PLACE.format("p")} AS place, {_STATES}
    FROM {_CELLS}
    JOIN {
    AS_KNOWN.replace(
        "{units}",
        f'''
        SELECT unit_id FROM unit_counted p WHERE p.level = 3 AND {PLACE.format("p")} = ANY(%(units)s)
    ''',
    )
} f ON f.period = c.period AND f.indicator = c.indicator
    JOIN period q ON q.id = c.period
    JOIN unit_counted p ON p.unit_id = f.unit AND p.level = 3 AND (p.valid @> (q.ends_before - 1)) IS TRUE
        AND {PLACE.format("p")} = ANY(%(units)s)
    GROUP BY 1, 2
"""


def _sums(
    query: str, cells: Sequence[Cell], units: set[int], as_known_at: datetime | None
) -> dict[tuple[int, int], Amount]:
    if not units:
        return {}
    asked = [(cell.number, period, cell.indicator) for cell in cells for period in cell.periods]
    values: dict[str, Any] = {
        "cells": [number for number, _, _ in asked],
        "periods": [period for _, period, _ in asked],
        "indicators": [indicator for _, _, indicator in asked],
        "units": sorted(units),
        "moment": as_known_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {(cell, unit): _amount(*measures) for cell, unit, *measures in cursor.fetchall()}


def _amount(total: Decimal | None, values: int, not_applicable: int, refused: int) -> Amount:
    return Amount(Fraction(total or 0), values, not_applicable, refused)
