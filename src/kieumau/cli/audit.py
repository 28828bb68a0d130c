"""`kieumau audit …`: read the log, prove it, copy its anchors."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone
from rich.markup import escape
from rich.table import Table

from kieumau.audit.lines import lines_of
from kieumau.audit.proving import anchors as all_anchors
from kieumau.audit.proving import prove, read_kept
from kieumau.audit.queries import Asked, entries
from kieumau.cli import clock
from kieumau.cli.say import Json, Lang, as_json, err, language, out, refusals, tell
from kieumau.kernel.messages import Problem, Refused, Text

app = typer.Typer(no_args_is_help=True, help="Nhật ký · Log of actions")


@app.command("verify")
def verify(
    against: Annotated[
        Path | None,
        typer.Option(help="Bản sao mốc neo giữ ở nơi khác · a copy of the anchors kept elsewhere"),
    ] = None,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Chứng minh nhật ký chưa bị sửa, xóa, chèn · Prove that nothing was changed, removed, inserted."""
    with refusals(lang, json_):
        kept = read_kept(_lines(against)) if against else []
    proof = prove(kept)
    if json_:
        faults = [
            {
                "kind": one.kind,
                "number": one.number,
                "entry": one.entry_id,
                "vi": one.text.vi,
                "en": one.text.en,
            }
            for one in proof.faults
        ]
        as_json({"links": proof.links, "last": proof.last, "faults": faults})
    else:
        for one in proof.faults:
            err.print(f"[red]✗[/red] {escape(one.text.in_(language(lang)))}")
        if not proof.faults:
            tell(f"Nhật ký nguyên vẹn: {proof.links} mắt xích.", f"The log holds: {proof.links} links.", lang)
            tell(f"Mắt xích cuối: {proof.last}", f"Last link: {proof.last}", lang)
    if proof.faults:
        raise SystemExit(1)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        reason = Text(vi=f"Không đọc được “{path}”.", en=f"“{path}” cannot be read.")
        raise Refused([Problem("unreadable-file", reason)]) from None


@app.command("anchors")
def anchors() -> None:
    """In mốc neo để giữ ở nơi khác · Print the anchors, to be kept elsewhere (`verify --against`)."""
    for each in all_anchors():
        out.print(f"{each.day} {each.number}:{each.hash}")


@app.command("show")
def show(
    object_: Annotated[
        str, typer.Option("--object", help="Đối tượng · kind, or kind:id, as criteria_set:3")
    ] = "",
    actor: Annotated[str, typer.Option(help="Người làm · who")] = "",
    verb: Annotated[str, typer.Option(help="Việc · code of an action, as criteria.issue")] = "",
    unit: Annotated[int | None, typer.Option(help="Số của đơn vị · id of a unit")] = None,
    since: Annotated[str, typer.Option(help="Từ ngày · from this day on")] = "",
    until: Annotated[str, typer.Option(help="Đến hết ngày · up to and with this day")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Số dòng · how many at most")] = 50,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Xem nhật ký, mới nhất trước · Read the log, latest first."""
    with refusals(lang, json_):
        kind, _, object_id = object_.partition(":")
        asked = Asked(
            actor=actor,
            verb=verb,
            unit_id=unit,
            object_kind=kind,
            object_id=object_id,
            first=clock.day_of(since) if since else None,
            last=clock.day_of(until) if until else None,
        )
    found = entries(asked, limit=limit)
    if json_:
        as_json([{name: value for name, value in vars(one).items() if name != "_state"} for one in found])
        return
    table = Table(show_header=False)
    for line in lines_of(found):
        one = line.entry
        moment = timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M:%S")
        changed = "; ".join(part.in_(language(lang)) for part in line.said.changes)
        sentence = line.said.sentence.in_(language(lang))
        table.add_row(str(one.pk), moment, escape(sentence), escape(changed), escape(one.why))
    out.print(table)
    tell(f"{len(found)} dòng.", f"{len(found)} entries.", lang)
