"""Verdicts as they were known at a moment: what was seen then, worked out again after figures changed."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from kieumau.assessments.actions import assess_all, assess_some, assess_unit
from kieumau.assessments.earlier import FEW, Earlier
from kieumau.assessments.models import Assessment
from kieumau.assessments.queries import Explanation, explain
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import (
    COMMUNES,
    NOW,
    POINTS_RULE,
    QUARTER,
    THIS_QUARTER,
    Figures,
    Value,
    World,
    complete,
    month_id,
    set_text,
)
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.values import State
from kieumau.indicators.actions import open_source, remove_figures
from kieumau.kernel.messages import Refused
from kieumau.units.models import Unit

FIELDS = [
    *("outcome", "outcomes", "class_code", "operands", "judged_on"),
    *(f"{one.key}_count" for one in Outcome),
    *("points", "points_possible", "criterion_points"),
]
ON = date(2026, 1, 20)


def noted(rows: Any) -> dict[int, list[Any]]:
    """Everything that verdicts say, by unit."""
    return {row.unit: [getattr(row, field) for field in FIELDS] for row in rows}


def stored(criteria_set: CriteriaSet) -> dict[int, list[Any]]:
    return noted(Assessment.objects.filter(criteria_set=criteria_set))


def at(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


@pytest.fixture
def small(world: World) -> CriteriaSet:
    """A set; every commune has its figures, none is judged."""
    figures: Figures = {}
    for unit in COMMUNES:
        figures |= complete(unit, crime=(1, 1, 1), recognised=16)
    world.record(figures)
    return world.publish(set_text("small", POINTS_RULE))


def outcome(criteria_set: CriteriaSet, unit: int, known_at: datetime) -> Outcome | None:
    """What the first criterion was known as."""
    found = Earlier(known_at).verdict(criteria_set, QUARTER, unit)
    return None if found is None else Outcome(found.outcomes[0])


def test_the_verdict_before_a_correction_and_after_it(world: World, small: CriteriaSet) -> None:
    unit = world.units["C11"]
    assess_all(criteria_set=small, window=QUARTER, on=ON, now=at(1))
    world.record({("C11", "recognised", "2025-12"): 18}, at=at(5))
    world.record({("C11", "recognised", "2025-12"): 17}, at=at(9))
    moments = [0, 1, 4, 5, 8, 9, 10]
    found = [outcome(small, unit, at(hours)) for hours in moments]
    met, not_met = Outcome.MET, Outcome.NOT_MET
    assert found == [None, not_met, not_met, met, met, not_met, not_met]


def test_the_explanation_is_that_of_the_verdict_then(world: World, small: CriteriaSet) -> None:
    assess_all(criteria_set=small, window=QUARTER, on=ON, now=at(1))
    world.record({("C11", "recognised", "2025-12"): 18}, at=at(5), name="a correction")

    def explained(known_at: datetime | None) -> Explanation:
        return explain(
            criteria_set=small,
            criterion_code="share",
            unit_id=world.units["C11"],
            window=QUARTER,
            language="en",
            known_at=known_at,
        )

    then, now = explained(at(3)), explained(None)
    assert (then.outcome, now.outcome) == (Outcome.NOT_MET, Outcome.MET)
    assert "16 / 25" in then.sentence
    assert [source.name for figure in then.figures for source in figure.sources] == ["a form", "a form"]
    with pytest.raises(Refused, match="had not been judged"):
        explained(at(0))


def test_the_day_as_of_which_it_was_judged(world: World, small: CriteriaSet) -> None:
    """Judged before the end of the quarter, nothing was due yet; judged again, it is."""
    early = date(2025, 12, 1)
    assess_all(criteria_set=small, window=QUARTER, on=early, now=at(1))
    world.record({("C12", "recognised", "2025-12"): 3}, at=at(2))
    seen = stored(small)
    assess_unit(criteria_set=small, window=QUARTER, unit_id=world.units["C12"], on=ON, now=at(3))
    assess_all(criteria_set=small, window=QUARTER, on=ON, now=at(4), within=world.paths["P2"])
    assert noted(Earlier(at(2)).verdicts(small, QUARTER).values()).keys() == seen.keys()
    for unit, says in seen.items():
        assert noted([Earlier(at(2)).verdicts(small, QUARTER, unit_ids=[unit])[unit]])[unit] == says
    days = {unit: row.judged_on for unit, row in Earlier(at(3)).verdicts(small, QUARTER).items()}
    assert [code for code in COMMUNES if days[world.units[code]] == ON] == ["C12"]


@pytest.mark.parametrize("few", [0, FEW])
def test_a_run_over_some_units_says_nothing_of_the_others(
    world: World, small: CriteriaSet, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Two pilots of two provinces: all that is above both is the nation, and yet only they were judged."""
    monkeypatch.setattr("kieumau.assessments.earlier.FEW", few)
    pilots = {world.units["C11"], world.units["C23"]}
    assess_some(
        criteria_set=small,
        window=QUARTER,
        units=Unit.objects.filter(pk__in=pilots).values("pk"),
        within=world.paths["N"],
        on=ON,
        now=at(1),
    )
    seen = stored(small)
    world.record({("C11", "recognised", "2025-12"): 18}, at=at(5))
    assert seen.keys() == pilots
    assert noted(Earlier(at(2)).verdicts(small, QUARTER).values()) == seen
    assert outcome(small, world.units["C12"], at(2)) is None
    assert outcome(small, world.units["C12"], at(6)) is None


def test_nothing_is_stored(world: World, small: CriteriaSet) -> None:
    assess_all(criteria_set=small, window=QUARTER, on=ON, now=at(1))
    world.record({("C11", "recognised", "2025-12"): 18}, at=at(5))
    before = stored(small)
    Earlier(at(2)).verdicts(small, QUARTER)
    assert stored(small) == before


REFERRING = """\
  - code: other
    kind: measured
    title: {vi: Bộ kia, en: The other set}
    formula: result(small) = met
"""


@pytest.mark.parametrize("few", [0, FEW])
def test_what_another_set_said_then(
    world: World, small: CriteriaSet, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """A set that asks for the result of another, whose verdict changed since; on both roads."""
    monkeypatch.setattr("kieumau.assessments.earlier.FEW", few)
    easy = set_text("small").partition("  - code: trend")[0]
    small = world.publish(easy)
    head = set_text("asking").partition("criteria:\n")[0]
    asking = world.publish(f"{head}criteria:\n{REFERRING}")
    assess_all(criteria_set=small, window=QUARTER, on=ON, now=at(1))
    assess_all(criteria_set=asking, window=QUARTER, on=ON, now=at(2))
    seen = stored(asking)
    world.record({("C11", "recognised", "2025-12"): 25, ("C23", "recognised", "2025-12"): 25}, at=at(5))
    assert stored(asking) != seen
    unit = world.units["C11"]
    assert outcome(asking, unit, at(3)) is Outcome.NOT_MET
    assert outcome(asking, unit, at(5)) is Outcome.MET
    whole = Earlier(at(3)).verdicts(asking, QUARTER)
    assert noted(whole.values()).keys() == seen.keys()
    assert {one.outcome for one in whole.values()} == {Outcome.NOT_MET.value}


def changes(world: World, dice: random.Random) -> Iterator[tuple[Figures, list[tuple[int, int, int]]]]:
    """What is sent and what is taken away, time after time."""
    for _ in range(8):
        figures: Figures = {}
        for _ in range(dice.randint(1, 12)):
            key = (
                dice.choice(COMMUNES),
                dice.choice(["crime", "solved", "areas", "recognised"]),
                dice.choice([*THIS_QUARTER, "2024-11"]),
            )
            value: Value = dice.choice([0, 1, 4, 17, 18, 25, State.NOT_APPLICABLE, State.REFUSED])
            figures[key] = value
        gone = []
        if dice.random() < 0.5:
            unit, indicator = dice.choice(COMMUNES), dice.choice(["areas", "crime"])
            gone = [(month_id("2025-12"), world.units[unit], world.indicators[indicator])]
        yield figures, gone


@pytest.mark.parametrize("few", [0, FEW])
@pytest.mark.parametrize("seed", range(2))
def test_as_known_at_each_moment_is_what_was_noted_then(
    world: World, small: CriteriaSet, monkeypatch: pytest.MonkeyPatch, seed: int, few: int
) -> None:
    """Both roads: unit by unit (few), and one query over all (none is few)."""
    monkeypatch.setattr("kieumau.assessments.earlier.FEW", few)
    moment, seen = at(1), {}
    assess_all(criteria_set=small, window=QUARTER, on=ON, now=moment)
    seen[moment] = stored(small)
    for number, (figures, gone) in enumerate(changes(world, random.Random(seed)), start=2):
        moment = at(number)
        with transaction.atomic():
            world.record(figures, at=moment)
        if gone:
            moment += timedelta(minutes=20)
            remove_figures(gone, source=open_source(name="taken away", recorded_at=moment))
        seen[moment] = stored(small)
    assert len({str(one) for one in seen.values()}) > 5
    for moment, says in seen.items():
        found = Earlier(moment + timedelta(minutes=1)).verdicts(small, QUARTER)
        assert noted(found.values()) == says


def test_before_anybody_was_judged_there_is_nothing(small: CriteriaSet) -> None:
    assess_all(criteria_set=small, window=QUARTER, on=ON, now=at(1))
    assert Earlier(datetime(2026, 1, 1, tzinfo=UTC)).verdicts(small, QUARTER) == {}
