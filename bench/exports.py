"""Exports of the whole country: rows a second and the memory of the process, by format and map.

Nothing is written but to the null device, so that what is timed is reading, working out and packing.
"""

import resource
import time
from datetime import date

from bench import world
from bench.measure import Report
from kieumau.exports.asking import Asked, ask
from kieumau.exports.files import figures_file
from kieumau.exports.formats import FORMATS
from kieumau.indicators.models import Total

from kieumau.calendars.library import calendar, decode  # isort: skip (world sets Django up)


def peak() -> float:
    """The largest the process has been, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(report: Report, name: str, asked: Asked, word: str, rows: int = 0) -> int:
    """One export to its end; how many rows it had, counted where a row is a line."""
    before, begun = peak(), time.perf_counter()
    size = lines = 0
    for piece in figures_file(asked, FORMATS[word]):
        size += len(piece)
        lines += piece.count(b"\n") if word.endswith("csv") else 0
    seconds = time.perf_counter() - begun
    rows = max(rows, lines - 1)
    told = f"{seconds:,.1f} s, {rows / seconds:,.0f} rows/s, {size / 1e6:,.0f} MB"
    report.note(f"{name}, {word}: {rows:,} rows", f"{told}, memory +{peak() - before:,.0f} MB")
    return rows


def months() -> tuple[str, str, str]:
    """The first and the last month of figures, and the one a year before the last, with the calendar."""
    ids = Total.objects.filter(period__gte=2_000_000, period__lt=3_000_000).order_by("period")
    own = calendar("nd09")
    first, last = (decode(ids.values_list("period", flat=True).first() or 0), decode(
        ids.order_by("-period").values_list("period", flat=True).first() or 0
    ))  # fmt: skip
    codes = [own.period_code(one) for one in (first, own.year_ago(last) or last, last)]
    return codes[0], codes[1], codes[2]


def main() -> None:
    """Measure a month, a year and everything."""
    world.ready()
    today = date(2026, 11, 22)
    first, year_ago, last = months()
    report = Report("Exports")

    def asking(period: str, on: str, level: str = "commune") -> Asked:
        return ask(indicators=["all"], period=f"nd09:{period}", level=level, on=on, today=today)

    month = asking(last, "reported")
    rows = 0
    for word in FORMATS:
        rows = measure(report, "a month as reported", month, word, rows)
    for on, level in (("today", "commune"), ("today", "province"), ("reported", "province")):
        measure(report, f"{level}s, map {on}, a month of last year", asking(year_ago, on, level), "csv")
    measure(report, "everything as reported", asking(f"{first}..{last}", "reported"), "csv")
    report.show()


if __name__ == "__main__":
    main()
