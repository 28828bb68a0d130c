"""Which criterion stands between a unit and its set: the set would be met if that one alone were.

Plain Python. Of all criteria a unit lacks, only those count that are enough by themselves: where three
are lacking under “all of them”, none decides.
"""

from dataclasses import replace
from fractions import Fraction

from kieumau.assessments.judging import Verdict
from kieumau.assessments.rules import ZERO, Counts, Outcome, all_of, at_least
from kieumau.criteria.rules import AllOf, AtLeast, Definition, Points


def deciding(definition: Definition, verdict: Verdict) -> tuple[int, ...]:
    """The criteria, by index, each of which alone would make the set met; none where it is met already.

    What does not apply to the unit does not decide. Under points a criterion decides that was met
    without bringing its maximum, if the maximum would be enough.
    """
    if verdict.result.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE):
        return ()
    rule = definition.rule
    if isinstance(rule, Points):
        return _by_points(definition, rule, verdict)
    sufficient = enough(rule, verdict.result.counts)
    return tuple(index for index, outcome in enumerate(verdict.outcomes) if outcome in sufficient)


def enough(rule: AllOf | AtLeast, counts: Counts) -> frozenset[Outcome]:
    """Outcomes of which one criterion, met instead, makes the set met that is not met yet."""
    others = (Outcome.NOT_MET, Outcome.NOT_DUE, Outcome.NO_DATA, Outcome.NOT_JUDGED)
    found = []
    for outcome in others:
        if counts[outcome]:
            better = replace(counts, met=counts.met + 1, **{outcome.key: counts[outcome] - 1})
            result = all_of(better) if isinstance(rule, AllOf) else at_least(rule.k, better)
            if result is Outcome.MET:
                found.append(outcome)
    return frozenset(found)


def _by_points(definition: Definition, rule: Points, verdict: Verdict) -> tuple[int, ...]:
    sure = sum((score.sure for score in verdict.scores), ZERO)
    found = []
    for index, (criterion, outcome, score) in enumerate(
        zip(definition.criteria, verdict.outcomes, verdict.scores, strict=True)
    ):
        if criterion.points is None or outcome is Outcome.NOT_APPLICABLE:
            continue
        if sure - score.sure + Fraction(criterion.points.max) >= Fraction(rule.meets_from):
            found.append(index)
    return tuple(found)
