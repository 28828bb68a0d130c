"""Files for the tests, made on the spot: workbooks by openpyxl, broken ones by hand."""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.worksheet.worksheet import Worksheet


def write_csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file, byte for byte."""
    path.write_bytes(text.encode(encoding))
    return path


def write_workbook(path: Path, **sheets: Any) -> Path:
    """A workbook with one sheet, a list of rows, per name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def change_workbook(path: Path, sheet: str) -> tuple[openpyxl.Workbook, Worksheet]:
    """The workbook and one of its sheets, to be changed and saved."""
    book = openpyxl.load_workbook(path)
    return book, book[sheet]


def protect(path: Path, password: str) -> Path:
    """The same workbook encrypted, as Excel does it."""
    encrypted = io.BytesIO()
    with path.open("rb") as file:
        OOXMLFile(file).encrypt(password, encrypted)
    path.write_bytes(encrypted.getvalue())
    return path


def write_sheet_xml(path: Path, rows: str) -> Path:
    """A workbook whose only sheet holds this XML in the place of its rows."""
    whole = write_workbook(path.with_suffix(".whole"), T=[[1]])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                head, _, rest = content.partition(b"<sheetData>")
                content = b"".join((head, b"<sheetData>", rows.encode(), rest[rest.index(b"</sheetData>") :]))
            new.writestr(name, content)
    return path
