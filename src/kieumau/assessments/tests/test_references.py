"""Criteria that rest on other verdicts, on classes of units and on the units one level down."""

import random
from datetime import date
from itertools import product

import ibis
import pytest
from django.db import connection

from kieumau.assessments.actions import assess_all, assess_unit
from kieumau.assessments.judging import Prepared, Reading
from kieumau.assessments.models import Assessment
from kieumau.assessments.outcome_sql import outcome_word
from kieumau.assessments.queries import assessment, explain_found
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.test_agreement import ASKED, LACKING, stored
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE_THE_END,
    COMMUNES,
    LATER,
    NOW,
    POINTS_RULE,
    QUARTER,
    Figures,
    World,
    complete,
    set_text,
)
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import asked_by
from kieumau.criteria.rules import CriterionDefinition, Judged, Measured
from kieumau.formulas.compile import sql_of
from kieumau.formulas.values import State
from kieumau.formulas.windows import Fact
from kieumau.kernel.yamlfile import Name

_HEAD = """\
code: {code}
title: {{vi: Bộ thử, en: Test set}}
summary: {{vi: Để thử., en: For tests.}}
verification: unverified
effective: {{from: 2020-01-01}}
period: {{calendar: civil, kind: quarter}}
applies_to: {{level: {level}}}
unit_classes: {{urban: {{kinds: [phuong]}}, rural: {{kinds: [xa]}}}}
rule: {{kind: all}}
criteria:
"""
_MEASURED = """\
  - code: "{code}"
    kind: measured
    title: {{vi: Tiêu chí {code}, en: Criterion {code}}}
    formula: "{formula}"
"""
_ASKED = """\
  - code: asked
    kind: judged
    title: {vi: Hỏi, en: Asked}
    applies_if: criterion(4.1) != not_met
    question: {vi: Có không?, en: Is it so?}
"""
DEPENDENT = {
    "1": "criterion(3) = met and criterion(2) = met",
    "2": "criterion(4.1) != not_met or crime = 0",
    "3": "crime >= by(unit.class, urban: 10, rural: 5)",
    "4.1": "recognised / areas >= 70%",
    "5": "result(other) = met or points(other) >= 20",
    "6": "criterion(asked) = not_judged or criterion(5) = no_data",
    "7": "all_children(crime > 1) or criterion(1) = met",
    "8": "year_ago(result(dependent)) = met or solved = crime",
}
PROVINCIAL = {
    "all": "all_children(crime < 20)",
    "share": "share_of_children(result(dependent) = not_met or unit.class = urban) >= 50%",
    "both": "criterion(all) = met and crime > 3",
}


def text_of(code: str, formulas: dict[str, str], level: str = "commune") -> str:
    """A set of measured criteria, and one that is asked in the first."""
    measured = "".join(_MEASURED.format(code=each, formula=formula) for each, formula in formulas.items())
    return _HEAD.format(code=code, level=level) + measured + (_ASKED if "6" in formulas else "")


def random_figures(seed: int) -> Figures:
    chance = random.Random(seed)
    figures: Figures = {}
    for unit in COMMUNES:
        for name, month in ASKED:
            state = chance.choice(LACKING) if chance.random() < 0.08 else None
            figures[unit, name, month] = state or chance.choice(["0", "1", "2", "3", "7", "12.50"])
    return figures


def judge(criteria_set: CriteriaSet, on: date = AFTER_THE_END) -> None:
    assess_all(criteria_set=criteria_set, window=QUARTER, on=on, now=NOW)


@pytest.mark.parametrize("seed", range(4))
def test_all_at_once_and_one_by_one_agree(world: World, seed: int) -> None:
    world.record(random_figures(seed))
    other = world.publish(set_text("other", POINTS_RULE))
    sets = [world.publish(text_of("dependent", DEPENDENT))]
    judge(other, BEFORE_THE_END)
    sets.append(world.publish(text_of("provincial", PROVINCIAL, "province")))
    for criteria_set in sets:
        for on in (BEFORE_THE_END, AFTER_THE_END):
            judge(criteria_set, on)
            at_once = stored(criteria_set)
            assert at_once
            Assessment.objects.filter(criteria_set=criteria_set).delete()
            for row in at_once:
                assess_unit(criteria_set=criteria_set, window=QUARTER, unit_id=row["unit"], on=on, now=NOW)
            assert stored(criteria_set) == at_once


def test_what_rests_on_another_criterion(world: World) -> None:
    world.record(complete("C11", crime=(4, 4, 4)) | complete("C13", crime=(1, 1, 1), recognised=17))
    dependent = world.publish(text_of("dependent", DEPENDENT | {"5": "crime > 0", "8": "crime > 0"}))
    judge(dependent)
    assert world.outcomes(dependent, "C11") == {
        "1": Outcome.MET,
        "2": Outcome.MET,
        "3": Outcome.MET,
        "4.1": Outcome.MET,
        "5": Outcome.MET,
        "6": Outcome.MET,
        "7": Outcome.MET,
        "8": Outcome.MET,
        "asked": Outcome.NOT_JUDGED,
    }
    assert world.outcomes(dependent, "C13") == {
        "1": Outcome.NOT_MET,
        "2": Outcome.NOT_MET,
        "3": Outcome.NOT_MET,
        "4.1": Outcome.NOT_MET,
        "5": Outcome.MET,
        "6": Outcome.NOT_MET,
        "7": Outcome.NO_DATA,
        "8": Outcome.MET,
        "asked": Outcome.NOT_APPLICABLE,
    }
    assert set(world.outcomes(dependent, "C12").values()) >= {Outcome.NO_DATA}


def test_what_waits_for_an_open_verdict_is_open_in_the_same_way(world: World) -> None:
    world.record(complete("C11", crime=(4, 4, 4)))
    text = text_of("waiting", {"4.1": "crime > 0", "6": "criterion(asked) = met", "9": "criterion(6) = met"})
    waiting = world.publish(text)
    judge(waiting)
    assert world.outcomes(waiting, "C11")["6"] is Outcome.NOT_JUDGED
    assert world.outcomes(waiting, "C11")["9"] is Outcome.NOT_JUDGED
    assert world.outcomes(waiting, "C12")["6"] is Outcome.NO_DATA


def test_a_share_of_the_communes_and_its_explanation(world: World) -> None:
    world.record(
        complete("C11", crime=(4, 4, 4))
        | complete("C12", crime=(4, 4, 4))
        | complete("C13", crime=(4, 4, 4), recognised=17)
        | complete("C14", crime=(4, 4, 4), recognised=17)
    )
    communal = world.publish(text_of("communal", {"1": "recognised / areas >= 70%"}))
    judge(communal)
    formulas = {"1": "share_of_children(result(communal) = met) >= 70%", "2": "all_children(crime = 12)"}
    provincial = world.publish(text_of("provincial", formulas, "province"))
    judge(provincial)
    assert world.outcomes(provincial, "P1") == {"1": Outcome.NOT_MET, "2": Outcome.MET}
    assert set(world.outcomes(provincial, "P2").values()) == {Outcome.NO_DATA}

    # Frozen with the verdict: what happens to the communes later changes no explanation.
    Assessment.objects.filter(criteria_set=communal).delete()
    found = assessment(provincial, QUARTER, world.units["P1"])
    said = explain_found(found, provincial, QUARTER, "en")
    assert [each.sentence for each in said] == [
        "2 of 4 units below with (Result under communal = met) = 50%, below 70%.",
        "4 of 4 units below with (Crimes = 12).",
    ]


def test_a_changed_figure_reaches_the_sets_that_ask(world: World) -> None:
    world.record(complete("C11", crime=(4, 4, 4)))
    communal = world.publish(text_of("communal", {"1": "crime < 20"}))
    judge(communal)
    second = world.publish(text_of("second", {"1": "result(communal) = met"}))
    judge(second)
    provincial = world.publish(
        text_of("provincial", {"1": "all_children(coalesce(crime, 0) < 20)"}, "province")
    )
    judge(provincial)
    assert [world.outcomes(one, unit)["1"] for one, unit in ((second, "C11"), (provincial, "P1"))] == [
        Outcome.MET,
        Outcome.MET,
    ]
    world.record({("C11", "crime", "2025-10"): 50}, name="later", at=LATER)
    assert [world.outcomes(one, unit)["1"] for one, unit in ((second, "C11"), (provincial, "P1"))] == [
        Outcome.NOT_MET,
        Outcome.NOT_MET,
    ]


def test_a_new_version_takes_no_verdict_away_until_it_is_used(world: World) -> None:
    """A typo mended in one set: the sets that ask for it go by the version by which units were judged."""
    world.record(complete("C11", crime=(4, 4, 4)))
    text = text_of("communal", {"1": "crime < 20"})
    judge(world.publish(text))
    second = world.publish(text_of("second", {"1": "result(communal) = met"}))
    judge(second)
    mended = world.publish(text.replace("Test set", "Mended set"))
    world.record({("C11", "crime", "2025-10"): 5}, name="later", at=LATER)
    judge(second)
    assert world.outcomes(second, "C11")["1"] is Outcome.MET
    assert [one.code for one in asked_by(mended.code)] == ["second"]
    assert not asked_by(second.code)

    stricter = world.publish(text.replace("crime < 20", "crime < 2"))
    judge(second)
    assert world.outcomes(second, "C11")["1"] is Outcome.MET
    judge(stricter)
    judge(second)
    assert world.outcomes(second, "C11")["1"] is Outcome.NOT_MET


NAME = Name(vi="Tên", en="Name")
TRUTHS = (True, False, None)
WORDS = ("met", "not_met", "not_due", "not_applicable", "no_data", "not_judged", None)


@pytest.mark.django_db
def test_the_word_in_sql_is_that_of_the_rules() -> None:
    """Every combination of formula, figure, other verdict and due day."""
    asked = Fact("criterion", "1")
    measured = Measured(code="2", kind="measured", title=NAME, formula="x > 1")
    judged = Judged(code="2", kind="judged", title=NAME, question=NAME)
    rows = list(product(TRUTHS, TRUTHS, State, State, WORDS))
    table = ibis.table(
        {"n": "int64", "c": "boolean", "a": "boolean", "s0": "int32", "s1": "int32", "w": "string"},
        name="every",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table every (n bigint, c boolean, a boolean, s0 int, s1 int, w text)"
        )
        with cursor.copy("copy every from stdin") as copy:
            for number, (c, a, s0, s1, word) in enumerate(rows):
                copy.write_row([number, c, a, int(s0), int(s1), word])
        criteria: list[CriterionDefinition] = [measured, judged]
        for criterion, is_due, has_applies in product(criteria, (True, False), (True, False)):
            prepared = Prepared(criterion, is_due, (0, 1), (asked,))
            condition = "c" if criterion is measured else None
            applies = "a" if has_applies else None
            word = outcome_word(table, prepared, condition, applies, ["s0", "s1"], {asked: "w"})
            cursor.execute(sql_of(table.select("n", found=word)))
            found = dict(cursor.fetchall())
            for number, (c, a, s0, s1, known) in enumerate(rows):
                reading = Reading(c if condition else None, a if has_applies else True)
                facts = {asked: known} if known else {}
                assert found[number] == prepared.outcome(reading, (s0, s1), facts).key, rows[number]


def test_what_does_not_apply_reaches_the_criteria_that_ask(world: World) -> None:
    """Why a figure leaves a criterion unknown decides; a verdict that is open is no such figure."""
    world.record(
        complete("C11", crime=(4, 4, 4), recognised=State.NOT_APPLICABLE)
        | complete("C12", crime=(0, 0, 0), recognised=State.NOT_APPLICABLE)
    )
    formulas = {
        "1": "recognised > 1",
        "2": "criterion(1) = not_applicable",
        "3": "criterion(2) = not_met or recognised > 1",
        "4": "crime = 0 and (recognised > 1 or solved / crime > 1)",
        "5": "criterion(4) = not_met",
        "6.1": "criterion(4) = met or recognised > 1",
    }
    entangled = world.publish(text_of("entangled", formulas))
    judge(entangled)
    at_once = stored(entangled)
    for row in at_once:
        assess_unit(criteria_set=entangled, window=QUARTER, unit_id=row["unit"], on=AFTER_THE_END, now=NOW)
    assert stored(entangled) == at_once
    assert world.outcomes(entangled, "C11") == {
        "1": Outcome.NOT_APPLICABLE,
        "2": Outcome.MET,
        "3": Outcome.NOT_APPLICABLE,
        "4": Outcome.NOT_MET,
        "5": Outcome.MET,
        "6.1": Outcome.NOT_APPLICABLE,
    }
    assert world.outcomes(entangled, "C12") == {
        "1": Outcome.NOT_APPLICABLE,
        "2": Outcome.MET,
        "3": Outcome.NOT_APPLICABLE,
        "4": Outcome.NO_DATA,  # divided by zero beside a figure that does not apply
        "5": Outcome.NO_DATA,
        "6.1": Outcome.NO_DATA,
    }
