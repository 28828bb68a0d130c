"""The real London file, units and all, under the shipped mapping; sums checked by csv alone."""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from kieumau.calendars.library import calendar
from kieumau.formulas.windows import Operand
from kieumau.indicators.imports import load_file, read_mapping
from kieumau.indicators.queries import operand_values
from kieumau.kernel.tests.published import ABSENT, LONDON, published
from kieumau.kernel.text import slug
from kieumau.units.models import Position, Term

FILE = published(LONDON)
VALUES, WARDS, BOROUGHS, OFFENCES, MONTHS = 429_456, 679, 33, 31, 24
KEYS = 5  # columns before the months

Sums = dict[tuple[str, str], int]  # offence, month

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(FILE is None, reason=ABSENT),
]


def sums_outside_the_product() -> tuple[Sums, dict[str, Sums]]:
    """Of the city, and of every borough by name; nothing but csv and whole numbers."""
    city: Sums = defaultdict(int)
    boroughs: dict[str, Sums] = defaultdict(lambda: defaultdict(int))
    assert FILE is not None
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        months = next(rows)[KEYS:]
        for major, minor, _, _, borough, *values in rows:
            for month, value in zip(months, values, strict=True):
                key = (f"{slug(major)}.{slug(minor)}", month)
                city[key] += int(value)
                boroughs[borough][key] += int(value)
    return city, boroughs


def test_every_figure_in_and_city_equals_boroughs_equals_wards() -> None:
    assert FILE is not None
    mapping = read_mapping("london")
    report = load_file(FILE, mapping, actor=None)
    assert report.problems == []
    assert (report.values_read, report.rows_read) == (VALUES, 17_894)
    assert report.zeros_filled == WARDS * OFFENCES * MONTHS - VALUES
    assert report.inserted == WARDS * OFFENCES * MONTHS
    assert report.units_added == WARDS + BOROUGHS + 1

    city, boroughs = sums_outside_the_product()
    civil = calendar("civil")
    operands = {
        (offence, month): Operand(offence, civil.window(f"{month[:4]}-{month[4:]}"))
        for offence, month in city
    }
    assert len(operands) == OFFENCES * MONTHS
    ids = dict(Term.objects.filter(register="gss").values_list("code", "unit_id"))
    read = read_sums(ids["london"], operands)
    assert read == {key: Decimal(value) for key, value in city.items()}
    by_borough = {name: read_sums(ids[slug(name)], operands) for name in boroughs}
    for name, sums in boroughs.items():
        assert {key: by_borough[name][key] for key in sums} == sums
    for key in operands:
        assert sum(found[key] for found in by_borough.values()) == read[key]
    assert (
        Position.objects.filter(root=ids["london"], level=3, valid__contains=date(2024, 1, 1)).count()
        == WARDS
    )

    again = load_file(FILE, mapping, actor=None)
    assert (again.inserted, again.revised, again.units_added) == (0, 0, 0)


def read_sums(unit: int, operands: dict[tuple[str, str], Operand]) -> dict[tuple[str, str], Decimal]:
    """What the product says for one unit."""
    values = operand_values(unit, list(operands.values()))
    return {key: values[operand].value or Decimal(0) for key, operand in operands.items()}
