"""Where figures stood: what a revision names is the cell in which the figure is found again."""

import csv
from pathlib import Path

import openpyxl
import pytest

from kieumau.formulas.values import State
from kieumau.indicators.history import Revision, revisions
from kieumau.indicators.imports.gathered import key_of
from kieumau.indicators.imports.tests.cast import Units
from kieumau.indicators.imports.tests.files import write_csv, write_workbook
from kieumau.indicators.imports.tests.trial import INDICATORS, LONG, MONTHS, load
from kieumau.indicators.models import Figure, SourceCells
from kieumau.indicators.whence import SourceCell, Stood, find, pack

pytestmark = pytest.mark.django_db

OTHERWISE = LONG.replace("{column: value}", "{column: value, otherwise: why}")
SKIPPING = MONTHS + "skip_rows: 1\n"
NAMED = INDICATORS.replace('"{@sheet}"}', '"{@sheet}", patterns: ["Tháng MM-YYYY"]}')

ONE_VALUE = [
    ["unit", "indicator", "period", "value"],
    ["00101", "crime.total", "2025-08", "12"],
    ["", "", "", ""],
    ["00102", "fire.total", "202508", "3"],
]
PERIODS = [
    ["unit", "indicator", "202508", "202509"],
    ["00101", "crime.total", "1", "2"],
    ["00102", "fire.total", "", "4"],
    ["00102", "crime.total", "5", "6"],
]
ANSWERS = [
    ["unit", "indicator", "period", "why", "value"],
    ["00101", "crime.total", "2025-08", "", "12"],
    ["00102", "crime.total", "2025-08", "từ chối", ""],
]
HEAD = ["Tỉnh", "Đơn vị", "Số vụ phạm pháp", "Số vụ cháy"]
SHEETS = {
    "Tháng 8-2025": [HEAD, ["Cần Thơ", "Xã Hòa Phú", 5, 1]],
    "Tháng 9-2025": [HEAD, [], ["Cần Thơ", "AN BINH", 7, ""], ["Tỉnh Đồng Nai", "hoa phu", 8, 0]],
}


@pytest.fixture(autouse=True)
def world(kept_places: Units) -> None:
    """Units and indicators."""


def shown_in(path: Path, cell: SourceCell) -> str:
    """What stands in the file at the address."""
    if path.suffix == ".csv":
        letter, row = cell.address[0], int(cell.address[1:])
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))[row - 1][ord(letter) - ord("A")]
    return str(openpyxl.load_workbook(path)[cell.sheet][cell.address].value)


def latest() -> list[Revision]:
    """The latest revision of every figure."""
    return [revisions([one.unit], one.indicator, [one.period])[0] for one in Figure.objects.all()]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("rows", "mapping", "count"),
    [
        (ONE_VALUE, LONG, 2),
        (PERIODS, MONTHS, 5),
        ([["a title"], *PERIODS], SKIPPING, 5),
        (ANSWERS, OTHERWISE, 2),
    ],
)
def test_every_figure_is_found_again(
    tmp_path: Path, kind: str, rows: list[list[str]], mapping: str, count: int
) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        write_csv(path, "".join(",".join(row) + "\n" for row in rows))
    else:
        write_workbook(path, Trang=rows)
    assert load(path, mapping).inserted == count
    found = latest()
    assert len(found) == count
    for one in found:
        assert one.cell
        assert one.new
        said = "từ chối" if one.new.state is State.REFUSED else str(one.new.value)
        assert shown_in(path, one.cell) == said
        assert one.cell.sheet == ("" if kind == "csv" else "Trang")


def test_an_indicator_a_column_a_sheet_a_period(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", **SHEETS)
    assert load(path, NAMED).inserted == 5
    cells = [(one.cell.sheet, one.cell.address) for one in latest() if one.cell]
    assert sorted(cells) == [
        ("Tháng 8-2025", "C2"),
        ("Tháng 8-2025", "D2"),
        ("Tháng 9-2025", "C3"),
        ("Tháng 9-2025", "C4"),
        ("Tháng 9-2025", "D4"),
    ]
    assert all(one.cell and one.new and shown_in(path, one.cell) == str(one.new.value) for one in latest())


def test_each_file_has_cells_of_its_own_and_one_that_changes_nothing_has_none(tmp_path: Path) -> None:
    again = [*PERIODS[:2], ["00102", "fire.total", "", "9"]]
    for name, rows in (("a.csv", PERIODS), ("b.csv", PERIODS), ("c.csv", again)):
        load(write_csv(tmp_path / name, "".join(",".join(row) + "\n" for row in rows)), MONTHS)
    assert SourceCells.objects.count() == 2
    [fires] = [one for one in Figure.objects.all() if one.value == 9]
    found = revisions([fires.unit], fires.indicator, [fires.period])
    assert [(one.source, one.cell and one.cell.address) for one in found] == [
        ("c.csv", "D3"),
        ("a.csv", "D3"),
    ]


def test_the_table_is_small_and_told_in_both_languages() -> None:
    places = {
        key_of(period, unit, 7): ("T9", unit - 89_998)
        for unit in range(90_000, 90_500)
        for period in range(300, 324)
    }
    packed = pack(Stood(places, lambda _, period, __: chr(65 + period - 300), {}))
    assert len(packed) < len(places)
    assert find(packed, {(301, 90_001, 7), (1, 1, 1)}) == {(301, 90_001, 7): SourceCell("T9", "B3")}
    assert SourceCell("T9", "C5").told.vi == "trang T9, ô C5"
    assert SourceCell("", "C5").told.en == "cell C5"
