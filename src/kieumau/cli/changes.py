"""`kieumau units change …`: acts looked at, recorded, undone, listed; the office's table compared."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from kieumau.calendars.library import calendar
from kieumau.cli import clock
from kieumau.cli.maps import number_text
from kieumau.cli.say import Json, Lang, as_json, language, out, refusals, tell
from kieumau.indicators.maps.previewing import Effect, Preview, preview
from kieumau.indicators.maps.queries import MappedValue
from kieumau.indicators.maps.rules import MARKS
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.yamlfile import read
from kieumau.units.actions import record_change, undo_changes
from kieumau.units.actions.store import stored_terms
from kieumau.units.describing import ActFile, act_of
from kieumau.units.models import Change
from kieumau.units.office import KINDS, compare, read_office
from kieumau.units.rules import Act

app = typer.Typer(no_args_is_help=True, help="Sáp nhập, chia tách, chuyển, đổi tên · Acts that change units")
ACTOR = "kieumau units change"

Indicators = Annotated[list[str] | None, typer.Option(help="Mã chỉ tiêu · indicator, may be repeated")]
FileOption = Annotated[Path | None, typer.Option("--file", help="ACT.yaml")]
Key = Annotated[str, typer.Option(help="Tên lâu dài của quyết định · lasting name of the act")]
On = Annotated[str, typer.Option("--on", help="Ngày có hiệu lực · day it takes effect: 2026-12-01")]
Reference = Annotated[str, typer.Option(help="Số ký hiệu văn bản · legal document")]
Merge = Annotated[str, typer.Option(help="Mã các đơn vị nhập lại · codes that merge: 31120,31135")]
Join = Annotated[str, typer.Option(help="Mã các đơn vị nhập vào đơn vị còn lại · codes that go into --into")]
Into = Annotated[
    str, typer.Option(help="mã:tên[:loại] · code:name[:kind]; với --join: mã · with --join: a code")
]
Split = Annotated[str, typer.Option(help="Mã đơn vị chia ra · code that is divided")]
Parts = Annotated[
    list[str] | None,
    typer.Option("--part", help="mã:tên:phần[:loại] · code:name:share[:kind], may be repeated"),
]
Basis = Annotated[str, typer.Option(help="area | people | expert | even")]
LivesOn = Annotated[str, typer.Option(help="Mã của phần vẫn là đơn vị cũ · code of the part that lives on")]
Move = Annotated[
    str, typer.Option("--transfer", help="Mã đơn vị chuyển cấp trên · code that moves below --to")
]
To = Annotated[str, typer.Option(help="Mã đơn vị cấp trên mới · code of the new parent")]
Rename = Annotated[str, typer.Option(help="Mã đơn vị đổi tên, loại, mã · code that is renamed")]
NewName = Annotated[str, typer.Option("--name", help="Tên mới · new name")]
NewKind = Annotated[str, typer.Option("--kind", help="Loại mới · new kind")]
NewCode = Annotated[str, typer.Option("--code", help="Mã mới · new code")]


def _described(file: Path | None, key: str, on: str, reference: str, words: dict[str, Any]) -> Act:
    """The act of a file or of the words of the command line."""
    if file is not None:
        return act_of(read(file, ActFile), stored_terms())
    if not key or not on:
        reason = Text(vi="Cần --file, hoặc --key và --on.", en="Give --file, or --key and --on.")
        raise Refused([Problem("act-not-described", reason)])
    described = ActFile.model_validate(
        {"key": key, "takes_effect_on": clock.day_of(on), "reference": reference, **_lists(words)}
    )
    return act_of(described, stored_terms())


def _words(**words: Any) -> dict[str, Any]:
    """What the command line says about the act."""
    return words


def _lists(words: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if words["merge"]:
        code, name, *kind = _pieces(words["into"], 2)
        into = {"code": code, "name": name, "kind": "".join(kind)}
        found["merge"] = [{"units": _codes(words["merge"]), "into": into}]
    if words["join"]:
        found["join"] = [{"units": _codes(words["join"]), "into": words["into"]}]
    if words["split"]:
        found["split"] = [
            {
                "unit": words["split"],
                "basis": words["basis"],
                "into": [_part(text, words["lives_on"]) for text in words["parts"] or ()],
            }
        ]
    if words["transfer"]:
        found["transfer"] = [{"unit": words["transfer"], "to": words["to"]}]
    if words["rename"]:
        change = {"name": words["name"], "kind": words["kind"], "code": words["code"]}
        found["rename"] = [{"unit": words["rename"], **change}]
    return found


def _part(text: str, lives_on: str) -> dict[str, Any]:
    code, name, share, *kind = _pieces(text, 3)
    return {"code": code, "name": name, "share": share, "kind": "".join(kind), "lives_on": code == lives_on}


def _pieces(text: str, least: int) -> list[str]:
    pieces = [piece.strip() for piece in text.split(":")]
    if len(pieces) < least or len(pieces) > least + 1:
        reason = Text(vi=f"“{text}” thiếu hoặc thừa phần.", en=f"“{text}” has too few or too many parts.")
        hint = Text(vi="Viết mã:tên, hoặc mã:tên:phần.", en="Write code:name, or code:name:share.")
        raise Refused([Problem("act-not-described", reason, hint)])
    return pieces


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


@app.command("record")
def record(
    file: FileOption = None, key: Key = "", on: On = "", reference: Reference = "", merge: Merge = "",
    join: Join = "", into: Into = "", split: Split = "", part: Parts = None, basis: Basis = "expert",
    lives_on: LivesOn = "", transfer: Move = "", to: To = "", rename: Rename = "", name: NewName = "",
    kind: NewKind = "", code: NewCode = "", json_: Json = False, lang: Lang = "",
) -> None:  # fmt: skip
    """Ghi một quyết định, hoàn tác được · Record an act: no figure is changed, it can be undone."""
    with refusals(lang, json_):
        words = _words(merge=merge, join=join, into=into, split=split, parts=part, basis=basis,
                       lives_on=lives_on, transfer=transfer, to=to, rename=rename, name=name, kind=kind,
                       code=code)  # fmt: skip
        change = record_change(act=_described(file, key, on, reference, words), actor=ACTOR)
    if json_:
        as_json({"key": change.key, "takes_effect_on": change.takes_effect_on})
    else:
        tell(f"Đã ghi “{change.key}”.", f"Recorded “{change.key}”.", lang)


@app.command("preview")
def preview_(
    file: FileOption = None, key: Key = "", on: On = "", reference: Reference = "", merge: Merge = "",
    join: Join = "", into: Into = "", split: Split = "", part: Parts = None, basis: Basis = "expert",
    lives_on: LivesOn = "", transfer: Move = "", to: To = "", rename: Rename = "", name: NewName = "",
    kind: NewKind = "", code: NewCode = "",
    indicator: Indicators = None,
    json_: Json = False, lang: Lang = "",
) -> None:  # fmt: skip
    """Xem trước một quyết định đổi số liệu ba năm qua ra sao · What an act does to the last three years."""
    with refusals(lang, json_):
        words = _words(merge=merge, join=join, into=into, split=split, parts=part, basis=basis,
                       lives_on=lives_on, transfer=transfer, to=to, rename=rename, name=name, kind=kind,
                       code=code)  # fmt: skip
        act = _described(file, key, on, reference, words)
        seen = preview(act, today=clock.now().date(), indicators=indicator or ())
    if json_:
        as_json(_as_dict(seen))
        return
    _show(seen, language(lang))


def _as_dict(seen: Preview) -> dict[str, Any]:
    def side(value: MappedValue | None) -> dict[str, Any] | None:
        if value is None:
            return None
        return {
            "state": value.state.name.lower(),
            "value": number_text(value.value),
            "mark": value.mark.name.lower(),
        }

    return {
        "map": seen.map.day,
        "carried": [
            {
                "unit": each.unit,
                "figures": each.figure_count,
                "periods_end": [each.first_day, each.last_day],
            }
            for each in seen.carried
        ],
        "effects": [
            {
                "unit": effect.unit,
                "indicator": effect.indicator,
                "period": effect.window.key,
                "before": side(effect.before),
                "after": side(effect.after),
            }
            for effect in seen.effects
        ],
    }


def _show(seen: Preview, lang: str) -> None:
    table = Table()
    for vi, en in (
        ("Đơn vị", "Unit"), ("Chỉ tiêu", "Indicator"), ("Kỳ", "Period"),
        ("Trước", "Before"), ("Sau", "After"), ("So sánh", "Comparable"),
    ):  # fmt: skip
        table.add_column(Text(vi=vi, en=en).in_(lang))
    known = catalogue()
    for effect in seen.effects:
        table.add_row(
            escape(effect.unit.in_(lang)),
            escape(known[effect.indicator].name.in_(lang)),
            calendar(effect.window.calendar).label(effect.window).in_(lang),
            _said(effect, "before", lang),
            _said(effect, "after", lang),
            MARKS[effect.after.mark].in_(lang) if effect.after else "",
        )
    out.print(table)
    for each in seen.carried:
        tell(
            f"{each.unit.vi} đã gửi {each.figure_count} số liệu của các kỳ kết thúc từ {each.first_day} đến "
            f"{each.last_day}, sau khi hết hiệu lực: vẫn lưu và được cộng cho đơn vị kế thừa.",
            f"{each.unit.en} has sent {each.figure_count} figures of periods that end between "
            f"{each.first_day} and {each.last_day}, after its own end: they stay stored and count for its "
            "successor.",
            lang,
        )
    if not seen.effects:
        tell("Không số liệu nào thay đổi.", "No figure changes.", lang)


def _said(effect: Effect, side: str, lang: str) -> str:
    value: MappedValue | None = getattr(effect, side)
    return "–" if value is None or value.value is None else number_text(value.value, lang)


@app.command("undo")
def undo(
    keys: Annotated[list[str], typer.Argument(help="Tên các quyết định · acts, undone together")],
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Hoàn tác: mọi thứ lại như trước khi ghi · Undo acts; everything is as if they had never been."""
    with refusals(lang, json_):
        undo_changes(keys=keys, actor=ACTOR)
    if json_:
        as_json({"undone": keys})
    else:
        tell(f"Đã hoàn tác {', '.join(keys)}.", f"Undid {', '.join(keys)}.", lang)


@app.command("list")
def list_(
    since: Annotated[str, typer.Option(help="Từ ngày · from this day on")] = "",
    all_: Annotated[
        bool, typer.Option("--all", help="Cả các quyết định từ tệp · those loaded from files too")
    ] = False,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Các quyết định đã ghi · Acts, latest first."""
    with refusals(lang, json_):
        first = clock.day_of(since) if since else date.min
    changes = Change.objects.filter(takes_effect_on__gte=first).order_by("-takes_effect_on", "key")
    shown = [change for change in changes if all_ or change.is_recorded]
    if json_:
        as_json(
            [
                {
                    "key": change.key,
                    "takes_effect_on": change.takes_effect_on,
                    "reference": change.reference,
                    "recorded": change.is_recorded,
                }
                for change in shown
            ]
        )
        return
    table = Table(show_header=False)
    for change in shown:
        summary = change.summary_en if language(lang).startswith("en") else change.summary_vi
        table.add_row(
            str(change.takes_effect_on), escape(change.key), escape(change.reference), escape(summary)
        )
    out.print(table)


def compare_office(
    file: Annotated[Path, typer.Argument(help="Bảng chuyển đổi của Cục Thống kê · the office's table, CSV")],
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """So với bảng của Cục Thống kê: mọi chỗ khác nhau · Every difference to the statistics office's table."""
    with refusals(lang, json_):
        differences = compare(read_office(file))
    if json_:
        as_json(
            [
                {
                    "kind": each.kind,
                    "code": each.code,
                    "name": each.name,
                    "office": each.office,
                    "package": each.package,
                    "product": each.product,
                }
                for each in differences
            ]
        )
        return
    table = Table()
    for vi, en in (
        ("Khác về", "About"), ("Mã", "Code"), ("Tên", "Name"), ("Cục Thống kê", "Office"),
        ("vietnamadminunits", "vietnamadminunits"), ("Phần mềm dùng", "Decided"),
    ):  # fmt: skip
        table.add_column(Text(vi=vi, en=en).in_(language(lang)))
    for each in differences:
        about = KINDS[each.kind].in_(language(lang))
        table.add_row(about, each.code, *map(escape, (each.name, each.office, each.package, each.product)))
    out.print(table)
    tell(f"{len(differences)} chỗ.", f"{len(differences)} in all.", lang)
