"""Verdicts as words, and counts of the units one level down, in SQL: the meaning `evaluate` gives them."""

from dataclasses import dataclass
from fractions import Fraction

from kieumau.formulas.exact import Quotient, Sql, cases, compare, decided, made, unknown
from kieumau.formulas.values import DECIDED, OPEN

_ZERO = Quotient.of(Fraction(0))


@dataclass(frozen=True, slots=True)
class Counts:
    """Numeric columns: for how many units a condition is true, not known, and how many there are."""

    met: Sql
    open: Sql
    total: Sql


def is_word(operator: str, found: Sql, asked: str) -> Sql:
    """`=` or `!=` with a word: NULL while an open verdict may still become the word."""
    same = made(found.column == asked, found)
    apart = made(found.column != asked, found)
    if asked in DECIDED:
        apart = made(apart.column & found.column.notin(list(OPEN)), apart, found)
    return decided(same, apart) if operator == "=" else decided(apart, same)


def all_of(counts: Counts | None) -> Sql:
    """False as soon as it is for one unit; of no units nothing is known."""
    if counts is None:
        return compare("=", Quotient(unknown()), _ZERO)
    met, total = Quotient(counts.met), Quotient(counts.total)
    every = made((met.num.column == total.num.column) & _some(counts).column, met.num, total.num, total.num)
    return decided(every, compare("<", _possible(counts), total))


def share_of(counts: Counts | None) -> Quotient:
    """For how many of the units it is true; unknown as long as it is for one of them."""
    if counts is None:
        return Quotient(unknown())
    is_sure = compare("=", Quotient(counts.open), _ZERO)
    certain = made(is_sure.column & _some(counts).column, is_sure, counts.total)
    return Quotient(cases([(certain, counts.met)]), counts.total)


def share_bounds(counts: Counts | None) -> tuple[Quotient, Quotient]:
    """The least and the most that the share can be."""
    if counts is None:
        return Quotient(unknown()), Quotient(unknown())
    some = _some(counts)
    least, most = cases([(some, counts.met)]), cases([(some, _possible(counts).num)])
    return Quotient(least, counts.total), Quotient(most, counts.total)


def _some(counts: Counts) -> Sql:
    return compare(">", Quotient(counts.total), _ZERO)


def _possible(counts: Counts) -> Quotient:
    return Quotient(made(counts.met.column + counts.open.column, counts.met, counts.open))
