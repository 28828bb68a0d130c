"""XLSX workbooks: what must be known before calamine reads them, and the reading.

Calamine is quick but says nothing of error cells and of formulas that were never calculated (both come
as empty), nothing of cells shown in per cent, and it lays out a sheet's whole used area in memory,
however far away a stray cell is. So the XML of each sheet is read once before for these (`sheet_marks`).
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from kieumau.indicators.imports import file_faults as faults
from kieumau.indicators.imports.cells import Cell, PercentCell
from kieumau.indicators.imports.mapping import Mapping
from kieumau.indicators.imports.sheet_marks import Marks, read_marks
from kieumau.indicators.imports.sheets import Limits, Sheet
from kieumau.kernel.messages import Place, Refused
from kieumau.kernel.text import nearest

# What the readers of archives, XML and sheets raise for bytes that do not hold together.
DAMAGED = (
    BadZipFile,
    CalamineError,
    ElementTree.ParseError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
_PERCENT_FORMATS = {9, 10}  # built in: 0% and 0.00%


def open_sheets(path: Path, mapping: Mapping, limits: Limits) -> list[Sheet]:
    """The sheets that the mapping asks for. Raises `Refused` where the workbook cannot be read."""
    try:
        with ZipFile(path) as archive:
            return _open(path, archive, mapping, limits)
    except (KeyError, NotImplementedError) as error:
        raise Refused([faults.at(faults.not_a_workbook(), file=path.name)]) from error
    except DAMAGED as error:
        raise Refused([faults.at(faults.broken_workbook(), file=path.name)]) from error


def _open(path: Path, archive: ZipFile, mapping: Mapping, limits: Limits) -> list[Sheet]:
    size = sum(member.file_size for member in archive.infolist())
    if size > limits.unpacked_bytes:
        fault = faults.unpacks_too_large(size, limits.unpacked_bytes)
        raise Refused([faults.at(fault, file=path.name)])
    # Every part is unpacked once here: a size or checksum that lies is found before calamine trusts it.
    if archive.testzip() is not None:
        raise BadZipFile
    parts = _sheet_parts(archive)
    names = _chosen(list(parts), mapping, path.name)
    percent = _percent_styles(archive)
    marks = {name: read_marks(archive.read(parts[name]), percent, limits) for name in names}
    for name in names:
        _refuse_too_large(marks[name], limits, Place(file=path.name, sheet=name))
    workbook = CalamineWorkbook.from_path(path)
    return [_sheet(workbook.get_sheet_by_name(name), marks[name], path.name) for name in names]


def _sheet_parts(archive: ZipFile) -> dict[str, str]:
    """Name of every sheet of cells, in order, with its part of the archive."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {
        link.get("Id"): str(link.get("Target"))
        for link in links
        if str(link.get("Type")).endswith("/worksheet")
    }
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    parts = {}
    for sheet in book.iter():
        target = targets.get(next((v for k, v in sheet.items() if k.endswith("}id")), None))
        if sheet.tag.endswith("}sheet") and target:
            parts[str(sheet.get("name"))] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _chosen(names: list[str], mapping: Mapping, file: str) -> list[str]:
    if not names:
        raise Refused([faults.at(faults.empty_file(), file=file)])
    if mapping.sheets == "all":
        return names
    if mapping.sheets == "first":
        return names[:1]
    unknown = [name for name in mapping.sheets if name not in names]
    if unknown:
        raise Refused(
            [faults.at(faults.unknown_sheet(name, nearest(name, names, 2)), file=file) for name in unknown]
        )
    return list(mapping.sheets)


def _refuse_too_large(marks: Marks, limits: Limits, place: Place) -> None:
    rows, columns = marks.height, marks.width
    if columns > limits.columns:
        raise Refused([replace(faults.too_many_columns(columns, limits.columns), place=place)])
    if rows * columns > limits.cells:
        raise Refused([replace(faults.too_many_cells(rows, columns, limits.cells), place=place)])


def _percent_styles(archive: ZipFile) -> set[str]:
    """Numbers of the cell styles that show per cent."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = set(_PERCENT_FORMATS)
    for own in styles.iter():
        if own.tag.endswith("}numFmt") and "%" in str(own.get("formatCode")):
            formats.add(int(own.get("numFmtId", -1)))
    cells = next((group for group in styles if group.tag.endswith("}cellXfs")), None)
    return {
        str(number)
        for number, style in enumerate(cells if cells is not None else ())
        if int(style.get("numFmtId", 0)) in formats
    }


def _sheet(sheet: CalamineSheet, marks: Marks, file: str) -> Sheet:
    merged = [
        (top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    height = sheet.end[0] + 1 if sheet.end else 0
    found = Sheet(sheet.name, _rows(sheet, marks), height, is_text=False, merged=merged)
    if marks.unplaced:
        found.faults.append(faults.at(faults.errors_somewhere(marks.unplaced), file=file, sheet=sheet.name))
    return found


def _rows(sheet: CalamineSheet, marks: Marks) -> Iterator[list[Cell]]:
    """Rows from the first row of the sheet on; cells that are not what they seem are replaced."""
    special = marks.special
    missing_columns: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row: list[Cell] = missing_columns + cells  # type: ignore[operator]  # lists are invariant
        for column, replacement in special.get(number, {}).items():
            if column < len(row):
                row[column] = replacement or _as_percent(row[column])
        yield row


def _as_percent(cell: Cell) -> Cell:
    return PercentCell(cell) if isinstance(cell, float) else cell
