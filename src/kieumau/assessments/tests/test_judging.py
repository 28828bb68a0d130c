"""Judging in the database: all units, one unit, the same verdict either way."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.assessments.actions import assess_all, assess_unit
from kieumau.assessments.models import Assessment, Finding
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE_THE_END,
    COMMUNES,
    LATER,
    NOW,
    POINTS_RULE,
    QUARTER,
    Figures,
    Value,
    World,
    complete,
    set_text,
)
from kieumau.calendars.library import window
from kieumau.formulas.values import State
from kieumau.kernel.messages import Refused

MET, NOT_MET, NOT_DUE = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE
NA, NO_DATA, NOT_JUDGED = Outcome.NOT_APPLICABLE, Outcome.NO_DATA, Outcome.NOT_JUDGED


def test_sixteen_of_25_areas_fail_a_70_percent_rule_and_18_are_needed(world: World) -> None:
    figures: Figures = {}
    for unit, recognised in zip(COMMUNES, (16, 17, 18, 25), strict=False):
        figures |= complete(unit, crime=(1, 1, 1), recognised=recognised)
    world.record(figures)
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    found = [world.outcomes(small, unit)["share"] for unit in COMMUNES[:4]]
    assert found == [NOT_MET, NOT_MET, MET, MET]


def test_every_kind_of_outcome(world: World) -> None:
    world.record(
        complete("C11", crime=(1, 1, 1))
        | complete("C12", crime=(0, 0, 0), ago=(0, 0, 0), areas=2, recognised=2)
        | complete("C13", crime=(9, 9, 9), recognised=3)
        | {("C14", name, "2025-12"): State.NOT_APPLICABLE for name in ("areas", "recognised")}
    )
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    table = {
        # a commune: share, trend, derived, several, plan, advice
        "C11": [MET, MET, MET, MET, NOT_JUDGED, NOT_JUDGED],
        "C12": [MET, NO_DATA, NA, MET, NOT_JUDGED, NA],  # no crime last year: no change to speak of
        "C13": [NOT_MET, NOT_MET, NOT_MET, NOT_MET, NOT_JUDGED, NOT_JUDGED],
        "C14": [NA, NO_DATA, NO_DATA, NO_DATA, NOT_JUDGED, NA],
        "C21": [NO_DATA, NO_DATA, NO_DATA, NO_DATA, NOT_JUDGED, NO_DATA],
    }
    for unit, expected in table.items():
        assert list(world.outcomes(small, unit).values()) == expected, unit
    found = world.assessments(small)
    assert [found[unit].outcome for unit in ("C11", "C12", "C13")] == [NOT_JUDGED, NO_DATA, NOT_MET]
    assert (found["C11"].met_count, found["C11"].not_judged_count) == (4, 2)


@pytest.mark.parametrize("unit", [*COMMUNES, None])
def test_a_zero_divisor_beside_a_figure_that_does_not_apply_is_no_answer(
    world: World, unit: str | None
) -> None:
    """Judged by itself and with all others (None): a miss may not turn into “does not apply”."""
    table: dict[str, tuple[Value, Value, Outcome]] = {
        # a commune: areas, recognized among them, share
        "C11": (0, State.NOT_APPLICABLE, NO_DATA),
        "C12": (5, State.NOT_APPLICABLE, NA),
        "C13": (State.NOT_APPLICABLE, 3, NA),
        "C14": (State.NOT_APPLICABLE, State.NOT_APPLICABLE, NA),
        "C21": (State.MISSING, State.NOT_APPLICABLE, NO_DATA),
        "C22": (State.NOT_APPLICABLE, State.REFUSED, NO_DATA),
        "C23": (0, 3, NO_DATA),
        "C24": (0, 0, NO_DATA),
    }
    figures: Figures = {}
    for code, (areas, recognised, _) in table.items():
        figures |= {(code, "areas", "2025-12"): areas, (code, "recognised", "2025-12"): recognised}
    world.record(figures)
    small = world.publish(set_text("small"))
    if unit is None:
        assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    else:
        unit_id = world.units[unit]
        assess_unit(criteria_set=small, window=QUARTER, unit_id=unit_id, on=AFTER_THE_END, now=NOW)
    for code in [unit] if unit else table:
        assert world.outcomes(small, code)["share"] == table[code][2], code


def test_before_the_end_only_success_is_certain(world: World) -> None:
    world.record(complete("C11", crime=(1, 1, 1)) | complete("C12", crime=(9, 9, 9)))
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=BEFORE_THE_END, now=NOW)
    assert set(world.outcomes(small, "C11").values()) == {MET, NOT_DUE}
    assert set(world.outcomes(small, "C21").values()) == {NOT_DUE}
    assert world.assessments(small)["C12"].outcome == NOT_DUE


def test_points_and_class(world: World) -> None:
    world.record(complete("C11", crime=(2, 2, 2), solved=2))
    points = world.publish(set_text("points", POINTS_RULE))
    assess_all(criteria_set=points, window=QUARTER, on=AFTER_THE_END, now=NOW)
    found = world.assessments(points)["C11"]
    # 18/25 → 10; −60 % → 5; 10 × 100 % / 3 → 3.333; 24 − 6; the last two wait for a person
    assert [str(one) for one in found.criterion_points or []] == [
        "10.000", "5.000", "3.333", "18.000", "None", "None",
    ]  # fmt: skip
    assert (str(found.points), str(found.points_possible)) == ("36.333", "38.333")
    assert (found.outcome, found.class_code) == (MET, "good")


def test_judging_again_leaves_equal_rows_untouched(world: World) -> None:
    world.record(complete("C11", crime=(1, 1, 1)))
    small = world.publish(set_text("small"))
    first = assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    assert (first.judged, first.written, first.removed) == (8, 8, 0)
    before = physical()
    again = assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=LATER)
    assert (again.judged, again.written, again.removed) == (8, 0, 0)
    assert physical() == before
    assert set(Assessment.objects.values_list("judged_at", flat=True)) == {NOW}


def physical() -> list[tuple[int, str]]:
    """Where every row lies: an update, even to equal values, would move it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid::text FROM assessment ORDER BY id")
        return [(row[0], row[1]) for row in cursor.fetchall()]


def test_only_units_of_the_sets_kinds_and_those_no_longer_there_are_removed(world: World) -> None:
    wards = world.publish(set_text("wards", kinds="phuong"))
    assess_all(criteria_set=wards, window=QUARTER, on=AFTER_THE_END, now=NOW)
    assert sorted(world.assessments(wards)) == ["C11", "C12", "C21", "C22"]
    stray = world.assessments(wards)["C11"]
    stray.pk, stray.unit = None, world.units["C13"]
    stray.save()
    part = assess_all(criteria_set=wards, window=QUARTER, on=AFTER_THE_END, now=NOW, within=world.paths["P2"])
    assert (part.judged, part.removed) == (2, 0)
    whole = assess_all(criteria_set=wards, window=QUARTER, on=AFTER_THE_END, now=NOW)
    assert (whole.judged, whole.removed) == (4, 1)
    with pytest.raises(Refused):
        assess_unit(
            criteria_set=wards,
            window=QUARTER,
            unit_id=world.units["C13"],
            on=AFTER_THE_END,
            now=NOW,
        )


def test_a_part_of_the_tree(world: World) -> None:
    small = world.publish(set_text("small"))
    done = assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW, within=world.paths["P1"])
    assert done.judged == 4
    assert sorted(world.assessments(small)) == ["C11", "C12", "C13", "C14"]


def test_a_set_about_provinces_is_judged_on_their_roll_ups(world: World) -> None:
    for unit in COMMUNES[:4]:
        world.record(complete(unit, crime=(1, 1, 1), recognised=20))
    provinces = world.publish(set_text("provinces", level="province", kinds="tinh"))
    assess_all(criteria_set=provinces, window=QUARTER, on=AFTER_THE_END, now=NOW)
    assert sorted(world.assessments(provinces)) == ["P1", "P2"]
    assert world.outcomes(provinces, "P1")["share"] == MET
    assert world.outcomes(provinces, "P2")["share"] == NO_DATA


@pytest.mark.parametrize("code", ["civil:2025", "civil:2025-10", "nd09:2025-Q4"])
def test_only_the_sets_own_periods(world: World, code: str) -> None:
    small = world.publish(set_text("small"))
    with pytest.raises(Refused) as refused:
        assess_all(criteria_set=small, window=window(code), on=AFTER_THE_END, now=NOW)
    assert refused.value.problems[0].code == "not-a-period-of-the-set"


def test_findings_show_the_arrays_as_rows(world: World) -> None:
    world.record(complete("C11", crime=(1, 1, 1)))
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    unit = world.units["C11"]
    rows = Finding.objects.filter(assessment__unit=unit).order_by("criterion__position")
    assert {row.criterion.code: row.outcome for row in rows} == world.outcomes(small, "C11")
    assert Finding.objects.filter(criterion__code="share", outcome=MET).count() == 1


def test_judging_all_takes_as_many_queries_as_judging_a_part(world: World) -> None:
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW)
    counts = []
    for within in (world.paths["C11"], world.paths["N"]):
        with CaptureQueriesContext(connection) as captured:
            assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW, within=within)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


def test_the_day_of_judging_is_kept(world: World) -> None:
    small = world.publish(set_text("small"))
    assess_all(criteria_set=small, window=QUARTER, on=BEFORE_THE_END, now=NOW)
    assess_unit(criteria_set=small, window=QUARTER, unit_id=world.units["C11"], on=AFTER_THE_END, now=NOW)
    days = {code: one.judged_on for code, one in world.assessments(small).items()}
    assert days["C11"] == AFTER_THE_END
    assert days["C12"] == BEFORE_THE_END == date(2025, 12, 1)
