"""What changed beneath a dossier since it was submitted: figures, other verdicts, or nothing to compare."""

from typing import Any

import pytest

from kieumau.assessments.models import Assessment
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.models import Dossier
from kieumau.rounds.restating import Since, compared, since
from kieumau.rounds.tests.cast import dossier_of

FIGURE, RESULT = "crime.total@civil:year:2025-1..2025-1", "result(tt124-commune)@civil:year:2025-1..2025-1"
POINTS, BELOW = "points(team)@civil:year:2025-1..2025-1", "children(x > 1)@civil:year:2025-1..2025-1"
THEN: dict[str, Any] = {FIGURE: [0, "17"], RESULT: ["word", "met"], POINTS: ["points", "0"]}

# what is stored now in place of that: figures that differ, facts that differ, said in English
CHANGES: list[tuple[dict[str, Any], list[str], list[tuple[str, str]]]] = [
    ({}, [], []),
    ({FIGURE: [0, "18"]}, [FIGURE], []),
    ({FIGURE: [1]}, [FIGURE], []),
    ({RESULT: ["word", "not_met"]}, [], [("met", "not met")]),
    ({RESULT: None}, [], [("met", "unknown")]),
    ({POINTS: None}, [], [("0", "unknown")]),
    ({"unit(class)": ["word", "urban"]}, [], [("unknown", "urban")]),
    ({BELOW: ["units", [], [], []]}, [], []),  # a commune has none below: kept or left out, it is the same
    ({BELOW: ["units", [1, 2], [3], []]}, [], [("unknown", "2 met, 1 not met, 0 unknown")]),
]


@pytest.mark.parametrize(("changed", "figures", "facts"), CHANGES)
def test_what_differs(changed: dict[str, Any], figures: list[str], facts: list[tuple[str, str]]) -> None:
    now = {key: value for key, value in {**THEN, **changed}.items() if value is not None}
    found = compared(THEN, now)
    assert [one.operand.key for one in found.figures] == figures
    assert [(one.said[0].en, one.said[1].en) for one in found.facts] == facts
    assert found.is_judged


@pytest.fixture
def dossier(kept_judged: Cast) -> Dossier:
    """That of Cái Khế, frozen on what it is judged on."""
    found = dossier_of(kept_judged)
    made = found.round
    judged = Assessment.objects.get(criteria_set=made.criteria_set, period=made.period_id, unit=found.unit_id)
    found.frozen = {"operands": judged.operands}
    return found


def test_a_unit_that_is_judged_no_more_has_no_figure_restated(dossier: Dossier) -> None:
    """A later act takes it out of the set: its verdict is removed, nothing it reported was changed."""
    assert since(dossier) == Since()
    Assessment.objects.filter(unit=dossier.unit_id).delete()
    assert since(dossier) == Since(is_judged=False)
    dossier.frozen = {"operands": {}}  # figures were silent when it was submitted: nothing to compare
    assert since(dossier) == Since()


def test_a_verdict_of_another_set_that_changes_is_told(dossier: Dossier) -> None:
    assert dossier.frozen
    dossier.frozen["operands"] = {**dossier.frozen["operands"], RESULT: ["word", "met"]}
    (altered,) = since(dossier).facts
    assert (altered.fact.key, altered.then, altered.now) == (RESULT, "met", None)
