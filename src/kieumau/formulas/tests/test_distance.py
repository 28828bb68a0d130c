"""Distance to target: as a table a layman can read, and by brute force over small integers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kieumau.formulas.catalogue import Entry, Type
from kieumau.formulas.distance import distance
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.expanding import expand, read
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands_of, place
from kieumau.formulas.scope import Scope
from kieumau.formulas.steps import Distance, Reason, Step, changed
from kieumau.formulas.tests.civil import CATALOGUE, CIVIL, OCTOBER, operand, window
from kieumau.formulas.tree import Node
from kieumau.formulas.values import MISSING, OperandValue
from kieumau.formulas.windows import Fact, Operand
from kieumau.kernel.messages import Text
from kieumau.kernel.tests.examples import examples

GOOD = ("areas.recognised", "areas.registered", "crime.solved", "tips.resolved", "satisfaction")
BAD = ("crime.total", "fires")
KNOWN = {
    code: replace(entry, polarity=(code in GOOD) - (code in BAD)) for code, entry in CATALOGUE.items()
} | {
    "incidents": Entry(
        Type.NUMBER, Text(vi="Số vụ việc", en="Incidents"), formula="crime.total + fires", polarity=-1
    )
}

Figures = dict[str, object]


def found(formula: str, figures: Figures) -> tuple[Node, dict[Operand, OperandValue], Distance]:
    """The distance over figures written as `code` or `code@window`."""
    values: dict[Operand, OperandValue] = {}
    for name, figure in figures.items():
        code, _, at = name.partition("@")
        given = figure if isinstance(figure, OperandValue) else OperandValue.of(Decimal(str(figure)))
        values[operand(code, window(at) if at else OCTOBER)] = given
    tree = place(read(formula, KNOWN).tree, OCTOBER, CIVIL)
    return tree, values, distance(tree, values, KNOWN, OCTOBER)


def told(steps: tuple[Step, ...]) -> list[str]:
    """Steps as `areas.recognised +2`."""
    return [f"{step.operand.indicator} {'+' if step.change > 0 else ''}{step.change}" for step in steps]


ONE_FIGURE = [
    # Thông tư 124: 16 of 25 areas are 64 %; 18 are needed.
    ("areas.recognised / areas.total >= 70%", {"areas.recognised": 16, "areas.total": 25},
     ["areas.recognised +2"]),
    ("areas.recognised / areas.total > 72%", {"areas.recognised": 16, "areas.total": 25},
     ["areas.recognised +3"]),
    ("areas.registered = areas.total", {"areas.registered": 24, "areas.total": 25}, ["areas.registered +1"]),
    # 100 crimes a year ago, 106 now: a fall of 5 % is 95.
    ("change(crime.total) <= -5%", {"crime.total": 106, "crime.total@2024-10": 100}, ["crime.total -11"]),
    ("crime.total <= year_ago(crime.total)", {"crime.total": 8, "crime.total@2024-10": 5},
     ["crime.total -3"]),
    # Either more solved, or fewer that occur; the nearer one first.
    ("crime.solved / crime.total >= 80%", {"crime.solved": 7, "crime.total": 10},
     ["crime.solved +1", "crime.total -2"]),
    # All kinds together are one figure.
    ("incidents <= 10", {"crime.total": 9, "fires": 4}, ["incidents -3"]),
    ("incidents <= 10 and fires <= 4", {"crime.total": 9, "fires": 4}, ["crime.total -3", "fires -3"]),
    # The year so far: only October can still change.
    ("to_date(fires) <= 20", {"fires@2025-01..2025-10": 23, "fires": 5}, ["fires -3"]),
    ("change(fires, since: 2019) <= -5%", {"fires": 20, "fires@2019-10": 20}, ["fires -1"]),
    # One of several is enough.
    ("fires = 0 or areas.recognised >= 20", {"fires": 1, "areas.recognised": 16},
     ["areas.recognised +4", "fires -1"]),
    ("at_least(2, fires = 0, areas.recognised >= 20, tips.resolved >= 5)",
     {"fires": 1, "areas.recognised": 16, "tips.resolved": 5}, ["areas.recognised +4", "fires -1"]),
    ("count(fires = 0, areas.recognised >= 20) >= 1", {"fires": 1, "areas.recognised": 16},
     ["areas.recognised +4", "fires -1"]),
    ("not (fires > 2)", {"fires": 5}, ["fires -3"]),
    # Points by bands, deductions, a norm that grows in steps.
    ("bands(areas.recognised / areas.total, 90%: 1, 70%: 0.5, else: 0) >= 1",
     {"areas.recognised": 14, "areas.total": 20}, ["areas.recognised +4"]),
    ("24 - 6 * count(fires > 0, crime.total > 3) >= 18", {"fires": 2, "crime.total": 5},
     ["crime.total -2", "fires -2"]),
    ("tips.resolved >= 4 + floor((population - 3_600) / 900)", {"tips.resolved": 4, "population": 4500},
     ["tips.resolved +1"]),
    ("4 + floor(areas.recognised / 3) >= 8", {"areas.recognised": 4}, ["areas.recognised +8"]),
    # A tenth of a hectare at a time; either way where nothing is good or bad.
    ("land >= 3.55", {"land": "2.3"}, ["land +13/10"]),
    ("population = 5", {"population": 3}, ["population +2"]),
    ("population != 5", {"population": 5}, ["population +1", "population -1"]),
    ("satisfaction >= 90%", {"satisfaction": "0.8834"}, ["satisfaction +1/50"]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "figures", "expected"), ONE_FIGURE)
def test_the_least_change_of_one_figure(formula: str, figures: Figures, expected: list[str]) -> None:
    tree, values, away = found(formula, figures)
    assert sorted(told(away.steps)) == sorted(expected)
    assert list(away.steps) == sorted(away.steps, key=lambda step: step.nearness)
    for step in away.steps:
        assert evaluate_placed(tree, changed(values, (step,))).outcome is True


NOT_BY_ONE = [
    # 18 of 25 would have to be more than 25: a part cannot exceed its whole.
    ("areas.recognised / areas.total > 100%", {"areas.recognised": 16, "areas.total": 25},
     Reason.CANNOT_BE_REACHED, []),
    # Nobody is asked for more crime, or for fewer areas.
    ("crime.total >= 5", {"crime.total": 3}, Reason.CANNOT_BE_REACHED, []),
    ("change(crime.total) <= -101%", {"crime.total": 9, "crime.total@2024-10": 10},
     Reason.CANNOT_BE_REACHED, []),
    ("year_ago(fires) <= 3", {"fires@2024-10": 5}, Reason.CANNOT_BE_REACHED, []),
    ("areas.registered = areas.total", {"areas.registered": 26, "areas.total": 25},
     Reason.CANNOT_BE_REACHED, []),
    # Two things at once.
    ("areas.registered = areas.total and fires = 0",
     {"areas.registered": 22, "areas.total": 25, "fires": 2},
     Reason.CANNOT_BE_REACHED, ["areas.registered +3", "fires -2"]),
    ("at_least(2, fires = 0, areas.recognised >= 20, tips.resolved >= 5)",
     {"fires": 1, "areas.recognised": 16, "tips.resolved": 4},
     Reason.CANNOT_BE_REACHED, ["areas.recognised +4", "tips.resolved +1"]),
    ("not (fires > 2 or crime.total > 4)", {"fires": 3, "crime.total": 6},
     Reason.CANNOT_BE_REACHED, ["fires -1", "crime.total -2"]),
    # What is not known.
    ("fires = 0", {}, Reason.MISSING_FIGURES, []),
    ("fires = 0 and crime.total = 0", {"fires": MISSING, "crime.total": 3}, Reason.MISSING_FIGURES, []),
    ("crime.total / (crime.total - 5) > 1", {"crime.total": 5}, Reason.CANNOT_TELL, []),
    ("areas.recognised * areas.recognised * areas.recognised >= 100", {"areas.recognised": 3},
     Reason.CANNOT_TELL, []),
    ("total(fires, last: 3) <= 3", {"fires@2025-08..2025-10": 5}, Reason.CANNOT_TELL, []),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "figures", "reason", "together"), NOT_BY_ONE)
def test_where_no_figure_alone_is_enough(
    formula: str, figures: Figures, reason: Reason, together: list[str]
) -> None:
    tree, values, away = found(formula, figures)
    assert (away.steps, away.reason) == ((), reason)
    assert sorted(told(away.together)) == sorted(together)
    if together:
        assert evaluate_placed(tree, changed(values, away.together)).outcome is True


def test_the_threshold_of_the_class_and_other_verdicts_as_they_are() -> None:
    scope = Scope(classes=("rural", "urban"), criteria=("1",))
    text = "areas.recognised >= by(unit.class, rural: 10, urban: 20) and criterion(1) = met"
    tree = place(read(text, KNOWN, scope=scope).tree, OCTOBER, CIVIL)
    values = {operand("areas.recognised"): OperandValue.of(9)}
    facts = {Fact("unit", "class"): "rural", Fact("criterion", "1"): "met"}
    assert told(distance(tree, values, KNOWN, OCTOBER, facts).steps) == ["areas.recognised +1"]
    facts[Fact("unit", "class")] = "urban"
    assert told(distance(tree, values, KNOWN, OCTOBER, facts).steps) == ["areas.recognised +11"]
    facts[Fact("criterion", "1")] = "not_met"
    away = distance(tree, values, KNOWN, OCTOBER, facts)
    assert (away.reason, away.steps, away.nearness) == (Reason.OTHER_VERDICTS, (), None)
    assert told(away.together) == ["areas.recognised +11"]


def test_a_part_that_is_full_is_named() -> None:
    _, _, away = found("areas.recognised / areas.total > 100%", {"areas.recognised": 16, "areas.total": 25})
    assert [(one.operand.indicator, one.whole.indicator) for one in away.full] == [
        ("areas.recognised", "areas.total")
    ]


def test_what_is_met_is_no_distance_away() -> None:
    _, _, away = found("fires = 0", {"fires": 0})
    assert away == Distance()
    assert away.nearness is None


NEARNESS = [
    ("areas.recognised / areas.total >= 70%", {"areas.recognised": 16, "areas.total": 25}, Fraction(2, 25)),
    ("change(crime.total) <= -5%", {"crime.total": 106, "crime.total@2024-10": 100}, Fraction(11, 106)),
    ("tips.resolved >= 1", {"tips.resolved": 0}, Fraction(1)),
    ("fires = 0", {"fires": 7}, Fraction(1)),
]


@pytest.mark.parametrize(("formula", "figures", "expected"), NEARNESS)
def test_nearness_is_relative_to_the_whole_or_to_the_figure(
    formula: str, figures: Figures, expected: Fraction
) -> None:
    assert found(formula, figures)[2].nearness == expected


# By brute force: small integers, polarities of every kind, everything that is simple enough to be told.


def _measure(code: str) -> Text:
    """c and d can be added; nothing is a part of anything else."""
    return Text(vi="việc", en="things") if code in "cd" else Text(vi=code, en=code)


POLARITIES = {"a": 1, "b": -1, "c": 0, "d": 0}
SMALL = {
    code: Entry(Type.RATIO, Text(vi=code, en=code), _measure(code), polarity=polarity)
    for code, polarity in POLARITIES.items()
} | {"sum": Entry(Type.RATIO, Text(vi="sum", en="sum"), formula="c + d")}
MOST = 40

_atoms = st.sampled_from(("a", "b", "c", "d", "sum", "year_ago(b)", "1", "2", "5", "0.5", "70%", "-1"))
_numbers = st.one_of(
    _atoms,
    st.builds("({} {} {})".format, _atoms, st.sampled_from("+-*/"), _atoms),
    st.builds("({} / {})".format, _atoms, _atoms),
    st.builds("change({})".format, st.sampled_from("ab")),
    st.builds("{}({} / {})".format, st.sampled_from(("abs", "floor", "ceil", "round")), _atoms, _atoms),
    st.builds("{}({}, {})".format, st.sampled_from(("min", "max", "coalesce")), _atoms, _atoms),
    st.builds("bands({} / {}, 3: 2, 50%: 1, else: 0)".format, _atoms, _atoms),
    st.builds("if({} > {}, {}, {})".format, _atoms, _atoms, _atoms, _atoms),
    st.builds("count({} > 3, {} < 2)".format, _atoms, _atoms),
)
_compared = st.builds(
    "({} {} {})".format, _numbers, st.sampled_from((">=", "<=", ">", "<", "=", "!=")), _numbers
)
_conditions = st.one_of(
    _compared,
    st.builds("({} and {})".format, _compared, _compared),
    st.builds("({} or {})".format, _compared, _compared),
    st.builds("(not ({} or {}))".format, _compared, _compared),
    st.builds("at_least(2, {}, {}, {})".format, _compared, _compared, _compared),
)


def by_brute_force(
    tree: Node, values: Mapping[Operand, OperandValue], one: Operand, sign: int
) -> Iterator[int]:
    """Every change up to `MOST` that makes the condition true without going below zero."""
    own = int(values[one].value or 0)
    for size in range(1, MOST + 1):
        to = own + sign * size
        if to >= 0 and evaluate_placed(tree, {**values, one: OperandValue.of(to)}).outcome is True:
            yield sign * size


@settings(max_examples=examples(60), deadline=None)
@given(_conditions, st.lists(st.integers(0, 9), min_size=8, max_size=8))
def test_no_smaller_change_exists_and_the_change_is_enough(text: str, figures: list[int]) -> None:
    tree = place(expand(parse(text), SMALL), OCTOBER, CIVIL)
    values = {one: OperandValue.of(figures[i % 8]) for i, one in enumerate(operands_of(tree))}
    away = distance(tree, values, SMALL, OCTOBER)
    outcome = evaluate_placed(tree, values).outcome
    if outcome is not False:
        assert away.steps == away.together == ()
        assert (away.reason is None) == (outcome is True)
        return
    for step in away.steps:
        assert evaluate_placed(tree, changed(values, (step,))).outcome is True
        assert step.change * POLARITIES.get(step.operand.indicator, 0) >= 0
        assert all((value.value or 0) >= 0 for value in changed(values, (step,)).values())
    if away.together:
        assert evaluate_placed(tree, changed(values, away.together)).outcome is True
    if away.reason is Reason.CANNOT_TELL:
        return
    changes = {(step.operand, step.change > 0): step.change for step in away.steps}
    for one in values:
        if one.window != OCTOBER:
            continue
        for sign in (1, -1):
            change = changes.get((one, sign > 0))
            least = next(by_brute_force(tree, values, one, sign), None)
            if change is not None and abs(change) <= MOST:
                assert least == change, (text, figures, one)
            elif POLARITIES[one.indicator] == sign:  # neutral figures may be yardsticks or parts of a sum
                assert least is None, (text, figures, one)


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 110), st.sampled_from((">=", ">", "=")))
def test_a_part_stays_within_its_whole(part: int, whole: int, percent: int, sign: str) -> None:
    formula = f"areas.recognised / areas.total {sign} {percent}%"
    tree, values, away = found(formula, {"areas.recognised": part, "areas.total": whole})
    if evaluate_placed(tree, values).outcome is True:
        return
    one = operand("areas.recognised")
    most = whole if part <= whole else 100
    expected = [
        to - part
        for to in range(part + 1, most + 1)
        if evaluate_placed(tree, {**values, one: OperandValue.of(to)}).outcome is True
    ]
    assert [int(step.change) for step in away.steps] == expected[:1]
