"""Do the figures fit the periods that a set is judged for? How many days they are off, and what would fit.

Figures are reported for periods of their own calendar (from the 15th to the 14th); a set is judged for
periods of its calendar. Days off are counted at each end, to the nearest beginning of a reporting period.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import calendars, tile
from kieumau.criteria.faults import Fault
from kieumau.criteria.rules import Definition
from kieumau.criteria.trees import Trees, operands_that_do_not_fit
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Refused, Text

MOST_SLACK = 15
# As the form of a set's head labels it (`builder_forms.HeadForm`).
BOX = Text(vi="Cho phép số liệu lệch mấy ngày", en="Figures may be off by so many days")
Reported = tuple[str, str]
_EVERY = {
    "month": Text(vi="theo tháng", en="by months"),
    "quarter": Text(vi="theo quý", en="by quarters"),
    "half": Text(vi="theo nửa năm", en="by half-years"),
    "nine_months": Text(vi="theo chín tháng", en="by nine months"),
    "year": Text(vi="theo năm", en="by years"),
}


@dataclass(frozen=True, slots=True)
class Off:
    """How far a period is from whole reporting periods, in days at its beginning and at its end.

    `slack` is the number of days that would have to be allowed; None where no number would do.
    """

    at_start: int
    at_end: int
    slack: int | None


def first_window(calendar_code: str, kind: str, day: date) -> Window:
    """The period of a calendar that holds a day. Raises Refused for a kind the calendar does not have."""
    calendar = calendar_of(calendar_code)
    calendar.per_year(kind)
    if not calendar.tiles_year(kind):
        return calendar.period(kind, day.year, 1)
    return calendar.containing(kind, day)


def off(window: Window, reported: Reported) -> Off:
    """How far a window is from whole reporting periods (calendar, kind)."""
    code, kind = reported
    calendar = calendar_of(code)
    starts_on, ends_before = calendar_of(window.calendar).bounds(window)
    if not calendar.tiles_year(kind):
        return Off(0, 0, 0 if tile(window, code, kind) else None)
    ends = [_days_off(code, kind, day) for day in (starts_on, ends_before)]
    cut = calendar_of(window.calendar).definition.cut_time != calendar.definition.cut_time
    needed = max(*ends, int(cut))
    fits = needed <= MOST_SLACK and tile(window, code, kind, needed) is not None
    return Off(ends[0], ends[1], needed if fits else None)


def _days_off(code: str, kind: str, day: date) -> int:
    """To the nearest beginning of a reporting period."""
    calendar = calendar_of(code)
    starts_on, ends_before = calendar.bounds(calendar.containing(kind, day))
    return min(day - starts_on, ends_before - day).days


def slack_for(window: Window, reported: Iterable[Reported]) -> int | None:
    """The days that must be allowed for figures reported in these ways; None where no number would do."""
    needed = [off(window, one).slack for one in reported]
    known = [days for days in needed if days is not None]
    return max(known, default=0) if len(known) == len(needed) else None


def misfits(
    definition: Definition, trees: Iterable[Trees], reported: Mapping[str, Reported]
) -> Iterator[Fault]:
    """Figures that cannot be had for the set's periods, tried on the first one it is in force for.

    Once for each way of reporting, not for each indicator.
    """
    window = first_window(definition.period.calendar, definition.period.kind, definition.effective.starts)
    found: dict[Reported, list[Window]] = {}
    for one in trees:
        for operand in operands_that_do_not_fit(one, window, definition.figures_slack_days, reported):
            found.setdefault(reported[operand.indicator], []).append(operand.window)
    for way, windows in found.items():
        worst = max(windows, key=lambda asked: _badness(off(asked, way)))
        yield _fault(definition, window, off(worst, way), worst, way)


def _badness(found: Off) -> int:
    return 1000 if found.slack is None else found.slack


def _fault(definition: Definition, window: Window, found: Off, asked: Window, way: Reported) -> Fault:
    fitting = _fitting(window, way)
    if found.slack is None and not (found.at_start or found.at_end):
        reason = Text(
            vi=f"Số liệu {_reporting(way).vi}; công thức hỏi khoảng {_days(asked)}, "
            "không ghép được từ các kỳ ấy.",
            en=f"Figures {_reporting(way).en}; a formula asks for {_days(asked)}, "
            "which cannot be put together from those periods.",
        )
        return Fault(("period",), "figures-do-not-fit", reason, _only(fitting))
    vi = f"lệch {found.at_start} ngày ở đầu và {found.at_end} ngày ở cuối"
    en = f"is off by {_so_many(found.at_start)} at its beginning and {_so_many(found.at_end)} at its end"
    reason = Text(
        vi=f"Số liệu {_reporting(way).vi}; kỳ đánh giá {_days(asked)} {vi}.",
        en=f"Figures {_reporting(way).en}; the period judged, {_days(asked)}, {en}.",
    )
    if found.slack is None or definition.base is not None:
        return Fault(("period",), "figures-do-not-fit", reason, _only(fitting))
    hint = Text(
        vi=f"Cho phép lệch {found.slack} ngày (ô “{BOX.vi}”)"
        + (f", hoặc chọn kỳ {fitting[0].vi}." if fitting else "."),
        en=f"Allow {_so_many(found.slack)} (the box “{BOX.en}”)"
        + (f", or choose the period {fitting[0].en}." if fitting else "."),
    )
    return Fault(("period",), "figures-do-not-fit", reason, hint, found.slack)


def _only(fitting: list[Text]) -> Text:
    if not fitting:
        return Text(vi="Không kỳ nào ghép khít với số liệu ấy.", en="No period fits those figures.")
    return Text(
        vi=f"Kỳ ghép khít: {'; '.join(one.vi for one in fitting)}.",
        en=f"Periods that fit: {'; '.join(one.en for one in fitting)}.",
    )


def _fitting(window: Window, way: Reported) -> list[Text]:
    """The periods that fit without a gap: those of the same kind first, the nearest first; at most four."""
    bounds = calendar_of(window.calendar).bounds(window)
    rows: list[tuple[bool, int, str, Window]] = []
    for code, calendar in calendars().items():
        for kind in calendar.definition.kinds:
            try:
                other = first_window(code, kind, bounds[0] + (bounds[1] - bounds[0]) / 2)
            except Refused:
                continue
            if tile(other, *way) is not None:
                distance = abs((calendar.bounds(other)[0] - bounds[0]).days)
                rows.append((kind != window.kind, distance, code, other))
    rows.sort(key=lambda row: row[:3])
    same = [row for row in rows if not row[0]] or rows
    return [_named(row[3]) for row in same[:4]]


def _named(window: Window) -> Text:
    """A period by its days (a year) or by its kind: “15/11–14/11”, “theo quý, từ 15/12”."""
    if window.kind == "year":
        return Text(vi=_days(window), en=_days(window))
    name, every = calendar_of(window.calendar).definition.name, _EVERY[window.kind]
    return Text(vi=f"{every.vi} ({name.vi})", en=f"{every.en} ({name.en})")


def _days(window: Window) -> str:
    """First and last day without the year: “16/11–15/11”."""
    starts_on, ends_before = calendar_of(window.calendar).bounds(window)
    last = ends_before - timedelta(days=1)
    return f"{starts_on.day}/{starts_on.month}–{last.day}/{last.month}"


def _reporting(way: Reported) -> Text:
    """From which day to which figures are reported."""
    code, kind = way
    begins = calendar_of(code).definition.year_begins
    if kind != "month":
        return Text(
            vi=f"báo cáo {_EVERY[kind].vi} kể từ ngày {begins.day}/{begins.month}",
            en=f"are reported {_EVERY[kind].en} from {begins.day}/{begins.month} on",
        )
    if begins.day == 1:
        return Text(vi="báo cáo theo tháng dương lịch", en="are reported by calendar months")
    return Text(
        vi=f"báo cáo từ ngày {begins.day} đến ngày {begins.day - 1}",
        en=f"are reported from day {begins.day} of a month to day {begins.day - 1} of the next",
    )


def _so_many(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"
