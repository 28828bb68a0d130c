"""Expressions with their figures in them, and numbers that stay on their side of a threshold."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from kieumau.formulas import phrases
from kieumau.formulas.catalogue import Catalogue, Type
from kieumau.formulas.constants import constant
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.functions import SHIFTS, base_year, year_in
from kieumau.formulas.trace import Trace, is_coalesced
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
    Number,
    Word,
    children,
    keyword,
)
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import exact_decimals, format_number, format_share, round_half_up

MOST_DECIMALS = 40
MOST_PARTS = 3  # a derived indicator made of more figures is told by its name alone

_SHOWN = {"*": "×"}
_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}


@dataclass(frozen=True, slots=True)
class Renderer:
    """Writes numbers and expressions of one formula in one language.

    `describe` writes a condition that stands inside an expression (of an `if`, of a `count`).
    """

    catalogue: Catalogue
    language: str
    describe: Callable[[Trace], str]

    def say(self, phrase: Text, *parts: object) -> str:
        """The phrase in the language, with its gaps filled."""
        return phrase.in_(self.language).format(*parts)

    def name(self, code: str) -> str:
        """The name of an indicator; its code where the catalogue does not know it."""
        return self.catalogue[code].name.in_(self.language) if code in self.catalogue else code

    def measure(self, node: Node) -> str:
        """The unit of measure of an indicator, with a space before it, or nothing."""
        code = node.code if isinstance(node, Leaf | Derived) else ""
        measure = self.catalogue[code].measure.in_(self.language) if code in self.catalogue else ""
        return f" {measure}" if measure else ""

    # Numbers

    def number(self, trace: Trace, *, as_share: bool | None = None, against: Fraction | None = None) -> str:
        """The outcome of a step: in per cent for a share, else with the decimals of its indicator.

        Never looks as if it were on the other side of `against`, or on it.
        """
        if not isinstance(trace.outcome, Fraction):
            return "…"
        value = trace.outcome
        if is_share(trace.node, self.catalogue) if as_share is None else as_share:
            decimals = self.exact_decimals(trace.node, value * 100) or 2
            while not _keeps_side(value * 100, decimals, against and against * 100):
                decimals += 1
            return format_share(value, self.language, decimals)
        decimals = self.decimals(trace.node, value)
        while not _keeps_side(value, decimals, against):
            decimals += 1
        return format_number(value, decimals, self.language)

    def exact_decimals(self, node: Node, value: Fraction) -> int | None:
        """As many as it takes for what is written in the formula; None for what was measured."""
        return exact_decimals(value) if constant(node) is not None else None

    def decimals(self, node: Node, value: Fraction) -> int:
        """As many as the catalogue says for an indicator; else as needed, two for what never ends."""
        if isinstance(node, Leaf | Derived) and node.code in self.catalogue:
            return self.catalogue[node.code].decimals
        needed = exact_decimals(value)
        if needed is None:
            return 2
        return needed if constant(node) is not None else min(needed, 6)

    # Expressions

    def expression(self, trace: Trace, *, with_values: bool = True) -> str:
        """The expression with names for codes and, after each name, its value."""
        node = trace.node
        match node:
            case Number():
                return self.number(trace)
            case Leaf():
                return f"{self.name(node.code)} {self.number(trace)}" if with_values else self.name(node.code)
            case Word() | FactLeaf():
                return self.fact(trace, with_values)
            case Below():
                return self.below(trace, node, with_values)
            case Derived():
                if not with_values:
                    return self.name(node.code)
                said = f"{self.name(node.code)} {self.number(trace)}"
                return f"{said} ({self.expression(trace.children[0])})" if has_few_parts(trace) else said
            case Negative():
                return f"-{self.inside(trace.children[0], with_values)}"
            case Arithmetic():
                return self.row(trace, node, with_values)
            case Call():
                return self.call(trace, node, with_values)
            case _:
                return self.describe(trace)

    def inside(self, trace: Trace, with_values: bool) -> str:
        """The expression as a part of a larger one: in brackets where it is a row itself."""
        text = self.expression(trace, with_values=with_values)
        return f"({text})" if isinstance(trace.node, Arithmetic) else text

    def row(self, trace: Trace, node: Arithmetic, with_values: bool) -> str:
        """`A 3 + B 4`; of a ratio of two indicators the second is told by its unit of measure."""
        if with_values and is_plain_ratio(node):
            above, below = trace.children
            measure = self.measure(below.node) or f" {self.name(getattr(below.node, 'code', ''))}"
            return f"{self.expression(above)} / {self.number(below)}{measure}"
        text = self.inside(trace.children[0], with_values)
        for operator, child in zip(node.operators, trace.children[1:], strict=True):
            text += f" {_SHOWN.get(operator, operator)} {self.inside(child, with_values)}"
        return text

    def call(self, trace: Trace, node: Call, with_values: bool) -> str:
        """A function in words over its arguments."""
        match node.function:
            case "if" if len(trace.children) == 2:
                condition, branch = trace.children
                text = self.expression(branch, with_values=with_values)
                return self.say(phrases.CHOSEN, text, self.describe(condition)) if with_values else text
            case "count":
                return self.counted(trace)
            case "by":
                return self.by_class(trace, with_values)
            case "coalesce" if is_coalesced(trace):
                return self.coalesced(trace)
            case "coalesce" if trace.choice == 0:
                return self.expression(trace.children[0], with_values=with_values)
            case name if name in SHIFTS:
                return self.say(
                    phrases.FUNCTIONS[name], self.inside(trace.children[0], with_values), shift_of(node)
                )
            case name if name in phrases.FUNCTIONS:
                parts = trace.children[:1] if name in ("change", "bands") else trace.children
                shown = "; ".join(self.expression(part, with_values=with_values) for part in parts)
                return self.say(phrases.FUNCTIONS[name], shown, self.base(node))
            case _:
                return self.describe(trace)

    # Verdicts, classes, the units below

    def fact(self, trace: Trace, with_values: bool) -> str:
        """A word; or what is asked for, with its word or its points."""
        node = trace.node
        if not isinstance(node, FactLeaf):
            return self.word(trace)
        name = self.say(phrases.ASKED[node.kind], node.name)
        if not with_values or trace.is_unknown:
            return name
        return f"{name}: {self.word(trace)}" if trace.word is not None else f"{name} {self.number(trace)}"

    def word(self, trace: Trace) -> str:
        """An outcome in words; the class of a unit as it is."""
        text = trace.word or "…"
        return self.say(phrases.WORDS[text]) if text in phrases.WORDS else text

    def by_class(self, trace: Trace, with_values: bool) -> str:
        """The value for the class, and the class."""
        if len(trace.children) < 2:
            return self.say(phrases.ASKED["unit"])
        asked, value = trace.children
        text = self.expression(value, with_values=with_values)
        return self.say(phrases.BY_CLASS, text, self.word(asked))

    def below(self, trace: Trace, node: Below, with_values: bool) -> str:
        """How many of the units below, or what is asked of them."""
        asked = self.asked(evaluate_placed(node.condition, {}))
        tally = trace.tally
        if not with_values or tally is None:
            is_all = node.function == "all_children"
            return self.say(phrases.BELOW_ALL if is_all else phrases.BELOW_SHARE, asked)
        met = len(tally.met)
        if tally.open:
            return self.say(phrases.BELOW_BETWEEN, met, met + len(tally.open), tally.total, asked)
        return self.say(phrases.BELOW, met, tally.total, asked)

    def asked(self, trace: Trace) -> str:
        """A condition as such, without any unit's figures."""
        match trace.node:
            case Comparison(operator=operator):
                left, right = (self.expression(child, with_values=False) for child in trace.children)
                return f"{left} {_SIGNS.get(operator, operator)} {right}"
            case Logic(operator=operator):
                joined = phrases.JOINED[operator].in_(self.language)
                return joined.join(self.asked(child) for child in trace.children)
            case _:
                return trace.text

    def base(self, change: Call) -> str:
        """What a change is compared with, in words."""
        return phrases.base_words(base_year(change)).in_(self.language)

    def counted(self, trace: Trace) -> str:
        """How many conditions of a `count` are met, and what they are."""
        least, most = trace.bounds or (0, 0)
        inner = "; ".join(self.describe(child) for child in trace.children)
        total = len(trace.children)
        if least == most:
            return self.say(phrases.COUNTED, least, total, inner)
        return self.say(phrases.COUNTED_BETWEEN, least, most, total, inner)

    def coalesced(self, trace: Trace) -> str:
        """The value taken, and what it stands in for."""
        lost = "; ".join(
            self.expression(child, with_values=False) for child in trace.children if child.is_unknown
        )
        return self.say(phrases.COALESCED, self.expression(trace.children[-1]), lost)


def has_few_parts(trace: Trace) -> bool:
    """Is a derived indicator made of so few figures that a sentence can name them?"""
    return sum(isinstance(step.node, Leaf) for step in trace.walk()) <= MOST_PARTS


def tells_value(trace: Trace) -> bool:
    """Does the expression of this step already end in its value, so that `= value` would repeat it?"""
    match trace.node:
        case Number() | Leaf() | FactLeaf() | Derived():
            return True
        case Call(function=name) if name in SHIFTS or name in ("if", "coalesce"):
            return tells_value(trace.children[trace.choice or 0 if name != "if" else -1])
        case _:
            return False


def shift_of(call: Call) -> int:
    """The n of `total(x, last: n)`, the year of `in_year`; 1 for the other shifts."""
    if call.function == "in_year":
        return year_in(call.arguments[1]) or 0
    last = keyword(call, "last")
    n = constant(last.value) if last else None
    return int(n) if n else 1


def is_share(node: Node, catalogue: Catalogue) -> bool:
    """Is the outcome of a placed node a share, to be shown in per cent?"""
    match node:
        case Number():
            return node.is_share
        case Leaf(code=code) | Derived(code=code):
            return code in catalogue and catalogue[code].type is Type.SHARE
        case Arithmetic(operands=operands, operators=operators):
            if operators[0] in "+-":
                return any(is_share(operand, catalogue) for operand in operands)
            return "/" not in operators and all(is_share(operand, catalogue) for operand in operands)
        case Call(function="change") | Below(function="share_of_children"):
            return True
        case Call(function="count" | "at_least" | "bands"):
            return False
        case _:
            return any(is_share(child, catalogue) for child in children(node))


def is_plain_ratio(node: Node) -> bool:
    """Is it one indicator divided by another, over the same window?"""
    if not (isinstance(node, Arithmetic) and node.operators == ("/",)):
        return False
    above, below = node.operands
    return isinstance(above, Leaf) and isinstance(below, Leaf) and above.window == below.window


def _keeps_side(value: Fraction, decimals: int, against: Fraction | None) -> bool:
    """Does rounding leave `value` on its side of `against`?"""
    if against is None or decimals >= MOST_DECIMALS:
        return True
    rounded = round_half_up(value, decimals)
    return (rounded < against, rounded > against) == (value < against, value > against)
