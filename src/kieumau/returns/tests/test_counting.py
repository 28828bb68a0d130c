"""Completeness and timeliness: exact, by province and nation, and never changed by a later day."""

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kieumau.calendars.days_off import set_day
from kieumau.kernel.messages import Text
from kieumau.kernel.tests.examples import examples
from kieumau.returns.actions import remind, send_back, submit, unlock
from kieumau.returns.models import Deadline, Reminder
from kieumau.returns.queries import rates, standings
from kieumau.returns.rules import Rates, Timeliness
from kieumau.returns.tests.cast import DUE, LOCKED, World, at

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def of_communes(world: World) -> int:
    """The deadline of the communes."""
    return world.report("C11").deadline_id


def whole(world: World, moment: datetime) -> Rates:
    """All communes together as of a moment."""
    deadline = of_communes(world)
    return rates([deadline], moment)[deadline, None]


def send(world: World, unit: str, when: datetime) -> None:
    """Enter and submit at a moment."""
    world.enter(unit, when, "1", "1", "1")
    submit(world.report(unit).pk, actor=world.an, now=when)


def test_in_time_late_missing_and_taken_back_by_hand(world: World) -> None:
    send(world, "C11", DUE - SECOND)
    send(world, "C12", DUE)
    send(world, "C21", at("2026-10-01 09:00"))
    send_back(world.report("C21").pk, actor=world.binh, now=DUE + SECOND, reason="sai")
    counts = {kind.value: count for kind, count in whole(world, LOCKED).counts.items()}
    assert counts == {"on_time": 1, "late": 1, "taken_back": 1, "missing": 2}
    assert whole(world, LOCKED).complete == Fraction(2, 5)
    assert whole(world, LOCKED).timely == Fraction(2, 5)
    provinces = rates([of_communes(world)], LOCKED, by_province=True)
    p1, p2 = (provinces[of_communes(world), world.country.units[code]] for code in ("P1", "P2"))
    assert (p1.owed, p1.of(Timeliness.LATE), p2.owed, p2.of(Timeliness.MISSING)) == (3, 1, 2, 1)
    assert p1 + p2 == whole(world, LOCKED) + Rates({})


def test_before_the_due_moment_nobody_is_late(world: World) -> None:
    send(world, "C11", at("2026-10-01 09:00"))
    counts = {kind.value: count for kind, count in whole(world, DUE - SECOND).counts.items()}
    assert counts == {"on_time": 1, "not_due": 4}


def test_a_rate_of_the_past_is_what_it_was(world: World) -> None:
    send(world, "C11", DUE - SECOND)
    send(world, "C12", DUE + SECOND)
    at_due, at_lock = whole(world, DUE), whole(world, LOCKED)
    later = LOCKED + timedelta(days=30)
    for unit in ("C11", "C12", "C22"):
        until = later + timedelta(days=1)
        unlock(world.report(unit).pk, actor=world.binh, now=later, reason="muộn", until=until)
    send_back(world.report("C11").pk, actor=world.binh, now=later + SECOND, reason="sai")
    send(world, "C22", later + SECOND)
    name = Text(vi="Nghỉ", en="Off")
    set_day(date(2026, 10, 1), is_working=False, name=name, source="thử", actor="an", now=later)
    assert whole(world, DUE) == at_due
    assert whole(world, LOCKED) == at_lock == whole(world, later + timedelta(days=9))
    assert at_lock.complete == Fraction(2, 5)


HOURS = st.integers(0, 24 * 20)


@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.dictionaries(st.sampled_from(["C11", "C12", "C15", "C21", "C22"]), HOURS), HOURS, st.data())
def test_any_order_of_submissions_keeps_rates_between_0_and_1(
    world: World, sent: dict[str, int], asked: int, data: st.DataObject
) -> None:
    """Every example begins with the same world, also behind one that failed."""
    with transaction.atomic():
        _any_order(world, sent, asked, data)
        transaction.set_rollback(True)


def _any_order(world: World, sent: dict[str, int], asked: int, data: st.DataObject) -> None:
    begin = at("2026-10-01 00:00")
    for unit, hours in sorted(sent.items(), key=lambda one: one[1]):
        when = begin + timedelta(hours=hours)
        if when < LOCKED:
            send(world, unit, when)
            if data.draw(st.booleans()) and when + SECOND < LOCKED:
                send_back(world.report(unit).pk, actor=world.binh, now=when + SECOND, reason="sai")
    moment = begin + timedelta(hours=asked)
    found = whole(world, moment)
    for rate in (found.complete, found.timely):
        assert rate is not None
        assert 0 <= rate <= 1
    in_time = [unit for unit, hours in sent.items() if begin + timedelta(hours=hours) < DUE]
    assert found.of(Timeliness.ON_TIME) + found.of(Timeliness.TAKEN_BACK) <= len(in_time)
    assert sum(found.counts.values()) == found.owed == 5
    one_by_one = standings([of_communes(world)], moment)
    assert {kind: list(one_by_one.values()).count(kind) for kind in found.counts} == found.counts


def test_a_page_of_rates_is_one_query(world: World) -> None:
    deadlines = list(Deadline.objects.values_list("id", flat=True))
    with CaptureQueriesContext(connection) as queries:
        rates(deadlines, LOCKED, by_province=True)
    assert len(queries) == 1


# On which day, which reminders are new (due at the end of Friday 2 October)
def test_reminders_are_written_once_each(world: World) -> None:
    send(world, "C11", at("2026-10-01 09:00"))
    now = at("2026-10-01 09:00")
    assert remind(on=date(2026, 9, 30), now=now) == []
    soon = remind(on=date(2026, 10, 1), now=now)
    assert {(one.kind, one.unit) for one in soon} == {
        ("due_soon", name) for name in ("Ân Thi", "Phú Lộc", "Ea Súp", "Ê Đê")
    }
    assert {one.due_on for one in soon} == {date(2026, 10, 2)}
    assert remind(on=date(2026, 10, 1), now=now) == []
    late = remind(on=date(2026, 10, 5), now=now)
    assert {one.kind for one in late} == {"overdue", "due_soon"}  # provinces are due on the 6th
    assert len([one for one in late if one.kind == "overdue"]) == 4
    assert remind(on=date(2026, 10, 19), now=now) == []  # locked: nobody can help it
    assert Reminder.objects.filter(sent_at=None).count() == len(soon) + len(late)


def test_what_was_sent_back_before_it_was_due_is_counted_as_sent_back(world: World) -> None:
    """Not in time once and taken back, but sent back all the same; then it is not awaited besides."""
    morning = at("2026-10-01 08:00")
    world.enter("C11", morning, "7", "5", "900")
    report = submit(world.report("C11").pk, actor=world.an, now=morning)
    before = rates([report.deadline_id], morning)[report.deadline_id, None]
    send_back(report.pk, actor=world.binh, now=morning, reason="Xem lại")
    found = rates([report.deadline_id], morning)[report.deadline_id, None]
    assert (before.sent_back, found.sent_back, found.taken_back) == (0, 1, 0)
    assert found.awaited == before.awaited == found.owed - 1
    assert (found + found).sent_back == 2
