"""Several versions over several windows by one query: as each would be judged by itself."""

import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import AFTER_THE_END, BEFORE_THE_END, COMMUNES, NOW, Figures, World
from kieumau.calendars.library import window
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.queries import operand_values
from kieumau.indicators.set_based import rows
from kieumau.indicators.spans import figures_of, spans_table
from kieumau.kernel.tests.examples import examples
from kieumau.trials.trying import in_force, try_set

MONTHS = [*(f"2024-{month:02d}" for month in range(9, 13)), *(f"2025-{month:02d}" for month in range(1, 13))]
WINDOWS = [window(f"civil:{code}") for code in ("2025-01", "2025-02", "2025-10", "2025-11", "2025-12")]
NAMES = ("crime", "solved", "areas", "recognised")

MONTHLY = """\
code: monthly
title: {vi: Bộ tháng, en: Monthly set}
summary: {vi: Để thử., en: For tests.}
verification: unverified
effective: {from: 2020-01-01}
period: {calendar: civil, kind: month}
applies_to: {level: commune, kinds: [phuong, xa]}
rule: {kind: at_least, k: 4}
criteria:
"""
FORMULAS = {
    "ratio": "solved / crime >= 50%",
    "fall": "change(crime) <= 0%",
    "year": "to_date(solved) > 4 or to_date(crime) < 9",
    "run": "total(crime, last: 3) >= previous(crime) + year_ago(solved)",
    "rate": "clearance > 30% and recognised / areas >= 70%",
    "some": "at_least(2, crime > 1, solved > 1, floor(crime / areas) = 0, year_ago(areas) > 2)",
}
DUE = "    due: {days_after_end: 20}\n"
APPLIES = "    applies_if: areas > 1\n"


def monthly(formulas: dict[str, str], **more: str) -> str:
    criteria = (
        f"  - code: {code}\n    kind: measured\n    title: {{vi: {code}, en: {code}}}\n"
        f'    formula: "{formula}"\n{more.get(code, "")}'
        for code, formula in formulas.items()
    )
    judged = (
        "  - code: asked\n    kind: judged\n    title: {vi: Hỏi, en: Asked}\n"
        "    applies_if: previous(crime) > 0\n    question: {vi: Có không?, en: Is it so?}\n"
    )
    return MONTHLY + "".join(criteria) + judged


@pytest.fixture
def figures(world: World) -> World:
    chance = random.Random(3)
    found: Figures = {}
    for unit in COMMUNES:
        for name in NAMES:
            for month in MONTHS:
                if chance.random() < 0.15:
                    found[unit, name, month] = chance.choice([State.NOT_APPLICABLE, State.REFUSED])
                elif chance.random() < 0.93:
                    found[unit, name, month] = chance.choice(["0", "1", "2", "3", "7", "12.50"])
    world.record(found)
    return world


@pytest.mark.parametrize("on", [AFTER_THE_END, BEFORE_THE_END])
def test_many_windows_are_as_each_by_itself(figures: World, on: date) -> None:
    """Two versions are in force, one after the other; a unit ends, and one changes its kind."""
    figures.end("C24", "2025-11-15")
    text = monthly(FORMULAS, ratio=DUE, rate=APPLIES)
    figures.publish(text)
    figures.publish(text.replace("2020-01-01", "2025-11-01").replace("70%", "20%").replace("k: 4", "k: 5"))
    draft = draft_of(text.replace("50%", "10%").replace(DUE, ""), "x.yaml")
    against = in_force("monthly", WINDOWS)
    assert len({one.pk for one in against.values()}) == 2
    together = try_set(draft, WINDOWS, on=on, now=NOW, against=against)
    for tried in together.periods:
        [alone] = try_set(draft, [tried.window], on=on, now=NOW, against=against).periods
        assert (tried.units, tried.criteria) == (alone.units, alone.criteria)
    published = figures.publish(text.replace("50%", "10%").replace(DUE, ""))
    for tried in together.periods:
        stored = stored_by(published, tried.window, on)
        assert {unit.unit_id: (unit.outcome, unit.outcomes) for unit in tried.units} == stored
        before = stored_by(against[tried.window], tried.window, on)
        assert {unit.unit_id: unit.was for unit in tried.units} == {
            unit_id: before[unit_id][0] for unit_id in stored
        }


def stored_by(
    version: CriteriaSet, period: Window, on: date
) -> dict[int, tuple[Outcome, tuple[Outcome, ...]]]:
    assess_all(criteria_set=version, window=period, on=on, now=NOW)
    found = {
        one.unit: (Outcome(one.outcome), tuple(map(Outcome, one.outcomes)))
        for one in Assessment.objects.filter(criteria_set=version)
    }
    Assessment.objects.all().delete()
    return found


RUNS = ["2025-01", "2025-12", "2025-Q1", "2025-Q4", "2025-H1", "2025", "2024-10"]


@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from([*RUNS, None]), min_size=3, max_size=3)),
        min_size=1,
        max_size=6,
    )
)
def test_slots_of_any_length_are_the_figures_of_each_unit(
    figures: World, asked: list[tuple[str, list[str | None]]]
) -> None:
    slots = [
        tuple(Operand(name, window(f"civil:{code}")) if code else None for code in codes)
        for name, codes in asked
    ]
    days = [AFTER_THE_END] * 3
    spans = spans_table(slots, days)
    unique = list(dict.fromkeys(slots))
    found = {
        (unit_id, span): values
        for unit_id, span, *values in rows(
            spans.table.select("unit_id", "span", *(spans.values[slot] for slot in unique))
        )
    }
    assert len(found) == 3 * len(COMMUNES)
    for code in COMMUNES:
        unit_id = figures.units[code]
        operands = [operand for slot in unique for operand in slot if operand]
        expected = operand_values(unit_id, operands)
        read = figures_of([unit_id], operands)[unit_id]
        assert {one: (each.state, each.value) for one, each in read.items()} == {
            one: (each.state, each.value) for one, each in expected.items()
        }
        for span in range(3):
            asked_of_span = [slot[span] for slot in unique]
            of_span = [expected[one].value if one else None for one in asked_of_span]
            assert found[unit_id, span] == of_span
