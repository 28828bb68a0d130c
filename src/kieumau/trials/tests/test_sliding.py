"""A threshold moved: what a trial of the draft with the new number says."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache

from kieumau.assessments.actions import assess_all
from kieumau.assessments.rules import Counts, Ending
from kieumau.assessments.tests.test_references import DEPENDENT, PROVINCIAL, text_of
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE_THE_END,
    FIGURES_ONLY,
    NOW,
    POINTS_RULE,
    QUARTER,
    World,
    random_figures,
    set_text,
)
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import CriteriaSet
from kieumau.kernel.messages import Refused
from kieumau.kernel.tests.examples import ASKED
from kieumau.trials.sliding import Slid, moved, slide, thresholds
from kieumau.trials.tests.test_trying import RULES, recognised
from kieumau.trials.thresholds import check_value
from kieumau.trials.trying import UnitTrial, try_set

__all__ = ["recognised"]

HERE = [
    ("recognised / areas >= 70%", [("70%", "0.7", True, None, None)]),
    ("70% <= recognised / areas", [("70%", "0.7", True, None, None)]),
    ("change(crime) <= -5%", [("-5%", "-0.05", True, None, None)]),
    (
        "crime * 2 < 1_000 and areas > 0.5",
        [("1_000", "1000", False, None, None), ("0.5", "0.5", False, None, None)],
    ),
    (
        "at_least(2, crime < 3, solved > 1)",
        [("2", "2", False, "0", "3"), ("3", "3", False, None, None), ("1", "1", False, None, None)],
    ),
    (
        "bands(crime / areas, 90%: 3, 70%: 2, else: 0) >= 2",
        [("90%", "0.9", True, "0.7", None), ("70%", "0.7", True, None, "0.9"), ("2", "2", False, None, None)],
    ),
    ("total(crime, last: 3) > solved", []),
]


@pytest.mark.parametrize(("formula", "expected"), HERE)
def test_which_numbers_are_thresholds(world: World, formula: str, expected: list[tuple[object, ...]]) -> None:
    draft = draft_of(FIGURES_ONLY.replace("recognised / areas >= 70%", f'"{formula}"'), "x.yaml")
    found = [one for one in thresholds(draft) if one.criterion == "share"]
    assert [
        (
            formula[one.start : one.end],
            str(one.value),
            one.is_share,
            one.above if one.above is None else str(one.above),
            one.below if one.below is None else str(one.below),
        )
        for one in found
    ] == expected
    for one in found:
        assert one.low <= one.value <= one.high
        assert (one.value - one.low) % one.step == 0
        assert {one.low, one.high} <= set(one.candidates())
        assert len(one.candidates()) <= 40
        assert formula[one.start : one.end].replace("_", "") == one.spelled(one.value)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def endings(units: Sequence[UnitTrial]) -> dict[int, Ending]:
    return {unit.unit_id: Ending(unit.outcome, unit.class_code) for unit in units}


def of_trial(draft: CriteriaSet, was: dict[int, Ending], on: date) -> tuple[object, ...]:
    [tried] = try_set(draft, [QUARTER], on=on, now=NOW).periods
    changed = sum(one != was[unit_id] for unit_id, one in endings(tried.units).items())
    before = Counts.of([one.outcome for one in was.values()])
    classes = Counter(one.class_code for one in was.values() if one.class_code is not None)
    return tried.counts, tried.by_province, before, changed, tried.classes, classes


def said(slid: Slid) -> tuple[object, ...]:
    return slid.counts, slid.by_province, slid.was, slid.changed, slid.classes, slid.was_classes


MORE = """\
  - code: bounds
    kind: measured
    title: {vi: Ít nhất, en: At the least}
    points: {max: 4, formula: "bands(recognised / areas, 90%: 4, 50%: 2, else: 0)"}
    applies_if: areas > 2 or solved = 1
    formula: count(crime > 2, solved > 1, recognised >= 1) >= 2 and not (crime = 7)
"""


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("level", ["commune", "province"])
def test_a_slide_is_a_trial_of_the_new_text(world: World, rule: str, level: str) -> None:
    random_figures(world, 20 + RULES.index(rule))
    text = set_text("any", rule, level, "phuong, xa" if level == "commune" else "tinh") + MORE
    if "points" not in rule:
        text = text.replace(
            '    points: {max: 4, formula: "bands(recognised / areas, 90%: 4, 50%: 2, else: 0)"}\n', ""
        )
    assert_agreement(text, random.Random(rule + level))


@pytest.mark.parametrize(("formulas", "level"), [(DEPENDENT, "commune"), (PROVINCIAL, "province")])
def test_so_too_where_formulas_ask_for_more_than_figures(
    world: World, formulas: dict[str, str], level: str
) -> None:
    random_figures(world, 5)
    for code in ("other", "dependent"):
        assess_all(
            criteria_set=world.publish(set_text(code, POINTS_RULE)), window=QUARTER, on=AFTER_THE_END, now=NOW
        )
    assert_agreement(text_of("trial", formulas, level), random.Random(level))


def assert_agreement(text: str, chance: random.Random) -> None:
    draft = draft_of(text, "any.yaml")
    was = {}
    for on in (BEFORE_THE_END, AFTER_THE_END):
        [tried] = try_set(draft, [QUARTER], on=on, now=NOW).periods
        was[on] = endings(tried.units)
    for threshold in thresholds(draft):
        values = [threshold.value, chance.choice(threshold.candidates())]
        if threshold.above is None and threshold.below is None and not threshold.is_of_rule:
            values.append(Decimal(chance.choice(["0", "1", "2.5", "-1", "12.5"])))
        on = chance.choice([AFTER_THE_END, AFTER_THE_END, BEFORE_THE_END])
        for value in dict.fromkeys(values if ASKED else [chance.choice(values)]):
            slid = slide(draft, QUARTER, threshold, value, on=on, now=NOW)
            assert said(slid) == of_trial(moved(draft, threshold, value), was[on], on), threshold.place
        if slid.curve:
            point, met = chance.choice(slid.curve)
            assert slide(draft, QUARTER, threshold, point, on=on, now=NOW).counts.met == met


def test_a_moved_draft_is_the_text_with_the_new_number(world: World) -> None:
    draft = draft_of(FIGURES_ONLY, "x.yaml")
    threshold = next(one for one in thresholds(draft) if one.criterion == "share")
    other = moved(draft, threshold, Decimal("0.755"))
    assert other.definition == draft_of(FIGURES_ONLY.replace("70%", "75.5%"), "x.yaml").definition
    assert draft.definition == draft_of(FIGURES_ONLY, "x.yaml").definition


def test_the_numbers_of_a_rule_are_thresholds(world: World) -> None:
    """How many criteria, how many points: from what is possible to what is possible, between neighbors."""
    found = [one for one in thresholds(draft_of(set_text("p", POINTS_RULE), "x.yaml")) if one.is_of_rule]
    assert [(one.place, str(one.value), str(one.low), str(one.high)) for one in found] == [
        ("rule.meets_from", "20", "0", "51"),
        ("rule.classes.0.from", "30", "21", "51"),
        ("rule.classes.1.from", "20", "0", "29"),
    ]
    k = thresholds(draft_of(set_text("k", "{kind: at_least, k: 3}"), "x.yaml"))[0]
    assert [k.place, str(k.value), str(k.low), str(k.high), k.is_whole] == ["rule.k", "3", "1", "6", True]
    for threshold, wrong in ((k, "0"), (k, "7"), (k, "2.5"), (found[0], "-1"), (found[0], "52")):
        with pytest.raises(Refused):
            check_value(threshold, Decimal(wrong))
    with pytest.raises(Refused):
        check_value(found[1], Decimal("20"))
    check_value(found[0], Decimal("20.125"))
    with pytest.raises(Refused):
        check_value(found[0], Decimal("20.1255"))


@pytest.mark.parametrize("value", ["0", "4", "1.5", "NaN", "Infinity", "1e40"])
def test_a_value_that_makes_no_formula_is_refused(world: World, value: str) -> None:
    draft = draft_of(FIGURES_ONLY, "x.yaml")
    threshold = next(one for one in thresholds(draft) if one.is_whole)
    with pytest.raises(Refused, match="from 1 to 3"):
        slide(draft, QUARTER, threshold, Decimal(value), on=AFTER_THE_END, now=NOW)


def test_new_figures_are_seen_at_once(world: World, recognised: object) -> None:
    draft = draft_of(FIGURES_ONLY, "x.yaml")
    threshold = next(one for one in thresholds(draft) if one.criterion == "share")

    def met() -> int:
        return slide(draft, QUARTER, threshold, Decimal("0.7"), on=AFTER_THE_END, now=NOW).counts.met

    assert met() == 4
    world.record({("C21", "recognised", "2025-12"): 24}, name="another form")
    assert met() == 5
