"""Exact arithmetic on literals: what a formula says before it knows a single figure."""

from fractions import Fraction

from kieumau.formulas.tree import Arithmetic, Negative, Node, Number


def constant(node: Node) -> Fraction | None:
    """The value of an expression of literals alone; None for anything else, and for n / 0."""
    match node:
        case Number():
            return node.value
        case Negative(operand=operand):
            below = constant(operand)
            return None if below is None else -below
        case Arithmetic(operands=operands, operators=operators):
            total = constant(operands[0])
            for operator, operand in zip(operators, operands[1:], strict=True):
                value = constant(operand)
                total = None if total is None or value is None else calculate(operator, total, value)
            return total
        case _:
            return None


def calculate(operator: str, left: Fraction, right: Fraction) -> Fraction | None:
    """One exact step of `+ - * /`; None for a division by zero."""
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right if right else None


def whole(node: Node, least: int, most: int) -> int | None:
    """The value of a literal whole number within bounds, or None."""
    value = constant(node)
    if value is None or value.denominator != 1 or not least <= value <= most:
        return None
    return int(value)
