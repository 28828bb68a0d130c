"""Titles of before from a table (CSV or XLSX), one in each row; what is wrong is told with row and column."""

from collections.abc import Mapping as Named
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from kieumau.awards.actions.earlier import Earlier
from kieumau.awards.actions.recognize import Recognition
from kieumau.awards.rules import Decision
from kieumau.calendars.working_days import ONE_DAY
from kieumau.indicators.imports.cells import Cell, cell_text
from kieumau.indicators.imports.mapping import Mapping
from kieumau.indicators.imports.readers import WORKBOOK_ENDINGS, inspect
from kieumau.indicators.imports.sheets import Limits
from kieumau.indicators.imports.workbook import open_sheets
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.programmes.models import Programme
from kieumau.units.csvfile import Column, Row, Sheet, read_sheet, table
from kieumau.units.queries import term

COLUMNS = (
    Column("unit"),
    Column("reference"),
    Column("decided_on"),
    Column("issuer"),
    Column("programme", is_required=False),
    Column("title_vi", is_required=False),
    Column("title_en", is_required=False),
    Column("starts_on", is_required=False),
    Column("last_day", is_required=False),
    Column("certificate", is_required=False),
    Column("ceremony_on", is_required=False),
)
_FIRST_SHEET = Mapping.model_construct(sheets="first", encoding="utf-8")


def read_titles(path: Path) -> list[Earlier]:
    """The titles of a file with `COLUMNS`. Raises `Refused` with every fault, each with its row and column.

    `unit` is a code (or `register:code`) as it was on the first day of the title; `starts_on` is the day of
    the decision where it is empty, a title without a name is called as the programme says. Without a last
    day it lasts as long as the programme says, or a year.
    """
    sheet = _workbook(path) if path.suffix.lower() in WORKBOOK_ENDINGS else read_sheet(path, COLUMNS)
    programmes = {one.code: one for one in Programme.objects.all()}
    problems: list[Problem] = []
    units: dict[tuple[str, date], int] = {}
    found = [_Row(sheet, number, row, problems).title(programmes, units) for number, row in sheet.rows]
    if problems:
        raise Refused(problems)
    return [one for one in found if one is not None]


def _workbook(path: Path) -> Sheet:
    """The first sheet of a workbook; cells as people see them, days as days."""
    limits = Limits()
    inspect(path, _FIRST_SHEET, limits)
    sheet = open_sheets(path, _FIRST_SHEET, limits)[0]
    rows = [(number, [_shown(cell) for cell in cells]) for number, cells in enumerate(sheet.rows, start=1)]
    filled = [(number, cells) for number, cells in rows if any(cells)]
    width = (
        max((place for place, cell in enumerate(filled[0][1], start=1) if cell), default=0) if filled else 0
    )
    lines = [(number, cells[:width] if not any(cells[width:]) else cells) for number, cells in filled]
    return table(
        [(number, cells + [""] * (width - len(cells))) for number, cells in lines], COLUMNS, path.name
    )


def _shown(cell: Cell) -> str:
    is_day = isinstance(cell, datetime) and cell.time() == time(0)
    return cell.date().isoformat() if is_day and isinstance(cell, datetime) else cell_text(cell)


@dataclass(frozen=True, slots=True)
class _Row(Row):
    """A row with a title."""

    def title(self, programmes: Named[str, Programme], units: dict[tuple[str, date], int]) -> Earlier | None:
        """The title of the row; None and problems where something is wrong with it."""
        before = len(self.problems)
        decided_on = self.day("decided_on")
        starts_on = self.day("starts_on", is_required=False) or decided_on
        last_day = self.day("last_day", is_required=False)
        ceremony_on = self.day("ceremony_on", is_required=False)
        programme = self.programme(programmes)
        for column in ("reference", "issuer"):
            if not self.row[column]:
                self.complain(column, "Ô này phải có.", "This cell must be filled in.")
        unit_id = self.unit(starts_on, units) if starts_on else None
        if decided_on is None or starts_on is None or unit_id is None or len(self.problems) > before:
            return None
        own = (programme.title_vi, programme.title_en) if programme else ("", "")
        vi = self.row.get("title_vi") or own[0]
        name = Text(vi=vi, en=self.row.get("title_en") or (own[1] if vi == own[0] else ""))
        recognition = Recognition(
            starts_on=starts_on,
            ends_before=last_day + ONE_DAY if last_day else None,
            certificate=self.row.get("certificate", ""),
            ceremony_on=ceremony_on,
        )
        decision = Decision(self.row["reference"], decided_on, self.row["issuer"])
        return Earlier(unit_id, name, decision, recognition, programme, self.place())

    def programme(self, known: Named[str, Programme]) -> Programme | None:
        """The programme of the row; a problem where there is none of that code."""
        code = self.row.get("programme", "")
        if code and code not in known:
            listed = ", ".join(sorted(known)) or "–"
            hint = Text(vi=f"Có: {listed}.", en=f"There are: {listed}.")
            self.complain(
                "programme", f"Không có chương trình “{code}”.", f"There is no programme “{code}”.", hint
            )
        return known.get(code)

    def unit(self, on: date, units: dict[tuple[str, date], int]) -> int | None:
        """The unit that the code meant on a day."""
        code = self.row["unit"]
        if (code, on) not in units:
            try:
                units[code, on] = term(code, on).unit_id
            except Refused as refused:
                place = self.place("unit")
                self.problems.extend(replace(one, place=place) for one in refused.problems)
                return None
        return units[code, on]
