"""A workbook speaks to people: shares are percentages, codes have names, days are days, numbers numbers."""

import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from kieumau.assessments.actions import assess_all
from kieumau.assessments.tests.world import AFTER_THE_END, NOW, QUARTER, World, complete, set_text
from kieumau.exports.asking import Asked, ask
from kieumau.exports.files import figures_file, verdicts_file
from kieumau.exports.formats import FORMATS, xlsx_bytes
from kieumau.exports.rows import FigureRow
from kieumau.exports.verdicts import ask_verdicts
from kieumau.exports.workbook import figures_sheet, kept
from kieumau.quality.tests.country import Country

LONG = Decimal("1234567890123456789.25")
ROW = FigureRow(
    "A01", "Phường A01", "commune", "theft", "Trộm", "vụ", "civil", "2025-06",
    date(2025, 6, 1), date(2025, 6, 30), Decimal(12), "", "value", "2025-06-30", "as-reported",
    "như đã báo cáo", 1, 1, "tệp.csv", Decimal(10), "", "value", Decimal("0.2"), 1, 1, "same-territory", "",
)  # fmt: skip


@pytest.fixture
def asked(country: Country) -> Asked:
    """Of counts, and of an indicator that is a share."""
    found = ask(indicators=["theft"], period="2025-06", today=date(2026, 7, 20))
    rate = replace(found.known["theft"], code="rate", is_share=True)
    return replace(found, known={**found.known, "rate": rate})


def cells(pieces: Any, row: int = 2) -> dict[str, Any]:
    """The cells of one row of the first sheet, by their headings."""
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(pieces))).worksheets[0]
    return {str(head.value): cell for head, cell in zip(sheet[1], sheet[row], strict=True)}


def said(asked: Asked, **values: Any) -> dict[str, Any]:
    """What the workbook says of a row, without its empty cells."""
    found = cells(xlsx_bytes(figures_sheet(asked, [[ROW._replace(**values)]])))
    return {name: cell.value for name, cell in found.items() if cell.value not in {None, ""}}


def test_a_count_in_words(asked: Asked) -> None:
    assert said(asked) == {
        "Đơn vị": "Phường A01", "Mã đơn vị": "A01", "Cấp": "cấp xã",
        "Chỉ tiêu": "Trộm", "Mã chỉ tiêu": "theft", "Đơn vị tính": "vụ",
        "Kỳ": "Tháng 6 năm 2025", "Mã kỳ": "2025-06", "Lịch báo cáo": "Dương lịch",
        "Từ ngày": datetime(2025, 6, 1), "Đến hết ngày": datetime(2025, 6, 30),  # noqa: DTZ001 (no zone in a cell)
        "Số liệu": 12, "Tình trạng": "có số liệu", "Bản đồ": "bản đồ ngày 30/06/2025",
        "So sánh theo cột": "như đã báo cáo", "Số báo cáo đã có": 1, "Số báo cáo phải có": 1,
        "Nguồn": "tệp.csv", "Cùng kỳ năm trước": 10, "Tình trạng cùng kỳ": "có số liệu",
        "Tăng, giảm so với cùng kỳ": 0.2, "Số báo cáo đã có cùng kỳ": 1, "Số báo cáo phải có cùng kỳ": 1,
        "So sánh với cùng kỳ": "cùng địa bàn",
    }  # fmt: skip


def test_a_share_is_a_percentage_in_a_column_of_its_own(asked: Asked) -> None:
    row = ROW._replace(
        indicator="rate", value=Decimal("0.9378"), year_ago=Decimal("0.9"), change=Decimal("0.0378")
    )
    found = cells(xlsx_bytes(figures_sheet(asked, [[row]])))
    assert (found["Tỷ lệ"].value, found["Tỷ lệ"].number_format) == (0.9378, "0.00%")
    assert (found["Tỷ lệ cùng kỳ"].value, found["Tỷ lệ cùng kỳ"].number_format) == (0.9, "0.00%")
    points = found["Tăng, giảm của tỷ lệ (điểm phần trăm)"]
    assert (points.value, points.number_format) == (3.78, "0.00")
    for name in ("Số liệu", "Cùng kỳ năm trước", "Tăng, giảm so với cùng kỳ"):
        assert found[name].value is None


# What the figure is, as fraction where there is one: the number in the cell, the exact text beside it.
EXACT = [
    (Decimal("12.5"), "", 12.5, None),
    (Decimal(0), "", 0, None),
    (Decimal("0.333333333333"), "1/3", 0.333333333333, "1/3"),
    (LONG, "", 1.23456789012346e18, "1234567890123456789,25"),
    (Decimal("1234.000000000005"), "", 1234.00000000001, "1234,000000000005"),
]


@pytest.mark.parametrize(("value", "fraction", "number", "exactly"), EXACT)
def test_a_number_stays_a_number_and_stands_exactly_beside(
    asked: Asked, value: Decimal, fraction: str, number: float, exactly: str | None
) -> None:
    found = said(asked, value=value, fraction=fraction)
    assert (found["Số liệu"], found.get("Giá trị chính xác")) == (number, exactly)


def test_fifteen_digits_are_kept() -> None:
    assert kept(Decimal("0.123456789012345")) == Decimal("0.123456789012345")
    assert kept(Decimal("0.1234567890123455")) == Decimal("0.123456789012346")
    assert kept(None) is None


def test_a_missing_figure_has_no_number(asked: Asked) -> None:
    found = said(asked, value=None, state="missing", year_ago_state="", year_ago=None, change=None)
    assert found["Tình trạng"] == "chưa có số liệu"
    assert not {"Số liệu", "Tỷ lệ", "Giá trị chính xác", "Tình trạng cùng kỳ"} & set(found)


@pytest.mark.parametrize(
    ("language", "sheets", "heading", "days"),
    [
        ("vi", ["Số liệu", "Giải thích"], "Đơn vị", "dd/mm/yyyy"),
        ("en", ["Figures", "Columns"], "Unit", "yyyy-mm-dd"),
    ],
)
def test_the_head_stays_in_sight_with_a_filter(
    country: Country, language: str, sheets: list[str], heading: str, days: str
) -> None:
    asked = ask(indicators=["theft"], period="2025-06", language=language, today=date(2026, 7, 20))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(figures_file(asked, FORMATS["xlsx"]))))
    data, about = book.worksheets
    assert book.sheetnames == sheets
    assert (data["A1"].value, data["A1"].font.bold, data.freeze_panes) == (heading, True, "B2")
    assert data.auto_filter.ref == f"A1:{data.cell(1, data.max_column).column_letter}{data.max_row}"
    assert {data.cell(2, number).number_format for number in (10, 11)} == {days}
    headings = {cell.value for cell in data[1]}
    assert {row[0].value for row in about.iter_rows(min_row=2)} <= headings
    assert all(cell.value for row in about.iter_rows() for cell in row)


def test_verdicts_in_words(kept_world: World) -> None:
    kept_world.record(complete("C11", crime=(4, 4, 4)))
    assess_all(criteria_set=kept_world.publish(set_text("small")), window=QUARTER, on=AFTER_THE_END, now=NOW)
    asked = ask_verdicts(criteria_set="small", period="2025-Q4", today=date(2026, 5, 1))
    found = cells(verdicts_file(asked, FORMATS["xlsx"]))
    assert found["Bộ tiêu chí"].value == asked.criteria_set.title_vi
    assert found["Kỳ"].value == "Quý IV năm 2025"
    assert found["Kết quả"].value in {"đạt", "chưa đạt", "thiếu số liệu", "chưa kết luận"}
    part = found["Phần nay thuộc đơn vị"]
    assert (part.value, part.number_format) == (1, "0.00%")
