"""Trying a draft: what would be stored, without storing it; what changes, and what decides."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from kieumau.assessments.actions import assess_all
from kieumau.assessments.caps import caps
from kieumau.assessments.models import Assessment
from kieumau.assessments.past_periods import latest_ended, past_periods
from kieumau.assessments.rules import Counts, Outcome
from kieumau.assessments.tests.test_references import text_of
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    BEFORE_THE_END,
    COMMUNES,
    FIGURES_ONLY,
    NOW,
    POINTS_RULE,
    QUARTER,
    Figures,
    World,
    complete,
    random_figures,
    set_text,
)
from kieumau.calendars.library import window
from kieumau.criteria.comparing import Changed
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.rules import Definition, Documented, Judged, Measured
from kieumau.kernel.messages import Refused, Text
from kieumau.kernel.yamlfile import Name
from kieumau.trials.caps import trial_caps
from kieumau.trials.period_page import PeriodPage
from kieumau.trials.previewing import FIELDS, preview, reworded
from kieumau.trials.trying import PeriodTrial, in_force, try_set

RULES = ["{kind: all}", "{kind: at_least, k: 3}", POINTS_RULE]
EARLIER = window("civil:2025-Q3")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("level", ["commune", "province"])
def test_a_trial_is_what_would_be_stored(world: World, rule: str, level: str) -> None:
    random_figures(world, RULES.index(rule))
    text = set_text("any", rule, level, "phuong, xa" if level == "commune" else "tinh")
    for on in (BEFORE_THE_END, AFTER_THE_END):
        trial = try_set(draft_of(text, "any.yaml"), [QUARTER, EARLIER], on=on, now=NOW)
        assert not Assessment.objects.exists()
        published = world.publish(text)
        for tried in trial.periods:
            assess_all(criteria_set=published, window=tried.window, on=on, now=NOW)
            stored = {
                one.unit: (Outcome(one.outcome), tuple(map(Outcome, one.outcomes)))
                for one in Assessment.objects.filter(criteria_set=published)
            }
            assert {unit.unit_id: (unit.outcome, unit.outcomes) for unit in tried.units} == stored
            assert len(stored) == (8 if level == "commune" else 2)
            Assessment.objects.all().delete()


@pytest.mark.parametrize("rule", RULES)
def test_the_version_compared_with_is_what_was_stored(world: World, rule: str) -> None:
    """Two versions that share most formulas and figures, judged together, as each by itself."""
    random_figures(world, 7 + RULES.index(rule))
    text = set_text("any", rule)
    issued = world.publish(text)
    draft = draft_of(text.replace("70%", "10%").replace("solved = crime", "areas > 3"), "any.yaml")
    against = {QUARTER: issued}
    [tried] = try_set(draft, [QUARTER], on=AFTER_THE_END, now=NOW, against=against).periods
    assess_all(criteria_set=issued, window=QUARTER, on=AFTER_THE_END, now=NOW)
    stored = Assessment.objects.filter(criteria_set=issued).order_by("unit")
    was = {unit.unit_id: unit.was for unit in tried.units}
    assert was == {one.unit: Outcome(one.outcome) for one in stored}
    outcomes = zip(*(one.outcomes for one in stored), strict=True)
    assert [one.was for one in tried.criteria] == [Counts.of([*map(Outcome, each)]) for each in outcomes]


def one_period(world: World, text: str, against: CriteriaSet | None = None) -> PeriodTrial:
    draft = draft_of(text, "draft.yaml")
    [found] = try_set(
        draft, [QUARTER], on=AFTER_THE_END, now=NOW, against={QUARTER: against} if against else {}
    ).periods
    return found


@pytest.fixture
def recognised(world: World) -> Callable[[str], int]:
    """Two communes have 18 of 25 areas recognized, two have 20, four have 16; crime fell everywhere."""
    figures: Figures = {}
    for unit, count in zip(COMMUNES, (18, 18, 20, 20, 16, 16, 16, 16), strict=True):
        figures |= complete(unit, crime=(4, 4, 4), solved=4, recognised=count)
    world.record(figures)
    return world.units.__getitem__


def test_a_stricter_share_costs_the_units_between(world: World, recognised: Callable[[str], int]) -> None:
    issued = world.publish(FIGURES_ONLY)
    tried = one_period(world, FIGURES_ONLY.replace("70%", "75%"), issued)
    assert (tried.was and tried.was.met, tried.counts.met, tried.counts.not_met) == (4, 2, 6)
    assert tried.changes == {(Outcome.MET, Outcome.NOT_MET): 2}
    assert {unit.unit_id for unit in tried.changed} == {recognised("C11"), recognised("C12")}
    by_province = {code: tried.by_province[recognised(code)].met for code in ("P1", "P2")}
    assert by_province == {"P1": 2, "P2": 0}


def test_a_change_of_class_is_a_change(world: World, recognised: Callable[[str], int]) -> None:
    """The same outcome and another class: the threshold of a class is lowered."""
    text = set_text("points", POINTS_RULE).partition("  - code: plan\n")[0]
    issued = world.publish(text)
    same = one_period(world, text, issued)
    assert not same.changed
    assert sum(same.classes.values()) == 8
    tried = one_period(world, text.replace("from: 30}", "from: 44.5}"), issued)
    moved = same.classes["good"] - tried.classes["good"]
    assert moved > 0
    assert tried.class_changes == {("good", "fair"): moved}
    assert len(tried.changed) == moved
    assert not tried.changes
    page = PeriodPage(issued, tried)
    assert [(row.name.en, row.units, row.was) for row in page.classes()] == [
        ("Good", tried.classes["good"], same.classes["good"]),
        ("Fair", tried.classes["fair"], same.classes["fair"]),
        ("no class", tried.classes[""], same.classes[""]),
    ]
    assert {(row.was_class, row.class_name) for row in page.changed(0, 50)} == {
        (Text(vi="Khá", en="Good"), Text(vi="TB", en="Fair"))
    }


def test_caps_are_told_of_a_trial_as_of_verdicts(world: World, recognised: Callable[[str], int]) -> None:
    caps_text = """\
caps:
  - {class: good, at_most: 20%, of: [good, fair], within: province}
  - {class: good, at_most: 20%, within: nation}
"""
    version = world.publish(set_text("capped", POINTS_RULE) + caps_text)
    assess_all(criteria_set=version, window=QUARTER, on=AFTER_THE_END, now=NOW)
    [tried] = try_set(version, [QUARTER], on=AFTER_THE_END, now=NOW).periods
    found = trial_caps(version, tried)
    assert len(found) == 3
    assert found == caps(version, QUARTER)


def test_the_criterion_that_decides(world: World, recognised: Callable[[str], int]) -> None:
    tried = one_period(world, FIGURES_ONLY.replace("crime < 10", "crime < 1").replace("<= 30)", "<= 1)"))
    decides = {criterion.code: criterion.decides for criterion in tried.criteria}
    assert decides == {"share": 0, "trend": 0, "derived": 0, "several": 4}
    assert [criterion.code for criterion in tried.deciding] == ["several"]
    assert next(one for one in tried.criteria if one.code == "share").counts.not_met == 4


def test_the_same_text_changes_nothing(world: World, recognised: Callable[[str], int]) -> None:
    tried = one_period(world, FIGURES_ONLY, world.publish(FIGURES_ONLY))
    assert tried.changed == ()
    assert all(criterion.was == criterion.counts for criterion in tried.criteria)


def test_the_version_in_force_is_the_one_of_the_period(world: World) -> None:
    first = world.publish(FIGURES_ONLY)
    second = world.publish(FIGURES_ONLY.replace("2020-01-01", "2025-10-01").replace("70%", "80%"))
    assert in_force("figures", [EARLIER, QUARTER]) == {EARLIER: first, QUARTER: second}
    assert draft_of(FIGURES_ONLY, "x.yaml").version == 3
    assert in_force("nothing", [QUARTER]) == {}


def test_only_periods_of_the_set(world: World) -> None:
    with pytest.raises(Refused, match="is judged by civil/quarter"):
        try_set(draft_of(FIGURES_ONLY, "x.yaml"), [window("civil:2025")], on=AFTER_THE_END, now=NOW)


def test_preview_of_a_new_version(world: World, recognised: Callable[[str], int]) -> None:
    stricter = draft_of(FIGURES_ONLY.replace("70%", "75%"), "draft.yaml")
    new = preview(stricter, on=AFTER_THE_END, now=NOW)
    assert (new.newest, new.changes, [one.code for one in new.added]) == (
        None,
        None,
        ["share", "trend", "derived", "several"],
    )
    assert new.trial
    assert (new.trial.window, new.trial.against, new.trial.counts.met) == (QUARTER, None, 2)
    issued = world.publish(FIGURES_ONLY)
    stricter = draft_of(FIGURES_ONLY.replace("70%", "75%"), "draft.yaml")
    unjudged = preview(stricter, on=AFTER_THE_END, now=NOW)
    assert unjudged.trial
    assert (unjudged.newest, unjudged.trial.against) == (issued, issued)
    for period in (EARLIER, QUARTER):
        assess_all(criteria_set=issued, window=period, on=AFTER_THE_END, now=NOW)
    kept = list(Assessment.objects.order_by("id").values())
    found = preview(stricter, on=AFTER_THE_END, now=NOW)
    assert found.changes
    assert found.changes.changed == (Changed("share", ("formula",)),)
    assert [(line.code, line.fields) for line in found.changed] == [("share", (FIELDS["formula"],))]
    assert (found.added, found.removed, found.of_the_set) == ([], [], ())
    assert found.trial
    assert (found.trial.window, len(found.trial.changed)) == (QUARTER, 2)
    assert list(Assessment.objects.order_by("id").values()) == kept


def test_a_text_changed_in_one_language_is_shown_in_that_one() -> None:
    was = Name(vi="Không ai bị kỷ luật", en="Nobody was disciplined")
    for vi, en, shown in (
        ("Không cán bộ nào bị kỷ luật", was.en, ("Không cán bộ nào bị kỷ luật",) * 2),
        (was.vi, "No officer was", ("No officer was",) * 2),
        ("Không cán bộ nào", "No officer", ("Không cán bộ nào", "No officer")),
    ):
        before, after = SimpleNamespace(title=was), SimpleNamespace(title=Name(vi=vi, en=en))
        [one] = reworded(before, after, ["title"])
        assert (one.becomes.vi, one.becomes.en) == shown
        assert one.was.vi != one.becomes.vi
        assert one.was.en != one.becomes.en


def test_a_stored_version_is_previewed_against_the_one_before(world: World) -> None:
    first = world.publish(FIGURES_ONLY)
    second = world.publish(FIGURES_ONLY.partition("  - code: several")[0])
    found = preview(second, on=AFTER_THE_END, now=NOW)
    assert found.newest == first
    assert [line.code for line in found.removed] == ["several"]
    assert found.trial is None
    assert not found.asked_by
    world.publish(text_of("asking", {"1": "result(figures) = met"}))
    assert [one.code for one in preview(second, on=AFTER_THE_END, now=NOW).asked_by] == ["asking"]


def test_every_field_of_a_set_has_a_word() -> None:
    shapes = (Definition, Measured, Documented, Judged)
    assert {name for shape in shapes for name in shape.model_fields} - {"criteria"} <= set(FIELDS)


def test_periods_that_have_figures(world: World) -> None:
    draft = draft_of(FIGURES_ONLY, "x.yaml")
    assert past_periods(draft, AFTER_THE_END) == []
    months = ["2025-01", "2025-09", "2025-10", "2025-12", "2026-01", "2026-05"]
    world.record({("C11", "crime", month): 1 for month in months})
    found = past_periods(draft, AFTER_THE_END)
    assert found == [window(f"civil:{code}") for code in ("2026-Q1", "2025-Q4", "2025-Q3", "2025-Q1")]
    assert latest_ended(found, AFTER_THE_END) == QUARTER
    assert latest_ended(found[:1], AFTER_THE_END) == window("civil:2026-Q1")
    assert latest_ended([], AFTER_THE_END) is None
