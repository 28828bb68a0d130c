"""Exact numbers in SQL: every number is a quotient of two numerics, and nothing is ever divided.

PostgreSQL's `numeric / numeric` rounds. So a number is kept as `num / den` with `den > 0`, sums and
comparisons multiply crosswise, and `floor`, `ceil` and `round` use whole-number division (`DIV`). A
denominator that is the literal 1 stays out of the SQL. A number is unknown exactly when its `num` is
NULL; its `den` then means nothing.

`Sql` expressions are deferred: they name columns, not tables, so that they can be put into any layer
of a staged query (see `compile`). Each knows its `weight`, about how many operations it writes out,
and the first `layer` in which every column it names exists.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from operator import add as plus
from operator import and_
from typing import Any

import ibis
import ibis.expr.datatypes as dt
from ibis import udf
from ibis.common.deferred import const

from kieumau.kernel.numbers import exact_decimals

# Numerics without a limit: any precision given here would make PostgreSQL round.
NUMERIC = dt.Decimal(None, None)


def _of_one(a: Any) -> Any:
    """The shape of a function of one argument; PostgreSQL has the body."""


def _of_two(a: Any, b: Any) -> Any:
    """The shape of a function of two arguments."""


# PostgreSQL's own functions with their numeric signature, where ibis would go through bigint or not at all.
_div = udf.scalar.builtin(_of_two, name="div", signature=((NUMERIC, NUMERIC), NUMERIC))
_sign = udf.scalar.builtin(_of_one, name="sign", signature=((NUMERIC,), NUMERIC))
_floor = udf.scalar.builtin(_of_one, name="floor", signature=((NUMERIC,), NUMERIC))
_round = udf.scalar.builtin(_of_two, name="round", signature=((NUMERIC, dt.int32), NUMERIC))


@dataclass(frozen=True, slots=True)
class Sql:
    """One SQL expression: a deferred ibis column, how much it writes out, and where it can stand."""

    column: Any
    weight: int
    layer: int


def made(column: Any, *parts: Sql) -> Sql:
    """An expression made of `parts`, each written out once."""
    return Sql(column, 1 + sum(part.weight for part in parts), max((part.layer for part in parts), default=0))


def plain(column: Any) -> Sql:
    """An expression that names no column, such as a literal."""
    return Sql(const(column), 1, 0)


@lru_cache(maxsize=1024)
def literal(value: Fraction) -> Sql:
    """A numeric literal; `value` has finitely many decimals."""
    decimals = exact_decimals(value)
    if decimals is None:
        raise ValueError(f"{value} cannot be written as a decimal")
    digits = str(abs(value.numerator) * 10**decimals // value.denominator).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    # Through text: as a literal of its own ibis would round it to 38 digits.
    return plain(ibis.literal(f"-{text}" if value < 0 else text).cast(NUMERIC))


def unknown() -> Sql:
    """A number that is never known; a bare NULL will not do, as ibis reads `x = NULL` as `x IS NULL`."""
    zero = literal(Fraction(0))
    return made(zero.column.nullif(zero.column), zero)


def no_word() -> Sql:
    """A word that is never known."""
    return plain(ibis.literal("").nullif(""))


def times(left: Sql | None, right: Sql | None) -> Sql | None:
    """The product, where None stands for 1."""
    if left is None or right is None:
        return left or right
    return made(left.column * right.column, left, right)


def sign(value: Sql) -> Sql:
    """-1, 0 or 1."""
    return made(_sign(value.column), value)


def absolute(value: Sql) -> Sql:
    """The value without its sign."""
    return made(value.column.abs(), value)


def cases(branches: list[tuple[Sql, Sql]], otherwise: Sql | None = None) -> Sql:
    """`CASE WHEN … THEN …`: NULL where no condition is true and there is no `otherwise`."""
    pairs = [(condition.column, value.column) for condition, value in branches]
    parts = [part for branch in branches for part in branch]
    if otherwise is None:
        return made(ibis.cases(*pairs), *parts)
    return made(ibis.cases(*pairs, else_=otherwise.column), *parts, otherwise)


def is_known(value: Sql) -> Sql:
    """Is it not NULL?"""
    return made(value.column.notnull(), value)


def negate(condition: Sql) -> Sql:
    """`NOT`, unknown where the condition is."""
    return made(~condition.column, condition)


@dataclass(frozen=True, slots=True)
class Quotient:
    """A number: `num / den`; `den` None is 1. `constant` is its value where that is a literal."""

    num: Sql
    den: Sql | None = None
    constant: Fraction | None = None

    @classmethod
    def of(cls, value: Fraction) -> "Quotient":
        """A literal: a decimal where it can be written as one, else a true quotient."""
        if exact_decimals(value) is not None:
            return cls(literal(value), None, value)
        return cls(literal(Fraction(value.numerator)), literal(Fraction(value.denominator)), value)

    @property
    def weight(self) -> int:
        """What both parts write out."""
        return self.num.weight + (self.den.weight if self.den else 0)

    @property
    def divisor(self) -> Sql:
        """The denominator, written out even where it is 1."""
        return self.den or literal(Fraction(1))


def add(left: Quotient, right: Quotient, operator: str) -> Quotient:
    """Sum or difference."""
    a, b = times(left.num, right.den) or left.num, times(right.num, left.den) or right.num
    column = a.column + b.column if operator == "+" else a.column - b.column
    return Quotient(made(column, a, b), times(left.den, right.den))


def multiply(left: Quotient, right: Quotient) -> Quotient:
    """Product; a factor of 1 is not written."""
    num = times(_factor(left), _factor(right))
    return Quotient(num or literal(Fraction(1)), times(left.den, right.den))


def _factor(value: Quotient) -> Sql | None:
    """The numerator, or None where it is the literal 1."""
    is_one = value.constant == 1 or (value.den is not None and value.constant is not None)
    return None if is_one and value.constant is not None and value.constant.numerator == 1 else value.num


def divide(left: Quotient, right: Quotient) -> Quotient:
    """Quotient; unknown where `right` is zero. `right.num` is written out twice."""
    if right.constant:
        return multiply(left, Quotient.of(1 / right.constant))
    direction = sign(right.num)
    defined = made(direction.column.nullif(literal(Fraction(0)).column), direction)
    num = times(times(left.num, right.den), defined)
    return Quotient(num or left.num, times(left.den, absolute(right.num)))


def opposite(value: Quotient) -> Quotient:
    """Unary minus."""
    return Quotient(made(-value.num.column, value.num), value.den)


def compare(operator: str, left: Quotient, right: Quotient) -> Sql:
    """A condition, by multiplying crosswise; NULL where either side is unknown."""
    a = left.num if right.constant == 0 else times(left.num, right.den) or left.num
    b = right.num if right.constant == 0 else times(right.num, left.den) or right.num
    x, y = a.column, b.column
    match operator:
        case "=":
            column = x == y
        case "!=":
            column = x != y
        case "<":
            column = x < y
        case "<=":
            column = x <= y
        case ">":
            column = x > y
        case _:
            column = x >= y
    return made(column, a, b)


def floor(value: Quotient) -> Quotient:
    """The whole number at or below. Both parts are written out several times."""
    num, den = value.num, value.den
    if den is None:
        return Quotient(made(_floor(num.column), num))
    whole = made(_div(num.column, den.column), num, den)
    over = made(num.column < whole.column * den.column, num, whole, den)
    one, zero = literal(Fraction(1)), literal(Fraction(0))
    step = cases([(over, one)], zero)
    return Quotient(made(whole.column - step.column, whole, step))


def ceil(value: Quotient) -> Quotient:
    """The whole number at or above."""
    return opposite(floor(opposite(value)))


def round_half_up(value: Quotient, places: int) -> Quotient:
    """To `places` decimals, half away from zero. Both parts are written out several times."""
    num, den = value.num, value.den
    if den is None:
        return Quotient(made(_round(num.column, ibis.literal(places, type=dt.int32)), num))
    scale = Fraction(10) ** places
    doubled = literal(2 * scale).column * num.column.abs() + den.column
    steps = _div(doubled, literal(Fraction(2)).column * den.column)
    column = _sign(num.column) * steps * literal(1 / scale).column
    return Quotient(made(column, num, num, den, den))


def total(truths: list[Any], parts: list[Sql]) -> Sql:
    """How many are true, as an integer; NULL where any is NULL."""
    return made(reduce(plus, (truth.cast(dt.int32) for truth in truths)), *parts)


def tally(conditions: list[Sql], *, unknown: bool) -> Sql:
    """How many are true when every unknown one is taken to be `unknown`."""
    return total([each.column.fill_null(unknown) for each in conditions], conditions)


def numeric(integer: Sql) -> Quotient:
    """An integer as a number of the language."""
    return Quotient(made(integer.column.cast(NUMERIC), integer))


def decided(true: Sql, false: Sql) -> Sql:
    """TRUE, FALSE, or NULL where neither is certain."""
    yes, no = plain(ibis.literal(True)), plain(ibis.literal(False))
    return cases([(true, yes), (false, no)])


def selected(branches: list[tuple[Sql, Quotient]]) -> Quotient:
    """The number of the first true condition; NULL where there is none."""
    num = cases([(condition, value.num) for condition, value in branches])
    if all(value.den is None for _, value in branches):
        return Quotient(num)
    return Quotient(num, cases([(condition, value.divisor) for condition, value in branches]))


def compare_bounds(operator: str, left: tuple[Quotient, Quotient], right: tuple[Quotient, Quotient]) -> Sql:
    """Certain for every value within both bounds, or NULL."""
    (low, high), (other_low, other_high) = left, right
    match operator:
        case ">" | ">=":
            opposite = "<=" if operator == ">" else "<"
            return decided(compare(operator, low, other_high), compare(opposite, high, other_low))
        case "<" | "<=":
            opposite = ">=" if operator == "<" else ">"
            return decided(compare(operator, high, other_low), compare(opposite, low, other_high))
        case _:
            parts = [compare("=", low, high), compare("=", other_low, other_high)]
            parts.append(compare("=", low, other_low))
            same = made(reduce(and_, (part.column for part in parts)), *parts)
            below, above = compare("<", high, other_low), compare("<", other_high, low)
            apart = made(below.column | above.column, below, above)
            return decided(same, apart) if operator == "=" else decided(apart, same)
