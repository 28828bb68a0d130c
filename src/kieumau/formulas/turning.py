"""Where the outcome of a formula can turn while one figure changes step by step.

Every number in a formula is, between two turning points, a quotient of two polynomials in the number
of steps. `turning` reads those polynomials off a trace: the differences of both sides of every
comparison, every divisor, everything a branch (`if`, `bands`, `min`, `floor` …) was chosen by. As long
as none of them changes its sign, nothing in the formula does; `next_step` says when the first can.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kieumau.formulas.constants import constant
from kieumau.formulas.evaluate import evaluate_placed, places
from kieumau.formulas.functions import SHIFTS, thresholds
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import (
    Arithmetic,
    Below,
    Call,
    Comparison,
    Derived,
    FactLeaf,
    Leaf,
    Logic,
    Negative,
    Node,
    Not,
    Number,
    Word,
    children,
    rebuild,
    walk,
)
from kieumau.formulas.values import Facts, OperandValue
from kieumau.formulas.windows import Operand

# Coefficients, that of the zeroth power first, no zero at the end; () is zero.
Polynomial = tuple[Fraction, ...]

HIGHEST_DEGREE = 2
MOST_COEFFICIENTS = 12
_FACTS = (Word, FactLeaf, Below)
_KNOWN_NODES = (Number, Leaf, *_FACTS, Derived, Negative, Arithmetic, Comparison, Logic, Not)
_KNOWN_CALLS = SHIFTS | {
    *("if", "min", "max", "abs", "floor", "ceil", "round", "coalesce"),
    *("change", "count", "at_least", "bands", "by"),
}


class CannotTell(Exception):
    """The formula holds something whose turning points are not known."""


def is_readable(placed: Node) -> bool:
    """Is every part of the formula one whose turning points are known?"""
    return all(
        node.function in _KNOWN_CALLS if isinstance(node, Call) else isinstance(node, _KNOWN_NODES)
        for node in walk(placed)
    )


def narrowed(
    tree: Node, values: Mapping[Operand, OperandValue], facts: Facts, moved: frozenset[Operand]
) -> Node:
    """The tree with every number that rests on other figures than `moved` written out.

    So that trying many values of one figure does not add up all the others each time.
    """
    if isinstance(tree, Number):
        return tree
    leaves = (node.operand for node in walk(tree) if isinstance(node, Leaf))
    if not any(operand in moved for operand in leaves):
        outcome = evaluate_placed(tree, values, facts).outcome
        return Number(outcome) if isinstance(outcome, Fraction) else tree
    below = [narrowed(child, values, facts, moved) for child in children(tree)]
    if isinstance(tree, Arithmetic) and set(tree.operators) == {"+"}:
        moving = [child for child in below if not isinstance(child, Number)]
        still = sum((child.value for child in below if isinstance(child, Number)), Fraction(0))
        return replace(tree, operands=(*moving, Number(still)), operators=("+",) * len(moving))
    return rebuild(tree, iter(below))


def turning(trace: Trace, slopes: Mapping[Operand, Fraction], step: int) -> list[Polynomial]:
    """Whatever must keep its sign for the outcome to stay, in the number of steps made.

    `trace` was evaluated after `step` steps; `slopes` says by how much each figure changes per step.
    Raises CannotTell.
    """
    reading = _Reading(slopes, step)
    reading.of(trace)
    return reading.found


def next_step(found: list[Polynomial], step: int) -> int | None:
    """The first step after `step` at which a sign may have changed; None where none ever does.

    It may come early, never late. Raises CannotTell for a polynomial of too high a degree.
    """
    nexts = [after for each in found if (after := _after(each, step)) is not None]
    return min(nexts, default=None)


def _after(each: Polynomial, step: int) -> int | None:
    """The first whole number after `step` at which the sign may differ from that at `step`."""
    if len(each) <= 1:
        return None
    if len(each) > HIGHEST_DEGREE + 1:
        raise CannotTell
    if sum(coefficient * step**power for power, coefficient in enumerate(each)) == 0:
        return step + 1
    if len(each) == 2:
        root = -each[0] / each[1]
        return math.ceil(root) if root > step else None
    return _after_parabola(each, step)


def _after_parabola(each: Polynomial, step: int) -> int | None:
    """The same for c + bx + ax²; its roots are enclosed by whole numbers, so it may come early."""
    scale = math.lcm(*(coefficient.denominator for coefficient in each))
    c, b, a = (int(coefficient * scale) for coefficient in each)
    if a < 0:
        a, b, c = -a, -b, -c
    inner = b * b - 4 * a * c
    if inner < 0:
        return None
    root = math.isqrt(inner)
    enclosed = ((-b - root - 1, -b - root), (-b + root, -b + root + 1))
    for least, most in enclosed:
        if -(-most // (2 * a)) > step:
            return max(step + 1, least // (2 * a))
    return None


# Polynomials


def _trimmed(coefficients: list[Fraction]) -> Polynomial:
    while coefficients and coefficients[-1] == 0:
        coefficients.pop()
    return tuple(coefficients)


def _times(left: Polynomial, right: Polynomial) -> Polynomial:
    """Raises CannotTell where products pile up: work stays bounded."""
    if len(left) + len(right) > MOST_COEFFICIENTS:
        raise CannotTell
    product = [Fraction(0)] * (len(left) + len(right))
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            product[i + j] += a * b
    return _trimmed(product)


def _plus(left: Polynomial, right: Polynomial, sign: int = 1) -> Polynomial:
    longest = max(len(left), len(right))
    a, b = (tuple(each) + (Fraction(0),) * (longest - len(each)) for each in (left, right))
    return _trimmed([x + sign * y for x, y in zip(a, b, strict=True)])


_ONE: Polynomial = (Fraction(1),)


@dataclass(frozen=True, slots=True)
class _Quotient:
    """A number as it depends on the steps made."""

    num: Polynomial
    den: Polynomial = _ONE

    def plus(self, other: "_Quotient", sign: int = 1) -> "_Quotient":
        if self.den == other.den:
            return _Quotient(_plus(self.num, other.num, sign), self.den)
        num = _plus(_times(self.num, other.den), _times(other.num, self.den), sign)
        return _Quotient(num, _times(self.den, other.den))

    def calculate(self, operator: str, other: "_Quotient") -> "_Quotient | None":
        """One step of `+ - * /`; None for a divisor that is always zero."""
        match operator:
            case "+":
                return self.plus(other)
            case "-":
                return self.plus(other, -1)
            case "*":
                return _Quotient(_times(self.num, other.num), _times(self.den, other.den))
            case _:
                num, den = _times(self.num, other.den), _times(self.den, other.num)
                return _Quotient(num, den) if den else None


def _fixed(value: Fraction) -> _Quotient:
    return _Quotient(_trimmed([value]))


@dataclass(slots=True)
class _Reading:
    """Reads one trace; `of` gives None for what is unknown and for conditions."""

    slopes: Mapping[Operand, Fraction]
    step: int
    found: list[Polynomial] = field(default_factory=list)

    def of(self, trace: Trace) -> _Quotient | None:
        """A number as it depends on the steps, and on the way everything that may turn."""
        node = trace.node
        if isinstance(node, Leaf):
            return self.leaf(trace, node)
        if isinstance(node, Number):
            return _fixed(node.value)
        if isinstance(node, _FACTS):  # held fixed
            return _fixed(trace.outcome) if isinstance(trace.outcome, Fraction) else None
        below = [self.of(child) for child in trace.children]
        match node:
            case Derived():
                return below[0]
            case Negative():
                return below[0] and _fixed(Fraction(0)).plus(below[0], -1)
            case Arithmetic(operators=operators):
                return self.row(below, operators)
            case Comparison():
                self.differ(below[0], below[1])
                return None
            case Not() | Logic():
                return None
            case Call() if node.function in _KNOWN_CALLS:
                return self.call(node, trace, below)
            case _:
                raise CannotTell

    def leaf(self, trace: Trace, node: Leaf) -> _Quotient | None:
        """A figure; its slope is zero unless it is the one that changes."""
        if not isinstance(trace.outcome, Fraction) or node.operand is None:
            return None
        slope = self.slopes.get(node.operand, Fraction(0))
        return _Quotient(_trimmed([trace.outcome - slope * self.step, slope]))

    def differ(self, left: _Quotient | None, right: _Quotient | None) -> None:
        """What decides between two numbers."""
        if left is not None and right is not None:
            self.found.append(left.plus(right, -1).num)

    def row(self, below: list[_Quotient | None], operators: tuple[str, ...]) -> _Quotient | None:
        """A row of operands; every divisor may become zero."""
        total = below[0]
        for operator, each in zip(operators, below[1:], strict=True):
            if operator == "/" and each is not None:
                self.found.append(each.num)
            total = None if total is None or each is None else total.calculate(operator, each)
        return total

    def call(self, node: Call, trace: Trace, below: list[_Quotient | None]) -> _Quotient | None:
        """A function: what it came to, and what it was chosen by."""
        match node.function:
            case "at_least":
                return None
            case "count":
                return _fixed(trace.outcome) if isinstance(trace.outcome, Fraction) else None
            case "if" | "by":
                return below[1] if len(below) == 2 else None
            case "coalesce":
                return None if trace.choice is None else below[trace.choice]
            case "bands":
                return self.bands(node, below)
            case "min" | "max":
                return self.extreme(trace, below)
            case "change":
                return self.change(below[0], below[1])
            case "abs" | "floor" | "ceil" | "round":
                return self.stepped(node, trace, below[0])
            case _:
                return below[0]

    def bands(self, node: Call, below: list[_Quotient | None]) -> _Quotient | None:
        """The band turns where the measured value crosses a threshold."""
        for item in thresholds(node):
            least = constant(item.key) if item.key is not None else None
            self.differ(below[0], None if least is None else _fixed(least))
        return below[1] if len(below) == 2 else None

    def extreme(self, trace: Trace, below: list[_Quotient | None]) -> _Quotient | None:
        """`min` and `max` turn where another argument overtakes the chosen one."""
        if trace.choice is None:
            return None
        chosen = below[trace.choice]
        for each in below:
            if each is not chosen:
                self.differ(chosen, each)
        return chosen

    def change(self, now: _Quotient | None, base: _Quotient | None) -> _Quotient | None:
        """(now − base) / base."""
        if base is not None:
            self.found.append(base.num)
        return None if now is None or base is None else now.plus(base, -1).calculate("/", base)

    def stepped(self, node: Call, trace: Trace, below: _Quotient | None) -> _Quotient | None:
        """Functions that jump: the edges of the piece the value lies on."""
        value = trace.outcome
        if below is None or not isinstance(value, Fraction):
            return None
        half = Fraction(1, 2) / Fraction(10) ** (places(node) if node.function == "round" else 0)
        edges = {
            "abs": [Fraction(0)],
            "floor": [value, value + 1],
            "ceil": [value - 1, value],
            "round": [value - half, value + half, Fraction(0)],
        }[node.function]
        for edge in edges:
            self.differ(below, _fixed(edge))
        if node.function != "abs":
            return _fixed(value)
        is_negative = trace.children[0].outcome != value
        return _fixed(Fraction(0)).plus(below, -1) if is_negative else below
