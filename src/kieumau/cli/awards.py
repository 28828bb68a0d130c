"""`kieumau awards …`: titles that were given before the product was there."""

from pathlib import Path
from typing import Annotated

import typer

from kieumau.awards.actions import record_all_earlier
from kieumau.awards.reading import COLUMNS, read_titles
from kieumau.cli.clock import now as this_moment
from kieumau.cli.say import Json, Lang, as_json, refusals, tell

app = typer.Typer(no_args_is_help=True, help="Danh hiệu · Titles")
ACTOR = "kieumau awards"
_COLUMNS = ",".join(one.name if one.is_required else f"[{one.name}]" for one in COLUMNS)


@app.callback()
def _awards() -> None:
    """Danh hiệu · Titles."""


@app.command("record-earlier", help=f"Ghi danh hiệu trước đây · Put down earlier titles. {_COLUMNS}")
def record_earlier(
    file: Annotated[Path, typer.Argument(help="TITLES.csv | .xlsx")],
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Put down titles of before from a table: all rows, or none and what is wrong with each."""
    with refusals(lang, json_):
        made = record_all_earlier(read_titles(file), actor=ACTOR, now=this_moment())
    if json_:
        as_json({"titles": [one.pk for one in made]})
        return
    tell(f"Đã ghi {len(made)} danh hiệu trước đây.", f"Put down {len(made)} earlier titles.", lang)
