"""What formulas mean, as tables a layman can read. Figures are of October 2025 unless they say more."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kieumau.formulas.evaluate import evaluate
from kieumau.formulas.expanding import read
from kieumau.formulas.tests.civil import CATALOGUE, CIVIL, OCTOBER, operand, window
from kieumau.formulas.trace import Outcome, Trace
from kieumau.formulas.values import MISSING, NOT_APPLICABLE, REFUSED, OperandValue, State
from kieumau.formulas.windows import Operand

Figures = dict[str, object]


def judge(formula: str, figures: Figures) -> Trace:
    """Evaluate over figures written as `code` or `code @ window`."""
    values: dict[Operand, OperandValue] = {}
    for name, figure in figures.items():
        code, _, at = (part.strip() for part in name.partition("@"))
        given = figure if isinstance(figure, OperandValue) else OperandValue.of(Decimal(str(figure)))
        values[operand(code, window(at) if at else OCTOBER)] = given
    return evaluate(read(formula, CATALOGUE).tree, OCTOBER, CIVIL, values)


def outcome(formula: str, **figures: object) -> Outcome:
    """The outcome over figures whose codes are written with `__` for the point."""
    return judge(formula, {name.replace("__", "."): figure for name, figure in figures.items()}).outcome


REAL_RULES = [
    # Thông tư 124: at least 70 % of the areas recognised.
    ("areas.recognised / areas.total >= 70%", {"areas.recognised": 16, "areas.total": 25}, False),
    ("areas.recognised / areas.total >= 70%", {"areas.recognised": 17, "areas.total": 25}, False),
    ("areas.recognised / areas.total >= 70%", {"areas.recognised": 18, "areas.total": 25}, True),
    ("areas.recognised / areas.total >= 70%", {"areas.recognised": 7, "areas.total": 10}, True),
    # 100 % registered; more than 95 % of the tips done.
    ("areas.registered = areas.total", {"areas.registered": 25, "areas.total": 25}, True),
    ("areas.registered = areas.total", {"areas.registered": 24, "areas.total": 25}, False),
    ("tips.resolved / tips.received > 95%", {"tips.resolved": 19, "tips.received": 20}, False),
    ("tips.resolved / tips.received > 95%", {"tips.resolved": 20, "tips.received": 20}, True),
    # Change against the same period last year.
    ("change(crime.total)", {"crime.total": 9398, "crime.total@2024-10": 12407}, Fraction(-3009, 12407)),
    ("change(crime.total) <= -5%", {"crime.total": 9398, "crime.total@2024-10": 12407}, True),
    ("change(crime.total) <= -5%", {"crime.total": 95, "crime.total@2024-10": 100}, True),
    ("change(crime.total) <= -5%", {"crime.total": 96, "crime.total@2024-10": 100}, False),
    ("change(crime.total)", {"crime.total": 3, "crime.total@2024-10": 0}, None),
    # Quyết định 926: 5 % fewer than in 2019.
    ("change(fires, since: 2019) <= -5%", {"fires": 95, "fires@2019-10": 100}, True),
    ("change(fires, since: 2019) <= -5%", {"fires": 96, "fires@2019-10": 100}, False),
    ("change(fires, since: 2019) <= -5%", {"fires": 96, "fires@2024-10": 200}, None),
    ("fires <= in_year(fires, 2019)", {"fires": 96, "fires@2019-10": 96}, True),
    ("round(change(fires), 4)", {"fires": 5293, "fires@2024-10": 5494}, Fraction(-366, 10_000)),
    ("round(change(fires), 4)", {"fires": 391, "fires@2024-10": 434}, Fraction(-991, 10_000)),
    ("round(change(fires), 4)", {"fires": 180, "fires@2024-10": 183}, Fraction(-164, 10_000)),
    # Clearance may exceed 100 %: solved cases may belong to earlier periods.
    ("round(clearance, 4)", {"crime.solved": 51, "crime.total": 61}, Fraction(8361, 10_000)),
    ("clearance > 100%", {"crime.solved": 7, "crime.total": 5}, True),
    # Quyết định 28/2025: three of five.
    ("at_least(3, fires = 0, crime.total < 5, crime.solved >= 4, land > 1, population > 1)",
     {"fires": 0, "crime.total": 4, "crime.solved": 4, "land": 0, "population": 0}, True),
    # Six points off for every kind of event.
    ("24 - 6 * count(fires > 0, crime.total > 0)", {"fires": 2, "crime.total": 0}, 18),
    # Team size in Hồ Chí Minh City.
    *[
        ("if(population <= 2_700, 3, if(population <= 3_600, 4, 4 + floor((population - 3_600) / 900)))",
         {"population": people}, size)
        for people, size in ((2700, 3), (2701, 4), (3600, 4), (4499, 4), (4500, 5))
    ],
    # Points by bands.
    *[
        ("bands(areas.recognised / areas.total, 90%: 1, 70%: 0.5, 50%: 0.25, else: 0)",
         {"areas.recognised": recognised, "areas.total": 20}, points)
        for recognised, points in ((20, 1), (18, 1), (17, Fraction(1, 2)), (14, Fraction(1, 2)),
                                   (13, Fraction(1, 4)), (10, Fraction(1, 4)), (9, 0), (0, 0))
    ],
]  # fmt: skip


@pytest.mark.parametrize(("formula", "figures", "expected"), REAL_RULES)
def test_rules_of_real_texts(formula: str, figures: Figures, expected: Outcome) -> None:
    assert judge(formula, figures).outcome == expected


EXACT = [
    ("0.1 + 0.2", Fraction(3, 10)),
    ("1 / 3 * 3", Fraction(1)),
    ("3_000", Fraction(3000)),
    ("70%", Fraction(7, 10)),
    ("12.5 %", Fraction(1, 8)),
    ("2 - 3 - 4", Fraction(-5)),
    ("2 + 3 * 4", Fraction(14)),
    ("(2 + 3) * 4", Fraction(20)),
    ("12 / 3 / 2", Fraction(2)),
    ("-2 * -3", Fraction(6)),
    ("--2", Fraction(2)),
    ("abs(-2.5)", Fraction(5, 2)),
    ("floor(-2.5)", Fraction(-3)),
    ("ceil(-2.5)", Fraction(-2)),
    ("round(2.5)", Fraction(3)),
    ("round(-2.5)", Fraction(-3)),
    ("round(1.005, 2)", Fraction(101, 100)),
    ("round(1_250, -2)", Fraction(1300)),
    ("min(3, 1, 2)", Fraction(1)),
    ("max(3, 1, 2)", Fraction(3)),
    ("not 1 = 2 and 2 = 2", True),
    ("1 = 1 or 1 = 2 and 1 = 2", True),
    ("not (1 = 1 or 1 = 2)", False),
]


@pytest.mark.parametrize(("formula", "expected"), EXACT)
def test_arithmetic_is_exact(formula: str, expected: Outcome) -> None:
    found = judge(formula, {}).outcome
    assert (found, type(found)) == (expected, type(expected))


# `fires` is missing throughout; the other figures are there.
UNKNOWN = [
    ("fires", None),
    ("fires + 1", None),
    ("fires * 0", None),
    ("fires = 0", None),
    ("not fires = 0", None),
    ("fires = 0 or crime.total = 5", True),
    ("fires = 0 or crime.total = 6", None),
    ("fires = 0 and crime.total = 6", False),
    ("fires = 0 and crime.total = 5", None),
    ("if(fires = 0, 1, 2)", None),
    ("if(crime.total = 5, 1, fires)", Fraction(1)),
    ("if(crime.total = 6, 1, fires)", None),
    ("min(fires, 1)", None),
    ("coalesce(fires, 0)", Fraction(0)),
    ("coalesce(fires, fires)", None),
    ("coalesce(crime.total / 0.5, 0)", Fraction(10)),
    ("crime.total / (crime.total - 5)", None),
    ("coalesce(crime.total / (crime.total - 5), 7)", Fraction(7)),
    ("bands(fires, 3: 1, else: 0)", None),
    ("count(fires = 0, crime.total = 5)", None),
    ("count(fires = 0, crime.total = 5) >= 1", True),
    ("count(fires = 0, crime.total = 5) >= 2", None),
    ("count(fires = 0, crime.total = 5) >= 3", False),
    ("count(fires = 0, crime.total = 5) = 0", False),
    ("count(fires = 0, crime.total = 5) != 0", True),
    ("2 < count(fires = 0, crime.total = 5)", False),
    ("at_least(1, fires = 0, crime.total = 5)", True),
    ("at_least(2, fires = 0, crime.total = 5)", None),
    ("at_least(2, fires = 0, crime.total = 6)", False),
    ("change(fires)", None),
]


@pytest.mark.parametrize(("formula", "expected"), UNKNOWN)
def test_unknown_is_an_answer_and_never_zero(formula: str, expected: Outcome) -> None:
    found = judge(formula, {"crime.total": 5}).outcome
    assert (found, type(found)) == (expected, type(expected))


def test_missing_refused_and_not_applicable_are_told_apart() -> None:
    trace = judge(
        "fires + crime.total > 0 and land > 0 and population = 0",
        {"fires": MISSING, "crime.total": REFUSED, "land": NOT_APPLICABLE, "population": 0},
    )
    lacking = {state: [leaf.text for leaf in trace.lacking(state)] for state in State}
    assert lacking == {
        State.VALUE: [],
        State.MISSING: ["fires"],
        State.REFUSED: ["crime.total"],
        State.NOT_APPLICABLE: ["land"],
    }
    assert not any(cause.divided_by_zero for cause in trace.causes())


def test_what_did_not_matter_is_no_cause() -> None:
    assert judge("fires = 0 or population > 1", {"population": 2}).causes() == ()
    unknown = judge("(fires = 0 or population > 1) and land > 1", {"population": 2})
    assert [cause.text for cause in unknown.causes()] == ["land"]


def test_division_by_zero_is_told() -> None:
    trace = judge("tips.resolved / tips.received >= 95%", {"tips.resolved": 0, "tips.received": 0})
    assert trace.outcome is None
    assert any(cause.divided_by_zero for cause in trace.causes())
    assert trace.lacking(State.MISSING) == ()


def test_coalesce_is_told() -> None:
    trace = judge("coalesce(fires, 0) + coalesce(crime.total, 0) <= 2", {"crime.total": 1})
    assert [step.text for step in trace.coalesced()] == ["coalesce(fires, 0)"]


def test_the_trace_as_plain_data() -> None:
    plain = judge(
        "areas.recognised / areas.total >= 70%", {"areas.recognised": 16, "areas.total": 25}
    ).as_dict()
    assert plain["kind"] == ">="
    assert plain["outcome"] is False
    ratio, threshold = plain["children"]
    assert (ratio["outcome"], threshold["outcome"]) == ("16/25", "7/10")
    assert ratio["children"][0] == {
        "kind": "leaf",
        "text": "areas.recognised",
        "outcome": "16",
        "operand": "areas.recognised@civil:month:2025-10..2025-10",
        "state": "value",
        "source": "",
    }


def test_a_figure_has_a_value_or_says_why_not() -> None:
    with pytest.raises(ValueError, match="if and only if"):
        OperandValue(State.MISSING, Decimal(0))
    with pytest.raises(ValueError, match="if and only if"):
        OperandValue(State.VALUE)
