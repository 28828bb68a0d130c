"""A check ready to be run: its condition parsed, checked, expanded, and placed for any period at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from kieumau.calendars.library import calendar
from kieumau.formulas.expanding import read
from kieumau.formulas.placing import operands_of, place
from kieumau.formulas.tree import Node
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.catalogue import CheckDefinition, Definition
from kieumau.indicators.checks.relative import Relative, here, is_here, resolve
from kieumau.indicators.runs import Run, runs_of


@dataclass(frozen=True, slots=True, eq=False)
class SoundCheck:
    """A check with its tree. `placed` and `operands` are over relative windows (`relative.here`).

    Every one is itself alone (no two are equal), and keeps what it read at the periods it was asked for.
    """

    definition: CheckDefinition
    catalogue: Mapping[str, Definition]
    tree: Node
    placed: Node
    operands: tuple[Operand, ...]
    _kept: dict[Window, "CheckAt"] = field(default_factory=dict, repr=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """The reported indicators it reads, each once, in reading order."""
        return tuple(dict.fromkeys(operand.indicator for operand in self.operands))

    @property
    def rhythm(self) -> tuple[str, str]:
        """Calendar and kind of the periods it is made for."""
        return self.definition.calendar, self.definition.period_kind

    def at(self, window: Window) -> "CheckAt":
        """The check at one of its periods."""
        if (found := self._kept.get(window)) is None:
            found = self._kept[window] = CheckAt.of(self, window)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class CheckAt:
    """A check at one period.

    `runs` are the figures of every relative operand, left out where there are none; the operand of a run is
    over the true window, as is `placed`, its condition. `keys` are all figures it reads as (period,
    indicator), in reading order; `own_periods` those of its own time, empty where it only looks back.
    """

    period: int
    placed: Node
    runs: Mapping[Operand, Run]
    keys: tuple[tuple[int, int], ...]
    own_periods: frozenset[int]

    @classmethod
    def of(cls, check: SoundCheck, at: Window) -> Self:
        """What the check reads at a period."""
        own = calendar(at.calendar)
        runs = {one: run for one in check.operands if (run := run_at(one, at, check.catalogue))}
        return cls(
            period=own.period_ids(at)[0],
            placed=place(check.tree, at, own),
            runs=runs,
            keys=tuple(
                dict.fromkeys((period, run.indicator_id) for run in runs.values() for period in run.periods)
            ),
            own_periods=frozenset(
                period for one, run in runs.items() if is_here(one.window) for period in run.periods
            ),
        )


def sound(definition: CheckDefinition, catalogue: Mapping[str, Definition]) -> SoundCheck:
    """The check, ready. Raises `Refused` with everything wrong with its condition."""
    formula = read(definition.condition, catalogue, definition.code)
    now = here(definition.calendar, definition.period_kind)
    placed = place(formula.tree, now, Relative())
    return SoundCheck(definition, catalogue, formula.tree, placed, operands_of(placed))


def run_at(operand: Operand, at: Window, catalogue: Mapping[str, Definition]) -> Run | None:
    """The figures of a relative operand at the period `at`; None where there are none."""
    window = _resolved(operand.window, at)
    if window is None:
        return None
    return next(runs_of([Operand(operand.indicator, window)], catalogue), None)


@lru_cache(maxsize=10_000)
def _resolved(relative: Window, at: Window) -> Window | None:
    return resolve(relative, at, calendar(at.calendar))
