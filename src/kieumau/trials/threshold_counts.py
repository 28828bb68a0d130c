"""All units along one threshold: which outcomes it makes a difference to, and the counts at a value."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from kieumau.assessments.rules import Counts, Ending, Outcome
from kieumau.trials.threshold_steps import Step, Steps
from kieumau.trials.thresholds import Threshold

Province = int | None


@dataclass(frozen=True, slots=True)
class Slid:
    """A draft with one threshold moved to `value`: outcomes of all units and of those of each province.

    `was` are the outcomes of the draft as it is written, `changed` how many units come out otherwise, by
    outcome or by class. `classes` and `was_classes` say how many units are in which class (empty: none).
    `curve` says for values over the threshold's range how many units would meet the set; it is empty
    where every value costs a whole trial. `of_criterion` are the outcomes of the threshold's own criterion
    alone; None for a threshold of the rule.
    """

    value: Decimal
    counts: Counts
    by_province: Mapping[Province, Counts]
    was: Counts
    changed: int
    curve: Sequence[tuple[Decimal, int]] = ()
    classes: Mapping[str, int] = field(default_factory=dict)
    was_classes: Mapping[str, int] = field(default_factory=dict)
    of_criterion: Counts | None = None


@dataclass(frozen=True, slots=True)
class Along:
    """All units along one threshold: those it makes no difference to are counted only."""

    still: Mapping[tuple[Province, Step], int]
    moving: Sequence[tuple[Province, Ending, Steps]]
    curve: Sequence[tuple[Decimal, int]]


class Gathering:
    """Units with their steps, those apart to which the threshold makes a difference."""

    def __init__(self, threshold: Threshold) -> None:
        self._threshold = threshold
        self._still: Counter[tuple[Province, Step]] = Counter()
        self._moving: list[tuple[Province, Ending, Steps]] = []

    def add(self, province: Province, written: Ending, steps: Steps) -> None:
        """One unit, and what it comes out as in the draft as it is written."""
        if steps.is_constant:
            self._still[province, steps.results[0]] += 1
        else:
            self._moving.append((province, written, steps))

    def done(self) -> Along:
        """All of them, with the units that meet the set along the threshold."""
        met = sum(count for (_, one), count in self._still.items() if one.ending.outcome is Outcome.MET)
        curve = []
        for value in self._threshold.candidates():
            point = Fraction(value)
            more = sum(steps.at(point).ending.outcome is Outcome.MET for _, _, steps in self._moving)
            curve.append((value, met + more))
        return Along(self._still, self._moving, curve)


def at(value: Decimal, along: Along) -> Slid:
    """What units come out as with the threshold at a value."""
    point = Fraction(value)
    before: Counter[tuple[Province, Ending]] = Counter()
    own: Counter[Outcome | None] = Counter()
    for (province, step), count in along.still.items():
        before[province, step.ending] += count
        own[step.own] += count
    after, changed = before.copy(), 0
    for province, ending, steps in along.moving:
        found, criterion = steps.at(point)
        before[province, ending] += 1
        after[province, found] += 1
        own[criterion] += 1
        changed += found != ending
    return Slid(
        value,
        _total(after),
        _by_province(after),
        _total(before),
        changed,
        along.curve,
        _classes(after),
        _classes(before),
        None if None in own else Counts(*(own[outcome] for outcome in Outcome)),
    )


def _classes(counted: Mapping[tuple[Province, Ending], int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for (_, ending), count in counted.items():
        if ending.class_code is not None:
            found[ending.class_code] += count
    return found


def _total(counted: Mapping[tuple[Province, Ending], int]) -> Counts:
    found: Counter[Outcome] = Counter()
    for (_, ending), count in counted.items():
        found[ending.outcome] += count
    return Counts(*(found[outcome] for outcome in Outcome))


def _by_province(counted: Mapping[tuple[Province, Ending], int]) -> dict[Province, Counts]:
    found: dict[Province, Counter[Outcome]] = defaultdict(Counter)
    for (province, ending), count in counted.items():
        found[province][ending.outcome] += count
    return {province: Counts(*(counts[outcome] for outcome in Outcome)) for province, counts in found.items()}
