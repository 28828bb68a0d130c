"""`kieumau figures export` and `kieumau verdicts export`: figures and verdicts as files."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from kieumau.cli import figures
from kieumau.cli.clock import now
from kieumau.cli.say import Lang, language, refusals, tell
from kieumau.exports.asking import ask
from kieumau.exports.files import figures_file, verdicts_file
from kieumau.exports.formats import format_of
from kieumau.exports.verdicts import ask_verdicts
from kieumau.kernel.messages import Text

verdicts = typer.Typer(no_args_is_help=True, help="Kết quả đánh giá · Verdicts")

Period = Annotated[
    str, typer.Option(help="TỪ..ĐẾN · FROM..TO: 2025-01..2025-12, nd09:2026-11, 2025-Q3, 2025")
]
Within = Annotated[str, typer.Option(help="Mã đơn vị, bỏ trống: cả nước · unit code, empty: everything")]
OnMap = Annotated[str, typer.Option("--map", help="reported | today | 2025-07-01")]
KnownOn = Annotated[
    str, typer.Option("--known-on", help="Như đã biết đến hết ngày · as known on: 2025-10-10")
]
YearAgo = Annotated[
    bool, typer.Option("--year-ago/--no-year-ago", help="Kèm số cùng kỳ · with the figures of a year ago")
]
FormatWord = Annotated[
    str,
    typer.Option(
        "--format", help="csv | xlsx | parquet | sdmx-csv; mặc định theo đuôi tệp · as the file ends"
    ),
]
Output = Annotated[str, typer.Option("-o", "--output", help="Tệp, hoặc - · file, or - for standard output")]


@verdicts.callback()
def group() -> None:
    """Keeps `export` a command of its own."""


@figures.app.command("export")
def export_figures(
    output: Output,
    period: Period,
    indicators: Annotated[
        str, typer.Option(help="Mã, cách nhau dấu phẩy · codes with commas; crime.*, main, all")
    ] = "main",
    within: Within = "",
    level: Annotated[str, typer.Option(help="commune | province | district | nation")] = "commune",
    on: OnMap = "reported",
    known_on: KnownOn = "",
    year_ago: YearAgo = True,
    format_: FormatWord = "",
    lang: Lang = "",
) -> None:
    """Xuất số liệu ra tệp, trên ba bản đồ · Figures as a file, on any of the three maps."""
    with refusals(lang):
        form = format_of(format_ or _ending(output))
        asked = ask(
            indicators=[indicators],
            period=period,
            within=within,
            level=level,
            on=on,
            known_on=known_on,
            with_year_ago=year_ago,
            language=language(lang),
            today=now().date(),
        )
        _write(figures_file(asked, form), output, lang)
        _tell_note(asked.note, output, lang)


@verdicts.command("export")
def export_verdicts(
    output: Output,
    period: Period,
    criteria_set: Annotated[str, typer.Option("--set", help="Bộ tiêu chí · set: code, code/version")],
    within: Within = "",
    on: OnMap = "reported",
    known_on: KnownOn = "",
    format_: FormatWord = "",
    lang: Lang = "",
) -> None:
    """Xuất kết quả từng tiêu chí ra tệp · Verdicts criterion by criterion as a file."""
    with refusals(lang):
        form = format_of(format_ or _ending(output))
        asked = ask_verdicts(
            criteria_set=criteria_set,
            period=period,
            within=within,
            on=on,
            known_on=known_on,
            language=language(lang),
            today=now().date(),
        )
        _write(verdicts_file(asked, form), output, lang)
        _tell_note(asked.note, output, lang)


def _ending(output: str) -> str:
    """The format that the name of the file asks for; CSV where it asks for none."""
    return Path(output).suffix.removeprefix(".").lower() or "csv"


def _tell_note(note: Text | None, output: str, lang: str) -> None:
    """What cannot be shown as it was known; not among the rows on standard output."""
    if note is not None and output != "-":
        tell(note.vi, note.en, lang)


def _write(pieces: Iterator[bytes], output: str, lang: str) -> None:
    """The pieces into a file; what was there stays until the new one is whole."""
    if output == "-":
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        return
    path = Path(output)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    size = f"{path.stat().st_size:,}"
    tell(f"Đã ghi {path.name}: {size} byte.", f"Wrote {path.name}: {size} bytes.", lang)
