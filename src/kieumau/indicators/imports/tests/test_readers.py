"""Files as a whole: what is read, and what is refused before its first row."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from kieumau.indicators.imports.cells import Cell, ErrorCell, PercentCell
from kieumau.indicators.imports.mapping import Mapping, mapping_from_text
from kieumau.indicators.imports.readers import open_file
from kieumau.indicators.imports.sheet_marks import read_marks
from kieumau.indicators.imports.sheets import Limits, column_letter
from kieumau.indicators.imports.tests.files import (
    change_workbook,
    protect,
    write_csv,
    write_sheet_xml,
    write_workbook,
)
from kieumau.kernel.messages import Refused

LONG = """
title: {vi: Thử, en: Trial}
unit: {code: "{unit}"}
indicator: {code: "{indicator}"}
period: {code: "{period}"}
values: {column: value}
"""


def mapping(more: str = "") -> Mapping:
    return mapping_from_text(LONG + more)


def sheets_of(path: Path, more: str = "", limits: Limits = Limits()) -> dict[str, list[list[Cell]]]:  # noqa: B008
    with open_file(path, mapping(more), limits) as opened:
        return {sheet.name: list(sheet.rows) for sheet in opened.sheets}


def refusal(path: Path, more: str = "", limits: Limits = Limits()) -> str:  # noqa: B008
    """Code of the only problem; it names the file and speaks both languages."""
    with pytest.raises(Refused) as refused:
        sheets_of(path, more, limits)
    (problem,) = refused.value.problems
    assert problem.place.file == path.name
    assert problem.reason.vi != problem.reason.en
    return problem.code


def test_csv_rows(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", 'unit,value\r\n"An\nBình","1,5"\n\n')
    assert sheets_of(path) == {"": [["unit", "value"], ["An\nBình", "1,5"], []]}


def test_csv_delimiter_and_old_windows_encoding(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", "Phươ\u0300ng;5\n", encoding="cp1258")
    assert sheets_of(path, "delimiter: ';'\nencoding: windows-1258") == {"": [["Phươ\u0300ng", "5"]]}


def test_byte_order_mark_is_not_part_of_the_first_heading(tmp_path: Path) -> None:
    assert sheets_of(write_csv(tmp_path / "a.csv", "\ufeffunit\n")) == {"": [["unit"]]}


def test_workbook_cells_keep_what_they_are(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "a.xlsx", T10=[["x"], ["Cần Thơ", 12, 1.5, date(2025, 10, 1), True]], T11=[["y"]]
    )
    day = datetime(2025, 10, 1).date()  # noqa: DTZ001
    assert sheets_of(path, "sheets: all") == {
        "T10": [["x", "", "", "", ""], ["Cần Thơ", 12.0, 1.5, day, True]],
        "T11": [["y"]],
    }
    assert list(sheets_of(path)) == ["T10"]
    assert list(sheets_of(path, "sheets: [T11]")) == ["T11"]


def test_rows_keep_their_numbers_where_the_table_begins_lower(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", T=[[], [], ["", "", "x"]])
    assert sheets_of(path) == {"T": [["", "", ""], ["", "", ""], ["", "", "x"]]}


def test_error_percent_and_uncalculated_cells_do_not_come_as_empty(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", T=[[1, 2, 3, 0.85], [4, 5, 6, 7]])
    book, sheet = change_workbook(path, "T")
    sheet["A1"].value, sheet["B1"].value = "#REF!", "=A2+1"
    sheet["A1"].data_type = "e"
    sheet["D1"].number_format = "0.0%"
    book.save(path)
    assert sheets_of(path) == {
        "T": [[ErrorCell("#REF!"), ErrorCell("="), 3.0, PercentCell(0.85)], [4.0, 5.0, 6.0, 7.0]]
    }


CELLS = [
    # as the XML has it                                      what is read
    ('<c r="A1" t="e"><v>#N/A</v></c>', ErrorCell("#N/A")),
    ('<c t="e" r="A1"><f>#REF!+1</f><v>#DIV/0!</v></c>', ErrorCell("#DIV/0!")),
    ("<c r='A1' t='e'/>", ErrorCell("#ERROR")),
    ('<c r="A1"><f>B1</f></c>', ErrorCell("=")),
    ('<c r="A1"><f>B1</f><v/></c>', ErrorCell("=")),
    ('<c r="A1"><f t="shared" si="0"/><v></v></c>', ErrorCell("=")),
    ('<c r="A1"><f>B1</f><v>2</v></c>', 2.0),
    ('<c r="A1" t="str"><f>B1</f><v></v></c>', ""),
    ('<c r="A1"\n><f>IF(1&gt;0,1,2)</f ><v >3</v></c>', 3.0),
    ('<!-- <c r="A1" t="e"> --><c r="A1"><v>4</v></c>', 4.0),
]


@pytest.mark.parametrize(("xml", "value"), CELLS)
def test_one_cell_of_a_workbook(tmp_path: Path, xml: str, value: Cell) -> None:
    row = f'<row r="1">{xml}<c r="B1"><v>1</v></c></row>'
    assert sheets_of(write_sheet_xml(tmp_path / "a.xlsx", row)) == {"T": [[value, 1.0]]}


def test_a_cell_that_lies_outside_its_row_counts_for_the_size(tmp_path: Path) -> None:
    path = write_sheet_xml(tmp_path / "a.xlsx", '<row r="1"><c r="ZZ1048576"><v>1</v></c></row>')
    assert refusal(path, limits=Limits(columns=1000)) == "too-large"


@pytest.mark.parametrize(
    "xml",
    ['<c r="A1" t="e">', '<c r="A1"><f>', '<c r="A1" s="1" ', "<c ", '<c r="A1" t="e"><!--', "<row>"],
)
def test_the_xml_of_a_sheet_is_read_in_one_pass(tmp_path: Path, xml: str) -> None:
    """Each of these made a search begin anew at every cell: hours, where one pass ends at once."""
    assert refusal(write_sheet_xml(tmp_path / "a.xlsx", xml * 200_000)) == "truncated-file"


def test_many_cells_at_one_place_take_one_place() -> None:
    cells = '<c r="A1" t="e"><v>#N/A</v></c>' * 200_000
    marks = read_marks(f'<sheetData><row r="1">{cells}</row></sheetData>'.encode(), set(), Limits())
    assert (marks.width, marks.height, marks.special) == (1, 1, {1: {0: ErrorCell("#N/A")}})


def test_merged_areas_are_known(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", T=[["Năm 2025", "", ""], ["1", "2", "3"]])
    book, sheet = change_workbook(path, "T")
    sheet.merge_cells("A1:C1")
    book.save(path)
    with open_file(path, mapping(), Limits()) as opened:
        assert opened.sheets[0].merged == [(1, 1, 1, 3)]


def _empty(path: Path) -> Path:
    return write_csv(path, "")


def _truncated(path: Path) -> Path:
    write_workbook(path, T=[[number] for number in range(200)])
    path.write_bytes(path.read_bytes()[:-400])
    return path


def _damaged(path: Path) -> Path:
    write_workbook(path, T=[[number] for number in range(200)])
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        where = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    content[where : where + 40] = bytes(40)
    path.write_bytes(content)
    return path


def _lying_archive(path: Path) -> Path:
    """A member that says it is small and unpacks to more."""
    write_workbook(path, T=[[number] for number in range(2000)])
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    return path


def _other_archive(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "hello")
    return path


def _old(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"))
    return path


REFUSALS: list[tuple[str, str, Callable[[Path], Path], str]] = [
    ("nothing there", "a.csv", lambda path: path, "no-such-file"),
    ("empty", "a.csv", _empty, "empty-file"),
    ("empty", "a.xlsx", _empty, "empty-file"),
    ("truncated workbook", "a.xlsx", _truncated, "truncated-file"),
    ("damaged workbook", "a.xlsx", _damaged, "truncated-file"),
    ("lying archive", "a.xlsx", _lying_archive, "truncated-file"),
    ("begins like one", "a.xlsx", lambda path: write_csv(path, "PK"), "truncated-file"),
    (
        "password",
        "a.xlsx",
        lambda path: protect(write_workbook(path, T=[[1]]), "bí mật"),
        "password-protected",
    ),
    ("old workbook", "a.xls", _old, "old-workbook"),
    ("workbook named csv", "a.csv", lambda path: _save_as(path, ".csv"), "wrong-ending"),
    ("text named xlsx", "a.xlsx", lambda path: write_csv(path, "unit,value\n"), "wrong-ending"),
    ("text named xls", "a.xls", lambda path: write_csv(path, "unit\tvalue\n"), "wrong-ending"),
    ("web page named xls", "a.xls", lambda path: write_csv(path, "\n<html><table>"), "web-page"),
    ("another archive", "a.xlsx", _other_archive, "not-a-workbook"),
    ("zero byte", "a.csv", lambda path: write_csv(path, "unit\n1\0\n"), "nul-byte"),
    ("UTF-16", "a.csv", lambda path: write_csv(path, "unit\n", "utf-16"), "wrong-encoding"),
    ("old encoding", "a.csv", lambda path: write_csv(path, "unit\nPh\u00ea\n", "cp1258"), "wrong-encoding"),
]


def _save_as(path: Path, ending: str) -> Path:
    return write_workbook(path.with_suffix(".xlsx"), T=[[1]]).rename(path.with_suffix(ending))


@pytest.mark.parametrize(
    ("what", "name", "make", "code"), REFUSALS, ids=[f"{row[0]} {row[1]}" for row in REFUSALS]
)
def test_refused_as_a_whole(
    tmp_path: Path, what: str, name: str, make: Callable[[Path], Path], code: str
) -> None:
    assert refusal(make(tmp_path / name)) == code


def test_a_wrong_byte_is_named_by_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("unit\nmột\n".encode() + b"h\xe9\n")
    with pytest.raises(Refused) as refused:
        sheets_of(path)
    assert refused.value.problems[0].place.row == 3


def test_limits(tmp_path: Path) -> None:
    text = write_csv(tmp_path / "a.csv", "unit,value\n1,2\n")
    assert refusal(text, limits=Limits(file_bytes=5)) == "too-large"
    book = write_workbook(tmp_path / "a.xlsx", T=[["x" * 3000] * 30])
    assert refusal(book, limits=Limits(unpacked_bytes=2000)) == "too-large"
    assert refusal(book, limits=Limits(columns=20)) == "too-many-columns"


def test_one_stray_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", T=[["x"]])
    book, sheet = change_workbook(path, "T")
    sheet["ZZ1048576"] = 1
    book.save(path)
    assert refusal(path, limits=Limits(columns=1000)) == "too-large"


def test_unknown_sheet_with_the_nearest(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", **{"Tháng 10": [["x"]]})
    with pytest.raises(Refused) as refused:
        sheets_of(path, "sheets: [Thang 11, Tháng  9]")
    assert [problem.code for problem in refused.value.problems] == ["unknown-sheet"] * 2
    assert "Tháng 10" in str(refused.value.problems[0].hint)


def test_an_open_quote_ends_the_reading_and_is_said(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", 'unit,value\nA,1\nB,"2\nC,3\n')
    with open_file(path, mapping(), Limits()) as opened:
        (sheet,) = opened.sheets
        assert list(sheet.rows) == [["unit", "value"], ["A", "1"]]
        (fault,) = sheet.faults
    assert (fault.code, fault.place.row) == ("truncated-file", 3)


def test_too_many_columns_in_text(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", "a,b,c\n" + "1," * 50 + "\n")
    with open_file(path, mapping(), Limits(columns=20)) as opened:
        (sheet,) = opened.sheets
        assert list(sheet.rows) == [["a", "b", "c"]]
        assert [fault.code for fault in sheet.faults] == ["too-many-columns"]


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(index: int, letters: str) -> None:
    assert column_letter(index) == letters
