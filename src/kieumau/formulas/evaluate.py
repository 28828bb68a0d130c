"""One unit: a formula evaluated exactly, with a trace of every step.

Unknown is an answer: a figure that is not there makes an expression None and never zero. Conditions
follow Kleene's three values. The set-based back end (`compile`) must give the same outcomes.
"""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kieumau.formulas.constants import calculate, constant, whole
from kieumau.formulas.functions import MOST_PLACES, thresholds
from kieumau.formulas.placing import place
from kieumau.formulas.trace import Outcome, Trace
from kieumau.formulas.tree import (
    Arithmetic,
    Below,
    Call,
    Comparison,
    Derived,
    FactLeaf,
    Indicator,
    Leaf,
    Logic,
    Negative,
    Node,
    Not,
    Number,
    Reference,
    Word,
    keyword,
)
from kieumau.formulas.values import DECIDED, MISSING, NO_FACTS, OPEN, Facts, OperandValue, State, Tally
from kieumau.formulas.windows import Calendar, Operand, Window
from kieumau.kernel.numbers import round_half_up

COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", "<=": ">", ">": "<="}


def evaluate(
    tree: Node,
    window: Window,
    calendar: Calendar,
    values: Mapping[Operand, OperandValue],
    facts: Facts = NO_FACTS,
) -> Trace:
    """The outcome of a checked and expanded `tree` for one unit, with every step.

    `values` holds the unit's figures; an operand that is not in it is missing. `facts` holds what
    else is known of it; what is not in it is unknown.
    """
    return evaluate_placed(place(tree, window, calendar), values, facts)


def evaluate_placed(placed: Node, values: Mapping[Operand, OperandValue], facts: Facts = NO_FACTS) -> Trace:
    """The same for a tree whose windows are already fixed."""
    return _Evaluation(values, facts).of(placed)


def tally_below(condition: Node, units: Iterable[tuple[int, Mapping[Operand, OperandValue], Facts]]) -> Tally:
    """How the placed `condition` of a `Below` comes out for units: id, figures and facts of each."""
    found: dict[bool | None, list[int]] = {True: [], False: [], None: []}
    for unit_id, values, facts in units:
        outcome = evaluate_placed(condition, values, facts).outcome
        found[None if outcome is None else bool(outcome)].append(unit_id)
    return Tally(tuple(found[True]), tuple(found[False]), tuple(found[None]))


@dataclass(frozen=True, slots=True)
class _Evaluation:
    values: Mapping[Operand, OperandValue]
    facts: Facts

    def of(self, node: Node) -> Trace:
        """One node and all below it."""
        match node:
            case Number():
                return Trace(node, node.value)
            case Leaf():
                return self.leaf(node)
            case Word(text=text):
                return Trace(node, None, word=text)
            case FactLeaf():
                return self.fact(node)
            case Below():
                return self.below(node)
            case Derived(body=below) | Negative(operand=below) | Not(operand=below):
                child = self.of(below)
                return Trace(node, _single(node, child.outcome), (child,))
            case Arithmetic():
                return self.arithmetic(node)
            case Comparison():
                left, right = self.of(node.left), self.of(node.right)
                compare = (
                    _compare_words
                    if isinstance(node.left, Word) or isinstance(node.right, Word)
                    else _compare
                )
                return Trace(node, compare(node.operator, left, right), (left, right))
            case Logic():
                children = self.all(node.operands)
                return Trace(node, _logic(node.operator, children), children)
            case Call():
                return self.call(node)
            case Indicator() | Reference():
                raise ValueError("a tree is placed before it is evaluated")

    def all(self, nodes: tuple[Node, ...]) -> tuple[Trace, ...]:
        """Several nodes, each on its own."""
        return tuple(self.of(node) for node in nodes)

    def leaf(self, node: Leaf) -> Trace:
        """A figure; what nobody gave is missing."""
        operand = node.operand
        if operand is None:
            return Trace(node, None)
        value = self.values.get(operand, MISSING)
        known = value.value if value.state is State.VALUE else None
        return Trace(node, None if known is None else Fraction(known), value=value)

    def fact(self, node: FactLeaf) -> Trace:
        """A word, or the points of another set."""
        known = self.facts.get(node.fact) if node.fact else None
        if isinstance(known, str):
            return Trace(node, None, word=known)
        return Trace(node, Fraction(known) if isinstance(known, Decimal) else None)

    def below(self, node: Below) -> Trace:
        """The units one level down; of none nothing is known."""
        tally = self.facts.get(node.fact) if node.fact else None
        if not isinstance(tally, Tally) or not tally.total:
            return Trace(node, None)
        if node.function == "all_children":
            return Trace(node, _all_of(tally), tally=tally)
        share = None if tally.open else Fraction(len(tally.met), tally.total)
        return Trace(node, share, tally=tally)

    def by(self, node: Call) -> Trace:
        """The value for the class of the unit."""
        asked = self.of(node.arguments[0])
        for index, item in enumerate(node.named):
            if asked.word is not None and item.name in (asked.word, "else"):
                value = self.of(item.value)
                return Trace(node, value.outcome, (asked, value), choice=index)
        return Trace(node, None, (asked,))

    def arithmetic(self, node: Arithmetic) -> Trace:
        """From the left; one unknown operand or zero divisor makes the whole unknown."""
        children = self.all(node.operands)
        total, by_zero = children[0].outcome, False
        for sign, child in zip(node.operators, children[1:], strict=True):
            by_zero = by_zero or (sign == "/" and child.outcome == 0 and child.outcome is not None)
            known = total is not None and child.outcome is not None
            total = calculate(sign, Fraction(total or 0), Fraction(child.outcome or 0)) if known else None
        return Trace(node, total, children, divided_by_zero=by_zero)

    def call(self, node: Call) -> Trace:
        """A function over arguments that are already in their windows."""
        match node.function:
            case "if":
                return self.choose(node)
            case "coalesce":
                return self.coalesce(node)
            case "bands":
                return self.bands(node)
            case "by":
                return self.by(node)
            case "at_least":
                children = self.all(node.arguments[1:])
                return Trace(node, _at_least(node, children), children)
            case "count":
                children = self.all(node.arguments)
                least, most = tally(children)
                outcome = Fraction(least) if least == most else None
                return Trace(node, outcome, children, bounds=(least, most))
            case "min" | "max":
                return _extreme(node, self.all(node.arguments))
            case "change":
                return _change(node, self.all(node.arguments))
            case _:
                child = self.of(node.arguments[0])
                return Trace(node, _single(node, child.outcome), (child,), word=child.word)

    def choose(self, node: Call) -> Trace:
        """`if`: unknown while its condition is."""
        condition = self.of(node.arguments[0])
        if condition.outcome is None:
            return Trace(node, None, (condition,))
        branch = self.of(node.arguments[1 if condition.outcome else 2])
        return Trace(node, branch.outcome, (condition, branch))

    def coalesce(self, node: Call) -> Trace:
        """The first value that is known."""
        children: list[Trace] = []
        for index, argument in enumerate(node.arguments):
            children.append(self.of(argument))
            if children[-1].outcome is not None:
                return Trace(node, children[-1].outcome, tuple(children), choice=index)
        return Trace(node, None, tuple(children))

    def bands(self, node: Call) -> Trace:
        """The value of the first threshold reached."""
        measured = self.of(node.arguments[0])
        if measured.outcome is None:
            return Trace(node, None, (measured,))
        otherwise = keyword(node, "else")
        for index, item in enumerate(thresholds(node)):
            least = constant(item.key) if item.key is not None else None
            if least is not None and measured.outcome >= least:
                value = self.of(item.value)
                return Trace(node, value.outcome, (measured, value), choice=index)
        if otherwise is None:
            raise ValueError("bands without else: the formula was not checked")
        value = self.of(otherwise.value)
        return Trace(node, value.outcome, (measured, value), choice=len(thresholds(node)))


def tally(children: tuple[Trace, ...]) -> tuple[int, int]:
    """How many conditions are true, at the least and at the most."""
    true = sum(1 for child in children if child.outcome is True)
    return true, true + sum(1 for child in children if child.outcome is None)


def required(call: Call) -> int:
    """The k of `at_least(k, …)`."""
    k = whole(call.arguments[0], 1, len(call.arguments) - 1)
    if k is None:
        raise ValueError("at_least without a whole number: the formula was not checked")
    return k


def places(call: Call) -> int:
    """The decimal places of `round(x, n)`; 0 when they are not given."""
    n = whole(call.arguments[1], -MOST_PLACES, MOST_PLACES) if len(call.arguments) > 1 else 0
    if n is None:
        raise ValueError("round without a whole number: the formula was not checked")
    return n


def _single(node: Node, outcome: Outcome) -> Outcome:
    """The outcome of a node with one child that matters."""
    if outcome is None:
        return None
    match node:
        case Not():
            return not outcome
        case Negative():
            return -Fraction(outcome)
        case Call(function="abs"):
            return abs(Fraction(outcome))
        case Call(function="floor"):
            return Fraction(math.floor(outcome))
        case Call(function="ceil"):
            return Fraction(math.ceil(outcome))
        case Call(function="round"):
            return round_half_up(Fraction(outcome), places(node))
        case _:
            return outcome


def _interval(trace: Trace) -> tuple[Fraction, Fraction] | None:
    """The least and the most a side of a comparison can be: a `count` keeps its bounds."""
    if isinstance(trace.node, Below) and trace.tally is not None:
        least = len(trace.tally.met)
        return Fraction(least, trace.tally.total), Fraction(least + len(trace.tally.open), trace.tally.total)
    if trace.bounds is not None:
        return Fraction(trace.bounds[0]), Fraction(trace.bounds[1])
    return None if trace.outcome is None else (Fraction(trace.outcome), Fraction(trace.outcome))


def _compare(sign: str, left: Trace, right: Trace) -> bool | None:
    """True or false as soon as it is so for every value within the bounds of both sides."""
    a, b = _interval(left), _interval(right)
    if a is None or b is None:
        return None
    if sign in ("=", "!="):
        if a[0] == a[1] == b[0] == b[1]:
            return sign == "="
        return (sign == "!=") if a[1] < b[0] or b[1] < a[0] else None
    worst, best = ((a[0], b[1]), (a[1], b[0])) if sign in (">", ">=") else ((a[1], b[0]), (a[0], b[1]))
    if COMPARE[sign](*worst):
        return True
    return None if COMPARE[sign](*best) else False


def is_word(sign: str, found: str | None, asked: str) -> bool | None:
    """Is a verdict or a class the word asked for? An open verdict may still become any decided one."""
    if found is None or (found != asked and found in OPEN and asked in DECIDED):
        return None
    return (found == asked) == (sign == "=")


def _compare_words(sign: str, left: Trace, right: Trace) -> bool | None:
    """One side is the word asked for; on which side it stands does not matter."""
    asked, found = (left, right) if isinstance(left.node, Word) else (right, left)
    return is_word(sign, found.word, asked.word or "")


def _all_of(tally: Tally) -> bool | None:
    """False as soon as it is for one unit."""
    if tally.failed:
        return False
    return None if tally.open else True


def _logic(word: str, children: tuple[Trace, ...]) -> bool | None:
    """Kleene: one false decides `and`, one true decides `or`, whatever is unknown."""
    decisive = word == "or"
    if any(child.outcome is decisive for child in children):
        return decisive
    return None if any(child.outcome is None for child in children) else not decisive


def _at_least(call: Call, children: tuple[Trace, ...]) -> bool | None:
    """Decided as soon as it is certain."""
    least, most = tally(children)
    k = required(call)
    if least >= k:
        return True
    return False if most < k else None


def _extreme(node: Call, children: tuple[Trace, ...]) -> Trace:
    """`min` and `max`, unknown when anything is."""
    known = [child.outcome for child in children if child.outcome is not None]
    if len(known) < len(children):
        return Trace(node, None, children)
    best = min(known) if node.function == "min" else max(known)
    return Trace(node, best, children, choice=known.index(best))


def _change(node: Call, children: tuple[Trace, ...]) -> Trace:
    """(now − base) / base, unknown when the base is zero."""
    now, base = (child.outcome for child in children)
    by_zero = base is not None and base == 0
    if now is None or base is None or by_zero:
        return Trace(node, None, children, divided_by_zero=by_zero)
    return Trace(node, (Fraction(now) - Fraction(base)) / Fraction(base), children)
