"""Acts and figures on maps with the whole country loaded: recording a merger, reading year-on-year.

Eighteen shapes of reading, chosen to be as different as pages are (`pages` and `others`): a month with a year
ago, and a year with the year before, of the nation, a province and a commune, on today's map and as reported;
old provinces and districts on a map of their own; a series of twenty months; all provinces or communes of a
map at once, today's 3,321 and the 10,035 of before. Nothing stays: every act is taken back at the end of its
transaction.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from bench import world
from bench.measure import Report

from django.db import transaction  # isort: skip (world sets Django up)

from kieumau.calendars.library import window
from kieumau.formulas.windows import Operand
from kieumau.indicators.maps.previewing import preview
from kieumau.indicators.maps.queries import series_on_map, year_on_year
from kieumau.indicators.maps.rules import REPORTED, Map, map_of_today
from kieumau.indicators.maps.wide import wide_on_map
from kieumau.indicators.queries import catalogue
from kieumau.units import queries
from kieumau.units.actions import record_change, undo_change
from kieumau.units.models import Term, Unit
from kieumau.units.rules import Act, TermRow, even_shares

CATALOGUE = "vn-commune"
DAY = date(2026, 11, 1)
BEFORE_DAY = date(2025, 6, 30)
TODAY, BEFORE = map_of_today(date(2026, 11, 22)), Map(BEFORE_DAY)
MONTH, YEAR = window("nd09:2025-10"), window("nd09:2025")


def merger(count: int) -> Act:
    """`count` communes of Cần Thơ become one on `DAY`."""
    city = queries.term("92", DAY)
    olds = list(queries.terms(DAY, within=city.path, level=3)[:count])
    keys = dict(Unit.objects.filter(id__in=[term.unit_id for term in olds]).values_list("id", "key"))
    above = Unit.objects.get(id=city.unit_id).key
    new = TermRow("vn/bench", "vn", olds[0].code, "Bench", "phuong", above, DAY)
    ends = tuple(keys[term.unit_id] for term in olds)
    shares = tuple(share for key in ends for share in even_shares(key, [new.key]))
    return Act("bench", DAY, ends=ends, begins=(new,), shares=shares)


def recording(report: Report) -> None:
    """Record and undo a merger of 14 communes, rolled back."""
    act = merger(14)

    def record() -> None:
        with transaction.atomic():
            record_change(act=act, actor=None)
            transaction.set_rollback(True)

    report.time("record a merger of 14 communes", record, runs=3, warm=1, target="≤ 2,000 ms")
    with transaction.atomic():
        record_change(act=act, actor=None)

        def undo() -> None:
            with transaction.atomic():
                undo_change(key="bench", actor=None)
                transaction.set_rollback(True)

        report.time("undo it", undo, runs=3, warm=0, target="≤ 2,000 ms")
        transaction.set_rollback(True)


def known_codes() -> list[str]:
    """The indicators of the country's catalogue; other benches leave indicators of their own."""
    return [code for code, one in catalogue().items() if one.catalogue == CATALOGUE]


Shape = tuple[str, Callable[[], Any], str]


def pages() -> list[Shape]:
    """What a page asks: all indicators with a year ago, on a map, for a unit of each level."""
    codes = known_codes()
    units = [("nation", "VN"), ("province", "92"), ("commune", "31150")]
    shapes: list[Shape] = []
    for name, code in units:
        unit = queries.term(code, DAY).unit_id
        for on in (TODAY, REPORTED):
            shapes.append(
                (
                    f"{name}: {len(codes)} indicators, month and a year ago, {on.word}",
                    lambda unit=unit, on=on: year_on_year(unit, codes, MONTH, on),  # type: ignore[misc]
                    "≤ 50 ms",
                )
            )
    return shapes


def others() -> list[Shape]:
    """Longer windows, other maps, series, all units at once."""
    codes = known_codes()
    main = [code for code in codes if catalogue()[code].is_main] or codes[:8]
    nation, city, ward = (queries.term(code, DAY).unit_id for code in ("VN", "92", "31150"))
    old_city = queries.term("92", BEFORE_DAY).unit_id
    district = queries.term("916", BEFORE_DAY).unit_id
    months = [window(f"nd09:{year}-{month:02}") for year in (2024, 2025) for month in range(3, 13)]
    one = [Operand("crime.property", MONTH)]
    two = [Operand("crime.property", YEAR), Operand("crime.property", window("nd09:2026-10"))]

    def yoy(unit: int, on: Map, some: list[str] = codes) -> Callable[[], Any]:
        return lambda: year_on_year(unit, some, YEAR, on)

    def series(unit: int) -> Callable[[], Any]:
        return lambda: series_on_map(unit, "crime.property", months, TODAY)

    return [
        ("nation: all indicators, year and the year before, today", yoy(nation, TODAY), ""),
        ("nation: main indicators, year and the year before, today", yoy(nation, TODAY, main), ""),
        ("province: all indicators, year and the year before, today", yoy(city, TODAY), ""),
        ("commune: all indicators, year and the year before, today", yoy(ward, TODAY), ""),
        ("old province on its own map, year and the year before", yoy(old_city, BEFORE), ""),
        ("old district on its own map, year and the year before", yoy(district, BEFORE), ""),
        ("nation: 20 months of one indicator, today", series(nation), ""),
        ("commune: 20 months of one indicator, today", series(ward), ""),
        ("34 provinces: one month, today", lambda: wide_on_map(one, DAY, level=1), ""),
        ("34 provinces: a year and a month, today", lambda: wide_on_map(two, DAY, level=1), ""),
        ("3,321 communes: one month, today", lambda: wide_on_map(one, DAY, level=3), ""),
        ("10,035 communes: one month, map of before", lambda: wide_on_map(one, BEFORE_DAY, level=3), ""),
    ]  # fmt: skip


def main() -> None:
    """Measure everything."""
    figures = world.ready()
    report = Report(f"Maps, {figures:,} figures, {Term.objects.count():,} terms")
    for name, work, target in [*pages(), *others()]:
        report.time(name, work, runs=9, warm=2, target=target or "≤ 300 ms")
    recording(report)
    act = merger(14)
    report.time("preview it", lambda: preview(act, today=DAY), runs=2, warm=1)
    report.show()


if __name__ == "__main__":
    main()
