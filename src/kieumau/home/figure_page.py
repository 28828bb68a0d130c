"""The page of one figure: on a map, beside a year ago; whose figures it is made of; what was revised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language

from kieumau.assessments.page_rows import full_name
from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import decode
from kieumau.formulas.windows import Window
from kieumau.home.absent import absence
from kieumau.home.mapped import NOTHING, Reader, Shown, change_of, from_zero, parts_of
from kieumau.home.periods import latest_periods
from kieumau.home.places import Place, kinds_at_the_bottom
from kieumau.home.rolled import difference_told, own_lacking
from kieumau.home.viewing import View
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.history import RevisedBelow, Revision, revised_below, revisions, told
from kieumau.indicators.maps.rules import MARKS, Judged, Origin
from kieumau.indicators.runs import Run
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.units.models import Level
from kieumau.web.paging import PAGE

PERIOD = "ky"
SIZE = 50


@dataclass(frozen=True, slots=True)
class Side:
    """The figure in one of the two periods that are compared, and whose figures it is made of."""

    label: Text
    code: str
    shown: Shown
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class PartOfFormula:
    """An indicator that a derived one is made of. `code` is empty where its window is no single period."""

    indicator: Definition
    label: Text
    code: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Step:
    """A period to go to."""

    label: Text
    code: str


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A revision as the page shows it; `old_words` and `new_words` say why there is no value.

    `name` is that of the unit that sent it, where it is not the one of the page alone.
    """

    revision: Revision
    name: Text
    at: datetime
    period: Text
    old_words: Text | None
    new_words: Text | None


@dataclass(frozen=True, slots=True)
class BelowRow:
    """A unit below whose figure was revised, and by how much it moved the total."""

    revised: RevisedBelow
    at: datetime
    name: Text
    first_words: Text | None
    now_words: Text | None


def figure_page(
    stands: Place,
    one: Definition,
    known: Mapping[str, Definition],
    view: View,
    asked: Mapping[str, str],
    today: date,
) -> dict[str, Any]:
    """What the page shows; `problems` say which period was asked for and is none."""
    window, problems = _window(stands, one, view, asked)
    if window is None:
        return {"stands": stands, "one": one, "view": view, "problems": problems, "period": None}
    calendar = calendar_of(window.calendar)
    ago = calendar.year_ago(window)
    windows = [window, ago] if ago else [window]
    reader = Reader(stands, view, known, [(one, each) for each in windows])
    now = reader.shown(one, window)
    before = reader.shown(one, ago) if ago else NOTHING
    parts = [
        _part(known[each.indicator], each.window, reader.part(each))
        for each in (parts_of(one, window, known) if one.formula else ())
    ]
    return {
        "stands": stands,
        "one": one,
        "view": view,
        "absent": absence(stands, view, today),
        "days": calendar.days(window),
        "kept": [(PERIOD, calendar.period_code(window))],
        "problems": [*problems, *view.problems],
        "sides": [_side(each, shown) for each, shown in zip(windows, (now, before), strict=False)],
        "parts": parts,
        "lacking": _lacking(parts) if now.value is None else [],
        "marks": list(MARKS),
        **_around(window, view.known_on or today),
        **_compared(one, now, before, reader.between(one, window, now, before)),
        **_beside_its_own(stands, one, reader, window, now),
        **_history(stands, one, reader, window, view, asked),
    }


def _around(window: Window, until: date) -> dict[str, Any]:
    """The period shown, those beside it and those to choose from."""
    calendar = calendar_of(window.calendar)
    return {
        "period": calendar.label(window),
        "period_code": calendar.period_code(window),
        "periods": _periods(window, until, get_language() or "vi"),
        "previous": _step(window, -1),
        "next": _step(window, 1),
    }


def _compared(one: Definition, now: Shown, before: Shown, judged: Judged | None) -> dict[str, Any]:
    """The figure against that of a year ago."""
    return {
        "now": now,
        "before": before,
        "judged": judged,
        "change": change_of(one, now.value, before.value, judged),
        "from_zero": not one.is_share and from_zero(now.value, before.value, judged),
        "polarity": 0 if now.is_partial or before.is_partial else one.polarity,
    }


def _beside_its_own(
    stands: Place, one: Definition, reader: Reader, window: Window, now: Shown
) -> dict[str, Any]:
    """What a unit that others report to says itself, and how far it is from the total. One query, or two."""
    own = reader.reported(one, window)
    kinds = kinds_at_the_bottom(reader.now.revision, stands.root.id, stands.day) if own else []
    return {
        "own": own,
        "difference": _difference(own, now),
        "unplaced": difference_told(one, own.value, now, kinds) if own else None,
        "own_lacking": own_lacking(one, own),
    }


def _lacking(parts: Sequence[PartOfFormula]) -> list[str]:
    """The parts without a value, in the language of the page."""
    language = get_language() or "vi"
    return [
        f"{part.indicator.name.in_(language)} ({part.label.in_(language)})"
        for part in parts
        if part.shown.value is None
    ]


def _window(
    stands: Place, one: Definition, view: View, asked: Mapping[str, str]
) -> tuple[Window | None, list[Problem]]:
    """The period asked for; else the latest with figures."""
    problems = []
    if code := asked.get(PERIOD, "").strip():
        try:
            return calendar_of(one.calendar).window(code), []
        except Refused as refused:
            problems = refused.problems
    last_day = min((day for day in (stands.unit.ended_on, view.known_on) if day), default=None)
    latest = latest_periods(stands, last_day, view.known_at)
    return latest.get((one.calendar, one.period_kind)), problems


def _side(window: Window, shown: Shown) -> Side:
    calendar = calendar_of(window.calendar)
    together: dict[tuple[int, Fraction], Origin] = {}
    for origin in shown.origins:
        together.setdefault((origin.unit_id, origin.share), origin)
    return Side(calendar.label(window), calendar.period_code(window), shown, tuple(together.values()))


def _difference(own: Shown | None, now: Shown) -> Fraction | None:
    if own is None or own.value is None or now.value is None:
        return None
    return Fraction(own.value) - Fraction(now.value)


def _part(one: Definition, window: Window, shown: Shown) -> PartOfFormula:
    calendar = calendar_of(window.calendar)
    code = calendar.period_code(window) if window.first == window.last else ""
    return PartOfFormula(one, calendar.label(window), code, shown)


def _periods(chosen: Window, until: date, language: str) -> list[tuple[str, str]]:
    """Code and name of the periods to choose from, latest first: two years up to a day, and the chosen."""
    calendar = calendar_of(chosen.calendar)
    found = [chosen]
    try:
        each: Window | None = calendar.containing(chosen.kind, until)
    except Refused:
        each = None
    for _ in range(2 * calendar.per_year(chosen.kind) + 1):
        if each is not None:
            found.append(each)
            each = calendar.previous(each)
    latest_first = sorted(set(found), key=lambda one: one.last, reverse=True)
    return [(calendar.period_code(one), capfirst(calendar.label(one).in_(language))) for one in latest_first]


def _step(window: Window, by: int) -> Step | None:
    """The period before or after; None at the ends of the calendar."""
    calendar = calendar_of(window.calendar)
    if by < 0:
        found = calendar.previous(window)
    else:
        try:
            found = calendar.containing(window.kind, calendar.bounds(window)[1])
        except Refused:
            return None
    return Step(calendar.label(found), calendar.period_code(found)) if found else None


def _history(
    stands: Place, one: Definition, reader: Reader, window: Window, view: View, asked: Mapping[str, str]
) -> dict[str, Any]:
    """The revisions of the unit's own figures and of those it came from, and of those below; a page of each.

    Three queries at most.
    """
    run = next(reader.runs(one, window), None) if not one.formula else None
    if run is None:
        return {"revisions": None, "below": None}
    units = reader.reporters(run.operand)
    page = Paginator(revisions(list(units), run.indicator_id, run.periods, view.known_at), SIZE).get_page(
        asked.get(PAGE)
    )
    names = {unit: origin.name if origin else stands.unit.name for unit, origin in units.items()}
    rows = [
        RevisionRow(
            each, names[each.unit_id], localtime(each.at), _label(each.period), told(each.old), told(each.new)
        )
        for each in page.object_list
    ]
    return {
        "revisions": Page(rows, page.number, cast("Paginator[Any]", page.paginator)),
        "has_many_periods": len(run.periods) > 1,
        "has_many_units": len(units) > 1,
        "below": _below(stands, run, view, asked) if stands.unit.level < Level.COMMUNE else None,
    }


def _below(stands: Place, run: Run, view: View, asked: Mapping[str, str]) -> Page[BelowRow]:
    """A page of the communes below that revised theirs; beyond the last the first. A nation has the same
    communes on every map.
    """
    number = whole_number(asked.get(PAGE), 10**6) or 1
    on = None if stands.unit.level == Level.NATION else view.on.day
    for first in dict.fromkeys((max(number, 1), 1)):
        found, count = revised_below(
            stands.unit.id,
            run.indicator_id,
            run.periods,
            on=on,
            until=view.known_at,
            limit=SIZE,
            offset=(first - 1) * SIZE,
        )
        if found or first == 1:
            break
    rows = [
        BelowRow(each, localtime(each.at), full_name(each.kind, each.name), told(each.first), told(each.now))
        for each in found
    ]
    return Page(rows, first, cast("Paginator[BelowRow]", Paginator(range(count), SIZE)))


def _label(period: int) -> Text:
    window = decode(period)
    return calendar_of(window.calendar).label(window)


def breadcrumb(one: Definition) -> str:
    """The name of the indicator in the language of the page."""
    return one.name.in_(get_language() or "vi")
