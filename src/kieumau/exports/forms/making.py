"""Forms for one commune or all communes of a unit, with what is known already and last period's figures."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from kieumau.calendars.library import calendar
from kieumau.calendars.library import window as window_of
from kieumau.exports.forms.around import offered
from kieumau.exports.forms.sheets import GROUP, WORDS, FormSheet, Line, Number
from kieumau.exports.periods import as_code, place_named
from kieumau.exports.reported import Cells, own_cells
from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand, Window
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.imports.periods import KIND_NAMES
from kieumau.indicators.queries import catalogue
from kieumau.indicators.runs import runs_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.returns.queries import items, newest_forms
from kieumau.units.models import Level, Term
from kieumau.units.queries import terms

MOST_UNITS = 700


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked: indicators in their groups, for one period, of some communes."""

    title: Text
    window: Window
    asked: tuple[tuple[Text | None, Definition], ...]
    units: tuple[Term, ...]


def ask_form(*, form: str, period: str, unit: str) -> Form:
    """The form of a code (or all plain indicators of a catalogue) for a unit's communes. Raises `Refused`."""
    title, calendar_code, kind, asked = _asked(form)
    window = window_of(as_code(period), calendar_code)
    if (window.calendar, window.kind) != (calendar_code, kind):
        word = KIND_NAMES.get(kind, Text(vi=kind, en=kind))
        reason = Text(
            vi=f"“{title.vi}” hỏi theo từng {word.vi}, không theo kỳ “{period}”.",
            en=f"“{title.en}” is asked for by {word.en}, not for “{period}”.",
        )
        said = _examples(form)
        hint = Text(vi=f"Ví dụ {said}.", en=f"For example {said}.") if said else None
        raise Refused([Problem("other-rhythm", reason, hint)])
    day = calendar(window.calendar).last_day(window)
    place = place_named(unit, day)
    below = [place] if place.level == Level.COMMUNE else list(terms(day, place.path, Level.COMMUNE))
    if not below or len(below) > MOST_UNITS:
        reason = Text(
            vi=f"Mẫu dành cho 1 đến {MOST_UNITS} xã, phường; đơn vị này có {len(below)}.",
            en=f"A form is for 1 to {MOST_UNITS} communes; this unit has {len(below)}.",
        )
        raise Refused([Problem("too-many-units", reason)])
    return Form(title, window, asked, tuple(below))


def _examples(form: str) -> str:
    known = [one for one in newest_forms() if one.code == form]
    return ", ".join(code for one in offered(known, timezone.localdate()) for code in one.periods)


def _asked(code: str) -> tuple[Text, str, str, tuple[tuple[Text | None, Definition], ...]]:
    """Title, calendar, kind and lines of a form of the returns, else of a catalogue."""
    for one in newest_forms():
        if one.code == code:
            lines = tuple((item.group, item.indicator) for item in items(one.pk))
            return Text(vi=one.title_vi, en=one.title_en), one.calendar, one.period_kind, lines
    plain = [one for one in catalogue().values() if one.catalogue == code and not one.is_derived]
    rhythms = {(one.calendar, one.period_kind) for one in plain}
    if len(rhythms) != 1:
        known = [one.code for one in newest_forms()]
        reason = Text(vi=f"Không có mẫu “{code}”.", en=f"There is no form “{code}”.")
        hint = Text(vi=f"Có: {', '.join(known)}.", en=f"There are: {', '.join(known)}.") if known else None
        raise Refused([Problem("no-such-form", reason, hint)])
    ((calendar_code, kind),) = rhythms
    ungrouped: tuple[tuple[Text | None, Definition], ...] = tuple((None, one) for one in plain)
    return Text(vi="Báo cáo số liệu", en="Figures"), calendar_code, kind, ungrouped


def make_sheets(form: Form, language: str) -> list[FormSheet]:
    """A sheet for every unit. Two queries, however many."""
    own = calendar(form.window.calendar)
    before = own.previous(form.window)
    windows = [form.window, before] if before else [form.window]
    operands = [Operand(one.code, window) for window in windows for _, one in form.asked]
    cells = own_cells([unit.unit_id for unit in form.units], list(runs_of(operands, catalogue())))
    code = f"{form.window.calendar}:{own.period_code(form.window)}"
    label = own.label(form.window).in_(language)
    names: set[str] = set()
    sheets = []
    for unit in form.units:
        name = _sheet_name(f"{unit.code} {unit.name}", names)
        about = f"{unit.full_name(language)} · {label}"
        sheet = FormSheet(name, form.title.in_(language), about, unit.register)
        group: Text | None = None
        for heading, one in form.asked:
            if heading and heading != group:
                sheet.lines.append(Line(indicator=GROUP, name=heading.in_(language)))
                group = heading
            sheet.lines.append(_line(unit, one, code, form.window, before, cells, language))
        sheets.append(sheet)
    return sheets


def _line(
    unit: Term,
    one: Definition,
    code: str,
    window: Window,
    before: Window | None,
    cells: Cells,
    language: str,
) -> Line:
    now = cells.get(Operand(one.code, window), {}).get(unit.unit_id)
    last = cells.get(Operand(one.code, before), {}).get(unit.unit_id) if before else None
    line = Line(unit.code, one.code, code, one.name.in_(language), one.measure.in_(language))
    line.decimals, line.is_share = one.decimals, one.is_share
    if last:
        line.before = _exact(last.value) if last.state is State.VALUE else WORDS[last.state].in_(language)
    if now and now.state is State.VALUE:
        line.value = _exact(now.value)
    elif now:
        line.state = WORDS[now.state].in_(language)
    return line


def _exact(value: object) -> Number:
    """A figure of one unit and one period is a decimal."""
    return value if isinstance(value, Number) else None


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a sheet may have: at most 31 letters, none of []:*?/\\, no quote at an end, not taken."""
    tidy = "".join(" " if sign in "[]:*?/\\" else sign for sign in wanted).strip().strip("'")[:31] or "1"
    name, number = tidy, 1
    while name.casefold() in taken:
        number += 1
        name = f"{tidy[:27]} {number}"
    taken.add(name.casefold())
    return name


def file_name(form: Form, units: str, today: date) -> str:
    """A short name for the file, letters, digits and dashes."""
    own = calendar(form.window.calendar)
    safe = "".join(sign for sign in units if sign.isalnum() and sign.isascii())[:20]
    return f"kieumau-{own.period_code(form.window)}-{safe}-{today:%Y%m%d}.xlsx"
