"""What is kept of a trial, and that it is never older than the figures that are there."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from kieumau.assessments.actions import assess_all
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    COMMUNES,
    FIGURES_ONLY,
    NOW,
    QUARTER,
    Figures,
    World,
    complete,
    month_id,
)
from kieumau.audit.tests.meanwhile import PATIENCE, elsewhere
from kieumau.criteria.drafts import draft_of
from kieumau.formulas.values import State
from kieumau.indicators.actions import record_figures
from kieumau.indicators.models import Source
from kieumau.kernel.tests.quiet import ask_for_quiet
from kieumau.trials import kept_trials
from kieumau.trials.standing import Standing, stands
from kieumau.trials.trying import Trial
from kieumau.units.models import Tree

pytestmark = pytest.mark.django_db(transaction=True)

A_QUARTER_OF_AN_HOUR = 15 * 60  # seconds; never spent unless the test fails


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Four communes of eight meet the draft."""
    cache.clear()
    Tree.objects.get_or_create(defaults={"revision": 1})  # a row of a migration, gone with other tests
    world = World(tmp_path)
    figures: Figures = {}
    for unit, count in zip(COMMUNES, (18, 18, 20, 20, 16, 16, 16, 16), strict=True):
        figures |= complete(unit, crime=(4, 4, 4), solved=4, recognised=count)
    world.record(figures)
    return world


def settled() -> Standing:
    """What stands once no older transaction on this server is under way.

    Asked for all the while, and for as long as the longest class of tests of another worker may take.
    """
    end = monotonic() + A_QUARTER_OF_AN_HOUR
    while not (found := stands()).may_be_kept:
        assert monotonic() < end, "somebody on this server stays in a transaction"
        ask_for_quiet()
        sleep(0.02)
    return found


def tried(standing: Standing, text: str = FIGURES_ONLY) -> Trial:
    draft = draft_of(text, "x.yaml")
    return kept_trials.tried(draft, [QUARTER], on=AFTER_THE_END, now=NOW, against={}, stands=standing)


def met(trial: Trial) -> int:
    return trial.periods[0].counts.met


def test_the_same_question_needs_no_new_trial(world: World) -> None:
    assert tried(settled()) is tried(settled())


def more_figures(world: World) -> None:
    world.record({("C21", "recognised", "2025-12"): 24}, name="another form")


def later_under_a_source_that_was_there(world: World) -> None:
    source = Source.objects.get(name="a form")
    key = (month_id("2025-12"), world.units["C21"], world.indicators["recognised"])
    record_figures([(*key, State.VALUE, Decimal(24))], source=source)


def another_tree(world: World) -> None:
    world.end("C13", "2025-12-01")


@pytest.mark.parametrize(
    ("change", "count"), [(more_figures, 5), (later_under_a_source_that_was_there, 5), (another_tree, 3)]
)
def test_what_changes_is_seen_at_once(world: World, change: Callable[[World], None], count: int) -> None:
    assert met(tried(settled())) == 4
    change(world)
    assert met(tried(settled())) == count


def test_what_commits_late_is_not_missed(world: World) -> None:
    """A writer that began first commits last: nothing is kept meanwhile, and its figures are seen."""
    wrote, go_on = Event(), Event()

    def slowly() -> None:
        with transaction.atomic():
            more_figures(world)
            wrote.set()
            go_on.wait(PATIENCE)

    first = elsewhere(slowly)
    assert wrote.wait(PATIENCE)
    elsewhere(lambda: record_in_another_province(world)).result(PATIENCE)
    meanwhile = stands()
    assert not meanwhile.may_be_kept
    assert met(tried(meanwhile)) == 4
    go_on.set()
    first.result(PATIENCE)
    assert met(tried(settled())) == 5


def record_in_another_province(world: World) -> None:
    world.record({("C11", "recognised", "2025-09"): 1}, name="a third form")


def test_verdicts_that_a_draft_asks_for_count_too(world: World) -> None:
    asked = world.publish(FIGURES_ONLY)
    text = FIGURES_ONLY.replace("code: figures", "code: asks").replace(
        "recognised / areas >= 70%", "result(figures) = met"
    )
    assert met(tried(settled(), text)) == 0
    assess_all(criteria_set=asked, window=QUARTER, on=AFTER_THE_END, now=NOW)
    assert met(tried(settled(), text)) == 4


def test_one_row_is_kept_of_all_writes(world: World) -> None:
    more_figures(world)
    settled()
    record_in_another_province(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM fact_write WHERE xact <> (SELECT max(xact) FROM fact_write)")
        assert cursor.fetchone()[0] == 0


def test_nothing_is_kept_in_a_transaction_that_writes(world: World) -> None:
    with transaction.atomic():
        more_figures(world)
        assert not stands().may_be_kept


def test_nothing_is_kept_for_ever() -> None:
    time = [0.0]
    kept: kept_trials.Kept[object] = kept_trials.Kept(2, lambda: time[0])
    first = kept.get("a", object)
    assert kept.get("a", object) is first
    time[0] = kept_trials.SECONDS_KEPT
    assert kept.get("a", object) is not first
    unkept = kept.get("b", object, may_be_kept=False)
    assert kept.get("b", object) is not unkept
