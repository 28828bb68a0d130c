"""How figures and dates become verdicts: the part a ministry will argue about.

Plain Python, no clock, no database. Both back ends (one unit, all units at once) call these
functions, so that a rule is written down once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import NamedTuple

from kieumau.criteria.rules import AllOf, AtLeast, CriterionPoints, Points
from kieumau.formulas.trace import Trace
from kieumau.formulas.values import State
from kieumau.kernel.numbers import round_half_up

ZERO = Fraction(0)
POINT_DECIMALS = 3


class Outcome(IntEnum):
    """Kết quả: what a criterion, or a whole set, came out as."""

    MET = 1
    NOT_MET = 2
    NOT_DUE = 3
    NOT_APPLICABLE = 4
    NO_DATA = 5
    NOT_JUDGED = 6

    @property
    def key(self) -> str:
        """The word for programs and style sheets: `not_met`."""
        return self.name.lower()

    @classmethod
    def choices(cls) -> list[tuple[int, str]]:
        """Pairs for a Django field."""
        return [(outcome.value, outcome.key) for outcome in cls]


# What is still open, most pressing first: figures to send, a person to decide, a date to wait for.
OPEN = (Outcome.NO_DATA, Outcome.NOT_JUDGED, Outcome.NOT_DUE)


def measured(
    condition: bool | None,
    applies: bool | None,
    *,
    is_inapplicable: bool,
    is_due: bool,
    awaited: Collection[Outcome] = (),
) -> Outcome:
    """The outcome of a criterion with a formula.

    `condition` and `applies` are three-valued (None: unknown); `is_inapplicable` says of what is
    unknown why, see below; `awaited` are the open verdicts among those that the formulas ask for.
    Before the due day a criterion is met or not yet due, nothing else: everything but success may
    still change.
    """
    if applies is True and condition is True:
        return Outcome.MET
    if not is_due:
        return Outcome.NOT_DUE
    if applies is False:
        return Outcome.NOT_APPLICABLE
    if applies is True and condition is False:
        return Outcome.NOT_MET
    return _unknown(awaited, is_inapplicable=is_inapplicable)


def is_inapplicable(*traces: Trace) -> bool:
    """Is something unknown, and only because of figures that do not apply to the unit?

    A figure that is missing or refused, a window that the calendar does not have, a zero divisor, or
    a verdict that is open or unknown among the causes makes it false: then there is no answer where
    there should be one.
    """
    causes = [cause for trace in traces for cause in trace.causes()]
    return bool(causes) and all(
        cause.value is not None and cause.value.state is State.NOT_APPLICABLE for cause in causes
    )


def _unknown(awaited: Collection[Outcome], *, is_inapplicable: bool) -> Outcome:
    """Why a formula has no answer: what waits for another verdict is open in the same way as that one."""
    if is_inapplicable:
        return Outcome.NOT_APPLICABLE
    return next((outcome for outcome in OPEN if outcome in awaited), Outcome.NO_DATA)


def by_a_person(
    applies: bool | None,
    *,
    is_inapplicable: bool,
    is_due: bool,
    awaited: Collection[Outcome] = (),
    is_assumed: bool = False,
) -> Outcome:
    """The outcome of a documented or judged criterion while nobody has decided it; see `measured`.

    `is_assumed`: for a trial, count it as met where it applies, as if somebody had said so already.
    """
    if is_assumed and applies is True:
        return Outcome.MET
    if not is_due:
        return Outcome.NOT_DUE
    if applies is False:
        return Outcome.NOT_APPLICABLE
    if applies is None:
        return _unknown(awaited, is_inapplicable=is_inapplicable)
    return Outcome.NOT_JUDGED


@dataclass(frozen=True, slots=True)
class Counts:
    """How many criteria came out as what."""

    met: int = 0
    not_met: int = 0
    not_due: int = 0
    not_applicable: int = 0
    no_data: int = 0
    not_judged: int = 0

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Counts":
        """Count a list of outcomes."""
        return cls(*(outcomes.count(outcome) for outcome in Outcome))

    def __getitem__(self, outcome: Outcome) -> int:
        return int(getattr(self, outcome.key))

    def by_outcome(self) -> dict[Outcome, int]:
        """The same as a mapping, every outcome in it."""
        return {outcome: self[outcome] for outcome in Outcome}

    @property
    def total(self) -> int:
        """All criteria."""
        return sum(self[outcome] for outcome in Outcome)

    @property
    def open(self) -> int:
        """Criteria that may still come out either way."""
        return self.no_data + self.not_judged + self.not_due


def all_of(counts: Counts) -> Outcome:
    """One miss fails all; what does not apply does not count."""
    if counts.not_met:
        return Outcome.NOT_MET
    if counts.open:
        return most_pressing(counts)
    return Outcome.MET if counts.met else Outcome.NOT_APPLICABLE


def at_least(k: int, counts: Counts) -> Outcome:
    """Met as soon as `k` are; not met as soon as `k` can no longer be reached."""
    if counts.met >= k:
        return Outcome.MET
    if counts.not_applicable == counts.total:
        return Outcome.NOT_APPLICABLE
    if counts.met + counts.open < k:
        return Outcome.NOT_MET
    return most_pressing(counts)


def most_pressing(counts: Counts) -> Outcome:
    """Of what is open, that which somebody can do something about first."""
    return next((outcome for outcome in OPEN if counts[outcome]), Outcome.NOT_DUE)


@dataclass(frozen=True, slots=True)
class Score:
    """Points of a criterion or a set: won for certain, and the most that can still be reached."""

    sure: Fraction
    possible: Fraction

    @property
    def final(self) -> Fraction | None:
        """The points if nothing is open."""
        return self.sure if self.sure == self.possible else None

    def rounded(self, thresholds: Iterable[Decimal] = ()) -> "Score":
        """As it is stored and shown: three places, half up, but never up to a threshold it is below."""
        steps = [Fraction(threshold) for threshold in thresholds]
        return Score(_rounded(self.sure, steps), _rounded(self.possible, steps))


def _rounded(value: Fraction, thresholds: Sequence[Fraction]) -> Fraction:
    nearest = round_half_up(value, POINT_DECIMALS)
    if any(value < threshold <= nearest for threshold in thresholds):
        return nearest - Fraction(1, 10**POINT_DECIMALS)
    return nearest


def score(outcome: Outcome, points: CriterionPoints, value: Fraction | None, rule: Points) -> Score:
    """The points of one criterion, exact. `value` is what its points formula gave (None: unknown).

    A formula's value is kept between zero and the maximum: deductions never go below nothing.
    """
    most = Fraction(points.max)
    if outcome is Outcome.NOT_APPLICABLE:
        given = most if rule.not_applicable == "maximum" else ZERO
        return Score(given, given)
    if outcome in OPEN or (points.formula and value is None):
        return Score(ZERO, most)
    if points.formula and value is not None:
        given = min(max(value, ZERO), most)
    else:
        given = most if outcome is Outcome.MET else ZERO
    return Score(given, given)


@dataclass(frozen=True, slots=True)
class Result:
    """What a whole set came out as; `class_code` only where it is certain, `score` as it is shown."""

    outcome: Outcome
    counts: Counts
    score: Score | None = None
    class_code: str = ""


class Ending(NamedTuple):
    """What a unit comes out as: the outcome, and the class where the set has classes (empty: none yet)."""

    outcome: Outcome
    class_code: str | None = None


def ending(rule: AllOf | AtLeast | Points, found: Result) -> Ending:
    """The part of a result that is compared."""
    return Ending(found.outcome, found.class_code if isinstance(rule, Points) else None)


def result(
    rule: AllOf | AtLeast | Points, outcomes: Sequence[Outcome], scores: Sequence[Score] = ()
) -> Result:
    """Add the criteria up by the rule of the set: exact points decide, rounded ones are shown."""
    counts = Counts.of(outcomes)
    if isinstance(rule, Points):
        return _by_points(rule, counts, scores)
    return Result(all_of(counts) if isinstance(rule, AllOf) else at_least(rule.k, counts), counts)


def _by_points(rule: Points, counts: Counts, scores: Sequence[Score]) -> Result:
    total = Score(sum((s.sure for s in scores), ZERO), sum((s.possible for s in scores), ZERO))
    lowest, highest = class_of(rule, total.sure), class_of(rule, total.possible)
    class_code = lowest if lowest == highest else ""
    if counts.not_applicable == counts.total:
        outcome = Outcome.NOT_APPLICABLE
    elif total.sure >= Fraction(rule.meets_from):
        outcome = Outcome.MET
    elif total.possible < Fraction(rule.meets_from):
        outcome = Outcome.NOT_MET
    else:
        outcome = most_pressing(counts) if counts.open else Outcome.NO_DATA
    thresholds = [rule.meets_from, *(item.points for item in rule.classes)]
    return Result(outcome, counts, total.rounded(thresholds), class_code)


def class_of(rule: Points, points: Fraction) -> str:
    """The first class whose threshold is reached; empty below the last."""
    return next((item.code for item in rule.classes if points >= Fraction(item.points)), "")
