"""`kieumau figures enter`: figures of one unit and period, typed in."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated

import typer
from django.utils import timezone

from kieumau.calendars import library
from kieumau.cli.say import Json, Lang, as_json, language, out, refusals, tell
from kieumau.formulas.values import State
from kieumau.indicators.actions import enter_figures
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.imports.cells import Blank, CellReader, Rule
from kieumau.indicators.imports.mapping import Words
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import nearest
from kieumau.units.queries import term


def enter(
    values: Annotated[
        list[str],
        typer.Argument(help="mã=số: crime.solved=12, hoặc · or crime.solved=missing, =n/a, =refused"),
    ],
    unit: Annotated[str, typer.Option(help="Mã đơn vị · unit code")],
    period: Annotated[str, typer.Option(help="Kỳ · period: 2026-11, nd09:2026-11")],
    remark: Annotated[
        list[str] | None,
        typer.Option(
            "--remark", help="phép kiểm tra=lý do số liệu vẫn đúng · check=why the figures are right"
        ),
    ] = None,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Nhập số liệu của một đơn vị, một kỳ, có kiểm tra · Type in the figures of one unit and period."""
    with refusals(lang, json_):
        known = catalogue()
        figures = _values(_pairs(values), known)
        window = library.window(period, known[next(iter(figures))].calendar)
        own = library.calendar(window.calendar)
        place = term(unit, own.last_day(window))
        entered = enter_figures(
            place.unit_id,
            own.period_ids(window)[0],
            figures,
            _pairs(remark or []),
            actor="kieumau figures",
            now=timezone.now(),
        )
    recorded = entered.recorded
    if json_:
        as_json(
            {
                "inserted": recorded.inserted,
                "revised": recorded.revised,
                "unchanged": recorded.unchanged,
                "remarked": list(entered.remarked),
                "notices": [notice.as_dict() for notice in entered.notices],
            }
        )
        return
    for notice in entered.notices:
        out.print(notice.in_(language(lang)), markup=False)
    tell(
        f"Đã lưu {place.full_name('vi')}, {own.label(window).vi}: {recorded.inserted} mới, "
        f"{recorded.revised} thay đổi, {recorded.unchanged} giữ nguyên; {len(entered.remarked)} ghi chú.",
        f"Stored {place.full_name('en')}, {own.label(window).en}: {recorded.inserted} new, "
        f"{recorded.revised} revised, {recorded.unchanged} unchanged; {len(entered.remarked)} remarks.",
        lang,
    )


def _pairs(words: Sequence[str]) -> dict[str, str]:
    """`code=value` taken apart. Raises `Refused` for anything else."""
    pairs = {}
    for word in words:
        code, sign, value = word.partition("=")
        if not sign or not code.strip():
            reason = Text(vi=f"“{word}” không có dạng mã=giá trị.", en=f"“{word}” is not written code=value.")
            raise Refused([Problem("not-a-pair", reason)])
        pairs[code.strip()] = value.strip()
    return pairs


def _values(words: Mapping[str, str], known: Mapping[str, Definition]) -> dict[str, Decimal | State]:
    """The figures, each read under its own indicator. Raises `Refused` with every problem."""
    found: dict[str, Decimal | State] = {}
    problems = []
    for code, word in words.items():
        read = _read(code, word, known)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            found[code] = read
    if problems:
        raise Refused(problems)
    return found


def _read(code: str, word: str, known: Mapping[str, Definition]) -> Decimal | State | Problem:
    if (one := known.get(code)) is None:
        near = nearest(code, known)
        hint = Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
        reason = Text(vi=f"Không có chỉ tiêu “{code}”.", en=f"There is no indicator “{code}”.")
        return Problem("unknown-indicator", reason, hint)
    read = CellReader("plain", Words(), Rule(one.decimals, one.is_share, negatives=True)).read(word)
    if isinstance(read, Problem):
        return read
    if isinstance(read, Blank):
        reason = Text(vi=f"“{code}” không có giá trị.", en=f"“{code}” has no value.")
        return Problem("no-value", reason)
    state, value = read
    return State(state) if value is None else value
