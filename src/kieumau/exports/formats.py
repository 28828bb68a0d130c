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

from kieumau.exports.explaining import SHEET, explanations
from kieumau.exports.rows import DECIMALS, Column
from kieumau.kernel.messages import Problem, Refused, Text

Blocks = Iterable[Sequence[Sequence[Any]]]
MOST_ROWS = 1_048_575  # of a sheet, the headings apart
DATA = "Data"
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


def xlsx_bytes(columns: Sequence[Column], blocks: Blocks) -> Iterator[bytes]:
    """The rows, and on a second sheet what the columns mean. Raises `Refused` for more
    rows than a sheet has, before the first piece is given.

    Texts are written as texts, which no spreadsheet runs; numbers of more than fifteen digits as well.
    """
    folder = TemporaryDirectory(prefix="kieumau-")
    path = Path(folder.name) / "export.xlsx"
    try:
        rates = [column.name for column in columns if column.name == "change"]
        sheets: list[tuple[str, Any]] = [(DATA, _records(columns, blocks))]
        if about := list(explanations(columns)):
            sheets.append((SHEET, iter(about)))
        write_worksheets(
            sheets,
            str(path),
            bold_headers=True,
            freeze_panes={DATA: {"row": 1}},
            autofilter={DATA: True},
            datetime_format="yyyy-mm-dd",
            column_formats={DATA: {name: Look().set_num_format("0.0%") for name in rates}},
            column_width={SHEET: 40.0},
        )
    except BaseException:
        folder.cleanup()
        raise
    return _file(path, folder)


def _file(path: Path, folder: "TemporaryDirectory[str]") -> Iterator[bytes]:
    with folder, path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _records(columns: Sequence[Column], blocks: Blocks) -> Iterator[dict[str, Any]]:
    names = [column.name for column in columns]
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
