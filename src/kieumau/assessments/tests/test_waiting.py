"""Two people at once: no verdict is left behind a figure."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from kieumau.assessments.actions import assess_all
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    LATER,
    NOW,
    QUARTER,
    World,
    complete,
    set_text,
)

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(work: Callable[[], object]) -> Future[object]:
    """Run something on a connection of its own."""

    def run() -> object:
        try:
            return work()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    done = pool.submit(run)
    pool.shutdown(wait=False)
    return done


def wait_until_somebody_waits() -> None:
    """Until a transaction waits for a lock (ten seconds at most)."""
    end = monotonic() + 10
    while monotonic() < end:
        with connection.cursor() as cursor:
            # Not pg_stat_activity: inside a transaction it stays as it was first seen.
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("nobody waits")


def test_judging_waits_for_figures_under_way(tmp_path: Path) -> None:
    """Figures recorded but not yet committed, nobody judged so far: the first judging sees them."""
    world = World(tmp_path)
    small = world.publish(set_text("small"))
    with transaction.atomic():
        world.record(complete("C11", crime=(1, 1, 1)), at=LATER)
        judging = elsewhere(lambda: assess_all(criteria_set=small, window=QUARTER, on=AFTER_THE_END, now=NOW))
        wait_until_somebody_waits()
    judging.result(timeout=20)
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
        wait_until_somebody_waits()
    other.result(timeout=20)
    assert world.outcomes(small, "C11")["share"] == Outcome.MET  # 14 of 20
    stored = world.assessments(small)["C11"].operands
    assert sorted(value[1] for key, value in stored.items() if key.startswith(("areas", "recog"))) == [
        "14",
        "20",
    ]
