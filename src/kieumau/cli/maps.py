"""What `kieumau figures get --map` says: the value there, its mark, a year ago, its origins."""

from datetime import date
from fractions import Fraction
from typing import Any

from rich.markup import escape
from rich.table import Table

from kieumau.calendars import library
from kieumau.cli.say import STATES, as_json, language, out
from kieumau.formulas.values import State
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.maps.comparing import UNCHANGED, WAS_ZERO
from kieumau.indicators.maps.queries import MappedValue, YearOnYear, year_on_year
from kieumau.indicators.maps.rules import MARKS, Map, read_map
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import exact_decimals, format_number, format_share
from kieumau.units.queries import term


def show_on_map(
    unit: str, indicator: str, period: str, map_: str, *, today: date, json_: bool = False, lang: str = ""
) -> None:
    """Print a figure on a map, with its mark and the year-on-year. Raises `Refused`.

    The unit's code is looked up on the map's own day (as reported: on the last day of the period).
    """
    known = catalogue()
    if indicator not in known:
        reason = Text(
            vi=f"Trên bản đồ chỉ xem được chỉ tiêu có tên, không phải công thức “{indicator}”.",
            en=f"Only an indicator by its code can be shown on a map, not the formula “{indicator}”.",
        )
        raise Refused([Problem("unknown-indicator", reason)])
    found = known[indicator]
    window = library.window(period, found.calendar)
    calendar = library.calendar(window.calendar)
    on = read_map(map_, today=today)
    place = term(unit, on.day or calendar.last_day(window))
    pair = year_on_year(place.unit_id, [indicator], window, on)[indicator]
    if json_:
        as_json(
            {
                "unit": place.code,
                "name": place.full_name("en"),
                "indicator": indicator,
                "period": f"{window.calendar}:{calendar.period_code(window)}",
                "map": on.word,
                **_as_dict(pair.now, found),
                "year_ago": _as_dict(pair.before, found),
                "change": number_text(pair.change),
                "comparability": {
                    "mark": pair.mark.name.lower(),
                    "why": pair.judged.why,
                    "marks": [{"mark": one.mark.name.lower(), "why": one.why} for one in pair.judged.every],
                },
            }
        )
        return
    _show(
        place.full_name(language(lang)),
        found,
        calendar.label(window).in_(language(lang)),
        on,
        pair,
        language(lang),
    )


def _as_dict(value: MappedValue, indicator: Definition) -> dict[str, Any]:
    reported, expected = value.counted
    return {
        "state": value.state.name.lower(),
        "value": number_text(value.value),
        "mark": value.mark.name.lower(),
        "why": value.judged.why,
        "reported": reported,
        "expected": expected,
        "origins": [
            {
                "name": origin.name,
                "share": str(origin.share),
                "gave": None if indicator.is_derived else number_text(origin.total),
                "acts": list(origin.acts),
                "bases": list(origin.bases),
            }
            for origin in value.origins
        ],
    }


def _show(name: str, indicator: Definition, period: str, on: Map, pair: YearOnYear, lang: str) -> None:
    maps = {
        "reported": Text(vi="như đã báo cáo", en="as reported"),
        "today": Text(vi="bản đồ hiện nay", en="today's map"),
    }
    where = maps.get(on.word, Text(vi=f"bản đồ ngày {on.word}", en=f"map of {on.word}"))
    table = Table(show_header=False)
    table.add_row(escape(name), escape(indicator.name.in_(lang)))
    table.add_row(f"{period} · {where.in_(lang)}", _said(pair.now, indicator, lang))
    if told := _partial(pair.now):
        table.add_row("", told.in_(lang))
    table.add_row(
        Text(vi="Cùng kỳ năm trước", en="A year ago").in_(lang), _said(pair.before, indicator, lang)
    )
    if told := _partial(pair.before):
        table.add_row("", told.in_(lang))
    if told := _change(pair, indicator):
        table.add_row(Text(vi="Tăng, giảm", en="Change").in_(lang), told.in_(lang))
    for one in pair.judged.every:
        table.add_row(MARKS[one.mark].in_(lang), escape(one.why.in_(lang)))
    for side in (pair.now, pair.before):
        for origin in side.origins if len(side.origins) > 1 else ():
            # A rate is no sum of what its origins gave.
            is_sum = origin.total is not None and not indicator.is_derived
            gave = f" = {number_text(origin.total, lang)}" if is_sum else ""
            acts = f" ({', '.join(origin.acts)})" if origin.acts else ""
            table.add_row(
                "", escape(f"{format_share(origin.share, lang)} {origin.name.in_(lang)}{gave}{acts}")
            )
    out.print(table)


def _partial(value: MappedValue) -> Text | None:
    """How much of a total is there, where that is not all."""
    reported, expected = value.counted
    if reported >= expected:
        return None
    return Text(vi=f"có {reported}/{expected} số liệu", en=f"{reported} of {expected} figures are there")


def _change(pair: YearOnYear, indicator: Definition) -> Text | None:
    """The change in words: a percentage, of a share points, or why there is none though both are known."""
    change = pair.change
    if change is None:
        return WAS_ZERO if pair.was_zero else None
    if change == 0:
        return UNCHANGED
    if indicator.is_share:
        vi, en = (format_number(change * 100, 1, one) for one in ("vi", "en"))
        return Text(vi=f"{vi} điểm", en=f"{en} points")
    return Text(vi=format_share(change, "vi"), en=format_share(change, "en"))


def _said(value: MappedValue, indicator: Definition, lang: str) -> str:
    if value.state is not State.VALUE or value.value is None:
        return STATES[value.state].in_(lang) if value.state in STATES else STATES[State.MISSING].in_(lang)
    if indicator.is_share:
        return format_share(value.value, lang, indicator.decimals)
    return f"{format_number(value.value, None, lang)} {indicator.measure.in_(lang)}"


def number_text(value: Fraction | None, lang: str = "") -> str:
    """For programs exact: a decimal, else a fraction; for people in their language, six decimals at most."""
    if value is None:
        return ""
    if lang:
        return format_number(value, None, lang)
    decimals = exact_decimals(value)
    return str(value) if decimals is None else format_number(value, decimals, "en").replace(",", "")
