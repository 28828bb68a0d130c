"""The syntax tree of a formula: immutable, comparable, and the same for every back end.

Two trees are equal when they mean the same, wherever they were written: spans do not take part in
comparison. Operators of one level stand side by side in one node (`a + b - c` is one `Arithmetic`),
so that the depth of a tree is the nesting a person sees.

Life of a tree: `parse` makes it, `check` types it, `expand` puts derived indicators in the place of
their names (`Derived`), `place` fixes the window of every figure (`Indicator` becomes `Leaf`,
`Reference` becomes `FactLeaf`, `all_children` and its like `Below`), and then it is evaluated or
compiled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kieumau.formulas.windows import Fact, Operand, Window


@dataclass(frozen=True, slots=True)
class Span:
    """Where a node was written: one-based line and column, and its text."""

    line: int
    column: int
    text: str


NOWHERE = Span(1, 1, "")


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number; `is_share` when written with `%` (`70%` is 7/10)."""

    value: Fraction
    is_share: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Indicator:
    """The name of an indicator, before its window is known."""

    code: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Leaf:
    """An indicator over a window; `window` is None where the calendar has no such window."""

    code: str
    window: Window | None
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def operand(self) -> Operand | None:
        """The figure that is asked for, or None where there is no such window."""
        return Operand(self.code, self.window) if self.window else None


@dataclass(frozen=True, slots=True)
class Word:
    """A word that a verdict or a class is compared with: `met`, `urban`."""

    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """`unit.class`, `criterion(4)`, `result(set)` or `points(set)`, before its window is known.

    `kind` is `unit`, `criterion`, `result` or `points`.
    """

    kind: str
    name: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FactLeaf:
    """A reference over a window; a unit's class and another criterion have none.

    `is_nowhen` where the calendar has no such window.
    """

    kind: str
    name: str
    window: Window | None = None
    is_nowhen: bool = False
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def fact(self) -> Fact | None:
        """What is asked for, or None where there is no such window."""
        return None if self.is_nowhen else Fact(self.kind, self.name, self.window)


@dataclass(frozen=True, slots=True)
class Below:
    """`all_children` or `share_of_children` over a placed condition: its figures are of other units."""

    function: str
    condition: "Node"
    window: Window | None
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def fact(self) -> Fact | None:
        """The tally that is asked for, or None where there is no such window."""
        if self.window is None:
            return None
        return Fact("children", " ".join(self.condition.span.text.split()), self.window)


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived indicator with the body of its formula in place of its name."""

    code: str
    body: "Node"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    operand: "Node"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A row of operands with `+`/`-` or with `*`/`/` between them, read from the left.

    `len(operators) == len(operands) - 1`; the two levels never mix in one node.
    """

    operands: tuple["Node", ...]
    operators: tuple[str, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`=`, `!=`, `<`, `<=`, `>` or `>=` between two numbers."""

    operator: str
    left: "Node"
    right: "Node"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` over two or more conditions."""

    operator: str
    operands: tuple["Node", ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not` before a condition."""

    operand: "Node"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Named:
    """One `key: value` of a call: a word (`last: 3`, `else: 0`) or a threshold (`70%: 0.5`).

    Exactly one of `name` and `key` is given.
    """

    name: str
    key: "Node | None"
    value: "Node"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments, positional first. After `place`, `change` has two: now, base."""

    function: str
    arguments: tuple["Node", ...]
    named: tuple[Named, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


Node = (
    Number
    | Word
    | Indicator
    | Reference
    | Leaf
    | FactLeaf
    | Below
    | Derived
    | Negative
    | Arithmetic
    | Comparison
    | Logic
    | Not
    | Call
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order they were written; of `Below` none, they are other units'."""
    match node:
        case Derived(body=body):
            return (body,)
        case Negative(operand=operand) | Not(operand=operand):
            return (operand,)
        case Arithmetic(operands=operands) | Logic(operands=operands):
            return operands
        case Comparison(left=left, right=right):
            return (left, right)
        case Call(arguments=arguments, named=named):
            pairs = (part for item in named for part in (item.key, item.value) if part is not None)
            return (*arguments, *pairs)
        case _:
            return ()


def rebuild(node: Node, parts: Iterator[Node]) -> Node:
    """The same node over other children: takes them from `parts` in the order of `children`."""
    match node:
        case Derived():
            return replace(node, body=next(parts))
        case Negative() | Not():
            return replace(node, operand=next(parts))
        case Arithmetic(operands=operands) | Logic(operands=operands):
            return replace(node, operands=tuple(next(parts) for _ in operands))
        case Comparison():
            return replace(node, left=next(parts), right=next(parts))
        case Call(arguments=arguments, named=named):
            positional = tuple(next(parts) for _ in arguments)
            pairs = []
            for item in named:
                key = next(parts) if item.key is not None else None
                pairs.append(replace(item, key=key, value=next(parts)))
            return replace(node, arguments=positional, named=tuple(pairs))
        case _:
            return node


def walk(root: Node) -> Iterator[Node]:
    """Every node, a parent before its children; needs no call stack, so any depth will do."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def depth(root: Node, limit: int) -> int:
    """How deep the tree is, counted without recursion; stops counting at `limit` + 1."""
    level, deepest = [root], 0
    while level and deepest <= limit:
        deepest += 1
        level = [below for node in level for below in children(node)]
    return deepest


def keyword(call: Call, name: str) -> Named | None:
    """The argument that was given as `name: …`, if any."""
    return next((item for item in call.named if item.name == name), None)
