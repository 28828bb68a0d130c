"""Import end to end: reading, checks, storing with totals and history; a CSV, an XLSX, the London file.

Everything is rolled back, so that each run stores from nothing.
"""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import world
from bench.measure import Report

from django.db import transaction  # isort: skip (world sets Django up)
from openpyxl import Workbook

from kieumau.calendars import library
from kieumau.indicators.imports import Report as Loaded
from kieumau.indicators.imports import load_file, mapping_from_text, read_mapping
from kieumau.indicators.models import Figure, Indicator
from kieumau.kernel.tests.published import ABSENT, LONDON, published
from kieumau.units.models import Level
from kieumau.units.queries import terms

TARGET = 20_000
MOST_UNITS = 1_000
PERIOD = "nd09:2026-12"  # a month of which the world has no figures yet
MAPPING = f"""
title: {{vi: Bảng để đo, en: A table to measure with}}
unit: {{code: "{{unit}}", register: vn}}
indicator: {{code: "{{@header}}"}}
period: {{code: "{PERIOD}"}}
values: {{columns: rest}}
"""


def main() -> None:
    """Measure imports of about 47,000 and of 429,456 figures."""
    world.ready()
    report = Report("Import, end to end")
    with TemporaryDirectory() as folder:
        rows = table()
        for path in (Path(folder) / "figures.csv", Path(folder) / "figures.xlsx"):
            write(path, rows)
            measure(report, f"{path.suffix[1:].upper()}, a column per indicator", path, MAPPING)
    if (london := published(LONDON)) is not None:
        measure(report, "London, a column per month, units and all", london, None)
    else:
        report.note("London", ABSENT)
    report.show()


def measure(report: Report, name: str, path: Path, mapping: str | None) -> None:
    """Time one file; the rate counts the figures stored."""
    read = read_mapping("london") if mapping is None else mapping_from_text(mapping, "bench.yaml")
    last: list[Loaded] = []

    def load() -> None:
        with transaction.atomic():
            last.append(load_file(path, read, actor="bench", keep_good=True, remark="synthetic"))
            transaction.set_rollback(True)

    median = report.time(name, load, runs=3, warm=0)
    if last[-1].has_failed:
        raise SystemExit(last[-1].problems[0].in_("en"))
    stored = last[-1].inserted + last[-1].revised
    report.note(f"  {stored:,} figures", f"{stored / median * 1000:,.0f}/s", target=f"≥ {TARGET:,}/s")


def table() -> list[list[str]]:
    """Codes of units down, codes of indicators across, the numbers of the last month."""
    calendar = library.calendar("nd09")
    codes = dict(Indicator.objects.filter(catalogue="vn-commune", formula="").values_list("id", "code"))
    day = calendar.last_day(library.window(PERIOD))
    units = {term.unit_id: term.code for term in terms(day, level=Level.COMMUNE)[:MOST_UNITS]}
    period = calendar.period_ids(library.window("nd09:2026-11"))[0]
    values: dict[tuple[int, int], str] = {
        (unit, indicator): str(value)
        for unit, indicator, value in Figure.objects.filter(period=period, unit__in=list(units)).values_list(
            "unit", "indicator", "value"
        )
        if value is not None
    }
    head = ["unit", *codes.values()]
    return [head, *([code, *(values.get((unit, one), "") for one in codes)] for unit, code in units.items())]


def write(path: Path, rows: list[list[str]]) -> None:
    """The table as CSV or as XLSX with numbers in its cells."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        return
    book = Workbook(write_only=True)
    sheet = book.create_sheet("T12")
    for row in rows:
        sheet.append(
            [int(cell) if cell.isdigit() and position else cell for position, cell in enumerate(row)]
        )
    book.save(path)


if __name__ == "__main__":
    main()
