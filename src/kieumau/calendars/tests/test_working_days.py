"""Working days as tables: what a clerk would count on a wall calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.calendars.working_days import NoWorkingDay, WorkingDays, day_of, end_of

# May Day 2025 as decided: Friday 2 May off, Saturday 26 April worked instead.
MAY_2025 = WorkingDays.of(
    off=[date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 2)], worked=[date(2025, 4, 26)]
)

# the day, is it worked?
WORKED = [
    ("2025-04-25", True),  # Friday
    ("2025-04-26", True),  # Saturday, made up
    ("2025-04-27", False),  # Sunday
    ("2025-04-29", True),  # Tuesday
    ("2025-04-30", False),  # Reunification Day
    ("2025-05-01", False),  # Labor Day
    ("2025-05-02", False),  # swapped
    ("2025-05-03", False),  # Saturday
    ("2025-05-05", True),  # Monday
]

# from, working days to add, the day reached
ADDED = [
    ("2025-04-25", 1, "2025-04-26"),  # the Saturday made up counts
    ("2025-04-25", 2, "2025-04-28"),
    ("2025-04-29", 1, "2025-05-05"),  # over three days off and a weekend
    ("2025-04-29", 0, "2025-04-29"),
    ("2025-05-01", 0, "2025-05-05"),  # nothing added to a day off: the next working day
    ("2025-05-01", 1, "2025-05-05"),
    ("2025-05-03", 2, "2025-05-06"),
]

# the event, days of the period, its last day (the day after the event is the first)
PERIODS = [
    ("2025-04-10", 15, "2025-04-25"),
    ("2025-04-10", 16, "2025-04-26"),  # a Saturday, but worked
    ("2025-04-10", 17, "2025-04-28"),  # a Sunday: Monday
    ("2025-04-10", 20, "2025-05-05"),  # 30 April: Monday 5 May
    ("2025-04-10", 22, "2025-05-05"),
]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("on", "is_worked"), WORKED)
def test_a_day_is_worked_or_not(on: str, is_worked: bool) -> None:
    assert MAY_2025.is_working(day(on)) is is_worked


@pytest.mark.parametrize(("start", "count", "reached"), ADDED)
def test_adding_working_days(start: str, count: int, reached: str) -> None:
    assert MAY_2025.add(day(start), count) == day(reached)


@pytest.mark.parametrize(("event", "days", "last"), PERIODS)
def test_a_period_that_ends_on_a_day_off_ends_on_the_next_working_day(
    event: str, days: int, last: str
) -> None:
    assert MAY_2025.last_day(day(event), days) == day(last)


def test_a_day_is_over_at_midnight_over_there() -> None:
    over = end_of(date(2025, 5, 5))
    assert over == datetime(2025, 5, 5, 17, tzinfo=UTC)
    assert day_of(over - timedelta(seconds=1)) == date(2025, 5, 5)
    assert day_of(over) == date(2025, 5, 6)
    with pytest.raises(ValueError, match="time zone"):
        day_of(over.replace(tzinfo=None))


def test_a_table_without_working_days_is_noticed() -> None:
    everything = WorkingDays.of(off=[date(2025, 1, 1) + timedelta(days=n) for n in range(90)])
    with pytest.raises(NoWorkingDay):
        everything.add(date(2025, 1, 1), 1)
    with pytest.raises(ValueError, match="forward"):
        MAY_2025.add(date(2025, 1, 1), -1)


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.frozensets(DAYS, max_size=20), st.frozensets(DAYS, max_size=20), DAYS, st.integers(1, 40))
def test_adding_reaches_a_working_day_with_as_many_passed(
    off: frozenset[date], worked: frozenset[date], start: date, count: int
) -> None:
    days = WorkingDays(off, worked)
    reached = days.add(start, count)
    assert days.is_working(reached)
    assert days.between(start, reached) == count
    assert days.add(days.add(start, count), 1) == days.add(start, count + 1)
