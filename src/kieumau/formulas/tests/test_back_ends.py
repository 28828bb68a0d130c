"""One meaning: the two back ends agree on every outcome, unknowns included, on a real PostgreSQL."""

import random
from collections.abc import Sequence

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kieumau.formulas.compile import add_columns, sql_of
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands_of, place
from kieumau.formulas.sentences import sentence
from kieumau.formulas.tests import written
from kieumau.formulas.tests.both import Unit, set_based, traced
from kieumau.formulas.tests.civil import CIVIL, OCTOBER, window
from kieumau.formulas.tree import Node
from kieumau.formulas.values import OperandValue
from kieumau.formulas.windows import Window
from kieumau.kernel.tests.examples import examples


def _placed(text: str, at: Window = OCTOBER) -> Node:
    return place(expand(parse(text), written.CATALOGUE), at, CIVIL)


def _agree(texts: Sequence[str], chance: random.Random, row_count: int, at: Window = OCTOBER) -> None:
    trees = [_placed(text, at) for text in texts]
    units = [written.unit(trees, chance) for _ in range(row_count)]
    for unit, outcomes in zip(units, set_based(trees, units), strict=True):
        for text, tree, outcome in zip(texts, trees, outcomes, strict=True):
            expected = traced(tree, unit).outcome
            assert (outcome, type(outcome)) == (expected, type(expected)), (text, unit)


@pytest.mark.django_db
@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(written.formulas, min_size=1, max_size=12), seed=st.integers(0, 2**32))
def test_both_back_ends_agree_on_every_outcome(texts: list[str], seed: int) -> None:
    _agree(texts, random.Random(seed), row_count=25)


SHAPES = [
    "a / b >= 70%",
    "a / b / c = d",
    "a - b / c - d / a",
    "change(a) <= -5%",
    "change(change(a / b))",
    "change(a, since: 2019) <= -5% or change(b / c, since: 1950) > 0",
    "in_year(a / b, 2019) + in_year(change(c), 2024) - in_year(total(d, last: 2), 2030)",
    "previous(year_ago(a)) + total(b, last: 3) / to_date(c)",
    "count(a > 1, b > 1, c > 1) >= 2",
    "2 != count(a > 1, b > 1)",
    "count(a > 1, b > 1) < count(c > 1, d > 1, a > 2)",
    "at_least(2, a > 1, b > 1, c > 1)",
    "24 - 6 * count(a > 0, b > 0)",
    "bands(a / b, 90%: 1, 70%: 0.5, 50%: c / d, else: 0)",
    "if(a > 1 and b > 1, c / d, 4)",
    "if(a > 1, b > 1, c > 1) or not d > 1",
    "coalesce(a / b, c, 0)",
    "min(a / b, c / d, a, 1) + max(b, c)",
    "4 + floor((a - 3_600) / 900) + ceil(a / b) - abs(c / d)",
    "round(a / b, 2) + round(c, -1) + round(a / 3) + round(-a / 2)",
    "1 / 3 + a - a / (b / c)",
    "part + many + ratio * grown",
    "criterion(4) = met and criterion(1.2-b) != not_due or result(other) = no_data",
    "not not_met != result(other) and year_ago(result(other)) = met",
    "points(other) / a + change(points(other), since: 2024)",
    "if(a >= by(unit.class, rural: 350, urban: b / c), 4, 3)",
    "by(unit.class, rural: a > 1, urban: b > 1, else: c > 1) or unit.class = island",
    "bands(by(unit.class, 1: a, 2: 70%, else: points(other)), 90%: 1, else: 0)",
    "all_children(a / b >= 70%) or year_ago(all_children(result(other) = met))",
    "share_of_children(result(other) = met and a > 1) >= 70%",
    "1 / 3 <= share_of_children(change(a) <= by(unit.class, rural: 0, else: b)) and a > 1",
    "share_of_children(a > 1) = share_of_children(b > 1) or count(all_children(a > 1), b > 1) >= 1",
    "share_of_children(a > 1) * a + coalesce(previous(share_of_children(b > c)), 0.5)",
]


@pytest.mark.django_db
def test_both_back_ends_agree_on_the_usual_shapes() -> None:
    _agree(SHAPES, random.Random(510), row_count=300)


@pytest.mark.django_db
def test_a_window_that_does_not_exist_is_unknown_in_both() -> None:
    nine_months = window("2025-1", kind="nine_months")
    _agree(
        [
            "previous(a) > 1",
            "previous(a) = previous(b)",
            "a != previous(b)",
            "coalesce(previous(a), b)",
            "a > 1 or previous(a) > 1",
        ],
        random.Random(1),
        50,
        nine_months,
    )


@pytest.mark.django_db
def test_digits_are_never_lost() -> None:
    tree = _placed("(a / b) * (b / a) = 1 and a / b + c / d = (a * d + b * c) / (b * d)")
    figures = ["123456789.123456", "987654321.000001", "0.000007", "999999999999.999999"]
    row = {
        operand: OperandValue.of(figure)
        for operand, figure in zip(sorted(operands_of(tree)), figures, strict=True)
    }
    assert set_based([tree], [Unit(row)]) == [[True]]


def test_sql_stays_in_proportion_to_the_formula() -> None:
    """An expression used twice at every level would double at every level."""
    for text in (
        "max(" * 15 + "a / b" + ", c / d)" * 15,
        "(" * 15 + "a / b" + " + c) / d" * 15,
        "if(" * 15 + "a" + " > 1, b / c, d)" * 15,
        "floor(" * 15 + "a / b" + " / c)" * 15,
        " + ".join(["a / b"] * 60),
    ):
        tree = _placed(text)
        columns = {operand: operand.indicator for operand in operands_of(tree)}
        table = ibis.table(dict.fromkeys(columns.values(), "decimal"), name="wide")
        assert len(sql_of(add_columns(table, {"f": tree}, columns))) < 100_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "abs(" * 46 + "a" + ")" * 46,
        "not " * 46 + "a > 1",
        "(1 + " * 40 + "a / b" + ")" * 40 + " > 3",
        "if(a > " * 20 + "b" + ", 1, c / d)" * 20,
        " * ".join(["a"] * 490),
        " and ".join(["a > 1"] * 120),
        "change(" * 6 + "a / b" + ")" * 6,
        "by(unit.class, rural: " * 20 + "a / b" + ", else: c / d)" * 20,
        "share_of_children(" + "abs(" * 40 + "a / b" + ")" * 40 + " > 1) >= 50%",
        " and ".join(["criterion(4) = met"] * 120),
        " + ".join(["share_of_children(a > 1)"] * 80),
    ],
)
def test_the_largest_formulas_pass_through_everything(text: str) -> None:
    tree = _placed(text)
    row = {operand: OperandValue.of(10**12 + 1) for operand in operands_of(tree)}
    trace = evaluate_placed(tree, row)
    assert set_based([tree], [Unit(row)]) == [[trace.outcome]]
    assert sentence(trace, written.CATALOGUE, "vi")
    assert trace.as_dict()


def test_the_deepest_chain_of_derived_indicators_passes() -> None:
    chain = {f"d{n}": written.named(f"d{n}", f"d{n - 1} + 1") for n in range(1, 49)} | {
        "d0": written.named("d0")
    }
    tree = place(expand(parse("d48 > 1"), chain), OCTOBER, CIVIL)
    row = {operand: OperandValue.of(0) for operand in operands_of(tree)}
    assert evaluate_placed(tree, row).outcome is True
    table = ibis.table({"d0": "decimal"}, name="wide")
    assert sql_of(add_columns(table, {"f": tree}, dict.fromkeys(row, "d0")))


def test_a_denominator_of_one_stays_out_of_the_sql() -> None:
    tree = _placed("a + b * 2 >= 70% * c")
    columns = {operand: operand.indicator for operand in operands_of(tree)}
    table = ibis.table(dict.fromkeys(columns.values(), "decimal"), name="wide")
    query = sql_of(add_columns(table, {"f": tree}, columns))
    assert query.count("*") == 2
    assert "FLOAT" not in query.upper()
    assert "DOUBLE" not in query.upper()
