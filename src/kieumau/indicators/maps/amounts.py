"""The figures of territories, added up: kept totals of provinces, rows of single units."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.db import connection

from kieumau.formulas.values import State
from kieumau.indicators.maps.rules import Amount
from kieumau.indicators.maps.territory import Part, Territory, Whole
from kieumau.indicators.runs import Run

Key = tuple[int, int, int]  # period, unit, indicator
NOTHING = Amount()


@dataclass(slots=True)
class Figures:
    """What was read: totals and single figures by period, unit and indicator."""

    totals: Mapping[Key, Amount] = field(default_factory=dict)
    single: Mapping[Key, Amount] = field(default_factory=dict)

    def of_part(self, part: Part, period: int, indicator: int) -> Amount:
        """A unit's figure with its share; missing where there is none."""
        return (Amount(expected=1) + self.single.get((period, part.unit_id, indicator), NOTHING)).part(
            part.share
        )

    def of_whole(self, whole: Whole, period: int, indicator: int) -> Amount:
        """A province's total without the communes that stand apart."""
        found = Amount(expected=whole.commune_count) + self.totals.get(
            (period, whole.unit_id, indicator), NOTHING
        )
        for unit_id in whole.apart:
            found -= self.single.get((period, unit_id, indicator), NOTHING)
        return found


def read(runs: Sequence[Run], territories: Iterable[Territory]) -> Figures:
    """All that the runs need of these territories. At most two queries."""
    known = list(territories)
    wholes = {whole.unit_id for territory in known for whole in territory.wholes}
    units = {part.unit_id for territory in known for part in territory.parts}
    units |= {unit_id for territory in known for whole in territory.wholes for unit_id in whole.apart}
    asked = {
        "periods": sorted({period for run in runs for period in run.periods}),
        "indicators": sorted({run.indicator_id for run in runs}),
    }
    return Figures(
        _totals({**asked, "units": sorted(wholes)}) if wholes else {},
        _single({**asked, "units": sorted(units)}) if units else {},
    )


_ASKED = "period = ANY(%(periods)s) AND unit = ANY(%(units)s) AND indicator = ANY(%(indicators)s)"


def _totals(asked: Mapping[str, list[int]]) -> dict[Key, Amount]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT period, unit, indicator, value, value_count, not_applicable_count, refused_count
            FROM figure_total WHERE {_ASKED}
            """,
            asked,
        )
        return {
            (period, unit, indicator): Amount(Fraction(value), *counts)
            for period, unit, indicator, value, *counts in cursor.fetchall()
        }


def _single(asked: Mapping[str, list[int]]) -> dict[Key, Amount]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT period, unit, indicator, state, value FROM figure WHERE {_ASKED}", asked)
        return {
            (period, unit, indicator): one(State(state), value)
            for period, unit, indicator, state, value in cursor.fetchall()
        }


def one(state: State, value: object) -> Amount:
    """One figure; how many were expected is for others to say."""
    return Amount(
        Fraction(str(value)) if value is not None else Fraction(0),
        int(state is State.VALUE),
        int(state is State.NOT_APPLICABLE),
        int(state is State.REFUSED),
    )


def by_origin(run: Run, figures: Figures, territories: Sequence[Territory]) -> dict[Part | Whole, Amount]:
    """What each origin gave over the periods of a run; `territories` go with its periods."""
    given: dict[Part | Whole, Amount] = defaultdict(Amount)
    for period, territory in zip(run.periods, territories, strict=True):
        for whole in territory.wholes:
            given[whole] += figures.of_whole(whole, period, run.indicator_id)
        for part in territory.parts:
            given[part] += figures.of_part(part, period, run.indicator_id)
    return dict(given)
