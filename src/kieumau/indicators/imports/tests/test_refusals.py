"""What can be wrong with a file, as a table: each fault with its cell, in both languages, in one pass."""

from pathlib import Path

import pytest

from kieumau.indicators.imports import Limits
from kieumau.indicators.imports.tests.cast import Units
from kieumau.indicators.imports.tests.files import change_workbook, protect, write_workbook
from kieumau.indicators.imports.tests.trial import INDICATORS, LONG, MONTHS, load, load_text, stored
from kieumau.indicators.models import Source

pytestmark = pytest.mark.django_db

HEAD = "unit,indicator,period,value\n"
GOOD = "00101,crime.total,2025-08,12\n"


@pytest.fixture(autouse=True)
def _cast(kept_places: Units) -> None:
    """Units and indicators."""


ROWS = [
    # row, code, column, part of the English sentence
    ("00110,crime.total,2025-08,1", "unknown-unit", "A (unit)", "Did you mean “00101”"),
    ("101,crime.total,2025-08,1", "unknown-unit", "A (unit)", "|pad:5"),
    (",crime.total,2025-08,1", "unknown-unit", "A (unit)", "missing"),
    (
        "00103,crime.total,2025-08,1",
        "unit-not-in-period",
        "A (unit)",
        "to 2025-06-30. Succeeded by: Phong Điền (00104)",
    ),
    ("00104,crime.total,2025-05,1", "unit-not-in-period", "A (unit)", "from 2025-07-01"),
    ("00101,crime.totl,2025-08,1", "unknown-indicator", "B (indicator)", "Did you mean “crime.total”"),
    ("00101,,2025-08,1", "unknown-indicator", "B (indicator)", "missing"),
    ("00101,crime.clearance,2025-08,1", "derived-indicator", "B (indicator)", "crime.solved / crime.total"),
    ("00101,crime.total,2025-13,1", "unknown-period", "C (period)", "Write it like 2025-01"),
    ("00101,crime.total,2025,1", "wrong-period-kind", "C (period)", "reported by month"),
    ("00101,crime.total,2025-08-15,1", "day-within-period", "C (period)", "first day"),
    ("00101,crime.total,2025-08,mười", "not-a-number", "D (value)", "is not a number"),
    ('00101,area,2025,"1.061,5"', "number-written-otherwise", "D (value)", "1061.5 (numbers: vi)"),
    ('00101,area,2025,"1,061.5"', "number-written-otherwise", "D (value)", "1061.5 (numbers: en)"),
    ("00101,crime.total,2025-08,1.061", "number-written-otherwise", "D (value)", "1061 (numbers: vi)"),
    ("00101,crime.total,2025-08,-1", "negative", "D (value)", "Counts are not negative"),
    ("00101,crime.total,2025-08,1.5", "too-many-decimals", "D (value)", "nearest is 2"),
    ("00101,crime.total,2025-08,50%", "percent", "D (value)", "percentage"),
    ("00101,crime.total,2025-08,01/10/2025", "date-in-number", "D (value)", "date"),
    ("00101,crime.total,2025-08,#REF!", "error-cell", "D (value)", "#REF!"),
    ("00101,crime.total,2025-08,1,061.5", "long-row", "", "must stand in quotes"),
]


@pytest.mark.parametrize(
    ("row", "code", "column", "sentence"), ROWS, ids=[f"{row[1]}: {row[0]}" for row in ROWS]
)
def test_one_wrong_row(tmp_path: Path, row: str, code: str, column: str, sentence: str) -> None:
    report = load_text(tmp_path, HEAD + row + "\n" + "00102,crime.total,2025-08,3\n")
    (problem,) = report.problems
    assert problem.code == code
    assert (problem.place.file, problem.place.row, problem.place.column) == ("figures.csv", 2, column)
    assert sentence in problem.in_("en")
    assert problem.in_("vi") != problem.in_("en")
    assert "dòng 2" in problem.in_("vi")
    assert report.has_failed
    assert not stored()
    assert not Source.objects.exists()


FILES = [
    # text, mapping, code, row
    (HEAD, LONG, "header-only", None),
    ("\n\n", LONG, "empty-file", None),
    ("unit;indicator;period;value\n00101;crime.total;2025-08;1\n", LONG, "missing-column", 1),
    ("unti,indicator,period,value\n" + GOOD, LONG, "missing-column", 1),
    ("unit,unit,indicator,period,value\n00101,," + GOOD, LONG, "repeated-heading", 1),
    (HEAD + GOOD + "00102,crime.total,2025-09\n" + GOOD.replace("08", "09"), LONG, "short-row", 3),
    (HEAD + GOOD + "00102,crime.total,2025", LONG, "truncated-file", 3),
    (HEAD + GOOD + '00102,crime.total,"2025-08,1\n', LONG, "truncated-file", 3),
    (HEAD + GOOD + '00102,crime.total,"2025"-08,1\n', LONG, "broken-quotes", 3),
    (HEAD + GOOD + GOOD, LONG, "repeated-figure", 3),
    ("unit,indicator,202508,2025-13\n00101,crime.total,1,2\n", MONTHS, "unknown-period", 1),
    ("unit,indicator,202508,202508\n00101,crime.total,1,2\n", MONTHS, "repeated-heading", 1),
    ("unit,indicator,202508,2025-08\n00101,crime.total,1,2\n", MONTHS, "repeated-heading", 1),
    ("unit,indicator,202508,\n00101,crime.total,1,\n00102,crime.total,1,7\n", MONTHS, "no-heading", 3),
    ("unit,indicator\n00101,crime.total\n", MONTHS, "no-values", 1),
    ("unit,indicator,202506,202508\n00103,crime.total,1,2\n", MONTHS, "unit-not-in-period", 2),
]


@pytest.mark.parametrize(
    ("text", "mapping", "code", "row"), FILES, ids=[f"{row[2]} {n}" for n, row in enumerate(FILES)]
)
def test_one_wrong_file(tmp_path: Path, text: str, mapping: str, code: str, row: int | None) -> None:
    report = load_text(tmp_path, text, mapping)
    (problem,) = report.problems
    assert (problem.code, problem.place.row) == (code, row)
    assert problem.reason.vi != problem.reason.en
    assert not stored()


NAMES = [
    ("Cần Thơ,Hoà Phú,1", None),
    (",Hòa Phú,1", "ambiguous-unit"),
    ("Cần Thơ,An Bính,1", None),
    ("Cần Thơ,An Bin,1", "unknown-unit"),
    ("Đồng Nai,An Bình,1", "unknown-unit"),
    ("Cần Thơ,Mỹ Khánh,1", "unit-not-in-period"),
]


@pytest.mark.parametrize(("row", "code"), NAMES)
def test_units_by_name(tmp_path: Path, row: str, code: str | None) -> None:
    mapping = INDICATORS.replace("{@sheet}", "2025-08").replace("sheets: all\n", "")
    report = load_text(tmp_path, f"Tỉnh,Đơn vị,Offences\n{row}\n", mapping)
    assert [problem.code for problem in report.problems] == ([code] if code else [])
    if code:
        assert report.problems[0].hint


def test_all_errors_in_one_pass_with_their_sheets(tmp_path: Path) -> None:
    head = ["Tỉnh", "Đơn vị", "Số vụ phạm pháp", "Số vụ cháyy"]
    path = write_workbook(
        tmp_path / "a.xlsx",
        **{
            "2025-08": [head, ["Cần Thơ", "An Bìn", "x", 1], ["Cần Thơ", "An Bình", -1, 1]],
            "2025-09": [head[:3], ["Cần Thơ", "An Bình", 1.5]],
        },
    )
    report = load(path, INDICATORS)
    assert [(p.place.sheet, p.place.row, p.place.column[:1], p.code) for p in report.problems] == [
        ("2025-08", 1, "D", "unknown-indicator"),
        ("2025-08", 2, "B", "unknown-unit"),
        ("2025-08", 2, "C", "not-a-number"),
        ("2025-08", 3, "C", "negative"),
        ("2025-09", 2, "C", "too-many-decimals"),
    ]
    assert "Số vụ cháy" in report.problems[0].in_("vi")
    assert report.problem_counts["negative"] == 1


def test_error_percent_and_uncalculated_cells_of_a_workbook(tmp_path: Path) -> None:
    head = ["unit", "indicator", "202507", "202508", "202509", "202510"]
    path = write_workbook(tmp_path / "a.xlsx", T=[head, ["00101", "crime.total", 1, 2, 3, True]])
    book, sheet = change_workbook(path, "T")
    sheet["C2"].value, sheet["D2"].value, sheet["E2"].number_format = "#N/A", "=C2", "0%"
    sheet["C2"].data_type = "e"
    book.save(path)
    report = load(path, MONTHS)
    assert [problem.code for problem in report.problems] == [
        "error-cell", "formula-without-value", "percent", "not-a-number",
    ]  # fmt: skip


def test_problems_shown_are_capped_and_problems_counted_are_not(tmp_path: Path) -> None:
    report = load_text(tmp_path, HEAD + "00110,crime.total,2025-08,1\n" * 6000)
    assert report.problem_count == 6000
    assert len(report.problems) == 5000
    assert report.problem_counts == {"unknown-unit": 6000}


def test_a_file_refused_as_a_whole_is_a_report_like_any_other(tmp_path: Path) -> None:
    path = protect(write_workbook(tmp_path / "a.xlsx", T=[[1]]), "mật khẩu")
    for report in (load(path), load(path, keep_good=True), load(path, dry_run=True)):
        assert (report.has_failed, report.is_stored, report.problem_counts) == (
            True,
            False,
            {"password-protected": 1},
        )
        assert "bỏ mật khẩu" in report.problems[0].in_("vi")


def test_a_broken_file_is_never_kept_in_part(tmp_path: Path) -> None:
    report = load_text(tmp_path, HEAD + GOOD + '00102,crime.total,"2025', keep_good=True)
    assert report.has_failed
    assert not stored()


def test_more_values_than_are_read_at_once(tmp_path: Path) -> None:
    rows = "".join(
        f"00101,crime.total,{year}-{month:02},1\n" for year in range(2005, 2089) for month in range(1, 13)
    )
    report = load_text(tmp_path, HEAD + rows, limits=Limits(values=500))
    assert [problem.code for problem in report.problems] == ["too-many-values"]


def test_a_column_left_out_leaves_its_rows(tmp_path: Path) -> None:
    text = "unit,indicator,202508,Tổng\n00101,crime.total,1,1\n00102,crime.total,2,2\n"
    report = load_text(tmp_path, text, MONTHS, keep_good=True)
    assert (report.columns_left_out, report.rows_left_out, report.inserted) == (1, 0, 2)
