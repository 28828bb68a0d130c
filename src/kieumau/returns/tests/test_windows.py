"""When figures may be written and until when a return is in time, to the second, on every road.

All moments are those of Asia/Ho_Chi_Minh. The roads differ at one boundary only: a form is not filled in
before its period is over; figures from elsewhere may come earlier.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from kieumau.returns import guarding, rules
from kieumau.returns.actions import submit
from kieumau.returns.queries import standings
from kieumau.returns.rules import Stage, Timeliness
from kieumau.returns.tests.cast import World, at, load_world
from kieumau.returns.tests.roads import ROADS, refusal

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Case:
    """A period of a unit: when it opens, falls due and is locked."""

    name: str
    unit: str
    period: str
    opens: str
    due: str
    locks: str
    swapped: dict[str, bool] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


# Communes: due after 2 working days, locked after 10. Provinces: 4 and 12.
CASES = [
    Case("a quiet month", "C11", "2026-09", "2026-10-01 00:00", "2026-10-03 00:00", "2026-10-15 00:00"),
    # 1 and 2 September are off, so that the count begins on the 3rd.
    Case("before a feast", "C11", "2026-08", "2026-09-01 00:00", "2026-09-05 00:00", "2026-09-17 00:00"),
    Case("the year's end", "C11", "2026-12", "2027-01-01 00:00", "2027-01-06 00:00", "2027-01-16 00:00"),
    # 28 February; the 1st of March is a Sunday.
    Case("a short month", "C11", "2026-02", "2026-03-01 00:00", "2026-03-04 00:00", "2026-03-14 00:00"),
    # Tết lies between the 10th and the 11th working day.
    Case("around Tết", "P1", "2026-01", "2026-02-01 00:00", "2026-02-06 00:00", "2026-02-25 00:00"),
    # Friday 2 October is off, Saturdays 3 and 10 are worked: due on a Saturday, locked a day earlier.
    Case(
        "swapped days",
        "C11",
        "2026-09",
        "2026-10-01 00:00",
        "2026-10-04 00:00",
        "2026-10-14 00:00",
        {"2026-10-02": False, "2026-10-03": True, "2026-10-10": True},
    ),
]


def moments_of(case: Case) -> list[tuple[datetime, bool, bool]]:
    """A second before each boundary, at it, a second after it; is a form taken then, and what comes else?"""
    opens, due, locks = at(case.opens), at(case.due), at(case.locks)
    return [
        (opens - SECOND, False, True),
        (opens, True, True),
        (opens + SECOND, True, True),
        (due - SECOND, True, True),
        (due, True, True),
        (due + SECOND, True, True),
        (locks - SECOND, True, True),
        (locks, False, False),
        (locks + SECOND, False, False),
    ]


def made(case: Case, folder: Path) -> World:
    """A country in which the period has been opened."""
    return load_world(folder, opened=at(case.opens), since=f"{case.period}-28", swapped=case.swapped)


def wrong_lines(road: str, world: World, case: Case) -> list[str]:
    """The lines of the table that the road does not follow, also with the clock of another zone."""
    wrong = []
    for moment, form_taken, others_taken in moments_of(case):
        expected = form_taken if road == "by hand" else others_taken
        for now in (moment, moment.astimezone(UTC)):
            if (not refusal(ROADS[road], world, case.unit, case.period, now)) is not expected:
                wrong.append(f"{road}, {case}, {now}")
    return wrong


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_road_is_open_to_the_second(case: Case, tmp_path: Path) -> None:
    world = made(case, tmp_path)
    assert [line for road in ROADS for line in wrong_lines(road, world, case)] == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_in_time_is_to_the_second(case: Case, tmp_path: Path) -> None:
    world = made(case, tmp_path)
    world.enter(case.unit, at(case.opens), "1", "1", "1", period=case.period)
    for seconds, expected in ((-1, Timeliness.ON_TIME), (0, Timeliness.LATE), (1, Timeliness.LATE)):
        with transaction.atomic():
            moment = at(case.due) + seconds * SECOND
            report = submit(world.report(case.unit, case.period).pk, actor=world.an, now=moment)
            assert standings([report.deadline_id], at(case.locks))[report.pk] is expected, seconds
            transaction.set_rollback(True)


# Wrong rules, each of which must break the table above. ---------------------------------------------


def of_form(stage: Callable[[datetime, datetime, datetime], Stage]) -> Callable[[pytest.MonkeyPatch], None]:
    """The rule that a form follows, replaced."""
    return lambda patch: patch.setattr(rules, "stage", stage)


def of_guard(was: str, becomes: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The question that is asked before anything is written, with another comparison."""

    def change(patch: pytest.MonkeyPatch) -> None:
        for name in ("_STANDS_AT", "_REFUSED", "_REFUSED_AT"):
            query = getattr(guarding, name)
            assert was in query
            patch.setattr(guarding, name, query.replace(was, becomes))

    return change


def of_trigger(was: str, becomes: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The database's own guard, with another comparison."""

    def change(patch: pytest.MonkeyPatch) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'return_guards_%_figures'"
            )
            for (function,) in cursor.fetchall():
                assert was in function
                cursor.execute(function.replace(was, becomes))

    return change


def both(was: str, becomes: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The question and the database's guard alike."""

    def change(patch: pytest.MonkeyPatch) -> None:
        of_guard(was, becomes)(patch)
        of_trigger(was, becomes)(patch)

    return change


RIGHT = rules.stage
LOCKS = "r.locks_at <= return_now()"
INVERTED, END_INCLUDED = "r.locks_at > return_now()", "r.locks_at < return_now()"
A_SECOND_LATE = "r.locks_at + interval '1 second' <= return_now()"
BY_UTC = "r.locks_at + interval '7 hours' <= return_now()"
MUTANTS = {
    "form, inverted": ("by hand", of_form(lambda a, b, now: Stage.LOCKED if a <= now < b else Stage.OPEN)),
    "form, swapped": ("by hand", of_form(lambda a, b, now: RIGHT(b, a, now))),
    "form, opens late": ("by hand", of_form(lambda a, b, now: RIGHT(a + SECOND, b, now))),
    "asking, inverted": ("by file", of_guard(LOCKS, INVERTED)),
    "database, inverted": ("by file", of_trigger(LOCKS, INVERTED)),
    "both, inverted": ("by file", both(LOCKS, INVERTED)),
    "both, end included": ("by file", both(LOCKS, END_INCLUDED)),
    "both, late": ("by file", both(LOCKS, A_SECOND_LATE)),
    "both, UTC": ("by command", both(LOCKS, BY_UTC)),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_window_breaks_the_table(
    mutant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, (road, change) = CASES[0], MUTANTS[mutant]
    world = made(case, tmp_path)
    assert wrong_lines(road, world, case) == []
    change(monkeypatch)
    assert wrong_lines(road, world, case)
