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
from kieumau.criteria.queries import Placed
from kieumau.criteria.rules import CriterionDefinition, Definition, Measured, Points, due_on
from kieumau.formulas.values import NO_FACTS, OPEN, Facts, State, Tally
from kieumau.formulas.windows import Fact


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
    the window. `assume_answered` counts what nobody has answered as met (trials only).
    """

    def __init__(
        self,
        definition: Definition,
        placed: Placed,
        on: date,
        starts_on: date,
        ends_before: date,
        *,
        assume_answered: bool = False,
    ) -> None:
        self._rule = definition.rule
        place = {operand: index for index, operand in enumerate(placed.operands)}
        self.criteria = [
            Prepared(
                criterion,
                on >= due_on(criterion, starts_on, ends_before),
                tuple(place[operand] for operand in trees.deciding_operands()),
                trees.deciding_facts(),
                assume_answered,
            )
            for criterion, trees in zip(definition.criteria, placed.trees, strict=True)
        ]
        self._order = placed.order or tuple(range(len(self.criteria)))
        self._asked = placed.asked_criteria

    def verdict(
        self, readings: Sequence[Reading], states: Sequence[State], facts: Facts = NO_FACTS
    ) -> Verdict:
        """The verdict on one unit; `states` are those of the placed operands, in their order.

        `facts` is what else was known of the unit; verdicts on other criteria are found here.
        """
        if self._asked:
            outcomes = self._in_order(readings, states, facts)
        else:
            pairs = zip(self.criteria, readings, strict=True)
            outcomes = tuple(prepared.outcome(reading, states, facts) for prepared, reading in pairs)
        scores: tuple[Score, ...] = ()
        if isinstance(self._rule, Points):
            scores = tuple(
                _score(prepared.criterion, outcome, reading.points, self._rule)
                for prepared, outcome, reading in zip(self.criteria, outcomes, readings, strict=True)
            )
        return Verdict(outcomes, scores, rules.result(self._rule, outcomes, scores))

    def _in_order(
        self, readings: Sequence[Reading], states: Sequence[State], facts: Facts
    ) -> tuple[Outcome, ...]:
        """The outcomes where criteria ask for those of others."""
        known, found = dict(facts), {}
        for index in self._order:
            prepared = self.criteria[index]
            found[index] = outcome = prepared.outcome(readings[index], states, known)
            if index in self._asked:
                known[prepared.fact] = outcome.key
        return tuple(found[index] for index in range(len(readings)))


@dataclass(frozen=True, slots=True)
class Prepared:
    """One criterion with what is the same for every unit.

    `places` are those of the figures that decide it among all, `facts` whatever else does. `is_assumed`:
    it counts as met while nobody has answered it.
    """

    criterion: CriterionDefinition
    is_due: bool
    places: tuple[int, ...]
    facts: tuple[Fact, ...]
    is_assumed: bool = False

    @property
    def fact(self) -> Fact:
        """The verdict on this criterion, as other criteria ask for it."""
        return Fact("criterion", self.criterion.code)

    def outcome(self, reading: Reading, states: Sequence[State], facts: Facts) -> Outcome:
        """The verdict on one unit."""
        because = reading.is_inapplicable
        awaited = self._awaited(states, facts)
        if isinstance(self.criterion, Measured):
            return rules.measured(
                reading.condition,
                reading.applies,
                is_inapplicable=because,
                is_due=self.is_due,
                awaited=awaited,
            )
        return rules.by_a_person(
            reading.applies,
            is_inapplicable=because,
            is_due=self.is_due,
            awaited=awaited,
            is_assumed=self.is_assumed,
        )

    def _awaited(self, states: Sequence[State], facts: Facts) -> set[Outcome]:
        """The open verdicts among those asked for, and “no data” where anything else is lacking too."""
        found: set[Outcome] = set()
        for fact in self.facts:
            known = facts.get(fact)
            if known is None or (isinstance(known, Tally) and known.open):
                found.add(Outcome.NO_DATA)
            elif isinstance(known, str) and fact.kind != "unit" and known in OPEN:
                found.add(Outcome[known.upper()])
        if found and any(states[place] in (State.MISSING, State.REFUSED) for place in self.places):
            found.add(Outcome.NO_DATA)
        return found


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
