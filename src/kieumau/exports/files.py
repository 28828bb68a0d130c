"""An export as a file: what is asked for and a format, to pieces of bytes."""

from collections.abc import Iterator

from kieumau.exports import sdmx
from kieumau.exports.asking import Asked
from kieumau.exports.blocks import figure_blocks
from kieumau.exports.formats import Blocks, Format, csv_bytes, parquet_bytes, xlsx_bytes
from kieumau.exports.rows import FIGURE_COLUMNS, Column
from kieumau.exports.verdicts import VERDICT_COLUMNS, AskedVerdicts, verdict_blocks
from kieumau.exports.workbook import figures_sheet, verdicts_sheet


def figures_file(asked: Asked, form: Format) -> Iterator[bytes]:
    """Figures in pieces. Raises `Refused` for more rows than the format holds, before the first piece."""
    blocks = figure_blocks(asked)
    if form.word == "sdmx-csv":
        return csv_bytes(sdmx.FIGURE_COLUMNS, sdmx.figures(blocks), has_mark=False)
    if form.word == "xlsx":
        return xlsx_bytes(figures_sheet(asked, blocks))
    return _written(FIGURE_COLUMNS, blocks, form)


def verdicts_file(asked: AskedVerdicts, form: Format) -> Iterator[bytes]:
    """Verdicts in pieces. Raises `Refused` as above."""
    blocks = verdict_blocks(asked)
    if form.word == "sdmx-csv":
        return csv_bytes(sdmx.VERDICT_COLUMNS, sdmx.verdicts(blocks), has_mark=False)
    if form.word == "xlsx":
        return xlsx_bytes(verdicts_sheet(asked, blocks))
    return _written(VERDICT_COLUMNS, blocks, form)


def _written(columns: tuple[Column, ...], blocks: Blocks, form: Format) -> Iterator[bytes]:
    write = {"csv": csv_bytes, "parquet": parquet_bytes}[form.word]
    return write(columns, blocks)
