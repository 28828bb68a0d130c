"""Who is nearest: units that one figure keeps from meeting a set, or from the next class of points.

A step counts only if the whole verdict is better after it: the unit is judged again with the figure
changed, by the same rules as ever, so that a gain by one criterion cannot hide a loss by another.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kieumau.assessments.judging import Judge, Verdict
from kieumau.assessments.reading import one_unit
from kieumau.assessments.rules import ZERO, Outcome, Result, class_of
from kieumau.calendars.library import calendar as calendar_of
from kieumau.criteria.queries import Placed
from kieumau.criteria.rules import AllOf, AtLeast, CriterionDefinition, Definition, Points
from kieumau.formulas.catalogue import Catalogue
from kieumau.formulas.distance import alone
from kieumau.formulas.steps import Distance, changed
from kieumau.formulas.tree import Comparison, Node, Number
from kieumau.formulas.values import NO_FACTS, Facts, OperandValue
from kieumau.formulas.windows import Fact, Operand, Window

Values = Mapping[Operand, OperandValue]
MOST_JUDGED = 4


def by_nearness(distances: Iterable[tuple[int, Distance]]) -> list[int]:
    """The keys of distances that have a way, the nearest first."""
    known = [(way.nearness, not way.is_one_step, key) for key, way in distances if way.nearness is not None]
    return [key for _, _, key in sorted(known)]


def failing(definition: Definition) -> tuple[int, int]:
    """How many criteria a unit fails, at least and at most, that may be one step away."""
    rule, count = definition.rule, len(definition.criteria)
    if isinstance(rule, AllOf):
        return 1, 1
    return (1, max(1, count - rule.k + 1)) if isinstance(rule, AtLeast) else (0, count)


def points_short(definition: Definition, points: Decimal | None) -> Fraction:
    """How many points are missing for the next class; 0 for sets without points, and at the top."""
    rule = definition.rule
    if not isinstance(rule, Points) or points is None:
        return ZERO
    target = _next_threshold(rule, Fraction(points))
    return ZERO if target is None else target - Fraction(points)


@dataclass(frozen=True, slots=True)
class Near:
    """One step that is enough: for which criterion, which changes of one figure, what comes of it."""

    criterion: CriterionDefinition
    distance: Distance
    after: Result

    @property
    def nearness(self) -> Fraction:
        """How near the nearest change is."""
        return self.distance.steps[0].nearness


class OneStep:
    """Looks for units one step away, by one version of a set over one window; made once for many."""

    def __init__(self, definition: Definition, placed: Placed, catalogue: Catalogue, window: Window) -> None:
        self._definition = definition
        self._placed = placed
        self._catalogue = catalogue
        self._window = window
        self._judges: dict[date, Judge] = {}

    def of(self, values: Values, judged_on: date, facts: Facts = NO_FACTS) -> Near | None:
        """The nearest single step of a unit to a better result; None where no single step is enough.

        `facts` is what else the unit was judged on.
        """
        before = self._judged(values, judged_on, facts)
        if not self._is_within_reach(before.result):
            return None
        found = [
            self._near(index, goal, values, before, judged_on, facts) for index, goal in self._goals(before)
        ]
        return min((near for near in found if near), key=lambda near: near.nearness, default=None)

    def _near(
        self, index: int, goal: Node, values: Values, before: Verdict, judged_on: date, facts: Facts
    ) -> Near | None:
        """The steps by one criterion after which the whole result is better; of the four nearest."""
        known = {**facts, **self._verdicts(before)}
        away = alone(goal, values, self._catalogue, self._window, known)
        tried = away.steps[:MOST_JUDGED]
        afters = [(step, self._judged(changed(values, (step,)), judged_on, facts)) for step in tried]
        better = [(step, after.result) for step, after in afters if self._is_better(before, after)]
        if not better:
            return None
        steps = tuple(step for step, _ in better)
        return Near(self._definition.criteria[index], replace(away, steps=steps), better[0][1])

    def _judged(self, values: Values, judged_on: date, facts: Facts) -> Verdict:
        if (judge := self._judges.get(judged_on)) is None:
            bounds = calendar_of(self._window.calendar).bounds(self._window)
            judge = self._judges[judged_on] = Judge(self._definition, self._placed, judged_on, *bounds)
        reading = one_unit(self._placed, 0, values, facts, judge)
        return judge.verdict(reading.readings, reading.states, facts)

    def _verdicts(self, verdict: Verdict) -> Facts:
        """What the criteria came out as, for formulas that ask for it."""
        pairs = zip(self._definition.criteria, verdict.outcomes, strict=True)
        return {Fact("criterion", criterion.code): outcome.key for criterion, outcome in pairs}

    def _is_within_reach(self, before: Result) -> bool:
        """May one criterion more be enough?"""
        rule, counts = self._definition.rule, before.counts
        if isinstance(rule, AllOf):
            return counts.not_met == 1
        return isinstance(rule, Points) or rule.k - 1 == counts.met + counts.open

    def _is_better(self, before: Verdict, after: Verdict) -> bool:
        rule = self._definition.rule
        if not isinstance(rule, Points):
            worse = (Outcome.NOT_MET, Outcome.NO_DATA)  # a figure that is missing is nothing gained
            return before.result.outcome is Outcome.NOT_MET and after.result.outcome not in worse
        target = _next_threshold(rule, _sure(before))
        return target is not None and _sure(after) >= target

    def _goals(self, before: Verdict) -> Iterator[tuple[int, Node]]:
        """Conditions any of which might be enough, each with the index of its criterion."""
        rule = self._definition.rule
        pairs = zip(self._definition.criteria, self._placed.trees, before.outcomes, strict=True)
        for index, (criterion, trees, outcome) in enumerate(pairs):
            if isinstance(rule, Points) and criterion.points:
                target = _next_threshold(rule, _sure(before))
                needed = (target or ZERO) - _sure(before) + before.scores[index].sure
                if target is None or needed > criterion.points.max:
                    continue
                if trees.points and outcome in (Outcome.MET, Outcome.NOT_MET):
                    yield index, Comparison(">=", trees.points, Number(needed))
                    continue
            if trees.formula and outcome is Outcome.NOT_MET:
                yield index, trees.formula


def _sure(verdict: Verdict) -> Fraction:
    """The points won for certain, exact."""
    return sum((score.sure for score in verdict.scores), ZERO)


def _next_threshold(rule: Points, points: Fraction) -> Fraction | None:
    """The points of the next class, or of meeting the set; None at the top."""
    return min((each for each in _thresholds(rule) if each > points), default=None)


def _thresholds(rule: Points) -> list[Fraction]:
    return [Fraction(points) for points in (rule.meets_from, *(item.points for item in rule.classes))]


def class_reached(definition: Definition, after: Result) -> str:
    """Code of the class that is certain after a step; empty for sets without points."""
    if isinstance(definition.rule, Points) and after.score is not None:
        return class_of(definition.rule, after.score.sure)
    return ""
