"""A new version of a set while every commune has a verdict under the old one.

The best-known peer replaces the version in place: 140 s, 147,777 queries, 3,321 verdicts deleted.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from bench import world
from bench.criteria34 import as_yaml
from bench.measure import Report
from bench.trying import NOW

from django.db import connection, transaction  # isort: skip (world sets Django up)
from django.test.utils import CaptureQueriesContext  # isort: skip

from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.calendars import library
from kieumau.criteria.actions import load_set
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import CriteriaSet
from kieumau.trials.previewing import preview


def main() -> None:
    """Measure over the benchmark world; everything is rolled back."""
    figures = world.ready()
    report = Report(f"A new version of a set in use: 34 criteria, {figures:,} figures")
    with transaction.atomic(), TemporaryDirectory() as folder:
        measure(report, Path(folder) / "set.yaml")
        transaction.set_rollback(True)
    report.show()


def measure(report: Report, path: Path) -> None:
    """Time loading one version after the other over the verdicts under the first."""
    first = load(path, as_yaml())
    assess_all(criteria_set=first, window=library.window("teams:2026"), on=NOW.date(), now=NOW)
    count, before = checksum()
    turn = iter(range(300, 400))
    queries = 0

    def another() -> None:
        nonlocal queries
        with CaptureQueriesContext(connection) as captured:
            load(path, as_yaml().replace("patrols >= 250", f"patrols >= {next(turn)}"))
        queries = len(captured)

    report.time("load a new version", another, runs=9, target="≤ 2,000 ms")
    report.note("  queries", str(queries), "≤ 50")
    report.note("  verdicts there, of this and other sets", f"{count:,}")
    report.note("  the same as before, bit for bit", "yes" if checksum() == (count, before) else "NO", "yes")
    draft = draft_of(as_yaml().replace("patrols >= 250", "patrols >= 299"), "draft.yaml")
    report.time("preview of a new version", lambda: preview(draft, on=NOW.date(), now=NOW), runs=3)


def load(path: Path, text: str) -> CriteriaSet:
    """The version that a text makes."""
    path.write_text(text, encoding="utf-8")
    return load_set(path, actor="bench", now=NOW)


def checksum() -> tuple[int, str]:
    """How many verdicts there are, and a checksum over every column of them."""
    table = Assessment._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), md5(string_agg(md5(a::text), '' ORDER BY a.id)) FROM {table} a")
        count, found = cursor.fetchone()
    return int(count), str(found)


if __name__ == "__main__":
    main()
