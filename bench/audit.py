"""What an entry in the log costs, alone and with eight writers at once, and what proving a million takes.

Everything happens in a database of its own, which is dropped at the end: a log cannot be emptied.
"""

import os
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 (needs Django set up)

from bench.measure import Line, Report  # noqa: E402
from kieumau.audit.actions import record  # noqa: E402
from kieumau.audit.proving import prove  # noqa: E402
from kieumau.audit.queries import Asked, Key, entries  # noqa: E402
from kieumau.audit.verbs import verb  # noqa: E402

DATABASE = "kieumau_bench_audit"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DID = verb("bench.do", vi="{actor} đã thử {object}", en="{actor} tried {object}")
WRITERS, EACH, ENTRIES = 8, 200, 1_000_000
WORK = 0.02  # seconds that an action goes on after its entry
# Spread over two years, 1,000 actors, 3,321 units, 50,000 objects.
FILL = """
    INSERT INTO audit_entry (at, actor_id, actor_name, unit_id, object_kind, object_id, object_name, verb,
        old, new, why, request_id)
    SELECT timestamptz '2024-11-22' + n * interval '1 minute', n %% 1000, 'officer-' || n %% 1000, n %% 3321,
        'figure_source', n %% 50000, '2026-10', CASE WHEN n %% 1000 = 0 THEN 'bench.rare' ELSE 'bench.do' END,
        jsonb_build_object('value', n::text), jsonb_build_object('value', (n + 1)::text), 'corrected',
        md5(n::text)
    FROM generate_series(%s, %s) n
"""


def act() -> None:
    """One action that does nothing but say so; with its commit."""
    with transaction.atomic():
        _say()


def _say() -> None:
    record(
        actor="officer-7",
        verb=DID,
        object=("figure_source", 7),
        name="2026-10",
        unit_id=12,
        old={"value": "1"},
        new={"value": "2"},
        why="corrected",
        now=NOW,
    )


def write(share: tuple[int, float, bool]) -> list[float]:
    """So many actions of one writer; the milliseconds of each. `early`: chained at once, not at commit."""
    count, work, early = share
    connection.settings_dict["NAME"] = DATABASE
    times = []
    for turn in range(count + 5):
        begun = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            if early:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _say()
            if work:
                cursor.execute("SELECT pg_sleep(%s)", [work])
        if turn >= 5:
            times.append((time.perf_counter() - begun) * 1000)
    return times


def at_once(report: Report, name: str, share: tuple[int, float, bool], target: str = "") -> None:
    """Several writers with connections of their own."""
    connection.close()
    with ProcessPoolExecutor(WRITERS) as pool:
        list(pool.map(write, [(5, 0.0, False)] * WRITERS))
        begun = time.perf_counter()
        times = [each for found in pool.map(write, [share] * WRITERS) for each in found]
        took = time.perf_counter() - begun
    report.lines.append(Line(name, statistics.median(times), max(times), len(times), target))
    rate = f"{statistics.quantiles(times, n=20)[-1]:.1f} ms, {len(times) / took:,.0f} a second"
    report.note("  95th of 100; all together", rate)


def alone(report: Report) -> None:
    """One writer: the transaction with the entry against the same one without."""

    def nothing() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO plain VALUES (1)")

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain (n int)")
    bare = report.time("a transaction that writes one row of nothing", nothing, runs=300, warm=20)
    with_entry = report.time("a transaction that records an entry", act, runs=300, warm=20)
    report.note("  the entry's own cost", f"{with_entry - bare:.2f} ms", "< 1 ms")


def a_million(report: Report) -> None:
    """Fill the log, read it, prove it."""
    with connection.cursor() as cursor:
        begun = time.perf_counter()
        step = 100_000
        for first in range(0, ENTRIES, step):
            cursor.execute(FILL, [first, first + step - 1])
        took = time.perf_counter() - begun
        cursor.execute("VACUUM ANALYZE audit_entry, audit_link")
    report.note("to chain an entry, in a large load", f"{took / ENTRIES * 1e6:.0f} µs")
    middle = Key(datetime(2025, 11, 22, tzinfo=UTC), 0)
    for name, asked, below in (
        ("latest page", Asked(), None),
        ("page in the middle", Asked(), middle),
        ("of one object", Asked(object_kind="figure_source", object_id="77"), None),
        ("of one actor", Asked(actor="officer-77"), None),
        ("of one unit", Asked(unit_id=77), None),
        ("of a rare verb", Asked(verb="bench.rare"), None),
    ):
        report.time(f"read: {name}", partial(entries, asked, below=below), target="≤ 10 ms")
    report.time(f"prove {ENTRIES:,} entries", prove, runs=3, warm=1, target="≤ 10 s")


def main() -> None:
    """Make the database, measure, drop it."""
    was = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    report = Report("Log of actions")
    try:
        alone(report)
        at_once(report, f"{WRITERS} writers at once", (EACH, 0.0, False))
        name = f"{WRITERS} writers of actions that take {WORK * 1000:.0f} ms more"
        at_once(report, f"{name}, chained at commit", (EACH // 4, WORK, False))
        at_once(report, f"{name}, chained at once", (EACH // 4, WORK, True))
        a_million(report)
        if faults := prove().faults:
            raise AssertionError(f"the log is not what was written: {faults[0].text.en}")
    finally:
        connection.creation.destroy_test_db(was, verbosity=0)
    report.show()


if __name__ == "__main__":
    main()
