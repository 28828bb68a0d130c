"""Files for the tests, made on the spot: workbooks by openpyxl, broken ones by hand."""

import io
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
