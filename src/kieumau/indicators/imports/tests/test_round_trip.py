"""A written file reads back to exactly what was written: CSV and XLSX, long and wide."""

import csv
import io
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kieumau.formulas.values import State
from kieumau.indicators.imports.tests.cast import Units
from kieumau.indicators.imports.tests.files import write_workbook
from kieumau.indicators.imports.tests.trial import INDICATORS, LONG, MONTHS, load, stored
from kieumau.indicators.models import Figure
from kieumau.kernel.numbers import format_number
from kieumau.kernel.tests.examples import examples

pytestmark = pytest.mark.django_db

Figures = dict[tuple[str, str, str], Decimal | State]
WORDS = {State.MISSING: "thiếu", State.NOT_APPLICABLE: "k/a", State.REFUSED: "từ chối"}
UNITS = {"00101": "An Bình", "00102": "Hòa Phú"}
COUNTS = {"crime.total": "Số vụ phạm pháp", "fire.total": "Fires"}
PERIODS = ["2025-07", "2025-08", "2025-09"]

counts = st.one_of(st.integers(0, 10**12).map(Decimal), st.sampled_from(list(WORDS)))
areas = st.one_of(st.decimals(0, 10**10, places=2), st.sampled_from(list(WORDS)))
monthly = st.dictionaries(
    st.tuples(st.sampled_from(list(UNITS)), st.sampled_from(list(COUNTS)), st.sampled_from(PERIODS)),
    counts,
    min_size=1,
)
yearly = st.dictionaries(
    st.tuples(st.sampled_from(list(UNITS)), st.just("area"), st.sampled_from(["2023", "2024"])),
    areas,
    min_size=1,
)
few = settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def _cast(kept_places: Units) -> None:
    """Units and indicators."""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def written(value: Decimal | State | None, numbers: str) -> str:
    if value is None:
        return ""
    if isinstance(value, State):
        return WORDS[value]
    return f"{value:f}" if numbers == "plain" else format_number(value, None, numbers)


def as_csv(path: Path, rows: list[list[str]]) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def as_cell(text: str) -> object:
    """What a spreadsheet makes of a plain number: a binary float."""
    try:
        return float(text)
    except ValueError:
        return text


def read_back(path: Path, mapping: str) -> Figures:
    Figure.objects.all().delete()
    report = load(path, mapping)
    assert report.problems == []
    return stored()


@few
@given(figures=st.one_of(monthly, yearly), numbers=st.sampled_from(["plain", "vi", "en"]))
def test_long(folder: Path, figures: Figures, numbers: str) -> None:
    head = ["unit", "indicator", "period", "value"]
    rows = [[*key, written(value, numbers)] for key, value in figures.items()]
    assert read_back(as_csv(folder / "a.csv", [head, *rows]), LONG + f"numbers: {numbers}\n") == figures
    if numbers == "plain":
        cells = [[*row[:3], as_cell(row[3])] for row in rows]
        assert read_back(write_workbook(folder / "a.xlsx", T=[head, *cells]), LONG) == figures


@few
@given(figures=monthly)
def test_a_column_a_period(folder: Path, figures: Figures) -> None:
    head = ["unit", "indicator", *PERIODS]
    pairs = sorted({key[:2] for key in figures})
    rows = [
        [*pair, *(written(figures.get((*pair, period)), "plain") for period in PERIODS)] for pair in pairs
    ]
    assert read_back(as_csv(folder / "a.csv", [head, *rows]), MONTHS) == figures
    cells = [[*row[:2], *map(as_cell, row[2:])] for row in rows]
    assert read_back(write_workbook(folder / "a.xlsx", T=[head, *cells]), MONTHS) == figures


@few
@given(figures=monthly)
def test_a_column_an_indicator_a_sheet_a_period(folder: Path, figures: Figures) -> None:
    head = ["Tỉnh", "Đơn vị", *COUNTS.values()]
    sheets = {
        period: [
            head,
            *(
                [
                    "Cần Thơ",
                    name,
                    *(
                        as_cell(written(figures.get((code, indicator, period)), "plain"))
                        for indicator in COUNTS
                    ),
                ]
                for code, name in UNITS.items()
            ),
        ]
        for period in PERIODS
    }
    assert read_back(write_workbook(folder / "a.xlsx", **sheets), INDICATORS) == figures
