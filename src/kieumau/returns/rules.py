"""The life of a return, its deadlines and its rates: plain Python, the clock passed in.

A return is entered from the moment its period ends (`opens_at`) until it is locked (`locks_at`). Both
ends are exact: at `opens_at` one may enter, at `locks_at` one no longer may. `due_at` is the end of the
due day: whatever was submitted before it was in time.

Locked is not a state that somebody sets. It follows from the clock, so that nothing has to run at midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from kieumau.calendars.rules import Calendar
from kieumau.calendars.working_days import WorkingDays, day_of, end_of
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Problem, Text

# deadlines ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moments:
    """When one period of one obligation opens, is due and is locked."""

    opens_at: datetime
    due_at: datetime
    locks_at: datetime


def moments(calendar: Calendar, window: Window, days: WorkingDays, due_days: int, lock_days: int) -> Moments:
    """The moments of a period: due at the end of the `due_days`-th working day after the cut-off.

    At least one whole working day lies between cut-off and due moment (Nghị định 09/2019 Điều 12). A day
    that the cut-off divides is not counted. Raises ValueError for fewer days, or a lock before the due day.
    """
    if not 1 <= due_days <= lock_days:
        raise ValueError(f"due after {due_days} and locked after {lock_days} working days makes no sense")
    zone = ZoneInfo(calendar.definition.time_zone)
    opens_at = calendar.moments(window)[1]
    # A cut at midnight leaves the day before as the last one; a cut at noon uses that day up.
    is_midnight = opens_at == end_of(calendar.last_day(window), zone)
    cut_on = calendar.last_day(window) if is_midnight else day_of(opens_at, zone)
    return Moments(
        opens_at, end_of(days.add(cut_on, due_days), zone), end_of(days.add(cut_on, lock_days), zone)
    )


class Stage(StrEnum):
    """Where the clock stands: before the period's end, while one may enter, after the lock."""

    NOT_OPEN = "not_open"
    OPEN = "open"
    LOCKED = "locked"


def stage(opens_at: datetime, locks_at: datetime, now: datetime) -> Stage:
    """The stage at a moment: open from `opens_at` (included) up to `locks_at` (no longer)."""
    if now < opens_at:
        return Stage.NOT_OPEN
    return Stage.OPEN if now < locks_at else Stage.LOCKED


# states -------------------------------------------------------------------------------------------


class State(StrEnum):
    """Trạng thái báo cáo. LOCKED is never stored: see `shown_state`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    LOCKED = "locked"


class Act(StrEnum):
    """What somebody may do to a return."""

    ENTER = "enter"
    SUBMIT = "submit"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    UNLOCK = "unlock"


STANDING = frozenset({State.SUBMITTED, State.ACCEPTED})  # with the superior: its figures do not change
OPEN_TO_ENTRY = frozenset({State.DRAFT, State.SENT_BACK})
DECISIONS = frozenset({Act.ACCEPT, Act.SEND_BACK, Act.UNLOCK})  # never by whoever submitted it
STORED = tuple(sorted(state.value for state in STANDING | OPEN_TO_ENTRY))


@dataclass(frozen=True, slots=True)
class Rule:
    """One act: from which states, in which stages, what becomes of it (None: the state stays)."""

    states: frozenset[State]
    stages: frozenset[Stage]
    becomes: State | None = None
    needs_reason: bool = False


_OPEN, _LATER = frozenset({Stage.OPEN}), frozenset({Stage.OPEN, Stage.LOCKED})
RULES: Mapping[Act, Rule] = {
    Act.ENTER: Rule(OPEN_TO_ENTRY, _OPEN),
    Act.SUBMIT: Rule(OPEN_TO_ENTRY, _OPEN, State.SUBMITTED),
    Act.ACCEPT: Rule(frozenset({State.SUBMITTED}), _LATER, State.ACCEPTED),
    Act.SEND_BACK: Rule(STANDING, _OPEN, State.SENT_BACK, needs_reason=True),
    Act.UNLOCK: Rule(STANDING | OPEN_TO_ENTRY, frozenset({Stage.LOCKED}), needs_reason=True),
}

STATE_NAMES: Mapping[State, Text] = {
    State.DRAFT: Text(vi="đang nhập", en="draft"),
    State.SUBMITTED: Text(vi="đã nộp", en="submitted"),
    State.ACCEPTED: Text(vi="đã duyệt", en="accepted"),
    State.SENT_BACK: Text(vi="bị trả lại", en="sent back"),
    State.LOCKED: Text(vi="đã khóa", en="locked"),
}
_CANNOT: Mapping[Act, Text] = {
    Act.ENTER: Text(vi="Không nhập được", en="Cannot be entered"),
    Act.SUBMIT: Text(vi="Không nộp được", en="Cannot be submitted"),
    Act.ACCEPT: Text(vi="Không duyệt được", en="Cannot be accepted"),
    Act.SEND_BACK: Text(vi="Không trả lại được", en="Cannot be sent back"),
    Act.UNLOCK: Text(vi="Không mở khóa được", en="Cannot be unlocked"),
}
_STAGES: Mapping[Stage, Text] = {
    Stage.NOT_OPEN: Text(vi="kỳ báo cáo chưa kết thúc", en="the period is not over yet"),
    Stage.OPEN: Text(vi="báo cáo chưa khóa", en="the return is not locked"),
    Stage.LOCKED: Text(vi="báo cáo đã khóa", en="the return is locked"),
}


def shown_state(stored: State, now_in: Stage) -> State:
    """The state a person sees: locked wins over whatever is stored, but acceptance stays visible."""
    return State.LOCKED if now_in is Stage.LOCKED and stored is not State.ACCEPTED else stored


def may(act: Act, stored: State, now_in: Stage) -> bool:
    """May the act be done at all, whoever does it?"""
    return stored in RULES[act].states and now_in in RULES[act].stages


def after(stored: State, act: Act) -> State:
    """The stored state after an act that `may` be done."""
    return RULES[act].becomes or stored


def refusals(
    act: Act, stored: State, now_in: Stage, *, reason: str = "", is_own_submission: bool = False
) -> list[Problem]:
    """Why the act may not be done; empty where it may. `is_own_submission`: the actor submitted it."""
    found = []
    rule, cannot = RULES[act], _CANNOT[act]
    if now_in not in rule.stages:
        found.append(_refusal(f"return-{now_in.value.replace('_', '-')}", cannot, _STAGES[now_in]))
    elif stored not in rule.states:
        name = STATE_NAMES[stored]
        why = Text(vi=f"báo cáo {name.vi}", en=f"the return is {name.en}")
        found.append(_refusal("return-wrong-state", cannot, why))
    if rule.needs_reason and not reason.strip():
        why = Text(vi="cần nêu lý do", en="a reason is needed")
        found.append(_refusal("reason-missing", cannot, why))
    if act in DECISIONS and is_own_submission:
        why = Text(vi="người nộp không tự quyết định", en="whoever submitted it may not decide on it")
        found.append(_refusal("own-submission", cannot, why))
    return found


def _refusal(code: str, cannot: Text, why: Text) -> Problem:
    return Problem(code, Text(vi=f"{cannot.vi}: {why.vi}.", en=f"{cannot.en}: {why.en}."))


# rates --------------------------------------------------------------------------------------------


def came_late(submitted_at: datetime | None, due_at: datetime) -> bool:
    """Was what now lies with the superior handed in after it fell due? Not what is not there."""
    return submitted_at is not None and submitted_at >= due_at


class Timeliness(StrEnum):
    """How one return stands at a moment. Every return is exactly one of these."""

    ON_TIME = "on_time"  # was with the superior when it fell due, and is
    LATE = "late"  # is with the superior, but was not when it fell due
    TAKEN_BACK = "taken_back"  # was in time, was sent back since and has not come again
    MISSING = "missing"  # fell due and is not there
    NOT_DUE = "not_due"  # is not there, and need not be yet
    NOT_OWED = "not_owed"  # nothing is expected: not applicable


def timeliness(*, is_owed: bool, is_due: bool, stood_when_due: bool, stands: bool) -> Timeliness:
    """How a return stands. Before it falls due, `stood_when_due` is not asked for."""
    if not is_owed:
        return Timeliness.NOT_OWED
    if not is_due:
        return Timeliness.ON_TIME if stands else Timeliness.NOT_DUE
    if stands:
        return Timeliness.ON_TIME if stood_when_due else Timeliness.LATE
    return Timeliness.TAKEN_BACK if stood_when_due else Timeliness.MISSING


@dataclass(frozen=True, slots=True)
class Rates:
    """How many returns stand how. Rates are exact and never leave 0 to 1; None where nothing is owed.

    `sent_back` are those that were sent back and have not come again, in time once or not.
    """

    counts: Mapping[Timeliness, int]
    sent_back: int = 0

    def of(self, kind: Timeliness) -> int:
        """How many returns stand so."""
        return self.counts.get(kind, 0)

    @property
    def owed(self) -> int:
        """How many returns are expected: those not owed are left out, above and below the line."""
        return sum(count for kind, count in self.counts.items() if kind is not Timeliness.NOT_OWED)

    @property
    def on_time(self) -> int:
        """How many are in time."""
        return self.of(Timeliness.ON_TIME)

    @property
    def late(self) -> int:
        """How many came late."""
        return self.of(Timeliness.LATE)

    @property
    def taken_back(self) -> int:
        """How many were in time, and sent back."""
        return self.of(Timeliness.TAKEN_BACK)

    @property
    def absent(self) -> int:
        """How many are not there, whether they are due or not."""
        return self.of(Timeliness.MISSING) + self.of(Timeliness.NOT_DUE)

    @property
    def awaited(self) -> int:
        """How many are not there and were not sent back either."""
        return self.absent + self.taken_back - self.sent_back

    @property
    def not_owed(self) -> int:
        """How many are not expected."""
        return self.of(Timeliness.NOT_OWED)

    @property
    def complete(self) -> Fraction | None:
        """Tỷ lệ đầy đủ: the share of returns that are with the superior."""
        return self._share(Timeliness.ON_TIME, Timeliness.LATE)

    @property
    def timely(self) -> Fraction | None:
        """Tỷ lệ đúng hạn: the share that was with the superior when it fell due."""
        return self._share(Timeliness.ON_TIME, Timeliness.TAKEN_BACK)

    def _share(self, *kinds: Timeliness) -> Fraction | None:
        return Fraction(sum(self.of(kind) for kind in kinds), self.owed) if self.owed else None

    def __add__(self, other: "Rates") -> "Rates":
        """Both together."""
        counts = {kind: self.of(kind) + other.of(kind) for kind in Timeliness}
        return Rates(counts, self.sent_back + other.sent_back)


# doubts -------------------------------------------------------------------------------------------

JUMP, LEAST_JUMP = 5, 20  # as `quality` takes it for a series; our own bounds


def is_jump(before: Decimal | Fraction | None, now: Decimal | Fraction | None) -> bool:
    """Is a figure more than five times another, or less than a fifth of it, and 20 away at least?

    Small numbers multiply easily, and prove nothing. Where there is no number there is no jump.
    """
    if before is None or now is None:
        return False
    low, high = sorted((Fraction(before), Fraction(now)))
    return high - low >= LEAST_JUMP and high > JUMP * low
