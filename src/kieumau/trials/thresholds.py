"""The numbers of a set that act as thresholds: in formulas what something is compared with, k, bands;
in its rule how many criteria or points it takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import AllOf, AtLeast, Definition, Points
from kieumau.criteria.trees import texts
from kieumau.formulas.constants import constant
from kieumau.formulas.functions import thresholds as bands_of
from kieumau.formulas.parse import MAX_DIGITS, parse
from kieumau.formulas.tree import Call, Comparison, Node, Number, walk
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import exact_decimals

MOST_STEPS = 200
POINT_DECIMALS = 3
Rule = AllOf | AtLeast | Points


@dataclass(frozen=True, slots=True)
class Threshold:
    """One literal of a formula of a criterion; `start` and `end` are offsets in the formula's text.

    `field` says which formula. `value` is exact, a share as a fraction of one (70% is 0.7). `low` to
    `high` by `step` is a sensible range that `value` lies on. A sound formula needs a value between
    `above` and `below`, neither of them reached, where they are given: the neighbors of a band, 0 and
    n + 1 for k of n, which `is_whole` too.

    A number of the rule stands under no criterion; `field` is its path (`rule.classes.0.from`). Points
    are never below zero nor above what can be had, with at most three decimals.
    """

    criterion: str
    field: str
    start: int
    end: int
    value: Decimal
    is_share: bool
    low: Decimal
    high: Decimal
    step: Decimal
    above: Decimal | None = None
    below: Decimal | None = None
    is_whole: bool = False

    @property
    def is_of_rule(self) -> bool:
        """Is it a number of the rule by which criteria add up?"""
        return not self.criterion

    @property
    def path(self) -> tuple[str | int, ...]:
        """Where a number of the rule stands in the set: `("rule", "classes", 0, "from")`."""
        return tuple(int(step) if step.isdigit() else step for step in self.field.split("."))

    @property
    def place(self) -> str:
        """Stable within a text: `4.1/formula/23-26`, `rule.k`."""
        if self.is_of_rule:
            return self.field
        return f"{self.criterion}/{self.field}/{self.start}-{self.end}"

    def spelled(self, value: Decimal) -> str:
        """A value as the formula writes it: 0.7 of a share is `70%`."""
        text = format(value.scaleb(2) if self.is_share else value, "f")
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return f"{text or '0'}%" if self.is_share else text or "0"

    def candidates(self, most: int = 40) -> tuple[Decimal, ...]:
        """At most so many values from low to high, evenly spread on the grid of steps, both ends in it."""
        steps = int((self.high - self.low) / self.step)
        taken = sorted({steps * number // (most - 1) for number in range(most)})
        return tuple(self.low + self.step * number for number in taken)


def thresholds(draft: CriteriaSet) -> list[Threshold]:
    """Every threshold of a version: those of its rule, then in the order of its criteria and their texts."""
    says = definition(draft)
    return [
        *_of_rule(says),
        *(
            found
            for criterion in says.criteria
            for field, _, text in texts(criterion)
            for found in _in_text(criterion.code, field, text)
        ),
    ]


def rule_with(rule: Rule, threshold: Threshold, value: Fraction) -> Rule:
    """The rule with an exact value in the threshold's place."""
    if isinstance(rule, AtLeast):
        return rule.model_copy(update={"k": value})
    if not isinstance(rule, Points):
        raise ValueError("a rule that asks for all criteria has no number")
    if threshold.field == "rule.meets_from":
        return rule.model_copy(update={"meets_from": value})
    index = int(threshold.path[2])
    classes = list(rule.classes)
    classes[index] = classes[index].model_copy(update={"points": value})
    return rule.model_copy(update={"classes": tuple(classes)})


def check_value(threshold: Threshold, value: Decimal) -> None:
    """Raises Refused for a value that makes no sound formula in the threshold's place."""
    digits = threshold.spelled(value) if value.is_finite() and abs(value.adjusted()) < MAX_DIGITS else ""
    is_sound = (
        0 < len(digits.lstrip("-").rstrip("%")) <= MAX_DIGITS
        and (threshold.above is None or value > threshold.above)
        and (threshold.below is None or value < threshold.below)
        and (not threshold.is_whole or value == value.to_integral_value())
        and (not threshold.is_of_rule or 0 <= value <= threshold.high)
        and (not threshold.is_of_rule or value == round(value, POINT_DECIMALS))
    )
    if not is_sound:
        low, high = threshold.spelled(threshold.low), threshold.spelled(threshold.high)
        reason = Text(
            vi=f"Mức này phải từ {low} đến {high}.", en=f"This threshold must be from {low} to {high}."
        )
        raise Refused([Problem("threshold-out-of-range", reason)])


def literal_in(tree: Node, text: str, threshold: Threshold) -> Number | None:
    """The very node of a parsed formula that stands in the threshold's place."""
    for node in walk(tree):
        if isinstance(node, Number) and _offsets(node, text) == (threshold.start, threshold.end):
            return node
    return None


def _of_rule(says: Definition) -> Iterator[Threshold]:
    rule = says.rule
    if isinstance(rule, AtLeast):
        count, one = Decimal(len(says.criteria)), Decimal(1)
        bounds = (Decimal(0), count + 1)
        yield Threshold("", "rule.k", 0, 0, Decimal(rule.k), False, one, count, one, *bounds, True)
    if isinstance(rule, Points):
        most = sum((one.points.max for one in says.criteria if one.points), Decimal(0))
        yield _points("rule.meets_from", rule.meets_from, most)
        values = [one.points for one in rule.classes]
        for index, value in enumerate(values):
            above = values[index + 1] if index + 1 < len(values) else None
            below = values[index - 1] if index else None
            yield _points(f"rule.classes.{index}.from", value, most, above, below)


def _points(
    field: str, value: Decimal, most: Decimal, above: Decimal | None = None, below: Decimal | None = None
) -> Threshold:
    """A number of points, from zero to the most there can be."""
    step = Decimal(1)
    while any(one % step for one in (value, most, above, below) if one is not None):
        step /= 10
    low = above + step if above is not None else Decimal(0)
    high = below - step if below is not None else most
    return Threshold("", field, 0, 0, value, False, low, high, step, above, below)


def _in_text(criterion: str, field: str, text: str) -> Iterator[Threshold]:
    found: dict[tuple[int, int], Threshold] = {}
    for node in walk(parse(text)):
        for literal, above, below in _literals(node):
            start, end = _offsets(literal, text)
            value, is_share = _decimal(literal.value), literal.is_share
            is_whole = isinstance(node, Call) and node.function == "at_least"
            low, high, step = _range(value, is_share=is_share)
            if is_whole:
                step = Decimal(1)
            for neighbor in (above, below):
                while neighbor is not None and (value - neighbor) % step:
                    step /= 10
            low = min(low, value) if above is None else above + step
            high = max(high, value) if below is None else below - step
            low, high = min(low, value), max(high, value)
            found[start, end] = Threshold(
                criterion, field, start, end, value, is_share, low, high, step, above, below, is_whole
            )
    yield from (found[place] for place in sorted(found))


def _literals(node: Node) -> Iterator[tuple[Number, Decimal | None, Decimal | None]]:
    """The literals of one node that decide something, each with what it must stay between."""
    match node:
        case Comparison(left=left, right=right):
            for side, other in ((left, right), (right, left)):
                if isinstance(side, Number) and constant(other) is None:
                    yield side, None, None
        case Call(function="at_least", arguments=(Number() as k, *conditions)):
            yield k, Decimal(0), Decimal(len(conditions) + 1)
        case Call(function="bands"):
            keys = [item.key for item in bands_of(node)]
            for index, key in enumerate(keys):
                if isinstance(key, Number):
                    lower, higher = keys[index + 1 : index + 2], keys[max(index - 1, 0) : index]
                    yield key, _neighbor(lower), _neighbor(higher)


def _neighbor(keys: list[Node | None]) -> Decimal | None:
    value = constant(keys[0]) if keys and keys[0] is not None else None
    return None if value is None or exact_decimals(value) is None else _decimal(value)


def _offsets(literal: Number, text: str) -> tuple[int, int]:
    lines = text.split("\n")[: literal.span.line - 1]
    start = sum(len(line) + 1 for line in lines) + literal.span.column - 1
    return start, start + len(literal.span.text)


def _decimal(value: Fraction) -> Decimal:
    """A literal's value; it has finitely many decimals, since it was written in decimals."""
    decimals = exact_decimals(value) or 0
    return Decimal(int(value * 10**decimals)).scaleb(-decimals)


def _range(value: Decimal, *, is_share: bool) -> tuple[Decimal, Decimal, Decimal]:
    """From nothing to twice the value, or all shares there are; the mirror of it below zero."""
    step = _step(value, is_share=is_share)
    most = max(abs(value), Decimal(1) / 2) * 2 if is_share else max(2 * abs(value), 10 * step)
    if is_share and 0 < value <= 1:
        return Decimal(0), Decimal(1), step
    if value > 0:
        return Decimal(0), most, step
    if value < 0:
        return -most, most if is_share else Decimal(0), step
    return (-most if is_share else Decimal(0)), most, step


def _step(value: Decimal, *, is_share: bool) -> Decimal:
    """One per cent, or a round number of which the range has at most some two hundred; the value is on it."""
    step = Decimal("0.01") if is_share else Decimal(1)
    while not is_share and abs(value) * 2 / step > MOST_STEPS:
        step *= 10
    while value % step:
        step /= 10
    return step
