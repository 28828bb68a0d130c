"""What else must come out otherwise before a condition can be true: other verdicts, the units below.

A criterion may ask for the verdict on another one, for the result of another set, or for so many of the
units below. No figure of the unit itself changes those. What can be told is which of them it is, and
of the units below how many more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import (
    Below,
    Call,
    Comparison,
    FactLeaf,
    Leaf,
    Node,
    Not,
    Number,
    children,
    rebuild,
    walk,
)
from kieumau.formulas.values import Facts, OperandValue, Tally
from kieumau.formulas.windows import Fact, Operand

Values = Mapping[Operand, OperandValue]
TRUE = Comparison("=", Number(Fraction(0)), Number(Fraction(0)))
FALSE = Not(TRUE)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A condition on other verdicts or on the units below that must come out otherwise than now.

    `condition` is as the formula has it, `must_hold` whether it must become true or false, `trace` how
    it came out now. `more` is the least number of units below that would have to meet what is asked of
    them, where that can be said.
    """

    condition: Node
    must_hold: bool
    trace: Trace
    more: int | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {"condition": self.trace.text, "must_hold": self.must_hold, "more_units": self.more}


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What must come out otherwise: `awaited` all together, or any one of them where `one_is_enough`.

    `tree` is the condition as it would be then, for what figures must do besides.
    """

    awaited: tuple[Awaited, ...]
    one_is_enough: bool
    tree: Node


def settled(tree: Node, facts: Facts) -> Node:
    """The tree with the branch of the unit's class in place of every `by(unit.class, …)`."""
    parts = [settled(child, facts) for child in children(tree)]
    built = rebuild(tree, iter(parts))
    if not (isinstance(built, Call) and built.function == "by"):
        return built
    word = facts.get(Fact("unit", "class"))
    for item in built.named:
        if isinstance(word, str) and item.name in (word, "else"):
            return item.value
    return built


def awaiting(tree: Node, values: Values, facts: Facts, can_follow: Callable[[Node], bool]) -> Awaiting | None:
    """What must come out otherwise before a false tree can be true; None where nothing of it helps.

    `can_follow` says whether figures can make a tree true. What is enough alone is preferred, then what
    is enough with the others, then with figures; nothing is named that is not needed.
    """
    found = list(_candidates(tree, values, facts))
    if not found:
        return None

    def holds(flipped: tuple[Awaited, ...]) -> bool:
        after = _turned(tree, flipped)
        return evaluate_placed(after, values, facts).outcome is True

    def follows(flipped: tuple[Awaited, ...]) -> bool:
        return can_follow(_turned(tree, flipped))

    for enough in (holds, follows):
        if alone := tuple(one for one in found if enough((one,))):
            after = _turned(tree, alone[:1])
            return Awaiting(alone, one_is_enough=len(alone) > 1, tree=after)
        if enough(tuple(found)):
            needed = _needed(tuple(found), enough)
            return Awaiting(needed, one_is_enough=False, tree=_turned(tree, needed))
    return None


def _needed(found: tuple[Awaited, ...], enough: Callable[[tuple[Awaited, ...]], bool]) -> tuple[Awaited, ...]:
    """The same without those that can be left out, one after the other."""
    for one in found:
        fewer = tuple(each for each in found if each is not one)
        if enough(fewer):
            found = fewer
    return found


def _candidates(tree: Node, values: Values, facts: Facts) -> Iterator[Awaited]:
    """Conditions that rest on other verdicts alone and are decided now, in reading order."""
    waiting, seen = [tree], set()
    while waiting:
        node = waiting.pop()
        if _is_about_verdicts(node):
            trace = evaluate_placed(node, values, facts)
            if isinstance(trace.outcome, bool) and node not in seen:
                seen.add(node)
                yield Awaited(node, not trace.outcome, trace, _more_units(node, trace, facts))
            continue
        waiting.extend(reversed(children(node)))


def _is_about_verdicts(node: Node) -> bool:
    """A comparison, or a condition about the units below, without any figure of the unit itself."""
    if isinstance(node, Below):
        return node.function == "all_children"
    if not isinstance(node, Comparison):
        return False
    inside = list(walk(node))
    if any(isinstance(each, Leaf) for each in inside):
        return False
    return any(isinstance(each, Below) or _asks_a_verdict(each) for each in inside)


def _asks_a_verdict(node: Node) -> bool:
    return isinstance(node, FactLeaf) and node.kind != "unit"


def _turned(tree: Node, flipped: tuple[Awaited, ...]) -> Node:
    """The tree with the conditions as they must come out."""
    for one in flipped:
        if tree == one.condition:
            return TRUE if one.must_hold else FALSE
    return rebuild(tree, iter([_turned(child, flipped) for child in children(tree)]))


def _more_units(node: Node, trace: Trace, facts: Facts) -> int | None:
    """How many more units below would have to meet what is asked of them; None where that is not it."""
    belows = [each for each in walk(node) if isinstance(each, Below)]
    if len(belows) != 1 or trace.outcome is True or belows[0].fact is None:
        return None
    fact = belows[0].fact
    tally = facts.get(fact)
    if not isinstance(tally, Tally):
        return None
    rest = (*tally.failed, *tally.open)
    for count in range(1, len(rest) + 1):
        after = Tally((*tally.met, *rest[:count]), rest[count:], ())
        if evaluate_placed(node, {}, {**facts, fact: after}).outcome is True:
            return count
    return None
