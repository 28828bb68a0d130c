"""From what the formulas of a set gave for one unit to the unit's whole verdict.

Both back ends end here: evaluation of one unit and the query over all units bring the same
`Reading` per criterion, so they cannot differ in the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kieumau.assessments import rules
from kieumau.assessments.rules import Outcome, Result, Score
from kieumau.criteria.rules import CriterionDefinition, Definition, Measured, Points, due_on


@dataclass(frozen=True, slots=True)
class Reading:
    """What the formulas of one criterion gave; None is unknown, or no such formula.

    `is_inapplicable` is `rules.is_inapplicable` of its condition and of whether it applies.
    """

    condition: bool | None = None
    applies: bool | None = True
    points: Fraction | None = None
    is_inapplicable: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything said about one unit: outcomes and scores in the order of the criteria."""

    outcomes: tuple[Outcome, ...]
    scores: tuple[Score, ...]
    result: Result


class Judge:
    """Judges units by one version of a set, over one window, as of one day.

    Made once for many units: due days are worked out beforehand. `starts_on` and `ends_before` bound
    the window.
    """

    def __init__(self, definition: Definition, on: date, starts_on: date, ends_before: date) -> None:
        self._rule = definition.rule
        self._criteria = [
            _Prepared(criterion, on >= due_on(criterion, starts_on, ends_before))
            for criterion in definition.criteria
        ]

    def verdict(self, readings: Sequence[Reading]) -> Verdict:
        """The verdict on one unit, from a reading of every criterion in order."""
        outcomes = tuple(
            prepared.outcome(reading) for prepared, reading in zip(self._criteria, readings, strict=True)
        )
        scores: tuple[Score, ...] = ()
        if isinstance(self._rule, Points):
            scores = tuple(
                _score(prepared.criterion, outcome, reading.points, self._rule)
                for prepared, outcome, reading in zip(self._criteria, outcomes, readings, strict=True)
            )
        return Verdict(outcomes, scores, rules.result(self._rule, outcomes, scores))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One criterion with what is the same for every unit."""

    criterion: CriterionDefinition
    is_due: bool

    def outcome(self, reading: Reading) -> Outcome:
        because = reading.is_inapplicable
        if isinstance(self.criterion, Measured):
            return rules.measured(
                reading.condition, reading.applies, is_inapplicable=because, is_due=self.is_due
            )
        return rules.by_a_person(reading.applies, is_inapplicable=because, is_due=self.is_due)


def _score(criterion: CriterionDefinition, outcome: Outcome, value: Fraction | None, rule: Points) -> Score:
    if criterion.points is None:
        raise ValueError("a set that counts points has points on every criterion: it was not checked")
    return rules.score(outcome, criterion.points, value, rule)


def number_text(value: Decimal) -> str:
    """The one spelling of an exact number in stored operands: no exponent, no zeros at the end."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
