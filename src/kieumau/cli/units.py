"""`kieumau units …`: units and their changes, from CSV or for Vietnam."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kieumau.cli import changes
from kieumau.cli.say import Json, Lang, as_json, progress, refusals, tell
from kieumau.units.actions import Loaded, load_units, load_vietnam

app = typer.Typer(no_args_is_help=True, help="Đơn vị · Units")
app.add_typer(changes.app, name="change")
app.command("compare-office")(changes.compare_office)
ACTOR = "kieumau units"
MayRemove = Annotated[
    bool, typer.Option("--may-remove", help="Cho phép bỏ thời gian đã có · may take known days away")
]


@app.command("load")
def load(
    units: Annotated[Path, typer.Argument(help="UNITS.csv: code,name,kind,parent,valid_from[,valid_to]")],
    acts: Annotated[
        Path | None, typer.Option(help="ACTS.csv: act,takes_effect_on,predecessor,successor,share,basis")
    ] = None,
    may_remove: MayRemove = False,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Nạp đơn vị từ CSV · Load units from CSV, with the acts that changed them."""
    with refusals(lang, json_):
        loaded = load_units(units, acts, actor=ACTOR, may_remove=may_remove)
    _report(loaded, json_, lang)


@app.command("load-vietnam")
def load_vietnam_(
    province: Annotated[
        list[str] | None, typer.Option(help="Mã tỉnh sau 1/7/2025 · province code, may be repeated")
    ] = None,
    may_remove: MayRemove = False,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Nạp đơn vị hành chính Việt Nam · Vietnam before and after 1 July 2025, with lineage."""
    with refusals(lang, json_), progress("Đơn vị hành chính", "Administrative units", lang, quiet=json_):
        loaded = load_vietnam(provinces=province or None, actor=ACTOR, may_remove=may_remove)
    _report(loaded, json_, lang)


def _report(loaded: Loaded, json_: bool, lang: str) -> None:
    if json_:
        as_json(asdict(loaded))
        return
    if not loaded.changed:
        tell("Không có gì thay đổi.", "Nothing changed.", lang)
    else:
        tell(
            f"Đã nạp {loaded.units} đơn vị mới, {loaded.terms_added} thời đoạn mới, "
            f"{loaded.acts} việc thay đổi, {loaded.lineage} quan hệ kế thừa.",
            f"Loaded {loaded.units} new units, {loaded.terms_added} new terms, {loaded.acts} acts, "
            f"{loaded.lineage} rows of lineage.",
            lang,
        )
    if loaded.kept:
        names = ", ".join(loaded.kept[:10])
        tell(
            f"Giữ nguyên {len(loaded.kept)} đơn vị đã được ghi nhận thay đổi tại đây: {names}.",
            f"Left alone {len(loaded.kept)} units whose acts were recorded here: {names}.",
            lang,
        )
