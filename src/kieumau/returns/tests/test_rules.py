"""Deadlines, locks, the life of a return and its rates: as tables."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kieumau.calendars.library import calendar
from kieumau.calendars.working_days import WorkingDays, day_of
from kieumau.returns import rules
from kieumau.returns.rules import (
    OPEN_TO_ENTRY,
    RULES,
    STANDING,
    STORED,
    Act,
    Rates,
    Stage,
    State,
    Timeliness,
    moments,
    stage,
    timeliness,
)
from kieumau.returns.tests.cast import at

TET_2026 = WorkingDays.of(off=[date(2026, 2, day) for day in range(16, 21)])
MAY_2025 = WorkingDays.of(
    off=[date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 2)], worked=[date(2025, 4, 26)]
)

# calendar, period, days off, working days until due and locked; opens, due before, locks (there)
DEADLINES = [
    # 14 November 2026 is a Saturday: Monday and Tuesday are the two working days.
    ("nd09", "2026-11", WorkingDays(), 2, 5, "2026-11-15 00:00", "2026-11-18 00:00", "2026-11-21 00:00"),
    ("nd09", "2026-11", WorkingDays(), 1, 1, "2026-11-15 00:00", "2026-11-17 00:00", "2026-11-17 00:00"),
    # 14 February 2026 is the Saturday before Tết: the first working day is the 23rd.
    ("nd09", "2026-02", TET_2026, 1, 2, "2026-02-15 00:00", "2026-02-24 00:00", "2026-02-25 00:00"),
    ("civil", "2026-09", WorkingDays(), 2, 10, "2026-10-01 00:00", "2026-10-03 00:00", "2026-10-15 00:00"),
    # A Saturday made up counts: 25 April 2025 is a Friday cut at noon, and used up.
    ("city-1022", "2025-04", MAY_2025, 1, 3, "2025-04-25 12:00", "2025-04-27 00:00", "2025-04-30 00:00"),
    ("civil", "2025-04", MAY_2025, 1, 1, "2025-05-01 00:00", "2025-05-06 00:00", "2025-05-06 00:00"),
]


@pytest.mark.parametrize(("code", "period", "days", "due", "lock", "opens", "is_due", "locks"), DEADLINES)
def test_when_a_period_opens_is_due_and_locks(
    code: str, period: str, days: WorkingDays, due: int, lock: int, opens: str, is_due: str, locks: str
) -> None:
    own = calendar(code)
    found = moments(own, own.window(period), days, due, lock)
    assert (found.opens_at, found.due_at, found.locks_at) == (at(opens), at(is_due), at(locks))


@given(
    st.sampled_from(["civil", "nd09", "city-1022"]),
    st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    st.integers(1, 12),
    st.integers(0, 12),
    st.frozensets(st.dates(date(2000, 1, 1), date(2080, 1, 1)), max_size=30),
)
def test_a_whole_working_day_always_lies_between_cut_off_and_due(
    code: str, day: date, due: int, more: int, off: frozenset[date]
) -> None:
    own, days = calendar(code), WorkingDays(off)
    found = moments(own, own.containing("month", day), days, due, due + more)
    assert found.opens_at < found.due_at <= found.locks_at
    whole = [on for n in range(60) if days.is_working(on := day_of(found.opens_at) + timedelta(days=n))]
    assert day_of(found.due_at) > whole[0]


def test_no_working_day_or_a_lock_before_the_due_day_makes_no_sense() -> None:
    own = calendar("civil")
    for due, lock in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="makes no sense"):
            moments(own, own.window("2026-09"), WorkingDays(), due, lock)


# A window that opens on 1 October and locks on 15 October 2026, midnight in Asia/Ho_Chi_Minh.
OPENS, LOCKS = at("2026-10-01 00:00"), at("2026-10-15 00:00")
BOUNDARIES = [
    ("2026-09-30 23:59:59", Stage.NOT_OPEN),
    ("2026-10-01 00:00:00", Stage.OPEN),
    ("2026-10-01 00:00:01", Stage.OPEN),
    ("2026-10-14 23:59:59", Stage.OPEN),
    ("2026-10-15 00:00:00", Stage.LOCKED),
    ("2026-10-15 00:00:01", Stage.LOCKED),
]


@pytest.mark.parametrize(("moment", "expected"), BOUNDARIES)
def test_the_lock_window_to_the_second(moment: str, expected: Stage) -> None:
    """An inverted window fails every line but one; an included end fails the line of that end."""
    assert stage(OPENS, LOCKS, at(moment)) is expected
    assert stage(OPENS, LOCKS, at(moment).astimezone(UTC)) is expected


def _inverted(opens: datetime, locks: datetime, now: datetime) -> Stage:
    """Locked inside the window, open outside: what the best-known peer did for a year."""
    return Stage.LOCKED if opens <= now < locks else Stage.OPEN


def _swapped(opens: datetime, locks: datetime, now: datetime) -> Stage:
    return stage(locks, opens, now)


def _end_included(opens: datetime, locks: datetime, now: datetime) -> Stage:
    return Stage.OPEN if now == locks else stage(opens, locks, now)


def _begin_excluded(opens: datetime, locks: datetime, now: datetime) -> Stage:
    return Stage.NOT_OPEN if now == opens else stage(opens, locks, now)


def _by_utc_days(opens: datetime, locks: datetime, now: datetime) -> Stage:
    return stage(opens.replace(tzinfo=UTC), locks.replace(tzinfo=UTC), now)


@pytest.mark.parametrize("mutant", [_inverted, _swapped, _end_included, _begin_excluded, _by_utc_days])
def test_a_wrong_window_does_not_pass_the_table(
    mutant: Callable[[datetime, datetime, datetime], Stage],
) -> None:
    assert any(mutant(OPENS, LOCKS, at(moment)) is not expected for moment, expected in BOUNDARIES)


def test_midnight_is_that_of_vietnam() -> None:
    assert stage(OPENS, LOCKS, datetime(2026, 9, 30, 16, 59, 59, tzinfo=UTC)) is Stage.NOT_OPEN
    assert stage(OPENS, LOCKS, datetime(2026, 9, 30, 17, tzinfo=UTC)) is Stage.OPEN
    assert stage(OPENS, LOCKS, datetime(2026, 10, 14, 16, 59, 59, tzinfo=UTC)) is Stage.OPEN
    assert stage(OPENS, LOCKS, datetime(2026, 10, 14, 17, tzinfo=UTC)) is Stage.LOCKED


# Which acts may be done, by stored state: while open, and when locked. Before the end of the period: none.
LIFE = [
    ("draft", "enter submit", "unlock"),
    ("submitted", "accept send_back", "accept unlock"),
    ("accepted", "send_back", "unlock"),
    ("sent_back", "enter submit", "unlock"),
]


@pytest.mark.parametrize(("state", "while_open", "when_locked"), LIFE)
def test_the_life_of_a_return(state: str, while_open: str, when_locked: str) -> None:
    allowed = {
        Stage.OPEN: {Act(act) for act in while_open.split()},
        Stage.LOCKED: {Act(act) for act in when_locked.split()},
        Stage.NOT_OPEN: set(),
    }
    for now_in, acts in allowed.items():
        assert {act for act in Act if rules.may(act, State(state), now_in)} == acts
        for act in Act:
            refused = rules.refusals(act, State(state), now_in, reason="vì sai")
            assert bool(refused) == (act not in acts)


# What whoever submitted a return may not do with it, and in which stage anybody else may.
OWN = [
    (Act.ACCEPT, Stage.OPEN),
    (Act.ACCEPT, Stage.LOCKED),
    (Act.SEND_BACK, Stage.OPEN),
    (Act.UNLOCK, Stage.LOCKED),
]


@pytest.mark.parametrize(("act", "now_in"), OWN)
def test_nobody_decides_on_what_he_submitted(act: Act, now_in: Stage) -> None:
    said = {}
    for is_own in (False, True):
        found = rules.refusals(act, State.SUBMITTED, now_in, reason="vì sai", is_own_submission=is_own)
        said[is_own] = [problem.code for problem in found]
    assert said == {False: [], True: ["own-submission"]}


def test_entering_and_submitting_again_is_no_decision() -> None:
    for act in (Act.ENTER, Act.SUBMIT):
        assert rules.refusals(act, State.SENT_BACK, Stage.OPEN, is_own_submission=True) == []


def test_some_acts_need_a_reason() -> None:
    for act, now_in in ((Act.SEND_BACK, Stage.OPEN), (Act.UNLOCK, Stage.LOCKED)):
        refused = rules.refusals(act, State.SUBMITTED, now_in, reason="  ")
        assert [problem.code for problem in refused] == ["reason-missing"]


# is owed, is due, stood when due, stands now
STANDS = [
    ("owed, before due, not sent", True, False, False, False, Timeliness.NOT_DUE),
    ("owed, before due, sent", True, False, False, True, Timeliness.ON_TIME),
    ("owed, due, sent before", True, True, True, True, Timeliness.ON_TIME),
    ("owed, due, sent after", True, True, False, True, Timeliness.LATE),
    ("owed, due, sent and taken back", True, True, True, False, Timeliness.TAKEN_BACK),
    ("owed, due, never sent", True, True, False, False, Timeliness.MISSING),
    ("not owed, sent", False, True, False, True, Timeliness.NOT_OWED),
]


@pytest.mark.parametrize(("what", "is_owed", "is_due", "stood", "stands", "expected"), STANDS)
def test_late_missing_and_not_owed_are_kept_apart(
    what: str, is_owed: bool, is_due: bool, stood: bool, stands: bool, expected: Timeliness
) -> None:
    assert timeliness(is_owed=is_owed, is_due=is_due, stood_when_due=stood, stands=stands) is expected


def test_rates_by_hand() -> None:
    counts = {"on_time": 3, "late": 1, "taken_back": 1, "missing": 2, "not_owed": 2}
    rates = Rates({Timeliness(kind): count for kind, count in counts.items()})
    assert rates.owed == 7
    assert rates.complete == Fraction(4, 7)  # three in time, one late
    assert rates.timely == Fraction(4, 7)  # three in time, and one that was and was taken back
    assert Rates({Timeliness.NOT_OWED: 3}).complete is None


@given(st.lists(st.sampled_from(Timeliness)), st.lists(st.sampled_from(Timeliness)))
def test_rates_never_leave_0_to_100_per_cent(one: list[Timeliness], other: list[Timeliness]) -> None:
    whole = Rates(Counter(one)) + Rates(Counter(other))
    for rate in (whole.complete, whole.timely):
        assert (rate is None) == (whole.owed == 0)
        assert rate is None or 0 <= rate <= 1
    assert whole.owed == len([kind for kind in one + other if kind is not Timeliness.NOT_OWED])


class LifeOfAReturn(RuleBasedStateMachine):
    """Any order of acts by two people while the clock runs: what must hold holds after each."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.now = State.DRAFT, OPENS - timedelta(days=1)
        self.locks_at, self.figure, self.frozen = LOCKS, 0, 0
        self.submitted_by = self.accepted_by = ""

    @property
    def now_in(self) -> Stage:
        return stage(OPENS, self.locks_at, self.now)

    def _do(self, act: Act, who: str) -> bool:
        is_own = who == self.submitted_by
        if rules.refusals(act, self.state, self.now_in, reason="vì sai", is_own_submission=is_own):
            return False
        self.state = rules.after(self.state, act)
        return True

    @rule(hours=st.integers(1, 400))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(who=st.sampled_from(["an", "bình"]))
    def enter(self, who: str) -> None:
        if self._do(Act.ENTER, who):
            self.figure += 1

    @rule(who=st.sampled_from(["an", "bình"]))
    def submit(self, who: str) -> None:
        if self._do(Act.SUBMIT, who):
            self.submitted_by, self.frozen = who, self.figure

    @rule(who=st.sampled_from(["an", "bình"]))
    def accept(self, who: str) -> None:
        if self._do(Act.ACCEPT, who):
            self.accepted_by = who

    @rule(who=st.sampled_from(["an", "bình"]))
    def send_back(self, who: str) -> None:
        if self._do(Act.SEND_BACK, who):
            self.submitted_by = self.accepted_by = ""

    @precondition(lambda self: self.now_in is Stage.LOCKED)
    @rule(hours=st.integers(1, 100))
    def unlock(self, hours: int) -> None:
        if self._do(Act.UNLOCK, "bình"):
            self.locks_at = self.now + timedelta(hours=hours)

    @invariant()
    def what_stands_does_not_change(self) -> None:
        assert self.state in {State(name) for name in STORED}
        if self.state in STANDING:
            assert self.figure == self.frozen
            assert self.submitted_by
        else:
            assert self.state in OPEN_TO_ENTRY
        if self.state is State.ACCEPTED:
            assert self.accepted_by
            assert self.accepted_by != self.submitted_by
        if self.now_in is not Stage.OPEN:
            assert not rules.may(Act.ENTER, self.state, self.now_in)


TestLifeOfAReturn = LifeOfAReturn.TestCase


def test_every_act_has_a_rule() -> None:
    assert set(RULES) == set(Act)
