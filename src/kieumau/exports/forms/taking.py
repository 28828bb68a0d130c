"""A filled form comes back: through the importer, all or nothing; a faulty one with its cells marked."""

import re
from collections import defaultdict
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kieumau.exports.forms.sheets import (
    COLUMNS,
    HEADING_ROW,
    HIDDEN,
    NAME,
    SIGN,
    VALUE,
    FormSheet,
    Line,
    Number,
)
from kieumau.exports.forms.wording import in_words_of_a_form
from kieumau.exports.forms.writing import write_form
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.imports import Closed, Report, load_file, read_mapping
from kieumau.indicators.imports.cells import Cell, PercentCell, cell_text
from kieumau.indicators.imports.mapping import Mapping, UnitBy
from kieumau.indicators.imports.readers import open_file
from kieumau.indicators.imports.sheets import Limits
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.actions import Actor

LIMITS = Limits(file_bytes=8 << 20, unpacked_bytes=64 << 20, columns=60, cells=1_000_000, values=200_000)
_LETTERS = re.compile(r"\b([A-Z]{1,3})(?= \(|,|$)")


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a filled form. `returned` is the workbook with its faults marked, if it has any."""

    report: Report
    returned: bytes | None
    sheets: list[FormSheet]


def take_form(path: Path, *, actor: Actor, language: str, closed: Closed | None = None) -> Taken:
    """Store the figures of a filled form, all of them or none. Raises `Refused` where it is no form of ours.

    `closed` says which of the units (ids) are not for this person to enter: any such unit refuses the form.
    Everything that is wrong is in the report; every fault stands in a comment at its cell as well.
    """
    mapping = read_mapping("form")
    sheets = read_sheets(path, mapping)
    register = sheets[0].register
    if register:
        by = UnitBy.model_validate({"code": mapping.unit.code, "register": register})
        mapping = mapping.model_copy(update={"unit": by})
    report = load_file(path, mapping, actor=actor, limits=LIMITS, closed=closed)
    report.problems = [in_words_of_a_form(problem) for problem in report.problems]
    if not report.has_failed:
        return Taken(report, None, sheets)
    marks, messages = _marks(report.problems, language)
    return Taken(report, write_form(sheets, language, marks, messages), sheets)


def read_sheets(path: Path, mapping: Mapping) -> list[FormSheet]:
    """The form as it came back, cell by cell. Raises `Refused` for what is no workbook or no form of ours."""
    known = catalogue()
    with open_file(path, mapping, LIMITS) as opened:
        sheets = [_sheet(sheet.name, list(sheet.rows), known) for sheet in opened.sheets]
    found = [sheet for sheet in sheets if sheet]
    if not found or len(found) < len(sheets):
        raise Refused([_not_ours()])
    return found


def _sheet(name: str, rows: list[list[Cell]], known: Map[str, Definition]) -> FormSheet | None:
    """One sheet; None where its hidden headings are not those of a form."""
    if len(rows) < HEADING_ROW or tuple(map(cell_text, rows[HEADING_ROW - 1][: len(COLUMNS)])) != COLUMNS:
        return None
    if cell_text(rows[0][0]) != SIGN:
        return None
    sheet = FormSheet(name, _text(rows[0], NAME), _text(rows[1], NAME), _text(rows[1], 0))
    sheet.lines = [_line(row, known) for row in rows[HEADING_ROW:]]
    return sheet


def _text(row: list[Cell], column: int) -> str:
    return cell_text(row[column])[:2_000] if column < len(row) else ""


def _line(row: list[Cell], known: Map[str, Definition]) -> Line:
    padded = [*row, *([""] * len(COLUMNS))][: len(COLUMNS)]
    texts = [cell_text(cell)[:2_000] for cell in padded]
    one = known.get(texts[1])
    is_share = one.is_share if one else False
    unit, indicator, period, name, measure, _, _, state, remark = texts
    before, value = _number(padded[VALUE - 1], is_share), _number(padded[VALUE], is_share)
    decimals = one.decimals if one else 0
    return Line(unit, indicator, period, name, measure, before, value, state, remark, decimals, is_share)


def _number(cell: Cell, is_share: bool) -> Number:
    """What stood in the cell, written again as it was: numbers as numbers, all else as text."""
    if isinstance(cell, bool):
        return cell_text(cell)
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, PercentCell) and is_share:
        return cell.value
    return cell_text(cell) or None


def _marks(problems: Any, language: str) -> tuple[dict[tuple[str, int, int], list[str]], list[str]]:
    """What is said at cells, and what concerns none of them. Faults of hidden codes stand at the name."""
    marks: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    messages = []
    for problem in problems:
        said = _said(problem, language)
        if problem.place.row is None or problem.place.row <= HEADING_ROW:
            messages.append(said)
            continue
        for place in (problem.place, *problem.also):
            columns = [_index(letters) for letters in _LETTERS.findall(place.column)] or [NAME]
            for column in dict.fromkeys(NAME if one in HIDDEN else one for one in columns):
                if place.row is not None:
                    marks[place.sheet, place.row, column].append(said)
    return dict(marks), messages


def _said(problem: Problem, language: str) -> str:
    hint = f" {problem.hint.in_(language)}" if problem.hint else ""
    return f"{problem.reason.in_(language)}{hint}"


def _index(letters: str) -> int:
    """Zero-based column of its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _not_ours() -> Problem:
    return Problem(
        "no-form",
        Text(vi="Đây không phải mẫu do Kiểu Mẫu tạo.", en="This is no form made by Kiểu Mẫu."),
        Text(vi="Tải mẫu mới rồi điền lại.", en="Download a new form and fill that in."),
    )
