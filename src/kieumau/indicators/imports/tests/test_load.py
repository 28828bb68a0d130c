"""Whole files under mappings: what is stored, what a second file changes, what a dry run says."""

import json
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kieumau.formulas.values import State
from kieumau.indicators.imports.tests.cast import Units
from kieumau.indicators.imports.tests.files import change_workbook, write_csv, write_workbook
from kieumau.indicators.imports.tests.trial import INDICATORS, LONG, MONTHS, load, load_text, stored
from kieumau.indicators.models import Figure, Indicator, Source, Superseded

pytestmark = pytest.mark.django_db

TWO = "unit,indicator,period,value\n00101,crime.total,2025-08,12\n00102,crime.total,2025-08,{second}\n"


@pytest.fixture
def units(kept_places: Units) -> Units:
    return kept_places


@pytest.fixture(autouse=True)
def indicators(units: Units) -> dict[str, int]:
    return dict(Indicator.objects.values_list("code", "id"))


def test_one_value_a_row(tmp_path: Path) -> None:
    report = load_text(
        tmp_path,
        "unit,indicator,period,value\n"
        "00101,crime.total,2025-08,12\n"
        "00101,crime.total,Tháng 9/2025,0\n"
        "00101,fire.total,202508,-\n"
        "00102,fire.total,202508,từ chối\n"
        "00102,crime.total,08/2025,…\n"
        "\n"
        "00102,crime.total,2025-09,\n"
        "00102,area,2025,1061.5\n",
    )
    assert report.problems == []
    assert (report.is_stored, report.inserted, report.rows_read) == (True, 6, 7)
    assert stored() == {
        ("00101", "crime.total", "2025-08"): Decimal(12),
        ("00101", "crime.total", "2025-09"): Decimal(0),
        ("00101", "fire.total", "2025-08"): State.NOT_APPLICABLE,
        ("00102", "fire.total", "2025-08"): State.REFUSED,
        ("00102", "crime.total", "2025-08"): State.MISSING,
        ("00102", "area", "2025"): Decimal("1061.5"),
    }


def test_a_column_a_period(tmp_path: Path) -> None:
    report = load_text(
        tmp_path, "unit,indicator,202508,202509\n00101,crime.total,1,2\n00102,fire.total,,4\n", MONTHS
    )
    assert report.inserted == 3
    assert stored() == {
        ("00101", "crime.total", "2025-08"): Decimal(1),
        ("00101", "crime.total", "2025-09"): Decimal(2),
        ("00102", "fire.total", "2025-09"): Decimal(4),
    }


def test_a_column_an_indicator_a_sheet_a_period_units_by_name(tmp_path: Path) -> None:
    header = ["Tỉnh", "Đơn vị", "Số vụ phạm pháp", "Số vụ cháy"]
    path = write_workbook(
        tmp_path / "a.xlsx",
        **{
            "Tháng 8-2025": [header, ["Cần Thơ", "Xã Hòa Phú", 5, 1]],
            "2025-09": [header, ["Cần Thơ", "AN BINH", 7, ""], ["Tỉnh Đồng Nai", "hoa phu", 8, 0]],
        },
    )
    report = load(path, INDICATORS)
    assert [problem.code for problem in report.problems] == ["unknown-period"]
    assert not stored()
    report = load(path, INDICATORS.replace('"{@sheet}"}', '"{@sheet}", patterns: ["Tháng MM-YYYY"]}'))
    assert report.problems == []
    assert stored() == {
        ("00102", "crime.total", "2025-08"): Decimal(5),
        ("00102", "fire.total", "2025-08"): Decimal(1),
        ("00101", "crime.total", "2025-09"): Decimal(7),
        ("00201", "crime.total", "2025-09"): Decimal(8),
        ("00201", "fire.total", "2025-09"): Decimal(0),
    }


def test_fixed_indicator_and_period_table_of_words_and_left_out_rows(tmp_path: Path) -> None:
    mapping = """
title: {vi: a, en: b}
skip_rows: 2
unit: {code: "{Mã|pad:5}", register: test, table: {"00999": "00102"}}
indicator: {code: crime.total}
period: {code: "2025-08"}
values: {column: Số vụ}
numbers: vi
delimiter: ";"
ignore_rows: {Mã: [Tổng cộng]}
"""
    report = load_text(
        tmp_path, "Biểu 1;;\n\nMã;Tên;Số vụ\n101;An Bình;1.061\n999;Hòa Phú;3\nTổng cộng;;1.064\n", mapping
    )
    assert report.problems == []
    assert report.rows_ignored == 1
    assert stored() == {
        ("00101", "crime.total", "2025-08"): Decimal(1061),
        ("00102", "crime.total", "2025-08"): Decimal(3),
    }


def test_a_heading_of_two_rows_with_merged_cells_and_date_cells(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "a.xlsx",
        T=[
            ["Mã", "Năm 2025", "", "Chỉ tiêu"],
            ["", "Tháng 8", "Tháng 9", ""],
            ["00101", 1, 2, "crime.total"],
        ],
    )
    book, sheet = change_workbook(path, "T")
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("A1:A2")
    book.save(path)
    mapping = (
        MONTHS.replace("{unit}", "{Mã}")
        .replace("{indicator}", "{Chỉ tiêu}")
        .replace('"{@header}"}', '"{@header}", patterns: ["Năm YYYY Tháng MM"]}')
    )
    refused = load(path, mapping)
    assert "merged-heading" in [problem.code for problem in refused.problems]
    assert load(path, mapping + "header_rows: 2\n").inserted == 2
    path = write_workbook(
        tmp_path / "b.xlsx", T=[["unit", "indicator", date(2025, 8, 1)], ["00101", "fire.total", 3]]
    )
    assert load(path, MONTHS).inserted == 1


def test_without_headings_columns_are_letters(tmp_path: Path) -> None:
    mapping = (
        LONG.replace("{unit}", "{A}")
        .replace("{indicator}", "{B}")
        .replace("{period}", "{C}")
        .replace("column: value", "column: D")
    )
    assert load_text(tmp_path, "00101,crime.total,2025-08,12\n", mapping + "header_rows: 0\n").inserted == 1


def test_decomposed_accents_are_the_same_letters(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", "Tỉnh,Đơn vị,Số vụ cháy\nCần Thơ,An Bình,2\n")
    mapping = INDICATORS.replace("{@sheet}", "2025-08").replace("sheets: all\n", "")
    assert load_text(tmp_path, text, mapping).problems == []
    assert stored() == {("00101", "fire.total", "2025-08"): Decimal(2)}


def test_a_code_means_the_unit_of_the_period(tmp_path: Path) -> None:
    text = "unit,indicator,202506,202507\n00103,crime.total,4,\n00104,crime.total,,5\n"
    assert load_text(tmp_path, text, MONTHS).problems == []
    assert set(stored()) == {("00103", "crime.total", "2025-06"), ("00104", "crime.total", "2025-07")}


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    load_text(tmp_path, TWO.format(second=5))
    report = load_text(tmp_path, TWO.format(second=5))
    assert (report.inserted, report.revised, report.unchanged) == (0, 0, 2)
    assert Source.objects.count() == 1
    assert not Superseded.objects.exists()


def test_a_later_file_revises_and_the_old_value_is_kept(tmp_path: Path) -> None:
    load_text(tmp_path, TWO.format(second=5))
    report = load_text(tmp_path, TWO.format(second=6))
    assert (report.inserted, report.revised, report.unchanged) == (0, 1, 1)
    first, second = Source.objects.order_by("id")
    assert len(first.sha256) == 64
    (old,) = Superseded.objects.all()
    assert (old.value, old.source, old.superseded_by) == (Decimal(5), first.id, second.id)
    assert Figure.objects.get(value=6).source == second.id


def test_a_dry_run_shows_old_and_new_and_writes_nothing(tmp_path: Path) -> None:
    load_text(tmp_path, TWO.format(second=5))
    report = load_text(tmp_path, TWO.format(second="-") + "00102,crime.total,2025-09,1\n", dry_run=True)
    assert (report.is_dry_run, report.is_stored, report.has_failed) == (True, False, False)
    assert (report.inserted, report.revised, report.unchanged) == (1, 1, 1)
    assert [change.as_dict() for change in report.changes] == [
        {
            "unit": "Hòa Phú (00102)",
            "indicator": "crime.total",
            "period": "civil:2025-08",
            "old": "5",
            "new": "not_applicable",
        }
    ]
    assert len(stored()) == 2
    assert Source.objects.count() == 1
    assert not Superseded.objects.exists()


def test_nothing_from_a_file_with_errors_unless_the_good_rows_are_kept(tmp_path: Path) -> None:
    text = TWO.format(second="năm") + "00102,crime.total,2025-09,1\n"
    report = load_text(tmp_path, text)
    assert (report.has_failed, report.problem_count, report.values_read) == (True, 1, 2)
    assert not stored()
    assert not Source.objects.exists()
    report = load_text(tmp_path, text, keep_good=True)
    assert (report.has_failed, report.problem_count, report.rows_left_out, report.inserted) == (
        False,
        1,
        1,
        2,
    )
    assert len(stored()) == 2


def test_a_repeated_figure_keeps_neither_row(tmp_path: Path) -> None:
    text = TWO.format(second=5) + "00101,crime.total,08/2025,12\n"
    report = load_text(tmp_path, text, keep_good=True)
    assert [problem.code for problem in report.problems] == ["repeated-figure"]
    assert "row 2" in report.problems[0].in_("en")
    assert set(stored()) == {("00102", "crime.total", "2025-08")}
    assert report.figures_left_out == 1


def test_absent_rows_are_zeros_where_the_mapping_says_so(tmp_path: Path) -> None:
    text = "unit,indicator,202506,202507\n00101,crime.total,4,5\n00101,fire.total,1,\n00104,crime.total,,5\n"
    report = load_text(tmp_path, text, MONTHS + "absent: zero\n")
    assert report.problems == []
    # Phong Điền did not exist in June; an empty cell says nothing, so it stays without a figure.
    assert report.zeros_filled == 1
    assert report.values_read == 4
    assert stored()["00104", "fire.total", "2025-07"] == 0
    assert len(stored()) == 5


def test_absent_rows_of_a_later_file_leave_known_figures_alone(tmp_path: Path) -> None:
    """A correction of two rows says nothing about the rest, whatever its mapping says of absent rows."""
    mapping = MONTHS + "absent: zero\n"
    whole = (
        "unit,indicator,202508\n00101,crime.total,4\n00101,fire.total,5\n"
        "00102,crime.total,6\n00102,fire.total,-\n"
    )
    load_text(tmp_path, whole, mapping)
    part = "unit,indicator,202508,202509\n00101,crime.total,4,1\n00102,fire.total,7,\n"
    for dry_run in (True, False):
        report = load_text(tmp_path, part, mapping, dry_run=dry_run)
        assert (report.zeros_filled, report.known_left) == (2, 2)
        assert (report.inserted, report.revised, report.unchanged) == (3, 1, 1)
        assert "2 figures" in report.notices[0].en
        assert report.as_dict()["known_left"] == 2
    values = stored()
    assert values["00101", "fire.total", "2025-08"] == 5
    assert values["00102", "crime.total", "2025-08"] == 6
    again = load_text(tmp_path, part, mapping)
    assert (again.inserted, again.revised, again.known_left) == (0, 0, 2)
    assert stored() == values
    assert Source.objects.count() == 2


def test_absent_rows_are_not_filled_beside_rows_left_out(tmp_path: Path) -> None:
    text = "unit,indicator,202508\n00101,crime.total,4\n00102,crime.totl,5\n00102,fire.total,5\n"
    report = load_text(tmp_path, text, MONTHS + "absent: zero\n", keep_good=True)
    assert (report.zeros_filled, report.inserted) == (0, 2)


def test_empty_sheets_behind_the_full_one_are_left_alone(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "a.xlsx",
        **{"1": [["unit", "indicator", "period", "value"], ["00101", "crime.total", "2025-08", 1]], "2": []},
    )
    assert load(path, LONG + "sheets: all\n").problems == []


def test_progress_goes_to_the_end(tmp_path: Path) -> None:
    rows = "".join(
        f"00101,crime.total,{year}-{month:02},1\n"
        for year in range(1990, 2089)
        for month in range(1, 13)
        if year > 2004
    )
    told: list[tuple[int, int]] = []
    load(
        write_csv(tmp_path / "a.csv", "unit,indicator,period,value\n" + rows),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[0][0] < told[-1][0] == told[-1][1]
    assert told == sorted(told)


def test_the_report_is_plain_enough_for_json(tmp_path: Path) -> None:
    load_text(tmp_path, TWO.format(second=5))
    text = json.dumps(load_text(tmp_path, TWO.format(second="6"), dry_run=True).as_dict())
    assert json.loads(text)["changes"][0]["new"] == "6"
    failed = json.loads(json.dumps(load_text(tmp_path, TWO.format(second="x")).as_dict()))
    assert failed["problems"][0]["column"] == "D (value)"
    assert failed["problems"][0]["row"] == 3
