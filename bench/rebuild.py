"""Everything that is derived made anew from the facts, as `kieumau rebuild` does: positions, maps, totals.

What is there is thrown away first, within a transaction that is rolled back, so that all of it is written
again. Writers of figures wait meanwhile.
"""

from collections.abc import Callable

from bench import world
from bench.measure import Report

from django.db import connection, transaction  # isort: skip (world sets Django up)

from kieumau.indicators.actions import check_totals, rebuild_totals
from kieumau.units.actions import rebuild_mapping, rebuild_positions

STEPS: list[tuple[str, str, Callable[[], int]]] = [
    ("positions of units in the tree", "unit_position", rebuild_positions),
    ("ways from map to map", "unit_mapping", rebuild_mapping),
    ("totals of provinces", "figure_total", rebuild_totals),
]


def main() -> None:
    """Measure each step from nothing, then all of them over what is right already."""
    figures = world.ready()
    report = Report(f"Rebuild, {figures:,} figures")
    whole = 0.0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM unit_mapping")
            cursor.execute("DELETE FROM figure_total")
        for name, table, rebuild in STEPS:
            whole += report.time(name, rebuild, runs=1, warm=0)
            report.note(f"  rows of {table}", f"{_count(table):,}")
        report.note("all of it", f"{whole / 1000:,.1f} s", "≤ 60 s")
        report.note("  totals that differ from the facts", str(len(check_totals())), "0")
        transaction.set_rollback(True)
    with transaction.atomic():
        report.time("again, where nothing is wrong", _rebuild, runs=1, warm=0, target="≤ 60 s")
        transaction.set_rollback(True)
    report.show()


def _rebuild() -> None:
    for _, _, rebuild in STEPS:
        rebuild()


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
