"""What the evaluation of one formula for one unit leaves behind: every step with its outcome."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kieumau.formulas.tree import Arithmetic, Below, Call, Comparison, FactLeaf, Leaf, Logic, Node
from kieumau.formulas.values import OperandValue, State, Tally

Outcome = Fraction | bool | None


@dataclass(frozen=True, slots=True)
class Trace:
    """One node of a formula, evaluated for one unit.

    `node` is the placed node, `outcome` an exact number, a truth value, or None for unknown.
    `children` are the parts that were looked at: of an `if` only the condition and the branch it
    chose, of `bands` the measured value and the value it chose. `value` is the figure of a leaf, None
    where the calendar has no such window. `bounds` are, for a `count`, the least and the most it can
    be; `tally` is how the units one level down came out. `word` is the outcome of a verdict or a class,
    which is no number. `choice` is the index of the argument that became the outcome (`coalesce`,
    `min`, `max`), or of the band or class, where there is one. `divided_by_zero` is true where this very
    step had a zero divisor.
    """

    node: Node
    outcome: Outcome
    children: tuple["Trace", ...] = ()
    value: OperandValue | None = None
    bounds: tuple[int, int] | None = None
    choice: int | None = None
    divided_by_zero: bool = False
    word: str | None = None
    tally: Tally | None = None

    @property
    def is_unknown(self) -> bool:
        """Is there no outcome, not even a word?"""
        return self.outcome is None and self.word is None

    @property
    def text(self) -> str:
        """The piece of the formula as it was written."""
        return self.node.span.text

    def walk(self) -> Iterator["Trace"]:
        """This step and all below it, a parent before its children."""
        waiting = [self]
        while waiting:
            trace = waiting.pop()
            yield trace
            waiting.extend(reversed(trace.children))

    def leaves(self) -> tuple["Trace", ...]:
        """Every figure that was looked at, in reading order, repeated where it is used twice."""
        return tuple(trace for trace in self.walk() if isinstance(trace.node, Leaf))

    def causes(self) -> tuple["Trace", ...]:
        """The steps that made this one unknown, each once: figures that are not there, zero divisors,
        verdicts that are still open.

        Empty when the outcome is known. A part whose lack was made good (by `coalesce`, by an `or`
        that was true anyway) is not a cause.
        """
        found: dict[Node, Trace] = {}
        waiting = [self]
        while waiting:
            trace = waiting.pop()
            if not trace.is_unknown:
                continue
            # What is unknown though everything below it is known is where the lack begins.
            if trace.divided_by_zero or not any(child.is_unknown for child in trace.children):
                found.setdefault(trace.node, trace)
            waiting.extend(reversed(trace.children))
        return tuple(found.values())

    def lacking(self, state: State) -> tuple["Trace", ...]:
        """The figures in `causes` that are in this `state`."""
        return tuple(trace for trace in self.causes() if trace.value and trace.value.state is state)

    def coalesced(self) -> tuple["Trace", ...]:
        """The `coalesce` steps that had to put another value in the place of an unknown one."""
        return tuple(trace for trace in self.walk() if is_coalesced(trace))

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON: exact numbers as text (`16/25`, `64`), unknown as null."""
        outcome = self.outcome if isinstance(self.outcome, bool | None) else exact_text(self.outcome)
        plain: dict[str, Any] = {"kind": kind(self.node), "text": self.text, "outcome": outcome}
        if isinstance(self.node, Leaf):
            plain["operand"] = self.node.operand.key if self.node.operand else None
            plain["state"] = self.value.state.name.lower() if self.value else "no such window"
            plain["source"] = self.value.source if self.value else ""
        if self.word is not None:
            plain["outcome"] = self.word
        if isinstance(self.node, FactLeaf | Below):
            plain["fact"] = self.node.fact.key if self.node.fact else None
        if self.tally is not None:
            plain["met"], plain["of"] = len(self.tally.met), self.tally.total
            plain["unknown"] = len(self.tally.open)
        if self.bounds:
            plain["bounds"] = list(self.bounds)
        if self.choice is not None:
            plain["choice"] = self.choice
        if self.divided_by_zero:
            plain["divided_by_zero"] = True
        if self.children:
            plain["children"] = [child.as_dict() for child in self.children]
        return plain


def exact_text(value: Fraction) -> str:
    """`64` or `16/25`, of any length (Python refuses to write an int of more than 4,300 digits)."""
    text = str(Decimal(value.numerator))
    return text if value.denominator == 1 else f"{text}/{Decimal(value.denominator)}"


def is_coalesced(trace: Trace) -> bool:
    """Did this `coalesce` take anything but its first value?"""
    is_coalesce = isinstance(trace.node, Call) and trace.node.function == "coalesce"
    return is_coalesce and bool(trace.choice)


def kind(node: Node) -> str:
    """One word for what a node is: its operator or function, or the kind of leaf."""
    match node:
        case Comparison(operator=word) | Logic(operator=word) | Call(function=word) | Below(function=word):
            return word
        case FactLeaf(kind=word):
            return word
        case Arithmetic(operators=operators):
            return " ".join(operators)
        case _:
            return type(node).__name__.lower()
