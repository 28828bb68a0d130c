"""Whoever forgets the filter sees assignments and visits of his units only, under the role that serves."""

from typing import Any

import pytest
from django.db import Error, transaction

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import column, serving
from kieumau.assignments import actions
from kieumau.assignments.models import Assignment, Participant, Report, Turn, Visit
from kieumau.assignments.tests.conftest import NOW, Cast, given, visit
from kieumau.assignments.tests.test_life import done


@pytest.fixture
def rows(cast: Cast) -> Cast:
    """An assignment of An Bình (with Cái Khế), reported on, and a visit there."""
    task = given(cast)
    done(task, cast)
    actions.record_visit(visit(cast), actor=cast.office, now=NOW)
    return cast


def seen(user: Any) -> tuple[int, ...]:
    tables = (Assignment, Turn, Report, Visit, Participant)
    with acting(user), serving():
        return tuple(model.objects.count() for model in tables)


ALL, NOTHING = (1, 2, 1, 1, 1), (0, 0, 0, 0, 0)
SEEN = [
    ("officer", "An Bình", ALL),
    ("programme_office", "Cần Thơ", ALL),
    ("auditor", "Việt Nam", ALL),
    ("officer", "Cái Khế", (1, 2, 1, 0, 0)),  # a partner sees the assignment, not the visit
    ("programme_office", "Đà Nẵng", NOTHING),
    ("officer", "Hải Châu", NOTHING),
    ("administrator", "Việt Nam", NOTHING),
]


@pytest.mark.parametrize(("role", "unit", "expected"), SEEN)
def test_a_forgotten_filter(rows: Cast, role: str, unit: str, expected: tuple[int, ...]) -> None:
    user = User.objects.create_user("chi")
    grant(user, role, rows.units[unit])
    assert seen(user) == expected
    assert seen(None) == NOTHING


def test_what_is_done_is_done_as_the_serving_role(cast: Cast) -> None:
    with acting(cast.office), serving():
        task = given(cast)
    with acting(cast.officer), serving():
        done(task, cast)
    with acting(cast.second), serving():
        actions.close(task.pk, actor=cast.second, now=NOW)
    assert Assignment.objects.get().state == "closed"


def test_nothing_is_written_elsewhere(rows: Cast) -> None:
    with acting(rows.elsewhere), serving():
        assert column("UPDATE assignment SET text = 'x' RETURNING id") == []
        for sql in ("DELETE FROM assignment_turn", "UPDATE assignment_report SET text = 'x'"):
            with pytest.raises(Error), transaction.atomic():
                column(f"{sql} RETURNING id")
        with pytest.raises(Error), transaction.atomic():
            given(rows)


# Who changes what of an assignment of An Bình with Cái Khế, given by Cần Thơ, when no door asks: is it let?
CHANGES = [
    ("officer", "An Bình", "percent = 40", True),
    ("officer", "An Bình", "text = 'x'", False),
    ("officer", "An Bình", "due_on = due_on + 30", False),
    ("officer", "An Bình", "partners = '{}'", False),
    ("officer", "Cái Khế", "percent = 40", False),
    ("programme_office", "Cần Thơ", "text = 'x'", True),
    ("programme_office", "Cần Thơ", "due_on = due_on + 30", True),
    ("programme_office", "Cần Thơ", "owner_id = giver_id", False),
    ("programme_office", "Việt Nam", "text = 'x'", True),
    ("auditor", "Việt Nam", "text = 'x'", False),
    ("programme_office", "Đà Nẵng", "text = 'x'", False),
]


@pytest.mark.parametrize(("role", "unit", "change", "is_let"), CHANGES)
def test_what_is_the_givers_the_owner_does_not_change(
    cast: Cast, role: str, unit: str, change: str, is_let: bool
) -> None:
    given(cast)
    user = User.objects.create_user("chi")
    grant(user, role, cast.units[unit])
    try:
        with acting(user), serving():
            done = column(f"UPDATE assignment SET {change} RETURNING id")
    except Error:
        done = []
    assert bool(done) is is_let


# Who changes what of the ministry's visit to An Bình, when no door asks: is it let?
REWRITES = [
    ("programme_office", "Việt Nam", "purpose = 'x'", True),
    ("programme_office", "Việt Nam", "leader_id = {Cần Thơ}", True),
    ("programme_office", "Việt Nam", "unit_id = {Cái Khế}", False),
    ("programme_office", "Cần Thơ", "purpose = 'x'", False),
    ("programme_office", "Cần Thơ", "leader_id = {Cần Thơ}", False),
    ("programme_office", "Cần Thơ", "leader_id = unit_id, ends_on = ends_on + 1", False),
    ("officer", "An Bình", "purpose = 'x'", False),
    ("auditor", "Việt Nam", "purpose = 'x'", False),
]


def try_as(user: User, sql: str) -> bool:
    """Does it change any row, as the role that serves?"""
    try:
        with acting(user), serving():
            return bool(column(f"{sql} RETURNING 1"))
    except Error:
        return False


@pytest.mark.parametrize(("role", "unit", "change", "is_let"), REWRITES)
def test_who_was_inspected_does_not_rewrite_the_inspection(
    cast: Cast, role: str, unit: str, change: str, is_let: bool
) -> None:
    facts = visit(cast, leader_id=cast.units["Việt Nam"])
    made = actions.record_visit(facts, actor="tests", now=NOW)
    user = User.objects.create_user("chi")
    grant(user, role, cast.units[unit])
    for name, number in cast.units.items():
        change = change.replace(f"{{{name}}}", str(number))
    assert try_as(user, f"UPDATE visit SET {change} WHERE id = {made.pk}") is is_let
    parts = ("visit_participant", "visit_observation", "visit_conclusion")
    gone = [try_as(user, f"DELETE FROM {table} WHERE visit_id = {made.pk}") for table in parts]
    assert gone == [(role, unit) == ("programme_office", "Việt Nam")] * 3


def test_a_visit_of_others_is_not_made_up(cast: Cast) -> None:
    """Nobody puts down that another unit inspected, unless he records for that too."""
    with acting(cast.office), serving():
        actions.record_visit(visit(cast), actor=cast.office, now=NOW)
        with pytest.raises(Error), transaction.atomic():
            actions.record_visit(visit(cast, leader_id=cast.units["Việt Nam"]), actor=cast.office, now=NOW)
