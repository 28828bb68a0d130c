"""The same rows in every format, none of them a formula, all of them exact."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from kieumau.exports import formats, sdmx
from kieumau.exports.formats import Sheet, SheetColumn, csv_bytes, parquet_bytes, xlsx_bytes
from kieumau.exports.rows import FIGURE_COLUMNS, Column, FigureRow
from kieumau.kernel.messages import Refused

COLUMNS = (Column("name"), Column("day", "day"), Column("value", "decimal"), Column("count", "whole"))
ROWS = [
    ("Xã Cái Khế", date(2025, 7, 1), Decimal("1061.5"), 3),
    ("=HYPERLINK(1)", date(2025, 7, 1), Decimal("-2"), 0),
    ("@SUM(A1)", date(2025, 7, 1), None, 1),
    ("", date(2025, 7, 1), Decimal("1234567890123456789.25"), 1),
    ("-5", date(2025, 7, 1), Decimal("1E+3"), 1),
]


def sheet(blocks: Any) -> Sheet:
    """The same columns for people."""
    return Sheet("Trang", [SheetColumn(column.name, 12) for column in COLUMNS], blocks, "vi")


def whole(pieces: Iterator[bytes]) -> io.BytesIO:
    return io.BytesIO(b"".join(pieces))


def test_csv_is_plain_and_runs_nothing() -> None:
    text = whole(csv_bytes(COLUMNS, [ROWS[:2], ROWS[2:]])).getvalue().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["name", "day", "value", "count"],
        ["Xã Cái Khế", "2025-07-01", "1061.5", "3"],
        ["'=HYPERLINK(1)", "2025-07-01", "-2", "0"],
        ["'@SUM(A1)", "2025-07-01", "", "1"],
        ["", "2025-07-01", "1234567890123456789.25", "1"],
        ["'-5", "2025-07-01", "1000", "1"],
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_every_sign_that_begins_a_formula_is_guarded(sign: str) -> None:
    text = whole(csv_bytes(COLUMNS[:1], [[(f"{sign}1+1",)]])).getvalue().decode("utf-8-sig")
    assert next(iter(list(csv.reader(io.StringIO(text)))[1:]))[0].startswith("'")


def test_xlsx_holds_texts_as_texts_and_long_numbers_as_texts() -> None:
    page = openpyxl.load_workbook(whole(xlsx_bytes(sheet([ROWS])))).active
    found = [[(cell.value, cell.data_type) for cell in row] for row in page.iter_rows(min_row=2)]
    assert [row[0] for row in found[:3]] == [
        ("Xã Cái Khế", "s"), ("=HYPERLINK(1)", "s"), ("@SUM(A1)", "s"),
    ]  # fmt: skip
    assert [row[2][0] for row in found] == [1061.5, -2, None, "1234567890123456789.25", 1000]


def test_xlsx_refuses_what_a_sheet_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MOST_ROWS", 4)
    with pytest.raises(Refused) as caught:
        xlsx_bytes(sheet([ROWS]))
    assert [problem.code for problem in caught.value.problems] == ["too-many-rows"]


def test_parquet_keeps_decimals_and_comes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "ROW_GROUP", 2)
    pieces = list(parquet_bytes(COLUMNS, [ROWS[:2], ROWS[2:]]))
    assert len(pieces) == 3
    table = pq.read_table(whole(iter(pieces)))
    assert [str(kind) for kind in table.schema.types] == [
        "string",
        "date32[day]",
        "decimal128(38, 12)",
        "int32",
    ]
    assert table.column("value").to_pylist() == [row[2] for row in ROWS]
    assert table.column("name").to_pylist() == [row[0] for row in ROWS]


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes, parquet_bytes])
def test_nothing_is_a_file_with_headings(write: Any, tmp_path: Path) -> None:
    content = whole(write(sheet([])) if write is xlsx_bytes else write(COLUMNS, [])).getvalue()
    if write is xlsx_bytes:
        names = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).active[1]]
    elif write is parquet_bytes:
        names = pq.read_table(io.BytesIO(content)).column_names
    else:
        names = content.decode("utf-8-sig").strip().split(",")
    assert names == [column.name for column in COLUMNS]


def test_a_fraction_and_a_name_in_sdmx_are_guarded_too() -> None:
    """A fraction below zero begins like a formula: `-2/3` would be worked out by a spreadsheet."""
    day = date(2025, 7, 31)
    row = FigureRow(
        "=A1", "Xã", "commune", "theft", "Trộm", "vụ", "civil", "2025-07", date(2025, 7, 1), day,
        Decimal("-0.666666666667"), "-2/3", "value", "today", "estimated", "ước tính", 1, 1, "+tệp.csv",
        year_ago=Decimal(-1), year_ago_fraction="-1/3",
    )  # fmt: skip
    for columns, blocks in (
        (FIGURE_COLUMNS, [[row]]),
        (sdmx.FIGURE_COLUMNS, sdmx.figures(iter([[row]]))),
    ):
        text = whole(csv_bytes(columns, blocks)).getvalue().decode("utf-8-sig")
        (cells,) = list(csv.reader(io.StringIO(text)))[1:]
        assert {"'=A1", "'-2/3", "'-1/3", "'+tệp.csv", "-0.666666666667"} <= set(cells)
        assert not {cell for cell in cells if cell[:1] in {"=", "+", "@"}}
