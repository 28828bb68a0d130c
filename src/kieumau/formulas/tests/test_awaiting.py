"""What must be met first where a formula asks for other verdicts or for the units below."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.formulas.distance import distance
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.expanding import read
from kieumau.formulas.needs import needs
from kieumau.formulas.placing import below_of, place
from kieumau.formulas.scope import Scope
from kieumau.formulas.steps import Distance, Reason, changed
from kieumau.formulas.tests.civil import CIVIL, OCTOBER, operand
from kieumau.formulas.tests.test_distance import KNOWN
from kieumau.formulas.tree import Comparison, FactLeaf, Node
from kieumau.formulas.values import Facts, OperandValue, Tally
from kieumau.formulas.windows import Fact

SCOPE = Scope(
    classes=("rural", "urban"), criteria=("3", "4", "5"), sets={"tt124-commune": False, "movement": True}
)
FIGURES = {"areas.recognised": 9, "areas.total": 20, "fires": 2, "crime.total": 5}
VALUES = {operand(code): OperandValue.of(Decimal(number)) for code, number in FIGURES.items()}


def facts(below: tuple[int, int, int] | None = None, tree: Node | None = None) -> Facts:
    """Criterion 3 met, 4 not met, 5 not applicable; a rural unit; so many units below met, failed, open."""
    known: dict[Fact, str | Decimal | Tally] = {
        Fact("unit", "class"): "rural",
        Fact("criterion", "3"): "met",
        Fact("criterion", "4"): "not_met",
        Fact("criterion", "5"): "not_applicable",
        Fact("result", "tt124-commune", OCTOBER): "not_met",
        Fact("points", "movement", OCTOBER): Decimal(75),
    }
    for one in below_of(tree) if tree and below else ():
        ids = iter(range(100))
        counts = below or (0, 0, 0)
        if one.fact:
            known[one.fact] = Tally(*(tuple(next(ids) for _ in range(count)) for count in counts))
    return known


def found(formula: str, below: tuple[int, int, int] | None = None) -> tuple[Node, Facts, Distance]:
    """The distance of the unit above."""
    tree = place(read(formula, KNOWN, scope=SCOPE).tree, OCTOBER, CIVIL)
    known = facts(below, tree)
    return tree, known, distance(tree, VALUES, KNOWN, OCTOBER, known)


SAID = [
    ("criterion(4) = met", None,
     "tiêu chí 4 phải là “đạt”", "criterion 4 must be “met”"),
    ("not (criterion(3) = met)", None,
     "tiêu chí 3 phải khác “đạt”", "criterion 3 must be other than “met”"),
    ("criterion(3) != met", None,
     "tiêu chí 3 phải khác “đạt”", "criterion 3 must be other than “met”"),
    ("result(tt124-commune) = met and criterion(4) = met", None,
     "kết quả theo tt124-commune phải là “đạt”; và tiêu chí 4 phải là “đạt”",
     "result under tt124-commune must be “met”; and criterion 4 must be “met”"),
    # Only what is needed is named.
    ("criterion(3) = met and criterion(4) = met", None,
     "tiêu chí 4 phải là “đạt”", "criterion 4 must be “met”"),
    ("criterion(4) = met or criterion(5) = met", None,
     "cần một trong các điều kiện: tiêu chí 4 phải là “đạt”; hoặc tiêu chí 5 phải là “đạt”",
     "one of these is needed: criterion 4 must be “met”; or criterion 5 must be “met”"),
    ("at_least(2, criterion(3) = met, criterion(4) = met, criterion(5) = met)", None,
     "cần một trong các điều kiện: tiêu chí 4 phải là “đạt”; hoặc tiêu chí 5 phải là “đạt”",
     "one of these is needed: criterion 4 must be “met”; or criterion 5 must be “met”"),
    ("points(movement) >= 80", None,
     "phải có: điểm theo movement ≥ 80", "needed: points under movement ≥ 80"),
    # Verdicts and figures.
    ("criterion(4) = met and fires = 0", None,
     "tiêu chí 4 phải là “đạt”; và cần giảm 2 vụ cháy",
     "criterion 4 must be “met”; and 2 fewer fires are needed"),
    # A figure is enough: the verdict need not be told.
    ("criterion(4) = met or fires = 0", None, "cần giảm 2 vụ cháy", "2 fewer fires are needed"),
    # The class of the unit is known: its branch counts, the others' figures do not.
    ("areas.recognised >= by(unit.class, rural: areas.total / 2, urban: areas.registered)", None,
     "cần thêm 1 khu dân cư đã công nhận", "1 more (recognised) is needed"),
    # The units below: 16 of 25 are 64 %, 18 are needed.
    ("share_of_children(fires = 0) >= 70%", (16, 9, 0),
     "cần thêm 2 đơn vị cấp dưới đạt (số vụ cháy = 0)", "2 more units below must have (fires = 0)"),
    ("all_children(fires = 0)", (16, 9, 0),
     "cần thêm 9 đơn vị cấp dưới đạt (số vụ cháy = 0)", "9 more units below must have (fires = 0)"),
    ("share_of_children(fires = 0) >= 70% and criterion(4) = met", (16, 9, 0),
     "cần thêm 2 đơn vị cấp dưới đạt (số vụ cháy = 0); và tiêu chí 4 phải là “đạt”",
     "2 more units below must have (fires = 0); and criterion 4 must be “met”"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "below", "vi", "en"), SAID)
def test_what_must_be_met_first(formula: str, below: tuple[int, int, int] | None, vi: str, en: str) -> None:
    _, _, away = found(formula, below)
    assert needs(away, KNOWN, "vi") == vi
    assert needs(away, KNOWN, "en") == en
    assert (away.reason is Reason.OTHER_VERDICTS) == bool(away.awaited)


def test_what_no_verdict_can_help_says_nothing_of_verdicts() -> None:
    _, _, away = found("criterion(4) = met and crime.total >= 7")  # nobody is asked for more crime
    assert (away.awaited, away.together) == ((), ())
    assert away.reason is Reason.CANNOT_TELL


_atoms = st.sampled_from(
    ("criterion(3) = met", "criterion(4) = met", "criterion(5) != not_applicable", "fires = 0",
     "areas.recognised >= 12", "result(tt124-commune) = met")
)  # fmt: skip
_formulas = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("at_least(2, {}, {}, {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)
_WORDS = {"criterion": ("met", "not_met", "not_applicable"), "result": ("met", "not_met")}


@given(_formulas)
def test_what_is_told_is_enough_and_none_of_it_can_be_spared(formula: str) -> None:
    """By trying: there are verdicts as told, with which (and the steps told) the condition is true."""
    tree, known, away = found(formula)
    if not away.awaited:
        return
    after = changed(VALUES, away.together)
    told = away.awaited[:1] if away.one_is_enough else away.awaited
    moved = {fact for one in told for fact in _asked(one.condition)}
    assert any(
        evaluate_placed(tree, after, {**known, **choice}).outcome is True
        for choice in _choices(sorted(moved))
    )
    assert evaluate_placed(tree, after, known).outcome is not True


def _asked(condition: Node) -> set[tuple[str, str]]:
    assert isinstance(condition, Comparison)
    sides = (condition.left, condition.right)
    return {(node.kind, node.name) for node in sides if isinstance(node, FactLeaf)}


def _choices(moved: list[tuple[str, str]]) -> list[dict[Fact, str]]:
    choices: list[dict[Fact, str]] = [{}]
    for kind, name in moved:
        fact = Fact(kind, name, None if kind == "criterion" else OCTOBER)
        choices = [{**choice, fact: word} for choice in choices for word in _WORDS[kind]]
    return choices
