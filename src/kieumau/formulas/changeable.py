"""Which figures of a formula can still change, in which direction, and how far.

Only figures of the window judged can: the past is fixed. A figure that reaches over a longer window
with the same end (the year to date) moves along with it. The catalogue's polarity says the direction:
nobody is asked for more crime. A neutral figure that another one is measured by (all areas, in
recognized / all) is a yardstick and not offered. A part cannot exceed its whole, and no figure that is
not negative becomes so.

A derived indicator that is a plain sum (all crimes) counts as one figure where its parts stand nowhere
else, so that a unit is told "11 fewer crimes" and not the same eleven for every kind of crime.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context
from fractions import Fraction

from kieumau.formulas.catalogue import Catalogue, Described, Type
from kieumau.formulas.tree import (
    Arithmetic,
    Comparison,
    Derived,
    Leaf,
    Node,
    children,
    rebuild,
    walk,
)
from kieumau.formulas.values import OperandValue, State
from kieumau.formulas.windows import Operand, Window

Values = Mapping[Operand, OperandValue]

# Decimal's usual 28 digits would round; figures have at most some 40.
EXACT = Context(prec=200)


@dataclass(frozen=True, slots=True)
class Folded:
    """A formula with its plain sums as single figures; `parts` says which figures each one adds up."""

    tree: Node
    values: dict[Operand, OperandValue]
    parts: dict[Operand, tuple[Operand, ...]]


def fold(placed: Node, values: Values, catalogue: Catalogue) -> Folded:
    """The formula with every derived indicator that is a plain sum as one figure, where that is safe."""
    sums = _safe_sums(placed, catalogue)
    folded = Folded(placed, dict(values), {})
    if not sums:
        return folded
    tree = _with_sums(placed, sums, folded)
    return Folded(tree, folded.values, folded.parts)


def _safe_sums(placed: Node, catalogue: Catalogue) -> set[str]:
    """Codes of derived plain sums whose parts stand nowhere else in the formula; the widest ones."""
    found: set[str] = set()
    waiting = [placed]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Derived) and (node.code in found or _is_safe(placed, node, catalogue)):
            found.add(node.code)
        else:
            waiting.extend(children(node))
    return found


def _is_safe(placed: Node, node: Derived, catalogue: Catalogue) -> bool:
    """Is it a sum of like figures of one window, none of them against its polarity, found only in it?"""
    terms = _terms(node)
    codes = {leaf.code for leaf in terms}
    if not terms or len(codes) < len(terms) or not {node.code, *codes} <= set(catalogue):
        return False
    kinds = {(catalogue[code].decimals, catalogue[code].type) for code in codes}
    kinds.add((catalogue[node.code].decimals, next(iter(kinds))[1]))
    if len(kinds) > 1 or len({leaf.window for leaf in terms}) > 1:
        return False
    polarity = catalogue[node.code].polarity
    if any(catalogue[code].polarity not in (polarity, 0) for code in codes):
        return False
    return not any(leaf.code in codes for leaf in _leaves_outside(placed, node.code))


def _terms(node: Node) -> list[Leaf]:
    """The figures that a plain sum adds up; empty for anything else."""
    match node:
        case Derived(body=body):
            return _terms(body)
        case Leaf():
            return [node]
        case Arithmetic(operators=operators, operands=operands) if set(operators) == {"+"}:
            below = [_terms(operand) for operand in operands]
            return [leaf for each in below for leaf in each] if all(below) else []
        case _:
            return []


def _leaves_outside(placed: Node, code: str) -> Iterator[Leaf]:
    """Every figure that does not stand inside the derived indicator `code`."""
    waiting = [placed]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Leaf):
            yield node
        if not (isinstance(node, Derived) and node.code == code):
            waiting.extend(children(node))


def _with_sums(node: Node, sums: set[str], folded: Folded) -> Node:
    """The tree with the sums as figures; their values are added to those of `folded`."""
    if isinstance(node, Derived) and node.code in sums:
        terms = [leaf.operand for leaf in _terms(node)]
        operands = tuple(operand for operand in terms if operand is not None)
        if len(operands) < len(terms):
            return node
        own = Operand(node.code, operands[0].window)
        folded.values[own] = _added([folded.values.get(operand) for operand in operands])
        folded.parts[own] = operands
        return Leaf(node.code, own.window, node.span)
    return rebuild(node, iter([_with_sums(child, sums, folded) for child in children(node)]))


def _added(values: Iterable[OperandValue | None]) -> OperandValue:
    """The sum of figures; the first that is not there where one is not."""
    total = OperandValue.of(0)
    for each in values:
        if each is None or each.value is None or total.value is None:
            return each or OperandValue(State.MISSING)
        total = OperandValue.of(EXACT.add(total.value, each.value))
    return total


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that may change: `operand` is told, `moved` are all that move along with it.

    `unit` is its least change. `most_up` and `most_down` are the longest ways in such units: None
    without end, 0 where it may not go that way. `whole` is what it is a part of, if anything, and
    `whole_value` how much that is. `is_untold`: formulas alone cannot say how far it may go.
    """

    operand: Operand
    value: Fraction
    moved: tuple[Operand, ...]
    unit: Fraction
    most_up: int | None
    most_down: int | None
    whole: Operand | None = None
    whole_value: Fraction = Fraction(0)
    is_untold: bool = False


def figures(tree: Node, values: Values, catalogue: Catalogue, window: Window) -> list[Figure]:
    """The figures of a placed (and folded) formula that may change, in reading order."""
    leaves: dict[str, dict[Operand, None]] = {}
    for node in walk(tree):
        if isinstance(node, Leaf) and (operand := node.operand) is not None:
            leaves.setdefault(operand.indicator, {}).setdefault(operand)
    fixed = set(_yardsticks(tree, catalogue))
    bounds = _Bounds(
        values, window, [each for node in walk(tree) for each in _parts_of_wholes(node, values, catalogue)]
    )
    found = (
        bounds.figure(catalogue[code], tuple(operands))
        for code, operands in leaves.items()
        if code in catalogue and code not in fixed
    )
    return [figure for figure in found if figure is not None]


@dataclass(frozen=True, slots=True)
class _Bounds:
    """How far figures may change: `shares` says what is a part of what."""

    values: Values
    window: Window
    shares: "list[_Parts]"

    def figure(self, described: Described, operands: tuple[Operand, ...]) -> Figure | None:
        """One indicator; None where nothing of it can change, or a value is not there."""
        moved = tuple(each for each in operands if _ends_with(each.window, self.window))
        if not moved or any(_value(self.values, each) is None for each in moved):
            return None
        operand = max(moved, key=lambda each: each.window.first)
        value = _value(self.values, operand) or Fraction(0)
        unit = Fraction(1, 10 ** (described.decimals + (2 if described.type is Type.SHARE else 0)))
        lowest = _value(self.values, Operand(operand.indicator, self.window))
        is_untold = any(_meets(each.window, self.window) for each in operands if each not in moved)
        up = [int((1 - value) / unit)] if described.type is Type.SHARE and value <= 1 else []
        down = [] if lowest is None else [int(max(lowest, Fraction(0)) / unit)]
        above = [each for each in self.shares if set(moved) & set(each.parts)]
        below = [each for each in self.shares if set(moved) & set(each.wholes)]
        up += [int(each.room / unit) for each in above]
        down += [int(each.room / unit) for each in below]
        return Figure(
            operand,
            value,
            moved,
            unit,
            most_up=0 if described.polarity < 0 or is_untold else min(up, default=None),
            most_down=0 if described.polarity > 0 or is_untold or lowest is None else min(down),
            whole=above[0].wholes[0] if above else None,
            whole_value=above[0].whole_value if above else Fraction(0),
            is_untold=is_untold or (lowest is None and described.polarity <= 0),
        )


def _ends_with(one: Window, window: Window) -> bool:
    """Does it end where the window judged ends, and hold all of it?"""
    return (one.calendar, one.kind, one.last) == (window.calendar, window.kind, window.last) and (
        one.first <= window.first
    )


def _meets(one: Window, window: Window) -> bool:
    """May it hold a part of the window judged? Another calendar or kind may."""
    if (one.calendar, one.kind) != (window.calendar, window.kind):
        return True
    return one.first <= window.last and window.first <= one.last


def _yardsticks(tree: Node, catalogue: Catalogue) -> Iterator[str]:
    """Neutral figures that others are measured by: beside one with a polarity, or as a divisor."""

    def polarity(leaf: Leaf) -> int:
        return catalogue[leaf.code].polarity if leaf.code in catalogue else 0

    for node in walk(tree):
        if isinstance(node, Comparison):
            beside = list(_beside(node))
            if any(polarity(leaf) for leaf in beside):
                yield from (leaf.code for leaf in beside if not polarity(leaf))
        if isinstance(node, Arithmetic):
            for operator, operand in zip(node.operators, node.operands[1:], strict=True):
                if operator == "/":
                    yield from (leaf.code for leaf in _beside(operand) if not polarity(leaf))


def _beside(node: Node) -> Iterator[Leaf]:
    """The figures of one comparison or divisor, without those of conditions inside it."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Leaf):
            yield each
        waiting.extend(child for child in children(each) if not isinstance(child, Comparison))


@dataclass(frozen=True, slots=True)
class _Parts:
    """Counts of one measure that are parts of others: together they leave `room` up to the whole."""

    parts: tuple[Operand, ...]
    wholes: tuple[Operand, ...]
    whole_value: Fraction
    room: Fraction


def _parts_of_wholes(node: Node, values: Values, catalogue: Catalogue) -> Iterator[_Parts]:
    """What a ratio `a / b` says of parts and wholes, measure by measure.

    Counts of one measure and window where the parts do not exceed the wholes now (cases solved may
    belong to other years, and then exceed those that occurred). What stands above and below is no
    part: it moves both.
    """
    if not (isinstance(node, Arithmetic) and node.operators == ("/",)):
        return
    above, below = (_terms(operand) for operand in node.operands)
    for measure in dict.fromkeys(_measure(leaf, catalogue) for leaf in above):
        parts, wholes = (
            [leaf.operand for leaf in side if measure is not None and _measure(leaf, catalogue) == measure]
            for side in (above, below)
        )
        common = set(parts) & set(wholes)
        one = tuple(operand for operand in parts if operand is not None and operand not in common)
        other = tuple(operand for operand in wholes if operand is not None and operand not in common)
        figures_of = [[_value(values, operand) for operand in side] for side in (one, other)]
        if not one or not other or any(value is None for side in figures_of for value in side):
            continue
        part, whole = (sum((value or Fraction(0) for value in side), Fraction(0)) for side in figures_of)
        if {operand.window for operand in (*one, *other)} == {one[0].window} and part <= whole:
            yield _Parts(one, other, whole, whole - part)


def _measure(leaf: Leaf, catalogue: Catalogue) -> str | None:
    """The unit of measure of a count; None for what is not counted in whole numbers."""
    described = catalogue.get(leaf.code)
    if described is None or described.decimals or described.type is Type.SHARE:
        return None
    return described.measure.vi


def _value(values: Values, operand: Operand) -> Fraction | None:
    value = values.get(operand)
    return None if value is None or value.value is None else Fraction(value.value)
