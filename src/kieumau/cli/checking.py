"""`kieumau check` and `kieumau rebuild`: is the store sound, and make what is derived anew."""

from typing import Annotated

import typer
from django.utils import timezone
from rich.markup import escape
from rich.table import Table

from kieumau.cli.say import Json, Lang, as_json, fail, language, out, progress, tell
from kieumau.indicators.actions import rebuild_totals
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.text import nearest
from kieumau.quality.actions import sweep
from kieumau.quality.checks import BY_CODE, CHECKS
from kieumau.quality.models import Sweep
from kieumau.quality.queries import places, results
from kieumau.quality.rules import Check, Severity
from kieumau.units.actions import rebuild_mapping, rebuild_positions

SHOWN = 3
STYLE = {Severity.BROKEN: "bold red", Severity.DOUBTFUL: "yellow", Severity.NOTE: "dim"}


def check(
    only: Annotated[
        list[str] | None, typer.Option(help="Mã rà soát · code of a check, may be repeated")
    ] = None,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Rà soát toàn bộ kho dữ liệu · Check the whole store. Exit code 1 where it contradicts itself."""
    asked = _asked(only or [], lang, json_)
    with progress("Rà soát", "Checking", lang, quiet=json_) as step:
        made = sweep(actor="kieumau check", now=timezone.now(), checks=asked, step=step)
    if json_:
        as_json({"at": made.at, "counts": made.counts})
    else:
        _show(made, lang)
    if any(made.counts[one.code] for one in asked if one.severity is Severity.BROKEN):
        raise SystemExit(1)


def rebuild(lang: Lang = "") -> None:
    """Dựng lại cây đơn vị, đối chiếu bản đồ, mọi tổng · Make the tree, maps, totals anew from the facts."""
    with progress("Dựng lại", "Rebuilding", lang):
        rebuild_positions()
        astray = rebuild_mapping()
        wrong = rebuild_totals()
    if astray:
        tell(
            f"Đã sửa {astray} dòng đối chiếu giữa các bản đồ.",
            f"Put {astray} rows right that lead from map to map.",
            lang,
        )
    if wrong:
        tell(f"Đã sửa {wrong} tổng bị lệch.", f"Put {wrong} totals right that were wrong.", lang)
    else:
        tell("Mọi tổng đều đúng.", "Every total was right.", lang)


def _asked(codes: list[str], lang: str, json_: bool) -> tuple[Check, ...]:
    unknown = [code for code in codes if code not in BY_CODE]
    if unknown:
        near = nearest(unknown[0], BY_CODE)
        reason = Text(vi=f"Không có mục rà soát “{unknown[0]}”.", en=f"There is no check “{unknown[0]}”.")
        hint = Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
        fail([Problem("unknown-check", reason, hint)], lang, json_)
    return tuple(BY_CODE[code] for code in codes) or CHECKS


def _show(made: Sweep, lang: str) -> None:
    """Every check that found something, with the first places and what to do."""
    speaks = language(lang)
    for severity, found in results(made):
        hits = [one for one in found if one.count]
        if not hits:
            continue
        table = Table(
            title=severity.word.in_(speaks), title_justify="left", show_header=False, show_lines=True
        )
        table.add_column(justify="right", style=STYLE[severity])
        table.add_column()
        for one in hits:
            lines = [f"[bold]{escape(one.check.title.in_(speaks))}[/bold] [dim]{one.check.code}[/dim]"]
            for place in places(made.doubts.filter(check_code=one.check.code)[:SHOWN]):
                where = [text.in_(speaks) for text in (place.unit, place.period, place.indicator) if text]
                lines.append(escape(" · ".join([*where, place.sentence.in_(speaks)])))
            lines.append(f"[dim]→ {escape(one.check.remedy.in_(speaks))}[/dim]")
            table.add_row(str(one.count), "\n".join(lines))
        out.print(table)
    if not any(made.counts.values()):
        tell(
            f"{len(made.counts)} mục rà soát, không thấy gì.",
            f"{len(made.counts)} checks found nothing.",
            lang,
        )
