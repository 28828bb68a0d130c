"""What the formulas of a set may refer to: its own criteria, other sets, classes of units."""

from dataclasses import replace

import pytest

from kieumau.criteria.files import OtherSet, check_text
from kieumau.criteria.tests.sets import SMALL, SURROUNDINGS
from kieumau.criteria.trees import check_all, order_of
from kieumau.kernel.messages import Refused

HERE = replace(
    SURROUNDINGS,
    sets={
        "tt124-commune": OtherSet(False),
        "movement": OtherSet(True, frozenset({"ring"})),
        "ring": OtherSet(True, frozenset({"small"})),
        "new": OtherSet(),
    },
)
CLASSES = "rule: {kind: all}\nunit_classes: {rural: {kinds: [commune]}, urban: {kinds: [ward]}}"
MEASURED = """\
  - code: "{code}"
    kind: measured
    title: {{vi: Đo, en: Measured}}
    formula: "{formula}"
"""


def written(*formulas: str, classes: bool = False) -> str:
    """The small set with criteria 4, 5 and so on behind its own three."""
    more = "".join(
        MEASURED.format(code=code, formula=formula) for code, formula in enumerate(formulas, start=4)
    )
    return (SMALL.replace("rule: {kind: all}", CLASSES) if classes else SMALL) + more


SOUND = [
    "criterion(3) = met",
    "result(tt124-commune) = met",
    "points(new) >= 90",
    "year_ago(result(small)) = met",
    "share_of_children(result(tt124-commune) = met) >= 70%",
    "all_children(areas.total > 3)",
    "areas.total >= by(unit.class, rural: 350, urban: 500)",
]


@pytest.mark.parametrize("formula", SOUND)
def test_sound(formula: str) -> None:
    found = check_text(written(formula, classes=True), "small.yaml", HERE)
    assert len(found.definition.criteria) == 4


WRONG = [
    # formulas of criteria 4, 5, …, the code of the problem, what its sentence must hold
    (["criterion(33) = met"], "unknown-criterion", "did you mean 3?"),
    (["criterion(3)"], "word-compared", "Add = met"),
    (["criterion(5) = met", "criterion(4) = met"], "circular-criteria", "4 → 5 → 4"),
    (
        ["criterion(6) = met", "criterion(4) = met", "criterion(5) = met"],
        "circular-criteria",
        "4 → 6 → 5 → 4",
    ),
    (["criterion(4) = met"], "circular-criteria", "4 → 4"),
    (["result(tt124) = met"], "unknown-set", "tt124-commune"),
    (["points(tt124-commune) > 1"], "set-without-points", "counts no points"),
    (["result(small) = met"], "circular-sets", "small → small"),
    (["points(movement) > 1"], "circular-sets", "small → movement → ring → small"),
    (["by(unit.class, rural: 1, urban: 2) > 1"], "no-classes", "unit_classes"),
    (["all_children(crime.total > 3)"], "figures-do-not-fit", "from day 15"),
]


@pytest.mark.parametrize(("formulas", "code", "held"), WRONG, ids=[case[1] + case[2] for case in WRONG])
def test_wrong(formulas: list[str], code: str, held: str) -> None:
    with pytest.raises(Refused) as refused:
        check_text(written(*formulas), "small.yaml", HERE)
    [problem, *_] = refused.value.problems
    assert problem.code == code
    assert held in problem.in_("en")
    assert problem.place.row is not None


def test_classes_are_of_known_kinds_and_a_kind_has_one() -> None:
    text = written().replace("rule: {kind: all}", CLASSES)
    for good, bad, code in (
        ("[ward]", "[wrad]", "unknown-kind"),
        ("[ward]", "[commune]", "kind-in-two-classes"),
    ):
        with pytest.raises(Refused) as refused:
            check_text(text.replace(good, bad), "small.yaml", HERE)
        assert refused.value.problems[0].code == code


def test_criteria_are_judged_behind_those_they_rest_on() -> None:
    text = written("criterion(6) = met", "areas.total > 1", "criterion(5) = met and criterion(2) = met")
    found = check_text(text, "small.yaml", HERE)
    codes = [criterion.code for criterion in found.definition.criteria]
    order = [codes[index] for index in order_of(codes, check_all(found.definition, HERE.catalogue).trees)]
    assert sorted(order) == codes
    assert order.index("2") < order.index("6") < order.index("4")
    assert order.index("5") < order.index("6")
