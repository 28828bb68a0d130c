"""Which period a heading or a cell means, as a table."""

from datetime import date, datetime

import pytest

from kieumau.calendars.library import calendar
from kieumau.indicators.imports.cells import Cell
from kieumau.indicators.imports.mapping import DEFAULT_PATTERNS
from kieumau.indicators.imports.periods import PeriodReader
from kieumau.kernel.messages import Problem

MEANINGS = [
    # calendar, kind, cell, code
    ("nd09", "month", "202510", "2025-10"),
    ("nd09", "month", 202510.0, "2025-10"),
    ("nd09", "month", "2025-10", "2025-10"),
    ("nd09", "month", "nd09:2025-10", "2025-10"),
    ("nd09", "month", "10/2025", "2025-10"),
    ("nd09", "month", "9/2025", "2025-09"),
    ("nd09", "month", "Tháng 10/2025", "2025-10"),
    ("nd09", "month", "THÁNG 9 NĂM 2025", "2025-09"),
    ("nd09", "month", "Tha\u0301ng 10/2025", "2025-10"),
    ("nd09", "month", date(2025, 10, 1), "2025-10"),
    ("nd09", "month", datetime(2025, 10, 31), "2025-10"),  # noqa: DTZ001 (a cell has no zone)
    ("nd09", "month", "2025-10-01", "2025-10"),
    ("civil", "quarter", "Quý III/2025", "2025-Q3"),
    ("civil", "quarter", "quy 3/2025", "2025-Q3"),
    ("civil", "quarter", "Quý III năm 2025", "2025-Q3"),
    ("civil", "quarter", "2025-Q3", "2025-Q3"),
    ("civil", "year", "2025", "2025"),
    ("civil", "year", 2025.0, "2025"),
    ("civil", "year", "Năm 2025", "2025"),
    ("civil", "nine_months", "2025-9M", "2025-9M"),
]


@pytest.mark.parametrize(("code", "kind", "cell", "expected"), MEANINGS)
def test_meanings(code: str, kind: str, cell: Cell, expected: str) -> None:
    found = PeriodReader(calendar(code), kind, DEFAULT_PATTERNS).read(cell)
    assert not isinstance(found, Problem), found
    assert calendar(code).period_code(found) == expected


REFUSALS = [
    ("nd09", "month", "202513", "unknown-period"),
    ("nd09", "month", "Tháng mười", "unknown-period"),
    ("nd09", "month", "", "unknown-period"),
    ("nd09", "month", "1850-01", "unknown-period"),
    ("nd09", "month", "2025", "wrong-period-kind"),
    ("nd09", "month", "Quý III/2025", "wrong-period-kind"),
    ("tt124-commune", "year", "2025-10", "wrong-period-kind"),
    ("nd09", "month", date(2025, 10, 15), "day-within-period"),
    ("civil", "year", date(2025, 1, 1), "wrong-period-kind"),
]


@pytest.mark.parametrize(("code", "kind", "cell", "problem"), REFUSALS)
def test_refusals(code: str, kind: str, cell: Cell, problem: str) -> None:
    found = PeriodReader(calendar(code), kind, DEFAULT_PATTERNS).read(cell)
    assert isinstance(found, Problem)
    assert found.code == problem
    assert found.hint


def test_a_day_pattern_reads_vietnamese_dates() -> None:
    reader = PeriodReader(calendar("civil"), "month", ["DD/MM/YYYY"])
    found = reader.read("01/10/2025")
    assert not isinstance(found, Problem)
    assert found.first == (2025, 10)
