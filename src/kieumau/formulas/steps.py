"""What is found of how far a condition is from true: steps, what must come out otherwise, reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from kieumau.formulas.awaiting import Awaited
from kieumau.formulas.changeable import EXACT
from kieumau.formulas.trace import exact_text
from kieumau.formulas.values import OperandValue
from kieumau.formulas.windows import Operand


class Reason(StrEnum):
    """Why there is no step by one figure."""

    CANNOT_BE_REACHED = "cannot_be_reached"
    CANNOT_TELL = "cannot_tell"
    MISSING_FIGURES = "missing_figures"
    OTHER_VERDICTS = "other_verdicts"


@dataclass(frozen=True, slots=True)
class Step:
    """The change of one figure; `operand` may be a derived sum, for its figures taken together.

    `nearness` is the size of the change relative to the whole that the figure is a part of, else to
    the larger of the figure before and after: 0 is there, 1 is as far as from nothing. `changes` are
    single figures that would do it, by how much each; a sum may be changed in other ways as well.
    """

    operand: Operand
    from_: Fraction
    to: Fraction
    change: Fraction
    nearness: Fraction
    changes: tuple[tuple[Operand, Decimal], ...]

    def as_dict(self) -> dict[str, str]:
        """Plain data for JSON: exact numbers as text."""
        return {
            "operand": self.operand.key,
            "from": exact_text(self.from_),
            "to": exact_text(self.to),
            "change": exact_text(self.change),
            "nearness": exact_text(self.nearness),
        }


@dataclass(frozen=True, slots=True)
class Full:
    """A figure that cannot get there alone because it would exceed the `whole` it is a part of."""

    operand: Operand
    whole: Operand


@dataclass(frozen=True, slots=True)
class Distance:
    """How to make a condition true, the nearest way first.

    `steps` are alternatives: any one of them is enough. Where there are none, `together` holds steps
    that are all needed (it may be empty), and `reason` says why no single figure is enough. All are
    empty for a condition that is true. `awaited` are other verdicts that must come out otherwise, all of
    them or any one (`one_is_enough`), and then `together` what figures must do besides.
    """

    steps: tuple[Step, ...] = ()
    together: tuple[Step, ...] = ()
    reason: Reason | None = None
    full: tuple[Full, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    one_is_enough: bool = False

    @property
    def nearness(self) -> Fraction | None:
        """How near the nearest way by figures is: one step, or all that are needed; None without one."""
        if self.awaited:
            return None
        if self.steps:
            return self.steps[0].nearness
        return sum((step.nearness for step in self.together), Fraction(0)) if self.together else None

    @property
    def is_one_step(self) -> bool:
        """Is the change of one figure enough?"""
        return bool(self.steps)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "steps": [step.as_dict() for step in self.steps],
            "together": [step.as_dict() for step in self.together],
            "reason": self.reason,
            "full": [{"operand": one.operand.key, "whole": one.whole.key} for one in self.full],
            "awaited": [one.as_dict() for one in self.awaited],
            "one_is_enough": self.one_is_enough,
        }


def changed(values: Mapping[Operand, OperandValue], steps: tuple[Step, ...]) -> dict[Operand, OperandValue]:
    """The figures as they would be after the steps."""
    after = dict(values)
    for step in steps:
        for operand, by in step.changes:
            after[operand] = plus(after[operand], Fraction(by))
    return after


def plus(figure: OperandValue, change: Fraction) -> OperandValue:
    """A figure after a change by whole units of a decimal."""
    return OperandValue.of(EXACT.add(figure.value or Decimal(0), decimal_of(change)))


def decimal_of(value: Fraction) -> Decimal:
    """A change as an exact decimal, which whole units of a decimal always are."""
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
