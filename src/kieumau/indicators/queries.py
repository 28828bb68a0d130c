"""Reads: the catalogue, and the figures of one unit at any level, now or as known at a moment.

A commune's figure is its own row. Above, a figure is the roll-up of the communes below: a province
has its totals kept, a nation adds those of its provinces, a district adds its communes' rows. What a
province reported itself is never mixed in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from django.db import connection

from kieumau.formulas.values import MISSING, OperandValue
from kieumau.formulas.windows import Operand
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.facts import Found, Standing, own_figures, reported, rolled_up, standing
from kieumau.indicators.models import Indicator
from kieumau.indicators.rules import Parts, combine
from kieumau.indicators.runs import Run, runs_of
from kieumau.kernel.messages import Text
from kieumau.units.models import Level

_NOTHING = Parts()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a roll-up is there: figures that were given, of those expected; a refusal is none."""

    parts: Parts
    expected: int

    @property
    def reported(self) -> int:
        """Values, and figures that do not apply."""
        return self.parts.value_count + self.parts.not_applicable_count

    @property
    def is_complete(self) -> bool:
        """Has every commune reported every period?"""
        return self.expected > 0 and self.reported == self.expected


def catalogue() -> Mapping[str, Definition]:
    """Every indicator by its code, in the order of the catalogues.

    One small query; the rows are read again only when a load changed them, in this process or another.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(revision), 0) FROM indicator")
        count, revision = cursor.fetchone()
    return catalogue_at(count, revision)


@lru_cache(maxsize=2)
def catalogue_at(count: int, revision: int) -> Mapping[str, Definition]:
    """The rows as they are at a revision just asked for. A row committed meanwhile belongs to a higher one,
    which is asked for next time."""
    return MappingProxyType({row.code: _definition(row) for row in Indicator.objects.all()})


def _definition(row: Indicator) -> Definition:
    return Definition(
        id=row.id,
        code=row.code,
        catalogue=row.catalogue,
        position=row.position,
        name=Text(vi=row.name_vi, en=row.name_en),
        measure=Text(vi=row.measure_vi, en=row.measure_en),
        is_share=row.is_share,
        nature=row.nature,
        over_time=row.over_time,
        over_units=row.over_units,
        polarity=row.polarity,
        decimals=row.decimals,
        is_public=row.is_public,
        is_main=row.is_main,
        formula=row.formula,
        calendar=row.calendar,
        period_kind=row.period_kind,
        source=row.source,
    )


def operand_values(
    unit_id: int, operands: Sequence[Operand], slack_days: int = 0, as_known_at: datetime | None = None
) -> dict[Operand, OperandValue]:
    """The figure of every operand for one unit: a commune's own, above it the roll-up.

    An indicator that does not add up over units is the unit's own figure at every level. `as_known_at`
    gives what was known then, under the tree in view (`audit.past.as_known`). A window that the indicator's
    periods do not tile (within `slack_days` at either end) is missing. Three queries, the catalogue's
    included; one more above communes if some indicators add up over units and others do not.
    """
    values = dict.fromkeys(operands, MISSING)
    for part in _read(unit_id, values, slack_days, as_known_at):
        sources = _sources(part.run, part.found)
        values[part.run.operand] = combine(part.expected, _parts(part.run, part.found), sources)
    return values


def own_values(
    unit_id: int, operands: Sequence[Operand], slack_days: int, known: Mapping[str, Definition]
) -> dict[Operand, OperandValue]:
    """The figure of every operand as a commune itself reported it, without its sources. One query.

    What `operand_values` gives for a commune. `known` is the catalogue.
    """
    runs = list(runs_of(operands, known, slack_days))
    parts = reported(unit_id, {(period, run.indicator_id) for run in runs for period in run.periods})
    values = dict.fromkeys(operands, MISSING)
    for run in runs:
        found = (parts.get((period, run.indicator_id), _NOTHING) for period in run.periods)
        values[run.operand] = combine(len(run.periods), found)
    return values


def coverage(unit_id: int, operands: Sequence[Operand], slack_days: int = 0) -> dict[Operand, Coverage]:
    """How much of every operand's figure is there, for a unit at any level. Three queries, or four."""
    found: dict[Operand, Coverage] = {}
    for part in _read(unit_id, operands, slack_days, None):
        found[part.run.operand] = Coverage(sum(_parts(part.run, part.found), _NOTHING), part.expected)
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """One run with what was found for it, and how many figures belong to it."""

    run: Run
    found: Found
    expected: int


def _read(
    unit_id: int, operands: Iterable[Operand], slack_days: int, as_known_at: datetime | None
) -> Iterator[_Read]:
    """The runs of all operands with their figures, rolled up where the level and the indicator say so."""
    runs = list(runs_of(operands, catalogue(), slack_days))
    stands = standing(unit_id)
    level = stands.level if stands.level is not None else Level.COMMUNE
    rolling = [run for run in runs if run.rolls_up and level < Level.COMMUNE]
    own = [run for run in runs if not (run.rolls_up and level < Level.COMMUNE)]
    if rolling:
        found = rolled_up(unit_id, level, rolling, as_known_at)
        yield from (_Read(run, found, _expected(run, stands)) for run in rolling)
    if own:
        found = own_figures(unit_id, own, as_known_at)
        yield from (_Read(run, found, len(run.periods)) for run in own)


def _expected(run: Run, stands: Standing) -> int:
    """Communes below on the last day of every period, added up."""
    return sum(stands.commune_count(day) for day in run.last_days)


def _parts(run: Run, found: Found) -> Iterable[Parts]:
    return (found.parts.get((period, run.indicator_id), _NOTHING) for period in run.periods)


def _sources(run: Run, found: Found) -> str:
    """The names of the sources, each once, in order of time."""
    names = (found.sources.get((period, run.indicator_id), "") for period in run.periods)
    return "; ".join(dict.fromkeys(name for name in names if name))
