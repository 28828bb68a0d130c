"""A check that does not hold, and what there is to say about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kieumau.formulas.catalogue import Catalogue
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.sentences import sentence
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import Logic
from kieumau.formulas.values import OperandValue
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.catalogue import CheckDefinition
from kieumau.indicators.checks.sound import SoundCheck
from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class Failing:
    """A check that does not hold for one unit at one period.

    `keys` are the figures it reads as (period, indicator), in reading order; `values` what they are, by
    operand. `is_later` where only figures of earlier periods were written.
    """

    check: SoundCheck
    unit: int
    at: Window
    period: int
    is_later: bool
    keys: tuple[tuple[int, int], ...]
    values: Mapping[Operand, OperandValue]

    @property
    def definition(self) -> CheckDefinition:
        """The check as its catalogue says it."""
        return self.check.definition

    def trace(self) -> Trace:
        """Every step of the condition, exactly."""
        return traced(self.check, self.at, self.values)


def traced(check: SoundCheck, at: Window, values: Mapping[Operand, OperandValue]) -> Trace:
    """The condition for one unit at one period."""
    return evaluate_placed(check.at(at).placed, values)


def told(trace: Trace, catalogue: Catalogue) -> Text:
    """The outcome with its numbers; of several conditions that must all hold only what does not."""
    return Text(
        vi=_capital(_told(trace, catalogue, "vi")) + ".", en=_capital(_told(trace, catalogue, "en")) + "."
    )


def _told(trace: Trace, catalogue: Catalogue, language: str) -> str:
    if isinstance(trace.node, Logic) and trace.node.operator == "and" and trace.outcome is False:
        return "; ".join(
            _told(child, catalogue, language) for child in trace.children if child.outcome is False
        )
    return sentence(trace, catalogue, language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
