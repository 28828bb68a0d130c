"""Two thousand faults of twenty-five kinds in two hundred thousand rows: all told, no other, in one pass.

The rows are what the world holds already, so that without the faults nothing is wrong and nothing changes.
Everything is rolled back, the checks of the catalogue too, which a world of older days lacks.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from bench import world
from bench.measure import Report

from django.db import transaction  # isort: skip (world sets Django up)

from kieumau.calendars.library import calendar, decode
from kieumau.formulas.checking import check
from kieumau.formulas.parse import parse
from kieumau.formulas.values import State
from kieumau.indicators.actions.checks import store_checks
from kieumau.indicators.catalogue import CheckDefinition
from kieumau.indicators.catalogue_files import read_catalogue
from kieumau.indicators.imports import Report as Loaded
from kieumau.indicators.imports import load_file, mapping_from_text
from kieumau.indicators.imports.mapping import Mapping
from kieumau.indicators.imports.tests.planting import WHOLE, Row, kinds, plant
from kieumau.indicators.models import Figure, Indicator, Total
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Refused
from kieumau.units.models import Level, Term
from kieumau.units.queries import terms

ROWS, EACH = 200_000, 80
MAPPING = """
title: {vi: Bảng để đo, en: A table to measure with}
unit: {code: "{unit}", register: vn}
indicator: {code: "{indicator}"}
period: {code: "{period}"}
values: {column: value}
"""


def sound() -> list[Row]:
    """What communes reported for the last months, the whole of each pair before its part."""
    own = calendar("nd09")
    plain = {one.id: one.code for one in catalogue().values() if not one.is_derived and not one.is_share}
    last = Total.objects.order_by("-period").values_list("period", flat=True).first() or 0
    whole = Indicator.objects.get(code=WHOLE).pk
    rows: list[Row] = []
    while len(rows) < ROWS:
        window = decode(last)
        codes = {term.unit_id: term.code for term in terms(own.last_day(window), level=Level.COMMUNE)}
        figures = Figure.objects.filter(
            period=last, state=State.VALUE, unit__in=list(codes), indicator__in=plain
        )
        found = sorted(
            figures.values_list("unit", "indicator", "value"),
            key=lambda row: (row[0], row[1] != whole, row[1]),
        )
        period = own.period_code(window)
        rows += [[codes[unit], plain[indicator], period, f"{value:f}"] for unit, indicator, value in found]
        before = own.previous(window)
        if before is None:
            break
        (last,) = own.period_ids(before)
    return rows[:ROWS]


def shipped_checks() -> list[CheckDefinition]:
    """The checks of the shipped catalogue whose indicators the world knows."""
    known, found = catalogue(), []
    for one in read_catalogue("vn-commune", {}).checks:
        try:
            check(parse(one.condition), known)
        except Refused:
            continue
        found.append(one)
    return found


def checked(path: Path, mapping: Mapping) -> Loaded:
    """Load the file with the checks of the shipped catalogue in force; nothing stays."""
    with transaction.atomic():
        store_checks("vn-commune", shipped_checks())
        found = load_file(path, mapping, actor="bench")
        transaction.set_rollback(True)
    return found


def main() -> None:
    """Plant, load, compare."""
    world.ready()
    today = {term.code for term in terms(calendar("nd09").last_day(calendar("nd09").window("2026-11")))}
    gone = Term.objects.filter(register="vn", kind__level=3, valid__endswith__isnull=False).exclude(
        code__in=today
    )
    ended = gone.values_list("code", flat=True)[0]
    derived = next(one.code for one in catalogue().values() if one.is_derived)
    planted = plant(sound(), kinds(ended, derived), EACH)
    report = Report("Faults in a file")
    last: list[Loaded] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "faults.csv"
        path.write_text(planted.text(), encoding="utf-8")
        mapping = mapping_from_text(MAPPING)
        report.time(
            f"{len(planted.rows):,} rows, {len(planted.expected):,} faults",
            lambda: last.append(checked(path, mapping)),
            runs=3,
            warm=0,
            target="≤ 15,000 ms",
        )
    told = {problem.place.row: problem.code for problem in last[-1].problems}
    missing = len(planted.expected.items() - told.items())
    report.note("told / planted / not told / others", " / ".join(f"{number:,}" for number in (
        last[-1].problem_count, len(planted.expected), missing, len(told.items() - planted.expected.items())
    )))  # fmt: skip
    report.show()


if __name__ == "__main__":
    main()
