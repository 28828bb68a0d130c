"""Units that a file of figures names itself, handed to the package that keeps units."""

from datetime import date

from kieumau.indicators.imports import row_faults
from kieumau.indicators.imports.mapping import Mapping, UnitsSection
from kieumau.indicators.imports.report import Problems
from kieumau.indicators.imports.sheets import Sheet
from kieumau.indicators.imports.tables import Table, open_table
from kieumau.kernel.messages import Refused
from kieumau.units.actions import Actor, load_rows
from kieumau.units.models import Term

UnitRow = tuple[str, str, str, str]  # code, name, kind, parent's code


def load_units_of(sheets: list[Sheet], file: str, mapping: Mapping, problems: Problems, actor: Actor) -> int:
    """Add the units that the file names and the register does not know; how many were new.

    Units already known stay as they are: a file of figures corrects no names. What is wrong with the
    headings is left to the pass that reads the figures.
    """
    section = mapping.units
    if section is None:
        return 0
    rows: dict[str, UnitRow] = {
        section.root.code: (section.root.code, section.root.name, section.root.kind, "")
    }
    for sheet in sheets:
        table = open_table(sheet, file, mapping)
        if isinstance(table, Table):
            _gather(table, section, rows, problems)
    known = set(Term.objects.filter(register=section.register_).values_list("code", flat=True))
    fresh = [row for code, row in rows.items() if code not in known]
    if not fresh:
        return 0
    try:
        loaded = load_rows(
            [_as_row(row, section.valid_from) for row in fresh],
            actor=actor,
            register=section.register_,
            file=file,
        )
    except Refused as refused:
        problems.extend(refused.problems)
        return 0
    return loaded.units


def _as_row(row: UnitRow, valid_from: date) -> dict[str, str]:
    code, name, kind, parent = row
    return {"code": code, "name": name, "kind": kind, "parent": parent, "valid_from": valid_from.isoformat()}


def _gather(table: Table, section: UnitsSection, rows: dict[str, UnitRow], problems: Problems) -> None:
    """Every distinct unit of a table; one code with two names or parents is a problem."""
    width = len(table.headings)
    complained: set[UnitRow] = set()
    for number, row in table.rows:
        if len(row) < width:
            continue
        parent = section.root.code
        for level, (code_of, name_of) in zip(section.levels, table.unit_levels, strict=True):
            code = code_of.text(row)
            found = (code, name_of.text(row), level.kind, parent)
            first = rows.setdefault(code, found) if code else found
            if first != found and found not in complained:
                complained.add(found)
                fault = row_faults.conflicting_unit(code, _said(first, rows), _said(found, rows))
                problems.add(fault, table.place(number, code_of.column))
            parent = code


def _said(row: UnitRow, rows: dict[str, UnitRow]) -> str:
    return f"{row[1]} < {rows[row[3]][1]}" if row[3] in rows else row[1]
