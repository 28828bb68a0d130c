"""Saving a commune's return with eight writers at once, and counting who is late.

Every save goes the whole way: the return is held, its cells are compared with what stands there, checked,
stored with their history and an entry in the log, in the province's total, and verdicts that rest on them
are judged again, before it returns. Two forms: the month's as shipped, with the checks of the catalogue and
real verdicts; and one of 150 values. Each writer goes from commune to commune, as the country's are
spread over its provinces, or all in one province. The last rows say what the same pattern takes where a
save is 10 ms of arithmetic: what the machine itself gives.

It leaves its returns, their figures and history in the benchmarks' database.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from random import Random
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
from kieumau.returns.actions import Entered, Typed, enter, load_form, open_periods
from kieumau.returns.models import Deadline, Form, Return
from kieumau.returns.queries import answers, items, rates

NOW = datetime(2026, 11, 16, 8, tzinfo=ZONE)
PERIOD = "2026-11"
CELLS, WRITERS, SAVES = 150, 8, 50
WARM = 8  # saves of each writer before the clock counts: eight processes are starting
PAUSE = 0.5  # seconds between a writer's saves: a form is saved 0.7 s after somebody has typed
SHIPPED, BENCH = "vn-commune-month", "bench-returns"
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


@dataclass(frozen=True, slots=True)
class Saved:
    """One save: what it took as the writer saw it, and the processor time of both sides, in ms.

    That of PostgreSQL is 0 where its process cannot be looked at.
    """

    wall: float
    python: float
    postgres: float = 0.0


def main() -> None:
    """Measure; the returns of November 2026 are opened if they are not."""
    figures = world.ready()
    load_forms()
    User.objects.get_or_create(username="bench")
    report = Report(f"Returns, {WRITERS} writers, {figures:,} figures")
    begun = time.perf_counter()
    opened = open_periods(actor="bench", now=NOW)
    if opened.returns:
        took = (time.perf_counter() - begun) * 1000
        report.lines.append(Line(f"open the periods: {opened.returns:,} returns", took, took, 1))
    for code in (SHIPPED, BENCH):
        measure(report, code)
    pattern(report, "10 ms of arithmetic", [partial(compute, number) for number in range(WRITERS)])
    report.note("visible in every province's total at once", "yes" if is_visible() else "NO", "yes")
    count_rates(report)
    report.show()


def load_forms() -> None:
    """The month's form as shipped with its catalogue, and one of 150 lines."""
    codes = [f"bench.n{number}" for number in range(CELLS)]
    load_catalogue("vn-commune")
    with TemporaryDirectory() as folder:
        catalogue, form = Path(folder, "bench.yaml"), Path(folder, "form.yaml")
        rows = [f"  - {{code: {code}, name: {{vi: Số {code}, en: Number {code}}}}}" for code in codes]
        catalogue.write_text(CATALOGUE + "\n".join(rows), encoding="utf-8")
        form.write_text(FORM + "\n".join(f"      - {code}" for code in codes), encoding="utf-8")
        load_catalogue(catalogue)
        for path in (SHIPPED, form):
            load_form(path, actor="bench", now=NOW)


def measure(report: Report, code: str) -> None:
    """One form: alone, spread over the country, in one province, without a pause."""
    form = Form.objects.filter(code=code).order_by("-version")[0]
    returns = Return.objects.filter(form_code=code, period_id=_deadline(code).period_id)
    everywhere = list(returns.filter(path__contains=".").order_by("pk").values_list("pk", flat=True))
    Random(7).shuffle(everywhere)
    largest = returns.filter(pk=everywhere[0]).values_list("province_id", flat=True)[0]
    together = list(returns.filter(province_id=largest).values_list("pk", flat=True))
    name = f"{code}, {len(items(form.pk))} values"
    alone = save_some(everywhere[-SAVES:], 0)
    report.lines.append(_line(f"{name}: one writer", [one.wall for one in alone], "≤ 50 ms"))
    python = statistics.median(one.python for one in alone)
    postgres = statistics.median(one.postgres for one in alone)
    report.note("  processor time of Python, of PostgreSQL", f"{python:.1f} ms, {postgres:.1f} ms")
    floor = (python + postgres) * WRITERS / (os.cpu_count() or 1)
    report.note(f"  hence at best with {WRITERS} writers without a pause", f"{floor:.1f} ms")
    connection.close()
    pattern(report, f"{name}: spread over the country", _shares(everywhere), target="≤ 50 ms")
    pattern(report, f"{name}: all in one province", _shares(together), target="≤ 50 ms")


def _shares(returns: Sequence[int]) -> list[Callable[[float], list[Saved]]]:
    """What each writer does: its own returns, one after the other."""
    own = [list(islice(cycle(returns[number::WRITERS]), SAVES + WARM)) for number in range(WRITERS)]
    return [partial(save_some, share) for share in own]


def pattern(
    report: Report, name: str, works: Sequence[Callable[[float], list[Saved]]], *, target: str = ""
) -> None:
    """Eight writers at once with a pause between saves, and without one."""
    with ProcessPoolExecutor(WRITERS) as pool:
        for how, pause in ((f"{PAUSE} s between saves", PAUSE), ("without a pause", 0.0)):
            load = os.getloadavg()[0]
            started = [pool.submit(work, pause) for work in works]
            times = [one.wall for done in started for one in done.result()]
            report.lines.append(_line(f"{name}, {how} (load {load:.1f})", times, ""))
            late = statistics.quantiles(times, n=20)[-1]
            report.note("  95th of 100", f"{late:.1f} ms", target if pause else "")


def save_some(returns: Sequence[int], pause: float) -> list[Saved]:
    """Change every cell of one return after the other; what each save took, the first ones left out."""
    actor = User.objects.get(username="bench")
    times, postgres = [], _own_process()
    for turn, pk in enumerate(returns):
        report = Return.objects.get(pk=pk)
        typed = changed(report)
        time.sleep(pause)
        before = _spent(postgres)
        begun, python = time.perf_counter(), time.process_time()
        entered = enter(report.pk, typed, actor=actor, now=NOW + timedelta(seconds=turn))
        ended, spent = time.perf_counter(), time.process_time() - python
        if turn >= WARM:
            times.append(Saved((ended - begun) * 1000, spent * 1000, _spent(postgres) - before))
        _must_be_whole(entered, typed)
    return times


def _own_process() -> int:
    """The process of the database that serves this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _spent(process: int) -> float:
    """The processor time of a process of this machine so far, in ms; 0 of one elsewhere."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text(encoding="utf-8").split()[0]) / 1e6
    except OSError:
        return 0.0


def changed(report: Return) -> dict[str, Typed]:
    """Every number of the return one higher or, every other time, one lower; what is empty becomes 1."""
    asked = items(report.form_id)
    stands = answers(report.unit_id, [report.period_id], asked)
    step = 1 if report.version % 2 else -1
    typed = {}
    for item in asked:
        known = stands.get((report.period_id, item.indicator.id))
        if known is None or known.value is None:
            typed[item.code] = Typed("1", known.text("vi") if known else "")
        else:
            new = max(known.value + step, step)
            typed[item.code] = Typed(f"{new:f}".replace(".", ","), known.text("vi"))
    return typed


def _must_be_whole(entered: Entered, typed: dict[str, Typed]) -> None:
    """A check may ask for a remark here and there; most cells are stored all the same."""
    if entered.conflicts or len(entered.saved) < 0.8 * len(typed):
        raise AssertionError(f"{len(entered.saved)} of {len(typed)} cells saved: {entered.problems}")


def compute(seed: int, pause: float) -> list[Saved]:
    """Ten milliseconds of processor time in the place of every save."""
    times = []
    for turn in range(SAVES + WARM):
        time.sleep(pause)
        begun, python = time.perf_counter(), time.process_time()
        while time.process_time() - python < 0.01:
            seed = seed * 3 % 1_000_003
        if turn >= WARM:
            times.append(Saved((time.perf_counter() - begun) * 1000, 10))
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
    asked = [item.indicator.id for item in items(_deadline(BENCH).obligation.form_id)]
    rows = Total.objects.filter(period=period, indicator__in=asked)
    return bool(sum(row.value or 0 for row in rows) == facts > 0)


def _deadline(code: str) -> Deadline:
    """Of the communes' returns of the month."""
    rows = Deadline.objects.select_related("obligation").filter(obligation__form__code=code)
    return rows.filter(obligation__level=3).order_by("-period_id")[0]


def count_rates(report: Report) -> None:
    """The page that says who is late, of the whole country."""
    deadline = _deadline(BENCH).pk
    with CaptureQueriesContext(connection) as queries:
        rates([deadline], NOW, by_province=True)
    report.time("rates of every province", lambda: rates([deadline], NOW, by_province=True), target="≤ 50 ms")
    report.note("  queries", str(len(queries)), "1")


def _line(name: str, times: list[float], target: str) -> Line:
    return Line(name, statistics.median(times), max(times), len(times), target)


if __name__ == "__main__":
    main()
