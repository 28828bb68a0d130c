"""What a unit comes out as, for every value that one threshold could have.

A threshold is compared with something measured: a ratio, a count, how many conditions are true. As the
threshold rises the outcome of the unit changes only where it passes what the unit measures. So each
unit is judged for one value below, at and above that, and any value after that is looked up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kieumau.assessments.judging import Prepared, Reading
from kieumau.assessments.reading import read_criterion
from kieumau.assessments.rules import Ending, Outcome
from kieumau.criteria.trees import Trees
from kieumau.formulas.evaluate import COMPARE, evaluate_placed
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import Call, Comparison, Node, Number, children, rebuild, walk
from kieumau.formulas.values import Facts, OperandValue, State
from kieumau.formulas.windows import Operand
from kieumau.trials.thresholds import Threshold

# What replaces the outcome and points of the criterion gives what the whole set comes out as.
Adding = Callable[[Outcome, Fraction | None], Ending]
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


class Step(NamedTuple):
    """What the set comes out as, and the criterion; `own` is None for a threshold of the set's rule."""

    ending: Ending
    own: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """What a unit comes out as along one threshold, and what the threshold's own criterion does.

    `bounds` are rising (numerator, denominator > 0); `results` has the outcome below the first, at it,
    between it and the next, and so on, beyond the last.
    """

    bounds: tuple[tuple[int, int], ...]
    results: tuple[Step, ...]

    @classmethod
    def of(cls, bounds: Sequence[Fraction], results: Sequence[Step]) -> "Steps":
        """The same from exact numbers."""
        return cls(tuple((bound.numerator, bound.denominator) for bound in bounds), tuple(results))

    @property
    def is_constant(self) -> bool:
        """Does the threshold make no difference to the unit?"""
        return len(set(self.results)) == 1

    def at(self, value: Fraction) -> Step:
        """What it comes out as with the threshold at a value."""
        numerator, denominator = value.numerator, value.denominator
        for index, (bound, parts) in enumerate(self.bounds):
            if (left := numerator * parts) <= (right := bound * denominator):
                return self.results[2 * index + (left == right)]
        return self.results[-1]


class Stepping:
    """Finds the steps of units along one threshold of one criterion.

    `literal` is the threshold's node: the very object, which stands once in `trees`, placed. See
    `can_step`. `places` says where each figure stands among all of the set's.
    """

    def __init__(
        self,
        threshold: Threshold,
        literal: Number,
        trees: Trees,
        prepared: Prepared,
        places: Mapping[Operand, int],
    ) -> None:
        self._threshold = threshold
        self._literal = literal
        self._trees = trees
        self._prepared = prepared
        self._places = places
        root = _tree(trees, threshold.field)
        self._decider = next(node for node in walk(root) if _holds(node, literal))
        self._operator = self._plain_operator(root)

    def steps(self, values: Mapping[Operand, OperandValue], facts: Facts, adding: Adding) -> Steps:
        """The steps of one unit; `adding` says what the set comes out as."""
        bounds = self._bounds(values, facts)
        written = read_criterion(self._trees, values, facts)
        states = self._states(values)
        if not bounds:
            return Steps.of((), (self._step(written, states, facts, adding),))
        found = []
        for place, point in enumerate(around(bounds)):
            reading = self._reading(place, point, bounds, written, values, facts)
            found.append(self._step(reading, states, facts, adding))
        return Steps.of(bounds, found)

    def _step(self, reading: Reading, states: Sequence[State], facts: Facts, adding: Adding) -> Step:
        own = self._prepared.outcome(reading, states, facts)
        return Step(adding(own, reading.points), own)

    def _reading(
        self,
        place: int,
        point: Fraction,
        bounds: Sequence[Fraction],
        written: Reading,
        values: Mapping[Operand, OperandValue],
        facts: Facts,
    ) -> Reading:
        """What the formulas give with the threshold at a point."""
        if self._operator and len(bounds) == 1:
            return replace(written, condition=COMPARE[self._operator](bounds[0], point))
        if self._threshold.is_whole:
            point = self._whole(place, point)
        moved = _with_value(self._trees, self._threshold.field, self._literal, point)
        return read_criterion(moved, values, facts)

    def _whole(self, place: int, point: Fraction) -> Fraction:
        """A whole number on the same side, within 1 to n; anything where there is none, nobody asks."""
        if place % 2 == 0 and point.denominator != 1:
            point -= Fraction(1, 2)
        conditions = len(self._decider.arguments) - 1 if isinstance(self._decider, Call) else 1
        return min(max(point, Fraction(1)), Fraction(conditions))

    def _bounds(self, values: Mapping[Operand, OperandValue], facts: Facts) -> list[Fraction]:
        """Where the threshold would meet what the unit measures: none if that is not known, or a range."""
        decider = self._decider
        if isinstance(decider, Comparison):
            side = decider.right if decider.left is self._literal else decider.left
            return _interval(evaluate_placed(side, values, facts))
        if isinstance(decider, Call) and decider.function == "bands":
            return _interval(evaluate_placed(decider.arguments[0], values, facts))
        conditions = decider.arguments[1:] if isinstance(decider, Call) else ()
        outcomes = [evaluate_placed(each, values, facts).outcome for each in conditions]
        least = sum(1 for outcome in outcomes if outcome is True)
        return rising(least, least + sum(1 for outcome in outcomes if outcome is None))

    def _plain_operator(self, root: Node) -> str:
        """How what is measured is compared, where the criterion is that comparison and nothing else."""
        if self._threshold.field != "formula" or self._decider is not root:
            return ""
        if not isinstance(root, Comparison):
            return ""
        return root.operator if root.right is self._literal else MIRRORED[root.operator]

    def _states(self, values: Mapping[Operand, OperandValue]) -> list[State]:
        found = [State.MISSING] * len(self._places)
        for operand, value in values.items():
            found[self._places[operand]] = value.state
        return found


def can_step(literal: Number, trees: Trees, field: str) -> bool:
    """Does the literal stand in the placed formula once, and nowhere among other units'?"""
    found = [node for node in walk(_tree(trees, field)) if _holds(node, literal)]
    return len(found) == 1


def _tree(trees: Trees, field: str) -> Node:
    tree: Node | None = getattr(trees, field)
    if tree is None:
        raise ValueError(f"the criterion has no formula {field}")
    return tree


def _holds(node: Node, literal: Number) -> bool:
    """Is the literal one of the parts of the node?"""
    return any(part is literal for part in children(node))


def _with_value(trees: Trees, field: str, literal: Number, value: Fraction) -> Trees:
    moved = _replaced(_tree(trees, field), literal, replace(literal, value=value))
    return replace(trees, **{field: moved})


def _replaced(node: Node, literal: Number, other: Number) -> Node:
    if node is literal:
        return other
    parts = children(node)
    return rebuild(node, iter([_replaced(part, literal, other) for part in parts])) if parts else node


def _interval(trace: Trace) -> list[Fraction]:
    """The least and the most that something measured can be; nothing where it is not known."""
    if trace.bounds is not None:
        return rising(*trace.bounds)
    if trace.tally is not None and trace.tally.total:
        least, all_of = len(trace.tally.met), trace.tally.total
        return rising(Fraction(least, all_of), Fraction(least + len(trace.tally.open), all_of))
    return [] if trace.outcome is None else [Fraction(trace.outcome)]


def rising(least: Fraction | int, most: Fraction | int) -> list[Fraction]:
    """The bounds that two numbers make: one where they are the same."""
    return [Fraction(least), Fraction(most)] if least < most else [Fraction(least)]


def around(bounds: Sequence[Fraction]) -> list[Fraction]:
    """One value below the first, every bound, one value between each and the next, one beyond the last."""
    found = [bounds[0] - 1, bounds[0]]
    for before, bound in pairwise(bounds):
        found += [(before + bound) / 2, bound]
    return [*found, bounds[-1] + 1]
