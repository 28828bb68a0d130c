"""How figures and dates become verdicts: the part a ministry will argue about.

Plain Python, no clock, no database. Both back ends (one unit, all units at once) call these
functions, so that a rule is written down once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from kieumau.criteria.rules import AllOf, AtLeast, CriterionPoints, Points
from kieumau.formulas.values import State

ZERO = Decimal(0)


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
    states: Iterable[State],
    *,
    is_due: bool,
    awaited: Collection[Outcome] = (),
) -> Outcome:
    """The outcome of a criterion with a formula.

    `condition` and `applies` are three-valued (None: unknown); `states` are those of the figures both
    formulas ask for, `awaited` the open verdicts among those they ask for. Before the due day a criterion
    is met or not yet due, nothing else: everything but success may still change.
    """
    if applies is True and condition is True:
        return Outcome.MET
    if not is_due:
        return Outcome.NOT_DUE
    if applies is False:
        return Outcome.NOT_APPLICABLE
    if applies is True and condition is False:
        return Outcome.NOT_MET
    return unknown(states, awaited)


def unknown(states: Iterable[State], awaited: Collection[Outcome] = ()) -> Outcome:
    """Why a formula has no answer: not applicable only if nothing is missing, refused or still open.

    What waits for another verdict is open in the same way as that one.
    """
    found = set(states)
    if State.MISSING in found or State.REFUSED in found:
        return Outcome.NO_DATA
    if awaited:
        return next((outcome for outcome in OPEN if outcome in awaited), Outcome.NO_DATA)
    return Outcome.NOT_APPLICABLE if State.NOT_APPLICABLE in found else Outcome.NO_DATA


def by_a_person(
    applies: bool | None, states: Iterable[State], *, is_due: bool, awaited: Collection[Outcome] = ()
) -> Outcome:
    """The outcome of a documented or judged criterion while nobody has decided it.

    `states` are those of the figures that `applies_if` asks for, `awaited` the open verdicts.
    """
    if not is_due:
        return Outcome.NOT_DUE
    if applies is False:
        return Outcome.NOT_APPLICABLE
    if applies is None:
        return unknown(states, awaited)
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

    sure: Decimal
    possible: Decimal

    @property
    def final(self) -> Decimal | None:
        """The points if nothing is open."""
        return self.sure if self.sure == self.possible else None


def score(outcome: Outcome, points: CriterionPoints, value: Decimal | None, rule: Points) -> Score:
    """The points of one criterion. `value` is what its points formula gave (None: unknown).

    A formula's value is kept between zero and the maximum: deductions never go below nothing.
    """
    if outcome is Outcome.NOT_APPLICABLE:
        given = points.max if rule.not_applicable == "maximum" else ZERO
        return Score(given, given)
    if outcome in OPEN or (points.formula and value is None):
        return Score(ZERO, points.max)
    if points.formula and value is not None:
        given = min(max(value, ZERO), points.max)
    else:
        given = points.max if outcome is Outcome.MET else ZERO
    return Score(given, given)


@dataclass(frozen=True, slots=True)
class Result:
    """What a whole set came out as; `class_code` only where it is certain."""

    outcome: Outcome
    counts: Counts
    score: Score | None = None
    class_code: str = ""


def result(
    rule: AllOf | AtLeast | Points, outcomes: Sequence[Outcome], scores: Sequence[Score] = ()
) -> Result:
    """Add the criteria up by the rule of the set."""
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
    elif total.sure >= rule.meets_from:
        outcome = Outcome.MET
    elif total.possible < rule.meets_from:
        outcome = Outcome.NOT_MET
    else:
        outcome = most_pressing(counts) if counts.open else Outcome.NO_DATA
    return Result(outcome, counts, total, class_code)


def class_of(rule: Points, points: Decimal) -> str:
    """The first class whose threshold is reached; empty below the last."""
    return next((item.code for item in rule.classes if points >= item.points), "")
