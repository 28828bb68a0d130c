"""Units of measure: people are not added to money, and the mistake is named with both of them.

A number has the unit of measure of its indicator. Sums, comparisons and choices want one measure; a plain
number goes with any. Multiplied or divided by a plain number a figure keeps its measure; any other
product or quotient has none (cases per person are compared with a plain number). `floor` and `ceil` have
none either: one officer for every full 900 people is a number of officers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kieumau.formulas.catalogue import Catalogue, Type
from kieumau.formulas.constants import constant
from kieumau.formulas.errors import quoted, wrong
from kieumau.formulas.functions import SHIFTS, thresholds
from kieumau.formulas.tree import (
    Arithmetic,
    Call,
    Comparison,
    Derived,
    Indicator,
    Leaf,
    Logic,
    Negative,
    Node,
    Not,
    Number,
    children,
    walk,
)
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.numbers import format_share

_SAME = SHIFTS | {"abs", "round"}
# A quotient of like things compared with so much or more was meant in per cent.
TIMES = 10


def measure_problems(tree: Node, catalogue: Catalogue) -> list[Problem]:
    """Every place where two units of measure do not go together; the types of `tree` are sound."""
    measuring = _Measuring(catalogue)
    measuring.of(tree)
    return measuring.problems


@dataclass(slots=True)
class _Measuring:
    """Walks one tree. None is the measure of a plain number, of a share and of a condition."""

    catalogue: Catalogue
    problems: list[Problem] = field(default_factory=list)

    def of(self, node: Node) -> Text | None:
        """The measure of any node, once everything below it has been looked at."""
        match node:
            case Indicator(code=code) | Leaf(code=code) | Derived(code=code):
                return self.indicator(code)
            case Arithmetic():
                return self.arithmetic(node)
            case Negative(operand=operand):
                return self.of(operand)
            case Comparison(left=left, right=right):
                self.common((left, right))
                self.per_cent_forgotten(left, right)
                self.per_cent_forgotten(right, left)
                return None
            case Logic() | Not():
                self.each(children(node))
                return None
            case Call():
                return self.call(node)
            case _:
                return None

    def each(self, nodes: Iterable[Node]) -> None:
        """Nodes that need not go together."""
        for node in nodes:
            self.of(node)

    def indicator(self, code: str) -> Text | None:
        """The measure the catalogue gives; a share has none."""
        described = self.catalogue.get(code)
        if described is None or described.type is Type.SHARE:
            return None
        return described.measure if described.measure.vi or described.measure.en else None

    def arithmetic(self, node: Arithmetic) -> Text | None:
        """A sum wants one measure; a product keeps the only one there is."""
        if node.operators[0] in "+-":
            return self.common(node.operands)
        found = self.of(node.operands[0])
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            other = self.of(operand)
            if operator == "*":
                found = None if found and other else found or other
            elif other:
                found = None
        return found

    def per_cent_forgotten(self, part: Node, literal: Node) -> None:
        """`solved / occurred >= 70`: a part of what is counted alike is a percentage, and 70 is 7,000 %."""
        match part:
            case Arithmetic(operands=(above, below), operators=("/",)):
                pass
            case _:
                return
        value, is_plain = (
            constant(literal),
            not any(isinstance(one, Number) and one.is_share for one in walk(literal)),
        )
        measures = [_Measuring(self.catalogue).of(one) for one in (above, below)]
        if value is None or abs(value) < TIMES or not is_plain or not all(measures):
            return
        if measures[0] is None or measures[1] is None or not _is_same(measures[0], measures[1]):
            return
        text = literal.span.text
        times = f"{above.span.text} … {text} * {below.span.text}"
        hint = Text(
            vi=f"Có phải là {text}%? Nếu đúng là gấp {text} lần: {times}.",
            en=f"Did you mean {text}%? If {text} times is meant: {times}.",
        )
        vi = f"{quoted(part.span.text)} là tỷ lệ, so với {quoted(text)} tức là {format_share(value, 'vi')}."
        en = f"{quoted(part.span.text)} is a share, and {quoted(text)} is {format_share(value, 'en')} of it."
        self.problems.append(wrong("per-cent-forgotten", literal.span, vi, en, hint))

    def call(self, node: Call) -> Text | None:
        """The measure of what a function gives."""
        match node.function:
            case "min" | "max" | "coalesce":
                return self.common(node.arguments)
            case "if":
                self.of(node.arguments[0])
                return self.common(node.arguments[1:])
            case "by":
                return self.common(item.value for item in node.named)
            case "bands":
                self.common((node.arguments[0], *(item.key for item in thresholds(node) if item.key)))
                return self.common(item.value for item in node.named)
            case name if name in _SAME:
                return self.of(node.arguments[0])
            case _:
                self.each(node.arguments)
                return None

    def common(self, nodes: Iterable[Node]) -> Text | None:
        """The one measure of several nodes; complains about the first that is another."""
        first: tuple[Node, Text] | None = None
        for node in nodes:
            measure = self.of(node)
            if measure is None:
                continue
            if first is None:
                first = node, measure
            elif not _is_same(first[1], measure):
                self.problems.append(_differ(first, (node, measure)))
                break
        return first[1] if first else None


def _is_same(left: Text, right: Text) -> bool:
    """Is it the same word in either language? One word may have two translations (vụ: cases, fires)."""
    return left.vi == right.vi or left.en == right.en


def _differ(left: tuple[Node, Text], right: tuple[Node, Text]) -> Problem:
    (node, measure), (other, its_measure) = left, right
    a, b = quoted(node.span.text), quoted(other.span.text)
    hint = Text(vi="Chia cho nhau rồi so sánh tỷ số.", en="Divide one by the other and compare the ratio.")
    return wrong(
        "measures-differ",
        node.span,
        f"{a} tính bằng “{measure.vi}” còn {b} tính bằng “{its_measure.vi}”.",
        f"{a} is measured in “{measure.en}” but {b} in “{its_measure.en}”.",
        hint,
    )
