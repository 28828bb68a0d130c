"""`kieumau norms list`, `kieumau norms show`, `kieumau norms try`."""

from collections import Counter
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kieumau.calendars import library
from kieumau.cli.say import Json, Lang, as_json, language, out, refusals
from kieumau.formulas.sentences import sentence
from kieumau.formulas.values import OperandValue
from kieumau.formulas.windows import Window
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import format_number
from kieumau.resources.norms import Readable, says, shipped
from kieumau.resources.requirements import Required, known_norm, required, required_of_all, worked_out
from kieumau.units.queries import term, terms

app = typer.Typer(no_args_is_help=True, help="Định mức · Norms")
NormName = Annotated[str, typer.Argument(metavar="NORM", help="Mã định mức, hoặc tệp · code, or NORM.yaml")]
MOST_LINES = 40
UNKNOWN = Text(vi="chưa đủ số liệu", en="not enough data")
STATUS = {
    "verified": Text(vi="đã đọc trong văn bản", en="read in the named text"),
    "reported": Text(vi="theo báo cáo đã công bố", en="taken from a published report"),
    "unverified": Text(vi="chưa kiểm chứng", en="unverified"),
}


@app.command("list")
def list_norms(json_: Json = False, lang: Lang = "") -> None:
    """Các định mức có sẵn · The norms that ship."""
    found = [says(name) for name in shipped()]
    if json_:
        as_json([norm.model_dump(mode="json", by_alias=True, exclude_none=True) for norm in found])
        return
    table = Table("", "")
    for norm in found:
        table.add_row(escape(norm.code), escape(norm.title.text().in_(language(lang))))
    out.print(table)


@app.command()
def show(norm: NormName, json_: Json = False, lang: Lang = "") -> None:
    """Một định mức nói gì · What a norm says, and where it comes from."""
    with refusals(lang, json_):
        said = says(norm)
    if json_:
        as_json(said.model_dump(mode="json", by_alias=True, exclude_none=True))
        return
    spoken = language(lang)
    out.print(f"[bold]{escape(said.title.text().in_(spoken))}[/bold]")
    out.print(escape(said.summary.text().in_(spoken)))
    out.print(escape(f"{said.basis.document} · {STATUS[said.verification].in_(spoken)}"))
    out.print(escape(" ".join(said.formula.split())))
    if said.notes:
        out.print(escape(said.notes.text().in_(spoken)))


@app.command("try")
def try_norm(
    norm: NormName,
    period: Annotated[str, typer.Option("--period", help="Kỳ · period: 2026-11")] = "",
    unit: Annotated[str, typer.Option("--unit", help="Mã đơn vị · unit code")] = "",
    figure: Annotated[
        list[str] | None, typer.Option("--figure", help="Thử với số này · with this figure: population=4500")
    ] = None,
    class_: Annotated[str, typer.Option("--class", help="Loại đơn vị · class of the unit")] = "",
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Cần bao nhiêu theo định mức · What a unit needs, or all of them, or one with figures given here."""
    with refusals(lang, json_):
        readable = known_norm(norm)
        if figure:
            said = readable.norm
            first = library.calendar(said.period.calendar).containing(said.period.kind, said.effective.starts)
            _show_one(readable, worked_out(readable, _figures(figure), class_, first), json_, lang)
            return
        window = _window(readable, period)
        if unit:
            found = term(unit, library.calendar(window.calendar).last_day(window))
            _show_one(readable, required(readable, found.unit_id, window), json_, lang)
            return
        needed = required_of_all(readable, window)
    _show_all(readable, window, needed, json_, lang)


def _window(norm: Readable, period: str) -> Window:
    """The period asked for, in the norm's own calendar. Raises Refused where none is."""
    if not period:
        reason = Text(vi="Thiếu kỳ.", en="The period is missing.")
        hint = Text(
            vi="Thêm --period 2026-11, hoặc --figure population=4500.",
            en="Add --period 2026-11, or --figure population=4500.",
        )
        raise Refused([Problem("no-period", reason, hint)])
    return library.window(period, norm.norm.period.calendar)


def _figures(given: list[str]) -> dict[str, OperandValue]:
    """`population=4500` as figures by indicator. Raises Refused for what is no number."""
    found: dict[str, OperandValue] = {}
    for text in given:
        code, _, number = text.partition("=")
        try:
            value = Decimal(number.replace("_", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            reason = Text(vi=f"“{text}” không phải là mã=số.", en=f"“{text}” is not code=number.")
            hint = Text(vi="Ví dụ: population=4500.", en="For example: population=4500.")
            raise Refused([Problem("not-a-figure", reason, hint)])
        found[code.strip()] = OperandValue.of(value)
    return found


def _show_one(norm: Readable, found: Required, json_: bool, lang: str) -> None:
    if json_:
        value = None if found.value is None else str(found.value)
        as_json({"norm": norm.norm.code, "required": value, "trace": found.trace.as_dict()})
        return
    out.print(f"[bold]{escape(_amount(norm, found.value, lang))}[/bold]")
    out.print(escape(sentence(found.trace, catalogue(), language(lang))))


def _amount(norm: Readable, value: Fraction | None, lang: str) -> str:
    if value is None:
        return UNKNOWN.in_(language(lang))
    return f"{format_number(value, None, language(lang))} {norm.norm.measure.text().in_(language(lang))}"


def _show_all(
    norm: Readable, window: Window, needed: dict[int, Fraction | None], json_: bool, lang: str
) -> None:
    """How many units need how much; for programs every unit by itself."""
    if json_:
        day = library.calendar(window.calendar).last_day(window)
        codes = dict(terms(day).filter(unit_id__in=list(needed)).values_list("unit_id", "code"))
        units = {codes[unit_id]: None if one is None else str(one) for unit_id, one in needed.items()}
        as_json({"norm": norm.norm.code, "required": units})
        return
    counts = sorted(Counter(needed.values()).items(), key=lambda pair: (pair[0] is None, pair[0] or 0))
    table = Table(
        norm.norm.measure.text().in_(language(lang)), Text(vi="đơn vị", en="units").in_(language(lang))
    )
    for value, unit_count in counts[:MOST_LINES]:
        table.add_row(escape(_amount(norm, value, lang)), str(unit_count))
    out.print(table)
    total = sum((value for value in needed.values() if value is not None), Fraction(0))
    said = Text(vi=f"{len(needed)} đơn vị", en=f"{len(needed)} units").in_(language(lang))
    out.print(escape(f"{said}: {_amount(norm, total, lang)}"))
