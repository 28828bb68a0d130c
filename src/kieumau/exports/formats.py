"""Rows as bytes: CSV, SDMX-CSV 2.0, XLSX, Parquet. Blocks come in, pieces of the file go out.

CSV, SDMX-CSV and Parquet are streamed. An XLSX file is only whole at its end: it is written to a temporary
file row by row and sent from there.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rustpy_xlsxwriter import Format as Look
from rustpy_xlsxwriter import write_worksheets

from kieumau.exports.rows import DECIMALS, Column
from kieumau.kernel.messages import Problem, Refused, Text

Blocks = Iterable[Sequence[Sequence[Any]]]
MOST_ROWS = 1_048_575  # of a sheet, the headings apart
EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
ROW_GROUP = 20_000
CHUNK = 1 << 16
# A cell that begins with one of these is a formula to a spreadsheet, whoever wrote the name.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its word, the ending and type of its files."""

    word: str
    ending: str
    content_type: str


FORMATS = {
    one.word: one
    for one in (
        Format("csv", "csv", "text/csv; charset=utf-8"),
        Format("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Format("parquet", "parquet", "application/vnd.apache.parquet"),
        Format("sdmx-csv", "csv", "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8"),
    )
}


def format_of(word: str) -> Format:
    """The format of a word. Raises `Refused`."""
    if (found := FORMATS.get(word)) is None:
        reason = Text(vi=f"Không có định dạng “{word}”.", en=f"There is no format “{word}”.")
        hint = Text(vi=f"Có: {', '.join(FORMATS)}.", en=f"There are: {', '.join(FORMATS)}.")
        raise Refused([Problem("unknown-format", reason, hint)])
    return found


def csv_bytes(columns: Sequence[Column], blocks: Blocks, *, has_mark: bool = True) -> Iterator[bytes]:
    """UTF-8, with a mark at its beginning that Excel needs; numbers with a dot, days as 2025-12-31.

    Texts that a spreadsheet would run as formulas begin with an apostrophe.
    """
    texts = [number for number, column in enumerate(columns) if column.kind == "text"]
    decimals = [number for number, column in enumerate(columns) if column.kind == "decimal"]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff" if has_mark else "")
    writer.writerow([column.name for column in columns])
    for block in blocks:
        writer.writerows([_plain(row, texts, decimals) for row in block])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    if rest := buffer.getvalue():
        yield rest.encode()


def _plain(row: Sequence[Any], texts: Sequence[int], decimals: Sequence[int]) -> Sequence[Any]:
    """The cells of a row as text is written: no exponents, nothing that could be a formula."""
    cells = list(row)
    for number in texts:
        if (text := cells[number]) and text[0] in DANGEROUS:
            cells[number] = f"'{text}"
    for number in decimals:
        if (value := cells[number]) is not None:
            cells[number] = f"{value:f}"
    return cells


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of a sheet: what stands above it, its width in letters, and how its cells look.

    `look` is one of `LOOKS`, or empty: as spreadsheets show what stands in it. Days are shown as days.
    """

    heading: str
    width: int
    look: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows for people: named and worded in a language, in the order of the columns.

    `about` are rows of a second sheet, if there is anything to explain.
    """

    name: str
    columns: Sequence[SheetColumn]
    blocks: Blocks
    language: str
    about: Sequence[dict[str, str]] = ()


LOOKS = {"share": "0.00%", "points": "0.00"}
DAYS = {"vi": "dd/mm/yyyy", "en": "yyyy-mm-dd"}
EXPLAINED = {"vi": "Giải thích", "en": "Columns"}


def xlsx_bytes(sheet: Sheet) -> Iterator[bytes]:
    """The rows under headings that stay in sight, with a filter; on a second sheet what the columns mean.

    Texts are written as texts, which no spreadsheet runs; numbers of more than fifteen digits as well.
    Raises `Refused` for more rows than a sheet has, before the first piece is given.
    """
    folder = TemporaryDirectory(prefix="kieumau-")
    path = Path(folder.name) / "export.xlsx"
    looks = {
        one.heading: Look().set_num_format(LOOKS[one.look]) for one in sheet.columns if one.look in LOOKS
    }
    name, explained = sheet.name, EXPLAINED[sheet.language]
    try:
        sheets: list[tuple[str, Any]] = [(name, _records(sheet.columns, sheet.blocks))]
        if sheet.about:
            sheets.append((explained, iter(sheet.about)))
        write_worksheets(
            sheets,
            str(path),
            freeze_panes={name: {"row": 1, "col": 1}, explained: {"row": 1}},
            autofilter={name: True},
            datetime_format=DAYS[sheet.language],
            column_formats={name: looks},
            column_widths={name: {one.heading: float(one.width) for one in sheet.columns}},
            column_width={explained: 44.0},
            header_format={each: Look().set_bold().set_text_wrap() for each, _ in sheets},
        )
    except BaseException:
        folder.cleanup()
        raise
    return _file(path, folder)


def _file(path: Path, folder: "TemporaryDirectory[str]") -> Iterator[bytes]:
    with folder, path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _records(columns: Sequence[SheetColumn], blocks: Blocks) -> Iterator[dict[str, Any]]:
    names = [column.heading for column in columns]
    count = 0
    for block in blocks:
        for row in block:
            count += 1
            if count > MOST_ROWS:
                raise Refused([_too_many_rows()])
            yield dict(zip(names, map(_cell, row), strict=True))
    if not count:
        yield dict.fromkeys(names)


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value if len(value.as_tuple().digits) <= EXACT_DIGITS else f"{value:f}"
    return value


def _too_many_rows() -> Problem:
    return Problem(
        "too-many-rows",
        Text(
            vi=f"Một trang XLSX chỉ chứa {MOST_ROWS} dòng.",
            en=f"An XLSX sheet holds {MOST_ROWS} rows at most.",
        ),
        Text(
            vi="Chọn CSV hoặc Parquet, ít kỳ hay ít chỉ tiêu hơn.",
            en="Choose CSV or Parquet, fewer periods or fewer indicators.",
        ),
    )


_TYPES: dict[str, Callable[[], pa.DataType]] = {
    "text": pa.string,
    "whole": pa.int32,
    "decimal": lambda: pa.decimal128(38, DECIMALS),
    "day": pa.date32,
}


def parquet_bytes(columns: Sequence[Column], blocks: Blocks) -> Iterator[bytes]:
    """Row groups of about twenty thousand rows; numbers as decimal128(38, 12)."""
    schema = pa.schema([(column.name, _TYPES[column.kind]()) for column in columns])
    drain = _Drain()
    with pq.ParquetWriter(drain, schema, compression="zstd") as writer:
        held: list[Sequence[Any]] = []
        for block in blocks:
            held.extend(block)
            if len(held) >= ROW_GROUP:
                writer.write_table(_table(held, schema))
                held = []
                yield drain.taken()
        if held:
            writer.write_table(_table(held, schema))
    yield drain.taken()


def _table(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    arrays = [
        pa.array(values, type=kind.type) for values, kind in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


class _Drain(io.RawIOBase):
    """A file that is taken away piece by piece as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, piece: Any) -> int:
        """Keep a piece until it is taken."""
        self._pieces.append(bytes(piece))
        self._size += len(self._pieces[-1])
        return len(self._pieces[-1])

    def tell(self) -> int:
        """How much was written in all."""
        return self._size

    def taken(self) -> bytes:
        """What was written since the last time."""
        pieces, self._pieces = b"".join(self._pieces), []
        return pieces
