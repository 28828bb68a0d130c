"""Two people at once: no verdict is left behind a figure."""

from functools import partial
from pathlib import Path

import pytest
from django.db import transaction

from kieumau.assessments import following
from kieumau.assessments.actions import assess_all, assess_unit
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE_THE_END,
    COMMUNES,
    LATER,
    NOW,
    QUARTER,
    Figures,
    World,
    complete,
    set_text,
)
from kieumau.audit.tests.meanwhile import PATIENCE, elsewhere, until_waiting
from kieumau.criteria.models import CriteriaSet
from kieumau.kernel.messages import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_judging_waits_for_figures_under_way(tmp_path: Path) -> None:
    """Figures recorded but not yet committed, nobody judged so far: the first judging sees them."""
    world = World(tmp_path)
    small = world.publish(set_text("small"))
    with transaction.atomic():
        world.record(complete("C11", crime=(1, 1, 1)), at=LATER)
        judging = elsewhere(lambda: assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW))
        until_waiting(judging)
    judging.result(PATIENCE)
    assert world.outcomes(small, "C11")["share"] == Outcome.MET


def test_two_figures_of_one_commune_at_once(tmp_path: Path) -> None:
    """Whoever commits last has judged on both figures."""
    world = World(tmp_path)
    world.record(complete("C11", crime=(1, 1, 1), areas=25, recognised=10))
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    with transaction.atomic():
        world.record({("C11", "areas", "2025-12"): 20}, at=LATER)
        other = elsewhere(lambda: world.record({("C11", "recognised", "2025-12"): 14}, at=LATER))
        until_waiting(other)
    other.result(PATIENCE)
    assert world.outcomes(small, "C11")["share"] == Outcome.MET  # 14 of 20
    stored = world.assessments(small)["C11"].operands
    assert sorted(value[1] for key, value in stored.items() if key.startswith(("areas", "recog"))) == [
        "14",
        "20",
    ]


def test_two_files_whose_verdicts_have_two_days_of_judging(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One unit judged on one day and many on another: neither file is refused for waiting crosswise."""
    monkeypatch.setattr(following, "FEW", 2)
    world = World(tmp_path)
    figures: Figures = {}
    for unit in COMMUNES:
        figures |= complete(unit, crime=(1, 1, 1), recognised=10)
    world.record(figures)
    halves: list[Figures] = [
        {(unit, "recognised", "2025-12"): 25 for unit in COMMUNES if unit[1] == province} for province in "12"
    ]
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    early = [
        partial(assess_unit, criteria_set=small, window=QUARTER, unit_id=world.units[unit], on=BEFORE_THE_END)
        for unit in ("C11", "C21")
    ]
    for judge in early:
        judge(now=NOW)
    with transaction.atomic():
        for judge in early:
            judge(now=LATER)  # both files wait here
        files = [elsewhere(partial(world.record, figures, at=LATER)) for figures in halves]
        until_waiting(*files)
    for file in files:
        file.result(PATIENCE)
    assert {world.outcomes(small, unit)["share"] for unit in COMMUNES} == {Outcome.MET}


def test_a_tree_change_waits_for_figures_and_judges_on_them(tmp_path: Path) -> None:
    """A file is under way, in two writes, when the tree changes: nobody is refused, nothing is stale."""
    world = World(tmp_path)
    for unit in COMMUNES:
        world.record(complete(unit, crime=(1, 1, 1), recognised=10))
    provinces = world.publish(set_text("provinces", level="province", kinds="tinh"))
    assess_all(criteria_set=provinces, window=QUARTER, on=AFTER_THE_END, now=NOW)
    with transaction.atomic():
        world.record({("C21", "recognised", "2025-12"): 25}, at=LATER)
        change = elsewhere(lambda: world.move("C21", "P1"))
        until_waiting(change)
        world.record({("C21", "recognised", "2025-12"): 24}, at=LATER)
    change.result(PATIENCE)
    assert recognised(world, provinces) == {"P1": "64", "P2": "30"}


def test_judging_waits_for_the_tree(tmp_path: Path) -> None:
    """A commune is being taken out of the tree: judged at the same time, it has no verdict afterwards."""
    world = World(tmp_path)
    world.record(complete("C11", crime=(1, 1, 1)))
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    unit_id = world.units["C11"]
    with transaction.atomic():
        world.end("C11", "2025-07-01")
        judging = elsewhere(
            lambda: assess_unit(
                criteria_set=small, window=QUARTER, unit_id=unit_id, on=AFTER_THE_END, now=NOW
            )
        )
        until_waiting(judging)
    with pytest.raises(Refused):
        judging.result(PATIENCE)
    assert "C11" not in world.assessments(small)


def recognised(world: World, criteria_set: CriteriaSet) -> dict[str, str]:
    """The recognized areas that each verdict rests on."""
    return {
        code: str(figure[1])
        for code, one in world.assessments(criteria_set).items()
        for key, figure in one.operands.items()
        if key.startswith("recognised")
    }
