"""Saving the 150 values of a commune's return with eight writers at once, and counting who is late.

Every save goes the whole way: the return is held, the cells compared with what stands there, checked,
stored with their history, and in the province's total when the save returns. It leaves its return, its
figures and their history in the benchmarks' database.
"""

import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import world
from bench.measure import Line, Report

from django.db import connection  # isort: skip (world sets Django up)
from django.test.utils import CaptureQueriesContext  # isort: skip

from kieumau.accounts.models import User
from kieumau.calendars import library
from kieumau.calendars.working_days import ZONE
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.models import Total
from kieumau.returns.actions import Typed, enter, load_form, open_periods
from kieumau.returns.models import Deadline, Return
from kieumau.returns.queries import answers, items, rates

NOW = datetime(2026, 11, 16, 8, tzinfo=ZONE)
PERIOD = "2026-11"
CELLS, WRITERS, SAVES = 150, 8, 40
WARM = 10  # saves of each writer before the clock counts: eight processes are starting
PAUSE = 0.2  # seconds between a writer's saves: a form is saved 0.7 s after somebody has typed
CATALOGUE = """
code: bench-returns
title: {vi: Đo, en: Bench}
defaults:
  nature: flow
  polarity: neutral
  measure: {vi: vụ, en: cases}
  reported: {calendar: nd09, kind: month}
indicators:
"""
FORM = """
code: bench-returns
title: {vi: Đo, en: Bench}
catalogue: bench-returns
source: bench
verification: unverified
register: vn
calendar: nd09
kind: month
owed: [{level: commune, since: 2026-10-15, due_working_days: 2, lock_working_days: 200}]
groups:
  - title: {vi: Đo, en: Bench}
    indicators:
"""


def main() -> None:
    """Measure; the returns of November 2026 are opened if they are not."""
    figures = world.ready()
    codes = [f"bench.n{number}" for number in range(CELLS)]
    with TemporaryDirectory() as folder:
        catalogue, form = Path(folder, "bench.yaml"), Path(folder, "form.yaml")
        rows = [f"  - {{code: {code}, name: {{vi: Số {code}, en: Number {code}}}}}" for code in codes]
        catalogue.write_text(CATALOGUE + "\n".join(rows), encoding="utf-8")
        form.write_text(FORM + "\n".join(f"      - {code}" for code in codes), encoding="utf-8")
        load_catalogue(catalogue)
        load_form(form, actor="bench", now=NOW)
    User.objects.get_or_create(username="bench")
    report = Report(f"Returns, {CELLS} values each, {figures:,} figures")
    begun = time.perf_counter()
    opened = open_periods(actor="bench", now=NOW)
    if opened.returns:
        took = (time.perf_counter() - begun) * 1000
        report.lines.append(Line(f"open the periods: {opened.returns:,} returns", took, took, 1))
    mine = list(Return.objects.filter(form_code="bench-returns").order_by("?").values_list("pk", flat=True))
    alone = save_some((mine[:4], 20, 0))
    report.lines.append(_line("a save, one writer", alone, "≤ 50 ms"))
    connection.close()
    with ProcessPoolExecutor(WRITERS) as pool:
        for name, pause, target in (
            (f"{WRITERS} writers, {PAUSE} s between the saves of each", PAUSE, "≤ 50 ms"),
            (f"{WRITERS} writers without a pause", 0, ""),
        ):
            shares = [(mine[number::WRITERS][:10], SAVES, pause) for number in range(WRITERS)]
            times = [one for found in pool.map(save_some, shares) for one in found]
            report.lines.append(_line(name, times, ""))
            report.note("  95th of 100", f"{statistics.quantiles(times, n=20)[-1]:.1f} ms", target)
    report.note("  visible in the province's total at once", "yes" if is_visible() else "NO", "yes")
    count_rates(report)
    report.show()


def save_some(share: tuple[list[int], int, float]) -> list[float]:
    """Change every cell of some returns again and again; the milliseconds of every save."""
    returns, count, pause = share
    actor = User.objects.get(username="bench")
    times = []
    for turn in range(count + WARM):
        report = Return.objects.get(pk=returns[turn % len(returns)])
        asked = items(report.form_id)
        stands = answers(report.unit_id, [report.period_id], asked)
        typed = {}
        for item in asked:
            known = stands.get((report.period_id, item.indicator.id))
            was = known.text("vi") if known else ""
            typed[item.code] = Typed(str(int(was.replace(".", "") or 0) % 900 + 1), was)
        now = NOW + timedelta(seconds=turn)
        time.sleep(pause)
        begun = time.perf_counter()
        entered = enter(report.pk, typed, actor=actor, now=now)
        if turn >= WARM:
            times.append((time.perf_counter() - begun) * 1000)
        if len(entered.saved) != CELLS:
            raise AssertionError(f"only {len(entered.saved)} of {CELLS} cells were saved")
    return times


def is_visible() -> bool:
    """Is every province's total the sum of its communes' figures?"""
    period = library.calendar("nd09").period_ids(library.calendar("nd09").window(PERIOD))[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(f.value), 0) FROM figure f JOIN indicator i ON i.id = f.indicator
            WHERE f.period = %s AND i.catalogue = 'bench-returns'
            """,
            [period],
        )
        facts = cursor.fetchone()[0]
    rows = Total.objects.filter(
        period=period, indicator__in=[item.indicator.id for item in items(_deadline().obligation.form_id)]
    )
    return bool(sum(row.value or 0 for row in rows) == facts > 0)


def _deadline() -> Deadline:
    return Deadline.objects.select_related("obligation").get(obligation__form__code="bench-returns")


def count_rates(report: Report) -> None:
    """The page that says who is late, of the whole country."""
    deadline = _deadline().pk
    with CaptureQueriesContext(connection) as queries:
        rates([deadline], NOW, by_province=True)
    report.time("rates of every province", lambda: rates([deadline], NOW, by_province=True), target="≤ 50 ms")
    report.note("  queries", str(len(queries)), "1")


def _line(name: str, times: list[float], target: str) -> Line:
    return Line(name, statistics.median(times), max(times), len(times), target)


if __name__ == "__main__":
    main()
