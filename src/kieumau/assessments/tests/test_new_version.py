"""A new version of a set in use: a few statements, and every verdict stays."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.assessments.tests.world import (
    AFTER_THE_END,
    COMMUNES,
    FIGURES_ONLY,
    NOW,
    QUARTER,
    World,
    random_figures,
    set_text,
)

MOST_QUERIES = 50


def checksum() -> str:
    """Over every column of every verdict."""
    table = Assessment._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(a::text, '' ORDER BY a.id)) FROM {table} a")
        return str(cursor.fetchone()[0])


def test_a_new_version_touches_no_verdict(world: World) -> None:
    random_figures(world, 11)
    first = world.publish(FIGURES_ONLY)
    assess_all(criteria_set=first, window=QUARTER, on=AFTER_THE_END, now=NOW)
    kept = checksum()
    with CaptureQueriesContext(connection) as captured:
        second = world.publish(FIGURES_ONLY.replace("70%", "90%"))
    assert len(captured) <= MOST_QUERIES
    assert (second.version, checksum()) == (first.version + 1, kept)
    assert Assessment.objects.filter(criteria_set=first).count() == len(COMMUNES)


def test_its_queries_do_not_grow_with_verdicts_and_criteria(world: World) -> None:
    random_figures(world, 12)
    counts = []
    for text in (FIGURES_ONLY, set_text("figures")):
        version = world.publish(text)
        with CaptureQueriesContext(connection) as captured:
            world.publish(text.replace("70%", "80%"))
        counts.append(len(captured))
        assess_all(criteria_set=version, window=QUARTER, on=AFTER_THE_END, now=NOW)
    assert counts[0] == counts[1]
