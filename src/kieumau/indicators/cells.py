"""SQL that sums figures into cells: per unit one array of totals and one of counts.

A cell is one indicator over some periods that no operand tells apart: two windows that overlap make
three cells. For every unit the primary key of `figure` (period, unit) is walked once for each sweep.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kieumau.formulas.values import State
from kieumau.indicators.facts import AS_KNOWN
from kieumau.indicators.runs import Run

# The counts of a cell in one number: values, then not applicable, then refused, 11 bits each. The
# longest run is that of the months of all years a calendar knows (1,200).
FIELD = 1 << 11
NOT_APPLICABLE, REFUSED = FIELD, FIELD * FIELD


@dataclass(frozen=True, slots=True)
class Sweep:
    """One walk: the indicators it sums, and their periods in groups.

    Stocks need the last month of a year where flows need all twelve: each gets a sweep of its own, so
    that nothing is summed in vain.
    """

    indicators: Sequence[int]
    groups: Sequence[Sequence[int]]

    @property
    def periods(self) -> list[int]:
        """All its periods, in order."""
        return sorted(period for group in self.groups for period in group)


@dataclass(frozen=True, slots=True)
class Cells:
    """All sweeps, and the one-based place of every cell by indicator and one of its periods."""

    sweeps: Sequence[Sweep]
    places: Mapping[tuple[int, int], int]
    numbers: Sequence[int]

    @property
    def width(self) -> int:
        """More than the number of groups in any sweep: a cell's number is indicator × width + group."""
        return max((len(sweep.groups) for sweep in self.sweeps), default=0) + 1


def cells_of(runs: Sequence[Run]) -> Cells:
    """The cells that the runs are made of."""
    runs_by_indicator: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        runs_by_indicator[run.indicator_id].append(run)
    sweeps = [
        Sweep(sorted(indicators), _groups(run for one in indicators for run in runs_by_indicator[one]))
        for indicators in _alike(runs_by_indicator)
    ]
    made = Cells(sweeps, {}, [])
    numbered = {}
    for sweep in sweeps:
        for number, group in enumerate(sweep.groups):
            for indicator in sweep.indicators:
                numbered[indicator * made.width + number] = (indicator, group)
    places = {
        (indicator, period): place
        for place, (_, (indicator, group)) in enumerate(sorted(numbered.items()), start=1)
        for period in group
    }
    return Cells(sweeps, places, sorted(numbered))


def _alike(runs_by_indicator: Mapping[int, Sequence[Run]]) -> Iterable[list[int]]:
    """Indicators that go into one sweep: each uses at least half of the periods that it reads."""
    needed = {
        indicator: {period for run in runs for period in run.periods}
        for indicator, runs in runs_by_indicator.items()
    }
    together: list[tuple[set[int], list[int]]] = []
    for indicator, periods in sorted(needed.items(), key=lambda item: (-len(item[1]), item[0])):
        for read, indicators in together:
            if len(read | periods) <= 2 * len(periods):
                read.update(periods)
                indicators.append(indicator)
                break
        else:
            together.append((set(periods), [indicator]))
    return [indicators for _, indicators in together]


def _groups(runs: Iterable[Run]) -> list[list[int]]:
    """The periods of the runs, those together that are in the same runs."""
    used_by: dict[int, set[tuple[int, ...]]] = defaultdict(set)
    for run in runs:
        for period in run.periods:
            used_by[period].add(run.periods)
    groups: dict[frozenset[tuple[int, ...]], list[int]] = defaultdict(list)
    for period in sorted(used_by):
        groups[frozenset(used_by[period])].append(period)
    return list(groups.values())


def summed(cells: Cells, units: str, as_known_at: datetime | None = None) -> str:
    """SQL: for every unit of the query `units` its `totals` and `counts`, a place for every cell.

    The rows are put in order once, before both arrays are made of them. `as_known_at` sums the figures as
    they were known then.
    """
    if not cells.numbers:
        return f"SELECT u.unit_id, NULL::numeric[] AS totals, NULL::bigint[] AS counts FROM ({units}) u"
    walks = " UNION ALL ".join(_walk(sweep, cells.width, as_known_at) for sweep in cells.sweeps)
    return f"""
        SELECT u.unit_id, x.totals, x.counts
        FROM ({units}) u
        CROSS JOIN LATERAL (
            SELECT array_agg(o.total) AS totals, array_agg(o.counts) AS counts
            FROM (
                SELECT coalesce(y.total, 0) AS total, coalesce(y.counts, 0) AS counts
                FROM unnest(ARRAY[{_list(cells.numbers)}]) AS c (cell)
                LEFT JOIN ({walks}) y ON y.cell = c.cell
                ORDER BY c.cell
            ) o
        ) x"""


def _walk(sweep: Sweep, width: int, as_known_at: datetime | None) -> str:
    """SQL: the sums of one sweep for the unit `u`, by the number of the cell."""
    wanted = f"""
        WHERE f.period IN ({_list(sweep.periods)}) AND f.unit = u.unit_id
            AND f.indicator IN ({_list(sweep.indicators)})"""
    figures = f"figure f {wanted}" if as_known_at is None else f"{_known(sweep, as_known_at)} f"
    return f"""
        SELECT f.indicator * {width} + {_group(sweep)} AS cell, sum(f.value) AS total,
            sum(CASE f.state WHEN {State.VALUE:d} THEN 1 WHEN {State.NOT_APPLICABLE:d} THEN {NOT_APPLICABLE}
                WHEN {State.REFUSED:d} THEN {REFUSED} ELSE 0 END) AS counts
        FROM {figures}
        GROUP BY 1"""


def _known(sweep: Sweep, as_known_at: datetime) -> str:
    """SQL: the figures of one sweep for the unit `u` as known at a moment."""
    known = AS_KNOWN.replace("{units}", "u.unit_id").replace("%(moment)s", f"TIMESTAMPTZ '{as_known_at}'")
    known = known.replace("%(periods)s", f"ARRAY[{_list(sweep.periods)}]")
    return known.replace("%(indicators)s", f"ARRAY[{_list(sweep.indicators)}]")


def _group(sweep: Sweep) -> str:
    """SQL: the group of a row's period. Groups that follow each other are told apart by comparing."""
    *others, last = range(len(sweep.groups))
    if not others:
        return "0"
    follow = [period for group in sweep.groups for period in group] == sweep.periods
    branches = (
        f"WHEN f.period <= {sweep.groups[number][-1]} THEN {number}"
        if follow
        else f"WHEN f.period IN ({_list(sweep.groups[number])}) THEN {number}"
        for number in others
    )
    return f"CASE {' '.join(branches)} ELSE {last} END"


def columns_of(run: Run, cells: Cells) -> tuple[str, str]:
    """SQL of the value and the state of one operand, from the arrays of `w`.

    The state is that of `rules.state_of`; the usual case, all values, is told by one comparison.
    """
    places = list(dict.fromkeys(cells.places[run.indicator_id, period] for period in run.periods))
    total = " + ".join(f"w.totals[{place}]" for place in places)
    counts = " + ".join(f"w.counts[{place}]" for place in places)
    if len(places) > 1:
        counts = f"({counts})"
    expected = len(run.periods)
    known = f"{counts} % {FIELD} + ({counts} / {NOT_APPLICABLE}) % {FIELD} + {counts} / {REFUSED}"
    state = (
        f"CASE WHEN {counts} = {expected} THEN {State.VALUE:d}"
        f" WHEN {known} < {expected} THEN {State.MISSING:d}"
        f" WHEN {counts} >= {REFUSED} THEN {State.REFUSED:d}"
        f" WHEN {counts} % {FIELD} > 0 THEN {State.VALUE:d} ELSE {State.NOT_APPLICABLE:d} END"
    )
    has_value = f"{counts} % {FIELD} > 0 AND {counts} < {REFUSED} AND {known} = {expected}"
    return f"CASE WHEN {counts} = {expected} OR {has_value} THEN {total} END", state


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(f"{number:d}" for number in numbers)
