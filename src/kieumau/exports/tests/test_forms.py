"""A form goes out, is filled in and comes back; a faulty one is returned with its cells marked."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from kieumau.calendars.library import calendar
from kieumau.exports.forms.making import ask_form, make_sheets
from kieumau.exports.forms.sheets import COLUMNS, HEADING_ROW, VALUE
from kieumau.exports.forms.taking import Taken, take_form
from kieumau.exports.forms.writing import write_form
from kieumau.formulas.values import State
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.models import Figure
from kieumau.kernel.messages import Refused
from kieumau.quality.tests.country import CATALOGUE, Country

FIRST = HEADING_ROW + 1
LETTERS = dict(zip(COLUMNS, "ABCDEFGHI", strict=True))


def made(unit: str = "A01", period: str = "2026-07", language: str = "vi") -> openpyxl.Workbook:
    """The form as a person opens it."""
    form = ask_form(form="kho", period=period, unit=unit)
    return openpyxl.load_workbook(BytesIO(write_form(make_sheets(form, language), language)))


def cell(sheet: Any, indicator: str, column: str) -> Any:
    """The cell of an indicator."""
    rows = range(FIRST, sheet.max_row + 1)
    row = next(row for row in rows if sheet[f"{LETTERS['indicator']}{row}"].value == indicator)
    return sheet[f"{LETTERS[column]}{row}"]


def fill(sheet: Any, **values: Any) -> None:
    """Numbers and words into a sheet; `mood` is a share."""
    for indicator, value in values.items():
        column = "state" if isinstance(value, str) else "value"
        cell(sheet, indicator, column).value = value


GOOD = {"theft": 12, "fraud": 0, "fires": "không có số liệu", "tips": 3, "visits": "không áp dụng",
        "people": 9_111, "mood": 0.88}  # fmt: skip


def taken(book: openpyxl.Workbook, folder: Path) -> Taken:
    path = folder / "form.xlsx"
    book.save(path)
    return take_form(path, actor="tests", language="vi")


def stored(country: Country, unit: str, period: str = "2026-07") -> dict[str, Any]:
    """What the store holds, by indicator."""
    own = calendar("civil")
    (period_id,) = own.period_ids(own.window(period))
    codes = {number: code for code, number in country.indicators.items()}
    rows = Figure.objects.filter(period=period_id, unit=country.units[unit])
    return {codes[row.indicator]: State(row.state) if row.value is None else row.value for row in rows}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_form_says_what_is_asked_and_what_was(country: Country, language: str) -> None:
    sheet = made(language=language).active
    assert cell(sheet, "theft", "name").value == {"vi": "Trộm cắp", "en": "Theft"}[language]
    assert cell(sheet, "theft", "measure").value == {"vi": "vụ", "en": "cases"}[language]
    before = stored(country, "A01", "2026-06")
    assert cell(sheet, "theft", "before").value == before["theft"]
    assert cell(sheet, "theft", "value").value is None
    assert "theft.share" not in [row[1].value for row in sheet.iter_rows(min_row=FIRST)]


def test_only_the_right_cells_are_open(country: Country) -> None:
    sheet = made().active
    assert sheet.protection.sheet
    for row in sheet.iter_rows(min_row=FIRST):
        assert [one.protection.locked for one in row] == [True] * VALUE + [False] * 3
    hidden = sheet.column_dimensions["A"]
    assert (hidden.hidden, hidden.min, hidden.max) == (True, 1, 3)
    assert sheet.row_dimensions[HEADING_ROW].hidden


def test_cells_have_their_checks_and_drop_downs(country: Country) -> None:
    sheet = made().active
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    whole, share = (rules[cell(sheet, code, "value").coordinate] for code in ("theft", "mood"))
    assert (whole.type, whole.operator, whole.formula1) == ("whole", "greaterThanOrEqual", "0")
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0", "1")
    states = rules[cell(sheet, "theft", "state").coordinate]
    assert (states.type, states.formula1) == ("list", '"không có số liệu,không áp dụng,từ chối"')


def test_out_filled_in_and_back(country: Country, tmp_path: Path) -> None:
    book = made()
    fill(book.active, **GOOD)
    found = taken(book, tmp_path)
    assert not found.report.problems
    assert found.returned is None
    assert stored(country, "A01") == {
        "theft": 12,
        "fraud": 0,
        "fires": State.MISSING,
        "tips": 3,
        "visits": State.NOT_APPLICABLE,
        "people": 9_111,
        "mood": Decimal("0.88"),
    }


def test_a_form_shows_what_is_known_and_changes_nothing_when_sent_back_as_it_is(
    country: Country, tmp_path: Path
) -> None:
    before = stored(country, "A01", "2026-06")
    found = taken(made(period="2026-06"), tmp_path)
    assert (found.report.inserted, found.report.revised) == (0, 0)
    assert found.report.unchanged == len(before) == 7


def test_all_communes_of_a_province_in_one_workbook(country: Country, tmp_path: Path) -> None:
    book = made(unit="P1")
    assert len(book.sheetnames) == 13
    for number, sheet in enumerate(book):
        fill(sheet, theft=number)
    assert taken(book, tmp_path).report.inserted == 13
    units = ["A01", "A02", "A15"]
    assert [stored(country, unit)["theft"] for unit in units] == [0, 1, 12]


def comments(content: bytes | None) -> dict[tuple[str, str], str]:
    """Every comment of a workbook by sheet and cell."""
    assert content is not None
    book = openpyxl.load_workbook(BytesIO(content))
    return {
        (sheet.title, one.coordinate): one.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for one in row
        if one.comment
    }


WRONG: dict[str, Callable[[Any], str]] = {}


def wrong(spoil: Callable[[Any], str]) -> Callable[[Any], str]:
    """One way to fill a form in wrongly; gives the cell in which it is said."""
    WRONG[spoil.__name__] = spoil
    return spoil


@wrong
def a_negative_number(sheet: Any) -> str:
    cell(sheet, "theft", "value").value = -3
    return str(cell(sheet, "theft", "value").coordinate)


@wrong
def words(sheet: Any) -> str:
    cell(sheet, "tips", "value").value = "12 vụ"
    return str(cell(sheet, "tips", "value").coordinate)


@wrong
def half_a_case(sheet: Any) -> str:
    cell(sheet, "tips", "value").value = 1.5
    return str(cell(sheet, "tips", "value").coordinate)


@wrong
def a_day(sheet: Any) -> str:
    cell(sheet, "tips", "value").value = date(2026, 7, 3)
    return str(cell(sheet, "tips", "value").coordinate)


@wrong
def an_error(sheet: Any) -> str:
    cell(sheet, "tips", "value").value = "#DIV/0!"
    return str(cell(sheet, "tips", "value").coordinate)


@wrong
def a_number_and_none(sheet: Any) -> str:
    cell(sheet, "tips", "state").value = "không áp dụng"
    return str(cell(sheet, "tips", "state").coordinate)


@wrong
def a_word_of_ones_own(sheet: Any) -> str:
    cell(sheet, "tips", "value").value = None
    cell(sheet, "tips", "state").value = "chịu"
    return str(cell(sheet, "tips", "state").coordinate)


@wrong
def another_code(sheet: Any) -> str:
    name = str(cell(sheet, "tips", "name").coordinate)
    cell(sheet, "tips", "indicator").value = "tipsy"
    return name


@wrong
def another_unit(sheet: Any) -> str:
    cell(sheet, "tips", "unit").value = "A99"
    return str(cell(sheet, "tips", "name").coordinate)


@pytest.mark.parametrize("way", WRONG)
def test_a_wrong_cell_is_marked_and_no_other(country: Country, tmp_path: Path, way: str) -> None:
    book = made()
    fill(book.active, **GOOD)
    where = WRONG[way](book.active)
    found = taken(book, tmp_path)
    said = comments(found.returned)
    assert list(said) == [(book.active.title, where)]
    assert found.report.problems[0].reason.vi in said[book.active.title, where]
    assert stored(country, "A01") == {}


# What is typed, in which column; what is said of it.
SAID = [
    ("value", "nhiều", "Chỉ ghi chữ số."),
    ("value", "12 vụ", "Chỉ ghi chữ số."),
    ("value", "1.061,5", "Chỉ ghi chữ số."),
    ("state", "không biết", "Chọn một trong: “không có số liệu”, “không áp dụng”, “từ chối”."),
]


@pytest.mark.parametrize(("column", "typed", "hint"), SAID)
def test_faults_are_said_in_words_of_the_form(
    country: Country, tmp_path: Path, column: str, typed: str, hint: str
) -> None:
    book = made()
    cell(book.active, "tips", column).value = typed
    [problem] = taken(book, tmp_path).report.problems
    said = problem.in_("vi")
    assert f"“{typed}”" in said
    assert hint in said
    for word in ("words", "numbers:", "(value)", "(state)"):
        assert word not in said


def test_a_check_marks_every_cell_that_it_names(country: Country, tmp_path: Path) -> None:
    """Fires are at most thefts: the thefts were typed first, the fires are what is wrong."""
    told = "title: {vi: T, en: T}, action: {vi: S, en: M}"
    one = f'  - {{code: fires.part, condition: "fires <= theft", severity: hard, {told}}}\n'
    path = tmp_path / "kho.yaml"
    path.write_text(CATALOGUE + "checks:\n" + one, encoding="utf-8")
    load_catalogue(path)
    book = made()
    fill(book.active, **{**GOOD, "theft": 4})
    cell(book.active, "fires", "state").value = None
    cell(book.active, "fires", "value").value = 99
    found = taken(book, tmp_path)
    sheet = book.active
    marked = {where for _, where in comments(found.returned)}
    assert marked == {cell(sheet, code, "value").coordinate for code in ("theft", "fires")}
    [problem] = found.report.problems
    assert "tháng 7 năm 2026" in problem.reason.vi.casefold()


def test_all_wrong_cells_are_marked_at_once_and_what_was_typed_is_kept(
    country: Country, tmp_path: Path
) -> None:
    book = made(unit="P1")
    sheets = list(book)
    where = set()
    for sheet, spoil in zip(sheets, [a_negative_number, words, an_error], strict=False):
        fill(sheet, **GOOD)
        where.add((sheet.title, spoil(sheet)))
    found = taken(book, tmp_path)
    assert set(comments(found.returned)) == where
    again = openpyxl.load_workbook(BytesIO(found.returned or b""))
    assert cell(again[sheets[1].title], "tips", "value").value == "12 vụ"
    assert cell(again[sheets[0].title], "people", "value").value == 9_111
    assert cell(again[sheets[0].title], "fires", "state").value == "không có số liệu"


def test_a_returned_form_is_mended_and_sent_again(country: Country, tmp_path: Path) -> None:
    book = made()
    fill(book.active, **GOOD)
    a_negative_number(book.active)
    again = openpyxl.load_workbook(BytesIO(taken(book, tmp_path).returned or b""))
    cell(again.active, "theft", "value").value = 12
    assert not taken(again, tmp_path).report.problems
    assert stored(country, "A01")["theft"] == 12


def test_nothing_written_in_a_form_is_a_formula_when_it_comes_back(country: Country, tmp_path: Path) -> None:
    book = made()
    cell(book.active, "theft", "remark").value = "'=HYPERLINK(1)"
    cell(book.active, "theft", "remark").data_type = "s"
    a_negative_number(book.active)
    content = taken(book, tmp_path).returned or b""
    with ZipFile(BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "sheet" in name)


def test_what_is_no_form_is_refused(country: Country, tmp_path: Path) -> None:
    other = openpyxl.Workbook()
    other.active.append(["a", "b"])
    moved = made()
    moved.active.delete_rows(2)
    for book in (other, moved):
        with pytest.raises(Refused) as caught:
            taken(book, tmp_path)
        assert caught.value.problems[0].code == "no-form"
    for content in (b"PK\x03\x04 broken", b"", b"plain"):
        path = tmp_path / "x.xlsx"
        path.write_bytes(content)
        with pytest.raises(Refused):
            take_form(path, actor="tests", language="vi")


def test_a_bomb_is_refused_unopened(country: Country, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 << 20))
    with pytest.raises(Refused) as caught:
        take_form(path, actor="tests", language="vi")
    assert caught.value.problems[0].code == "too-large"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"form": "none"}, "no-such-form"),
        ({"unit": "A13"}, "unknown-unit"),
        ({"period": "2026-Q1"}, "other-rhythm"),
    ],
)
def test_what_cannot_be_asked_is_said(country: Country, words: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as caught:
        ask_form(**{"form": "kho", "period": "2026-07", "unit": "A01", **words})
    assert caught.value.problems[0].code == code
