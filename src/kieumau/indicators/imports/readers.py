"""Files of somebody else's figures, opened with care: CSV and XLSX as sheets of rows of cells.

What is wrong with a file as a whole (truncated, protected by a password, larger than allowed, not what
its name says) is found before its first row is read, and named. Rows are numbered from one as a
spreadsheet shows them.
"""

import codecs
import csv
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kieumau.indicators.imports import file_faults as faults
from kieumau.indicators.imports.cells import Cell
from kieumau.indicators.imports.mapping import Mapping
from kieumau.indicators.imports.sheets import Limits, Sheet
from kieumau.indicators.imports.workbook import open_sheets
from kieumau.kernel.messages import Refused

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
CHUNK = 1 << 20


@dataclass(frozen=True)
class Inspected:
    """What is known of a file before it is read."""

    path: Path
    sha256: str
    line_count: int
    is_workbook: bool


def inspect(path: Path, mapping: Mapping, limits: Limits) -> Inspected:
    """Look at every byte once. Raises `Refused` where the file cannot be read at all."""
    name = path.name
    if not path.is_file():
        raise Refused([faults.at(faults.no_such_file(name), file=name)])
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise Refused([faults.at(faults.too_large(size, limits.file_bytes), file=name)])
    if size == 0:
        raise Refused([faults.at(faults.empty_file(), file=name)])
    with path.open("rb") as file:
        start = file.read(4096)
        is_workbook = _is_workbook(path, start, mapping, file)
        file.seek(0)
        digest, lines = hashlib.sha256(), 0
        decoder = None if is_workbook else codecs.getincrementaldecoder(mapping.encoding)()
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            if decoder:
                if (zero := chunk.find(b"\0")) >= 0:
                    row = lines + chunk.count(b"\n", 0, zero) + 1
                    raise Refused([faults.at(faults.nul_byte(start), file=name, row=row)])
                lines += _decoded_lines(decoder, chunk, mapping.encoding, name, lines)
        if decoder:
            _decoded_lines(decoder, b"", mapping.encoding, name, lines, final=True)
    return Inspected(path, digest.hexdigest(), lines + 1, is_workbook)


def _decoded_lines(
    decoder: codecs.IncrementalDecoder,
    chunk: bytes,
    encoding: str,
    name: str,
    lines: int,
    final: bool = False,
) -> int:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        row = lines + error.object[: error.start].count(b"\n") + 1
        raise Refused([faults.at(faults.wrong_encoding(encoding), file=name, row=row)]) from error
    return chunk.count(b"\n")


def _is_workbook(path: Path, start: bytes, mapping: Mapping, file: BinaryIO) -> bool:
    """By content; a name or a mapping that says otherwise is refused."""
    named_workbook = path.suffix.lower() in WORKBOOK_ENDINGS
    if start.startswith(OLD_OFFICE):
        protected = "EncryptedPackage".encode("utf-16-le") in start + file.read()
        raise Refused([faults.at(faults.protected() if protected else faults.old_workbook(), file=path.name)])
    if start.startswith(ZIP):
        if not named_workbook or mapping.format == "csv":
            raise Refused([faults.at(faults.wrong_ending(path.suffix, "XLSX", ".xlsx"), file=path.name)])
        return True
    if (
        start.lstrip(codecs.BOM_UTF8 + b" \r\n\t")
        .lower()
        .startswith((b"<html", b"<!doctype", b"<table", b"<?xml"))
    ):
        raise Refused([faults.at(faults.web_page(), file=path.name)])
    if named_workbook or path.suffix.lower() in (".xls", ".xlsb", ".ods") or mapping.format == "xlsx":
        fault = (
            faults.broken_workbook()
            if start.startswith(b"PK")
            else faults.wrong_ending(path.suffix, "CSV", ".csv")
        )
        raise Refused([faults.at(fault, file=path.name)])
    return False


@dataclass(frozen=True)
class Opened:
    """A file being read: its fingerprint and its sheets."""

    name: str
    sha256: str
    sheets: list[Sheet]


@contextmanager
def open_file(path: Path, mapping: Mapping, limits: Limits) -> Iterator[Opened]:
    """The file's sheets, as long as the context lasts; its rows are read as they are asked for.

    Raises `Refused` where the file as a whole cannot be read.
    """
    inspected = inspect(path, mapping, limits)
    if inspected.is_workbook:
        yield Opened(path.name, inspected.sha256, open_sheets(path, mapping, limits))
        return
    with path.open(encoding=mapping.encoding, newline="") as file:
        sheet = Sheet("", iter(()), inspected.line_count, is_text=True)
        reader = csv.reader(file, delimiter=mapping.delimiter, strict=True)
        sheet.rows = _csv_rows(sheet, reader, path.name, limits)
        yield Opened(path.name, inspected.sha256, [sheet])


def _csv_rows(sheet: Sheet, reader: Iterator[list[str]], file: str, limits: Limits) -> Iterator[list[Cell]]:
    """Rows up to the end, or up to where the quotes no longer match."""
    row_number = 0
    while True:
        row_number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fault = faults.broken_quotes(str(error))
            sheet.faults.append(faults.at(fault, file=file, row=row_number))
            return
        if len(row) > limits.columns:
            fault = faults.too_many_columns(len(row), limits.columns)
            sheet.faults.append(faults.at(fault, file=file, row=row_number))
            return
        yield row  # type: ignore[misc]
