"""`kieumau figures history` and `figures get --known-on`: what figures were, and who changed them when."""

from datetime import date
from fractions import Fraction
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from kieumau.audit.past import as_known
from kieumau.calendars import library
from kieumau.cli import clock
from kieumau.cli.maps import number_text
from kieumau.cli.say import Json, Lang, as_json, language, out, refusals, tell, value_text
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand, Window
from kieumau.home.mapped import Reader
from kieumau.home.places import place
from kieumau.home.viewing import View
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.history import Known, Revision, revisions
from kieumau.indicators.maps.rules import read_map
from kieumau.indicators.queries import catalogue
from kieumau.indicators.runs import runs_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import format_number, format_share
from kieumau.units.models import Term
from kieumau.units.queries import term

UnitCode = Annotated[str, typer.Option(help="Mã đơn vị · unit code")]
IndicatorCode = Annotated[str, typer.Option(help="Mã chỉ tiêu · indicator code")]
PeriodCode = Annotated[str, typer.Option(help="Kỳ · period: 2026-11, 2026-Q3, civil:2026")]


def history(
    unit: UnitCode, indicator: IndicatorCode, period: PeriodCode, json_: Json = False, lang: Lang = ""
) -> None:
    """Mọi lần gửi, sửa, bỏ một số liệu · Everything that was sent, corrected, removed, the latest first."""
    with refusals(lang, json_):
        one, window, where = _asked(unit, indicator, period)
        run = next(iter(runs_of([Operand(one.code, window)], catalogue())), None)
        if run is None:
            reason = Text(
                vi=f"“{indicator}” được tính từ chỉ tiêu khác; hãy xem các chỉ tiêu đó.",
                en=f"“{indicator}” is worked out from other indicators; look at those.",
            )
            raise Refused([Problem("derived-indicator", reason)])
        found = revisions([where.unit_id], run.indicator_id, run.periods)[:]
    if json_:
        as_json([_as_dict(each) for each in found])
        return
    if not found:
        tell("Đơn vị chưa gửi gì.", "The unit has sent nothing.", lang)
        return
    table = Table()
    for vi, en in (
        ("Khi nào", "When"),
        ("Trước", "Before"),
        ("Sau", "After"),
        ("Ai", "Who"),
        ("Nguồn", "Source"),
    ):
        table.add_column(Text(vi=vi, en=en).in_(language(lang)))
    for each in found:
        whence = f"{each.source}, {each.cell.told.in_(language(lang))}" if each.cell else each.source
        why = f"{each.remarks} · {whence}" if each.remarks else whence
        at = f"{each.at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"
        table.add_row(at, _said(each.old, lang), _said(each.new, lang), escape(each.by), escape(why))
    out.print(table)


def show_known(
    unit: str,
    indicator: str,
    period: str,
    map_: str,
    known_on: date,
    *,
    today: date,
    json_: bool = False,
    lang: str = "",
) -> None:
    """Print a figure as it was known at the end of a day. Raises `Refused`."""
    view = View(read_map(map_, today=today), known_on)
    with as_known(view.known_at) as known:
        one, window, where = _asked(unit, indicator, period)
        stands = place(where.unit_id, today)
        if stands is None:
            raise AssertionError("a unit with a code has a name")
        shown = Reader(stands, view, catalogue(), [(one, window)]).shown(one, window)
    calendar = library.calendar(window.calendar)
    reported, expected = shown.amount.reported, shown.amount.expected
    if json_:
        as_json(
            {
                "unit": where.code,
                "name": where.full_name("en"),
                "indicator": indicator,
                "period": f"{window.calendar}:{calendar.period_code(window)}",
                "map": view.on.word,
                "known_on": known_on,
                "state": shown.state.name.lower(),
                "value": None if shown.value is None else number_text(Fraction(shown.value)),
                "reported": reported,
                "expected": expected,
            }
        )
        return
    table = Table(show_header=False)
    table.add_row(escape(where.full_name(language(lang))), escape(one.name.in_(language(lang))))
    if shown.value is None:
        said = value_text(shown.state, None, lang)
    elif one.is_share:
        said = format_share(shown.value, language(lang), one.decimals)
    else:
        said = f"{format_number(shown.value, None, language(lang))} {one.measure.in_(language(lang))}"
    table.add_row(calendar.label(window).in_(language(lang)), said)
    told = Text(vi=f"như đã biết đến hết ngày {known_on}", en=f"as known at the end of {known_on}")
    if shown.is_partial:
        told = Text(
            vi=f"{told.vi}; có {reported}/{expected} số liệu",
            en=f"{told.en}; {reported} of {expected} figures",
        )
    table.add_row("", told.in_(language(lang)))
    out.print(table)
    if known.note:
        tell(known.note.vi, known.note.en, lang)


def _asked(unit: str, indicator: str, period: str) -> tuple[Definition, Window, Term]:
    """What the words of the command mean. Raises `Refused`."""
    if (one := catalogue().get(indicator)) is None:
        reason = Text(vi=f"Không có chỉ tiêu “{indicator}”.", en=f"There is no indicator “{indicator}”.")
        raise Refused([Problem("unknown-indicator", reason)])
    window = library.window(period, one.calendar)
    return one, window, term(unit, library.calendar(window.calendar).last_day(window))


def _as_dict(one: Revision) -> dict[str, Any]:
    def side(known: Known | None) -> dict[str, Any] | None:
        return None if known is None else {"state": known.state.name.lower(), "value": known.value}

    window = library.decode(one.period)
    return {
        "period": f"{window.calendar}:{library.calendar(window.calendar).period_code(window)}",
        "at": one.at.astimezone(clock.ZONE).isoformat(),
        "old": side(one.old),
        "new": side(one.new),
        "by": one.by,
        "source": one.source,
        "sheet": one.cell.sheet if one.cell else "",
        "cell": one.cell.address if one.cell else "",
        "mapping": one.mapping,
        "sha256": one.sha256,
        "remarks": one.remarks,
    }


def _said(known: Known | None, lang: str) -> str:
    if known is None:
        return "–"
    if known.state is not State.VALUE or known.value is None:
        return value_text(known.state, None, lang)
    return format_number(known.value, None, language(lang))
