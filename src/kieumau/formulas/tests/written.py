"""Formulas of every shape, written by hypothesis, and figures to put into them."""

import random
import re
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st

from kieumau.formulas.catalogue import Entry, Type
from kieumau.formulas.placing import below_of, facts_of, operands_of
from kieumau.formulas.scope import Scope
from kieumau.formulas.tests.both import Unit
from kieumau.formulas.tree import Node
from kieumau.formulas.values import DECIDED, MISSING, NOT_APPLICABLE, OPEN, REFUSED, OperandValue
from kieumau.formulas.windows import Fact
from kieumau.kernel.messages import Text

LEAVES = ("a", "b", "c", "d")
CLASSES = ("rural", "urban", "island", "1", "2")
SCOPE = Scope(CLASSES, ("1.2-b", "4", "x"), {"other": True, "tt124-commune": None})
DERIVED = {"ratio": "a / b", "grown": "change(c)", "part": "ratio * d + 1", "many": "count(a > 1, b > 1)"}


def named(code: str, formula: str = "") -> Entry:
    """An indicator that goes with numbers and with shares."""
    return Entry(Type.RATIO, Text(vi=code, en=code), formula=formula)


# Everything is a RATIO here, so that every shape is allowed.
CATALOGUE = {code: named(code) for code in LEAVES} | {
    code: named(code, text) for code, text in DERIVED.items()
}

LITERALS = ("0", "1", "2", "3", "-1", "0.5", "2.5", "70%", "-5%", "100%", "3_000", "(1 / 3)", "0.000001")
THRESHOLDS = ("100", "25", "3", "90%", "(2 / 3)", "0.5", "0", "-1")
SIGNS = ("=", "!=", "<", "<=", ">", ">=")

# The calendar of these tests begins in 1990.
years = st.sampled_from((1950, 2019, 2024, 2025, 2030))
atoms = st.sampled_from((*LEAVES, *LEAVES, *DERIVED, *LITERALS))


def _joined(parts: list[str], operators: list[str]) -> str:
    text = parts[0]
    for operator, part in zip(operators, parts[1:], strict=False):
        text += f" {operator} {part}"
    return f"({text})"


def _row(below: st.SearchStrategy[str], operators: str) -> st.SearchStrategy[str]:
    return st.builds(
        _joined,
        st.lists(below, min_size=2, max_size=4),
        st.lists(st.sampled_from(operators), min_size=3, max_size=3),
    )


def _called(name: str, arguments: list[str]) -> str:
    return f"{name}({', '.join(arguments)})"


def _bands(x: str, first: int, count: int, values: list[str]) -> str:
    chosen = THRESHOLDS[first : first + count]
    pairs = [f"{threshold}: {value}" for threshold, value in zip(chosen, values, strict=False)]
    return f"bands({x}, {', '.join(pairs)}, else: {values[-1]})"


worded = st.builds(
    "({} {} {})".format,
    st.sampled_from(("criterion(4)", "criterion(1.2-b)", "result(other)", "year_ago(result(other))")),
    st.sampled_from(("=", "!=")),
    st.sampled_from((*DECIDED, *OPEN)),
)
classes = st.builds("({1} {0} unit.class)".format, st.sampled_from(("=", "!=")), st.sampled_from(CLASSES))
_BY = "by(unit.class, rural: {}, 1: {}, else: {})"


def _conditions(numbers: st.SearchStrategy[str], depth: int) -> st.SearchStrategy[str]:
    sides = numbers
    if depth > 0:
        below = _conditions(numbers, depth - 1)
        counts = st.builds(_called, st.just("count"), st.lists(below, min_size=1, max_size=4))
        sides = st.one_of(numbers, counts)
    compared = st.builds("({} {} {})".format, sides, st.sampled_from(SIGNS), sides)
    if depth == 0:
        return compared
    several = st.lists(below, min_size=2, max_size=4)
    return st.one_of(
        compared,
        compared,
        several.map(lambda parts: f"({' and '.join(parts)})"),
        several.map(lambda parts: f"({' or '.join(parts)})"),
        below.map(lambda part: f"(not {part})"),
        worded,
        classes,
        st.builds(_BY.format, below, below, below),
        st.builds(
            lambda k, parts: f"at_least({min(k, len(parts))}, {', '.join(parts)})", st.integers(1, 4), several
        ),
        st.builds("if({}, {}, {})".format, below, below, below),
        st.builds("{}({})".format, st.sampled_from(("previous", "year_ago")), below),
        st.builds("in_year({}, {})".format, below, years),
    )


def _numbers(depth: int) -> st.SearchStrategy[str]:
    if depth == 0:
        return atoms
    below = _numbers(depth - 1)
    tests = _conditions(below, min(depth - 1, 1))
    one = ("abs", "floor", "ceil", "round", "previous", "year_ago", "change", "to_date", "-")
    return st.one_of(
        atoms,
        _row(below, "+-"),
        _row(below, "*/"),
        _row(below, "/"),
        st.builds("{}({})".format, st.sampled_from(one), below),
        st.builds("round({}, {})".format, below, st.integers(-2, 3)),
        st.builds("total({}, last: {})".format, below, st.integers(1, 3)),
        st.builds("in_year({}, {})".format, below, years),
        st.builds("change({}, since: {})".format, below, years),
        st.builds(
            _called, st.sampled_from(("min", "max", "coalesce")), st.lists(below, min_size=2, max_size=4)
        ),
        st.builds("if({}, {}, {})".format, tests, below, below),
        st.builds(_BY.format, below, below, below),
        st.just("points(other)"),
        st.builds(_called, st.just("count"), st.lists(tests, min_size=1, max_size=3)),
        st.builds(
            _bands, below, st.integers(0, 5), st.integers(1, 3), st.lists(below, min_size=4, max_size=4)
        ),
    )


def _below(conditions: st.SearchStrategy[str], numbers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Conditions over the units one level down, whatever they are asked."""
    asked = conditions.map(_of_children)
    share = st.builds(
        "({} {} {})".format, asked.map("share_of_children({})".format), st.sampled_from(SIGNS), numbers
    )
    return st.one_of(
        share, asked.map("all_children({})".format), asked.map("year_ago(all_children({}))".format)
    )


def _of_children(text: str) -> str:
    """Another criterion is of the unit itself; of those below another set's result is asked."""
    return re.sub(r"criterion\([^)]*\)", "result(tt124-commune)", text)


numbers = _numbers(2)
conditions = _conditions(_numbers(1), 2)
below = _below(_conditions(_numbers(1), 1), _numbers(0))
formulas = st.one_of(numbers, conditions, below, st.builds("{} and {}".format, below, conditions))

_WHOLE = (0, 0, 0, 1, 1, 2, 3, -1, -3, 16, 25, 70, 3_000, 10**12)
_FIGURES = [*map(Decimal, _WHOLE), *map(Decimal, ("0.5", "1.25", "-2.5", "0.000001", "0.000007"))]
_LACKING = (MISSING, NOT_APPLICABLE, REFUSED)


def unit(trees: Sequence[Node], chance: random.Random, *, has_children: bool = True) -> Unit:
    """A unit with something for everything the trees ask, and some units below it."""
    asked = sorted({operand for tree in trees for operand in operands_of(tree)})
    belows = [below.condition for tree in trees for below in below_of(tree)]
    children = range(chance.choice((0, 1, 2, 5))) if belows and has_children else ()
    return Unit(
        {operand: figure(chance) for operand in asked},
        {
            fact: value
            for tree in trees
            for fact in facts_of(tree)
            if (value := _fact(fact, chance)) is not None
        },
        [unit(belows, chance, has_children=False) for _ in children],
    )


def _fact(fact: Fact, chance: random.Random) -> str | Decimal | None:
    if chance.random() < 0.15 or fact.kind == "children":
        return None
    if fact.kind == "points":
        return chance.choice(_FIGURES)
    return chance.choice(CLASSES if fact.kind == "unit" else (*DECIDED, *OPEN))


def figure(chance: random.Random) -> OperandValue:
    """A figure, now and then one that is not there."""
    if chance.random() < 0.2:
        return chance.choice(_LACKING)
    return OperandValue.of(chance.choice(_FIGURES))
