"""A check ready to be run: its condition parsed, checked, expanded, and placed for any period at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kieumau.calendars.library import calendar
from kieumau.formulas.expanding import read
from kieumau.formulas.placing import operands_of, place
from kieumau.formulas.tree import Node
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.catalogue import CheckDefinition, Definition
from kieumau.indicators.checks.relative import Relative, here, resolve
from kieumau.indicators.runs import Run, runs_of


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """A check with its tree. `placed` and `operands` are over relative windows (`relative.here`)."""

    definition: CheckDefinition
    tree: Node
    placed: Node
    operands: tuple[Operand, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The reported indicators it reads, each once, in reading order."""
        return tuple(dict.fromkeys(operand.indicator for operand in self.operands))

    @property
    def rhythm(self) -> tuple[str, str]:
        """Calendar and kind of the periods it is made for."""
        return self.definition.calendar, self.definition.period_kind

    def runs_at(self, at: Window, catalogue: Mapping[str, Definition]) -> dict[Operand, Run]:
        """The figures of every relative operand at the period `at`; left out where there are none.

        The operand of a run is over the true window.
        """
        return {operand: run for operand in self.operands if (run := run_at(operand, at, catalogue))}


def sound(definition: CheckDefinition, catalogue: Mapping[str, Definition]) -> SoundCheck:
    """The check, ready. Raises `Refused` with everything wrong with its condition."""
    formula = read(definition.condition, catalogue, definition.code)
    now = here(definition.calendar, definition.period_kind)
    placed = place(formula.tree, now, Relative())
    return SoundCheck(definition, formula.tree, placed, operands_of(placed))


def run_at(operand: Operand, at: Window, catalogue: Mapping[str, Definition]) -> Run | None:
    """The figures of a relative operand at the period `at`; None where there are none."""
    window = _resolved(operand.window, at)
    if window is None:
        return None
    return next(runs_of([Operand(operand.indicator, window)], catalogue), None)


@lru_cache(maxsize=10_000)
def _resolved(relative: Window, at: Window) -> Window | None:
    return resolve(relative, at, calendar(at.calendar))
