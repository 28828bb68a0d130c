"""The life of an assignment, as a table a layman can read; and how one stands on a day."""

from datetime import date
from itertools import product

import pytest

from kieumau.assignments.rules import (
    NEEDS_REASON,
    NEXT,
    OVER,
    Act,
    Standing,
    State,
    act_of_report,
    allowed,
    due_faults,
    faults,
    refusals,
    report_faults,
    standing,
)

# A row is a state, a column an act; the cell is the state afterwards, `-` where that cannot be done.
TABLE = """
            change    progress  report    send_back close     withdraw  ask       grant     refuse
given       given     given     reported  -         -         withdrawn given     given     given
reported    -         -         -         sent_back closed    withdrawn -         -         reported
sent_back   sent_back sent_back reported  -         -         withdrawn sent_back sent_back sent_back
closed      -         -         -         -         -         -         -         -         -
withdrawn   -         -         -         -         -         -         -         -         -
"""


def test_the_table() -> None:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    for state, *cells in rows:
        for act, cell in zip(head, cells, strict=True):
            found = NEXT.get((State(state), Act(act)))
            assert (found.value if found else "-") == cell, (state, act)


def test_what_is_over_stays_and_every_refusal_has_words() -> None:
    assert all(not allowed(state) for state in OVER)
    for state, act in product(State, set(Act) - {Act.GIVE}):
        found = list(refusals(state, act, reason="vì"))
        assert bool(found) is (act not in allowed(state))
        if act in allowed(state) and act in NEEDS_REASON:
            assert [one.code for one in refusals(state, act, reason=" ")] == ["no-reason"]


DUE = date(2026, 11, 22)
# State, day it was reported, day of looking, how it stands.
STANDS = [
    (State.GIVEN, None, date(2026, 11, 18), Standing.RUNNING),
    (State.GIVEN, None, date(2026, 11, 19), Standing.DUE_SOON),
    (State.GIVEN, None, date(2026, 11, 22), Standing.DUE_SOON),  # the due day is in time
    (State.GIVEN, None, date(2026, 11, 23), Standing.OVERDUE),
    (State.SENT_BACK, None, date(2026, 11, 22), Standing.SENT_BACK),
    (State.SENT_BACK, None, date(2026, 11, 23), Standing.OVERDUE),
    (State.REPORTED, date(2026, 11, 22), date(2026, 12, 24), Standing.REPORTED),
    (State.REPORTED, date(2026, 11, 23), date(2026, 11, 24), Standing.REPORTED_LATE),
    (State.CLOSED, date(2026, 11, 23), date(2026, 12, 24), Standing.CLOSED),
    (State.WITHDRAWN, None, date(2026, 12, 24), Standing.WITHDRAWN),
]


@pytest.mark.parametrize(("state", "reported_on", "on", "expected"), STANDS)
def test_how_it_stands(state: State, reported_on: date | None, on: date, expected: Standing) -> None:
    assert standing(state, DUE, reported_on, on) is expected


def test_all_of_it_is_a_report_and_less_is_progress() -> None:
    assert [act_of_report(percent) for percent in (0, 99, 100)] == [Act.PROGRESS, Act.PROGRESS, Act.REPORT]
    assert [one.code for one in report_faults(" ", 101)] == ["no-text", "no-share"]


def test_what_is_given_is_due_later_and_so_is_more_time() -> None:
    assert [one.code for one in faults(" ", date(2026, 11, 21), DUE)] == ["no-text", "due-in-the-past"]
    assert not list(faults("Sửa trụ sở", DUE, DUE))
    for wanted, today, count in (
        (date(2026, 11, 23), DUE, 0),
        (DUE, DUE, 1),
        (date(2026, 11, 23), date(2026, 11, 24), 1),
    ):
        assert len(list(due_faults(DUE, wanted, today))) == count
