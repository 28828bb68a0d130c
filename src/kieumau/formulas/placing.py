"""Pushing windows down to the leaves: which figures a formula needs, and over which time."""

from dataclasses import replace

from kieumau.formulas.constants import whole
from kieumau.formulas.functions import MOST_WINDOWS, base_year, year_in
from kieumau.formulas.tree import (
    Below,
    Call,
    FactLeaf,
    Indicator,
    Leaf,
    Node,
    Reference,
    children,
    keyword,
    rebuild,
    walk,
)
from kieumau.formulas.windows import Calendar, Fact, Operand, Window


def place(tree: Node, window: Window | None, calendar: Calendar) -> Node:
    """The tree with a window on every indicator; `tree` is checked and expanded.

    `previous`, `year_ago`, `in_year`, `total` and `to_date` stay as calls, for the explanation, over an
    argument that is already moved; `change` gets two arguments, now and base. Where the calendar
    has no such window every figure below has None for a window, and is unknown.
    """
    match tree:
        case Indicator(code=code):
            return Leaf(code, window, tree.span)
        case Reference(kind=kind, name=name) if kind in ("result", "points"):
            return FactLeaf(kind, name, window, window is None, tree.span)
        case Reference(kind=kind, name=name):
            return FactLeaf(kind, name, span=tree.span)
        case Call(function="all_children" | "share_of_children", arguments=(condition,)):
            return Below(tree.function, place(condition, window, calendar), window, tree.span)
        case Call(function="change", arguments=(argument,)):
            before = _base(tree, window, calendar)
            return replace(
                tree, arguments=(place(argument, window, calendar), place(argument, before, calendar))
            )
        case Call():
            moved = _moved(tree, window, calendar)
            return rebuild(tree, iter([place(child, moved, calendar) for child in children(tree)]))
        case _:
            return rebuild(tree, iter([place(child, window, calendar) for child in children(tree)]))


def operands(tree: Node, window: Window, calendar: Calendar) -> tuple[Operand, ...]:
    """Every figure a checked and expanded tree needs for `window`, each once, in reading order."""
    return operands_of(place(tree, window, calendar))


def operands_of(placed: Node) -> tuple[Operand, ...]:
    """Every figure a placed tree needs of the unit itself, each once, in reading order."""
    found: dict[Operand, None] = {}
    for node in walk(placed):
        if isinstance(node, Leaf) and (operand := node.operand) is not None:
            found.setdefault(operand)
    return tuple(found)


def facts_of(placed: Node) -> tuple[Fact, ...]:
    """Everything else a placed tree asks of the unit, each once, in reading order."""
    found: dict[Fact, None] = {}
    for node in walk(placed):
        if isinstance(node, FactLeaf | Below) and (fact := node.fact) is not None:
            found.setdefault(fact)
    return tuple(found)


def below_of(placed: Node) -> tuple[Below, ...]:
    """The conditions it puts to the units one level down, each once, in reading order."""
    found = (node for node in walk(placed) if isinstance(node, Below) and node.window is not None)
    return tuple(dict.fromkeys(found))


def _base(change: Call, window: Window | None, calendar: Calendar) -> Window | None:
    """The window that a `change` compares with."""
    if window is None:
        return None
    year = base_year(change)
    return calendar.year_ago(window) if year is None else calendar.in_year(window, year)


def _moved(call: Call, window: Window | None, calendar: Calendar) -> Window | None:
    """The window for the arguments of `call`."""
    if window is None:
        return None
    match call.function:
        case "previous":
            return calendar.previous(window)
        case "year_ago":
            return calendar.year_ago(window)
        case "in_year":
            year = year_in(call.arguments[1])
            return calendar.in_year(window, year) if year is not None else None
        case "to_date":
            return calendar.to_date(window)
        case "total":
            last = keyword(call, "last")
            n = whole(last.value, 1, MOST_WINDOWS) if last else None
            return calendar.last(window, n) if n else None
        case _:
            return window
