"""Calendars as tables: which days a period covers, and which period is meant by a word."""

from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.calendars import library
from kieumau.calendars.rules import KINDS
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Refused, Text

# calendar, period            first day       last day       (domain facts, section 3)
BOUNDS = [
    ("civil:2026-02", "2026-02-01", "2026-02-28"),
    ("civil:2024-02", "2024-02-01", "2024-02-29"),
    ("civil:2026-Q3", "2026-07-01", "2026-09-30"),
    ("civil:2026-H2", "2026-07-01", "2026-12-31"),
    ("civil:2026-9M", "2026-01-01", "2026-09-30"),
    ("nd09:2026-01", "2025-12-15", "2026-01-14"),
    ("nd09:2026-11", "2026-10-15", "2026-11-14"),
    ("nd09:2026-Q1", "2025-12-15", "2026-03-14"),
    ("nd09:2026-H1", "2025-12-15", "2026-06-14"),
    ("nd09:2026-H2", "2026-06-15", "2026-12-14"),
    ("nd09:2026-9M", "2025-12-15", "2026-09-14"),
    ("nd09:2026", "2025-12-15", "2026-12-14"),
    ("tt124-area:2026", "2025-11-01", "2026-10-31"),
    ("tt124-commune:2026", "2025-11-16", "2026-11-15"),
    ("teams:2026", "2025-11-15", "2026-11-14"),
    ("city-1022:2025-10", "2025-09-25", "2025-10-24"),
]

# of this period                previous              same period last year   year to date
NEIGHBOURS = [
    ("civil:2026-01", "civil:2025-12", "civil:2025-01", "civil:2026-01"),
    ("nd09:2026-03", "nd09:2026-02", "nd09:2025-03", "nd09:2026-01..2026-03"),
    ("nd09:2026-Q1", "nd09:2025-Q4", "nd09:2025-Q1", "nd09:2026-Q1"),
    ("civil:2026-H2", "civil:2026-H1", "civil:2025-H2", "civil:2026-H1..2026-H2"),
    ("civil:2026-9M", None, "civil:2025-9M", "civil:2026-9M"),
    ("tt124-commune:2026", "tt124-commune:2025", "tt124-commune:2025", "tt124-commune:2026"),
    ("city-1022:2026-01", "city-1022:2025-12", "city-1022:2025-01", "city-1022:2026-01"),
]

# window wanted         from periods of      days off   gives
TILES = [
    ("civil:2026", "civil", "month", 0, "2026-01..2026-12"),
    ("civil:2026-Q2", "civil", "month", 0, "2026-04..2026-06"),
    ("nd09:2026-9M", "nd09", "month", 0, "2026-01..2026-09"),
    ("teams:2026", "nd09", "month", 0, "2025-12..2026-11"),
    ("tt124-commune:2026", "nd09", "month", 0, None),
    ("tt124-commune:2026", "nd09", "month", 1, "2025-12..2026-11"),
    ("tt124-area:2026", "civil", "month", 0, "2025-11..2026-10"),
    ("civil:2026-01", "civil", "year", 0, None),
    ("city-1022:2026-01", "civil", "month", 0, None),
    ("nd09:2026-02", "civil", "month", 13, None),
    ("nd09:2026-02", "civil", "month", 14, "2026-01"),
    ("nd09:2026-02", "civil", "month", 15, "2026-01"),
    ("nd09:2026-02", "city-1022", "month", 10, "2026-02"),
    # at the first and the last year
    ("civil:2089", "civil", "month", 0, "2089-01..2089-12"),
    ("civil:1990", "nd09", "month", 15, "1990-02..1991-01"),
    ("nd09:1990-01", "civil", "month", 15, None),
    ("nd09:1990-9M", "civil", "nine_months", 0, None),
    ("civil:2089-12", "nd09", "month", 15, None),
    ("civil:2089", "teams", "year", 15, None),
]


def name(window: Window | None) -> str | None:
    return (
        None
        if window is None
        else f"{window.calendar}:{library.calendar(window.calendar).period_code(window)}"
    )


@pytest.mark.parametrize(("code", "first", "last"), BOUNDS)
def test_days_of_a_period(code: str, first: str, last: str) -> None:
    window = library.window(code)
    calendar = library.calendar(window.calendar)
    assert calendar.bounds(window)[0] == date.fromisoformat(first)
    assert calendar.last_day(window) == date.fromisoformat(last)


@pytest.mark.parametrize(("code", "previous", "year_ago", "to_date"), NEIGHBOURS)
def test_neighbours_of_a_period(code: str, previous: str | None, year_ago: str, to_date: str) -> None:
    window = library.window(code)
    calendar = library.calendar(window.calendar)
    assert name(calendar.previous(window)) == previous
    assert name(calendar.year_ago(window)) == year_ago
    assert name(calendar.to_date(window)) == to_date


@pytest.mark.parametrize(("wanted", "calendar", "kind", "slack", "run"), TILES)
def test_a_window_is_made_of_reporting_periods(
    wanted: str, calendar: str, kind: str, slack: int, run: str | None
) -> None:
    found = library.tile(library.window(wanted), calendar, kind, slack)
    assert (found and library.calendar(calendar).period_code(found)) == run


def test_the_city_counts_from_noon_to_noon() -> None:
    window = library.window("city-1022:2025-10")
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    assert library.calendar("city-1022").moments(window) == (
        datetime(2025, 9, 25, 12, tzinfo=zone),
        datetime(2025, 10, 25, 12, tzinfo=zone),
    )


@pytest.mark.parametrize(
    "code", ["civil:2026-13", "civil:26", "teams:2026-11", "nd08:2026-01", "2026-01", "x"]
)
def test_an_unknown_period_is_refused_in_words(code: str) -> None:
    with pytest.raises(Refused) as caught:
        library.window(code)
    problem = caught.value.problems[0]
    assert problem.hint
    assert problem.reason.vi != problem.reason.en


KINDS_OF = [
    (code, kind) for code, calendar in library.calendars().items() for kind in calendar.definition.kinds
]


@given(st.sampled_from(KINDS_OF), st.integers(1995, 2080), st.integers(1, 12))
def test_periods_follow_each_other_without_gap(which: tuple[str, str], year: int, number: int) -> None:
    calendar, kind = library.calendar(which[0]), which[1]
    window = calendar.period(kind, year, (number - 1) % calendar.per_year(kind) + 1)
    assert calendar.window(calendar.period_code(window)) == window
    assert [library.decode(number) for number in calendar.period_ids(window)] == [window]
    assert Window.from_key(window.key) == window
    previous = calendar.previous(window)
    if kind == "nine_months":
        assert previous is None
        return
    assert previous
    assert calendar.bounds(previous)[1] == calendar.bounds(window)[0]
    first, end = calendar.bounds(window)
    for day in (first, end - timedelta(days=1)):
        assert calendar.containing(kind, day) == window
    three = calendar.last(window, 3)
    assert three
    assert calendar.length(three) == 3


def test_slack_moves_the_ends_but_makes_no_month_longer() -> None:
    """Every period of every calendar from 1990 and 2024 to 2028 and 2089, in periods of every other."""
    for (code, kind), (other, other_kind) in product(KINDS_OF, KINDS_OF):
        own, theirs = library.calendar(code), library.calendar(other)
        for year, number in product((1990, *range(2024, 2029), 2089), range(1, own.per_year(kind) + 1)):
            window = own.period(kind, year, number)
            before: Window | None = None
            for slack in range(16):
                run = library.tile(window, other, other_kind, slack)
                assert before in (None, run), "more slack only ever finds a run where there was none"
                before = run
                if run is None:
                    continue
                months = theirs.length(run) * KINDS[other_kind][1]
                assert months == KINDS[kind][1], (own.period_code(window), code, other, slack)
                for day, found in zip(own.bounds(window), theirs.bounds(run), strict=True):
                    assert abs(day - found) <= timedelta(days=slack)


@given(st.sampled_from(["civil", "nd09"]), st.sampled_from(sorted(KINDS)), st.integers(1995, 2080))
def test_months_tile_every_longer_period(code: str, kind: str, year: int) -> None:
    calendar = library.calendar(code)
    window = calendar.period(kind, year, 1)
    run = library.tile(window, code, "month")
    assert run
    assert calendar.bounds(run) == calendar.bounds(window)
    assert calendar.length(run) == KINDS[kind][1]


@pytest.mark.parametrize(
    ("code", "period", "vi", "en"),
    [
        ("nd09", "2025-09", "15/08 – 14/09/2025", "15 Aug – 14 Sep 2025"),
        ("nd09", "2026-01", "15/12/2025 – 14/01/2026", "15 Dec 2025 – 14 Jan 2026"),
        ("civil", "2025-Q3", "01/07 – 30/09/2025", "1 Jul – 30 Sep 2025"),
    ],
)
def test_the_days_of_a_period_in_short(code: str, period: str, vi: str, en: str) -> None:
    own = library.calendar(code)
    assert own.days(own.window(period)) == Text(vi=vi, en=en)
