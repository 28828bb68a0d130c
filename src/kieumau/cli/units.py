"""`kieumau units …`: units and their changes, from CSV or for Vietnam."""

from pathlib import Path
from typing import Annotated

import typer

from kieumau.cli.say import Json, Lang, as_json, progress, refusals, tell
from kieumau.units.actions import load_units, load_vietnam

app = typer.Typer(no_args_is_help=True, help="Đơn vị · Units")
ACTOR = "kieumau units"


@app.command("load")
def load(
    units: Annotated[Path, typer.Argument(help="UNITS.csv: code,name,kind,parent,valid_from[,valid_to]")],
    acts: Annotated[
        Path | None, typer.Option(help="ACTS.csv: act,takes_effect_on,predecessor,successor,share,basis")
    ] = None,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Nạp đơn vị từ CSV · Load units from CSV, with the acts that changed them."""
    with refusals(lang, json_):
        loaded = load_units(units, acts, actor=ACTOR)
    _report(loaded, json_, lang)


@app.command("load-vietnam")
def load_vietnam_(
    province: Annotated[
        list[str] | None, typer.Option(help="Mã tỉnh sau 1/7/2025 · province code, may be repeated")
    ] = None,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Nạp đơn vị hành chính Việt Nam · Vietnam before and after 1 July 2025, with lineage."""
    with refusals(lang, json_), progress("Đơn vị hành chính", "Administrative units", lang, quiet=json_):
        loaded = load_vietnam(provinces=province or None, actor=ACTOR)
    _report(loaded, json_, lang)


def _report(loaded: object, json_: bool, lang: str) -> None:
    content = {name: getattr(loaded, name) for name in getattr(loaded, "__dataclass_fields__", {})}
    if json_:
        as_json(content)
        return
    tell(
        "Đã nạp: " + ", ".join(f"{name} {value}" for name, value in content.items()),
        "Loaded: " + ", ".join(f"{name} {value}" for name, value in content.items()),
        lang,
    )
