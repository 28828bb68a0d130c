"""`kieumau indicators …`: catalogues of indicators."""

from typing import Annotated

import typer

from kieumau.cli.say import Lang, refusals, tell
from kieumau.indicators.actions import load_catalogue

app = typer.Typer(no_args_is_help=True, help="Chỉ tiêu · Indicators")


@app.callback()
def group() -> None:
    """Keeps `load` a command of its own."""


@app.command("load")
def load(
    catalogue: Annotated[
        str, typer.Argument(help="CATALOGUE.yaml, hoặc tên có sẵn · or a shipped name: vn-commune, london")
    ],
    lang: Lang = "",
) -> None:
    """Nạp danh mục chỉ tiêu · Load a catalogue of indicators."""
    with refusals(lang):
        load_catalogue(catalogue, actor="kieumau indicators")
    tell("Đã nạp danh mục chỉ tiêu.", "The catalogue is loaded.", lang)
