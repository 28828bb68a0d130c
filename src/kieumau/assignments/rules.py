"""The life of an assignment as a table, and how it stands on a day. Plain Python.

Overdue is what an assignment is on a day, never something stored.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum

from kieumau.kernel.messages import Problem, Text

SOON_DAYS = 3  # so long before the due day its owner is reminded
WHOLE = 100  # per cent done; less is progress, and leaves the assignment with its owner


class Origin(StrEnum):
    """Nguồn giao: a visit's conclusion, a directive, a criterion that is not met, or none of these."""

    CONCLUSION = "conclusion"
    DIRECTIVE = "directive"
    CRITERION = "criterion"
    OWN = "own"


class State(StrEnum):
    """Trạng thái nhiệm vụ: with its owner, reported as done, back with its owner, ended."""

    GIVEN = "given"
    REPORTED = "reported"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What is done to an assignment."""

    GIVE = "give"
    CHANGE = "change"
    PROGRESS = "progress"
    REPORT = "report"
    SEND_BACK = "send_back"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    ASK = "ask"
    GRANT = "grant"
    REFUSE = "refuse"


# Where an act leads from a state; what does not stand here cannot be done.
NEXT: Mapping[tuple[State, Act], State] = {
    (State.GIVEN, Act.CHANGE): State.GIVEN,
    (State.GIVEN, Act.PROGRESS): State.GIVEN,
    (State.GIVEN, Act.REPORT): State.REPORTED,
    (State.GIVEN, Act.WITHDRAW): State.WITHDRAWN,
    (State.GIVEN, Act.ASK): State.GIVEN,
    (State.GIVEN, Act.GRANT): State.GIVEN,
    (State.GIVEN, Act.REFUSE): State.GIVEN,
    (State.REPORTED, Act.SEND_BACK): State.SENT_BACK,
    (State.REPORTED, Act.CLOSE): State.CLOSED,
    (State.REPORTED, Act.WITHDRAW): State.WITHDRAWN,
    (State.REPORTED, Act.REFUSE): State.REPORTED,
    (State.SENT_BACK, Act.CHANGE): State.SENT_BACK,
    (State.SENT_BACK, Act.PROGRESS): State.SENT_BACK,
    (State.SENT_BACK, Act.REPORT): State.REPORTED,
    (State.SENT_BACK, Act.WITHDRAW): State.WITHDRAWN,
    (State.SENT_BACK, Act.ASK): State.SENT_BACK,
    (State.SENT_BACK, Act.GRANT): State.SENT_BACK,
    (State.SENT_BACK, Act.REFUSE): State.SENT_BACK,
}
# With its owner: these can be overdue. An assignment that is over is not worked on any more.
OPEN = (State.GIVEN, State.SENT_BACK)
OVER = (State.CLOSED, State.WITHDRAWN)
NEEDS_REASON = frozenset({Act.SEND_BACK, Act.WITHDRAW, Act.ASK, Act.GRANT, Act.REFUSE})


class Standing(StrEnum):
    """Tình hình nhiệm vụ: its state, as a day sees it."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    SENT_BACK = "sent_back"
    REPORTED = "reported"
    REPORTED_LATE = "reported_late"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


def act_of_report(percent: int) -> Act:
    """All of it done is a report, less is progress."""
    return Act.REPORT if percent == WHOLE else Act.PROGRESS


def allowed(state: State) -> frozenset[Act]:
    """What can be done to an assignment in a state."""
    return frozenset(act for before, act in NEXT if before is state)


def standing(state: State, due_on: date, reported_on: date | None, today: date) -> Standing:
    """How an assignment stands on a day. The due day itself is in time."""
    match state:
        case State.CLOSED:
            return Standing.CLOSED
        case State.WITHDRAWN:
            return Standing.WITHDRAWN
        case State.REPORTED:
            is_late = reported_on is not None and reported_on > due_on
            return Standing.REPORTED_LATE if is_late else Standing.REPORTED
        case _ if today > due_on:
            return Standing.OVERDUE
        case State.SENT_BACK:
            return Standing.SENT_BACK
        case _:
            return Standing.DUE_SOON if due_on - today <= timedelta(days=SOON_DAYS) else Standing.RUNNING


_WRONG = {
    Act.CHANGE: ("Nhiệm vụ đã báo cáo hoặc đã kết thúc, không sửa được.", "It is reported or over already."),
    Act.PROGRESS: ("Nhiệm vụ không còn chờ báo cáo.", "The assignment does not wait for a report."),
    Act.REPORT: ("Nhiệm vụ không còn chờ báo cáo.", "The assignment does not wait for a report."),
    Act.SEND_BACK: ("Chỉ trả lại nhiệm vụ đã báo cáo.", "Only what was reported can be sent back."),
    Act.CLOSE: ("Chỉ kết thúc nhiệm vụ đã báo cáo.", "Only what was reported as done can be closed."),
    Act.WITHDRAW: ("Nhiệm vụ đã kết thúc.", "The assignment is over already."),
    Act.ASK: ("Nhiệm vụ không còn chờ thực hiện.", "The assignment is not being worked on."),
    Act.GRANT: ("Nhiệm vụ không còn chờ thực hiện.", "The assignment is not being worked on."),
    Act.REFUSE: ("Nhiệm vụ đã kết thúc.", "The assignment is over already."),
}


def refusals(state: State, act: Act, *, reason: str = "") -> Iterator[Problem]:
    """Why the act may not be done to an assignment in that state; nothing where it may."""
    if (state, act) not in NEXT:
        yield _problem(f"cannot-{act.value.replace('_', '-')}", *_WRONG[act])
    elif act in NEEDS_REASON and not reason.strip():
        yield _problem("no-reason", "Cần nêu lý do.", "Say why.")


def faults(text: str, due_on: date, today: date) -> Iterator[Problem]:
    """What is wrong with an assignment that is to be given."""
    if not text.strip():
        yield _problem("no-text", "Ghi nội dung nhiệm vụ.", "Say what is to be done.")
    if due_on < today:
        yield _problem("due-in-the-past", "Hạn ở trong quá khứ.", "The due day has passed already.")


def due_faults(due_on: date, wanted: date, today: date) -> Iterator[Problem]:
    """What is wrong with a later due day: it must be later than the one there is, and not over yet."""
    if wanted <= due_on or wanted < today:
        yield _problem(
            "not-later",
            "Hạn mới phải sau hạn hiện nay và không ở quá khứ.",
            "The new day must be later than the present one, and not in the past.",
        )


def visit_faults(
    starts_on: date, ends_on: date, today: date, *, purpose: str, took_part: bool, found: bool
) -> Iterator[Problem]:
    """What is wrong with a visit that is put down. One that is not over yet is planned: it found nothing."""
    if not purpose.strip():
        yield _problem("no-purpose", "Ghi nội dung kiểm tra.", "Say what the visit was about.")
    if ends_on < starts_on:
        yield _problem("backwards", "Kết thúc trước khi bắt đầu.", "It ends before it begins.")
    if ends_on > today and found:
        yield _problem(
            "not-over",
            "Đợt kiểm tra chưa kết thúc nên chưa có nhận xét, kết luận.",
            "The visit is not over yet: it has no findings and no conclusions.",
        )
    if ends_on <= today and not took_part:
        yield _problem("no-participants", "Ghi thành phần theo chức vụ.", "Say which posts took part.")


def report_faults(text: str, percent: int) -> Iterator[Problem]:
    """What is wrong with a report."""
    if not text.strip():
        yield _problem("no-text", "Ghi kết quả thực hiện.", "Say what was done.")
    if not 0 <= percent <= WHOLE:
        yield _problem("no-share", "Tỷ lệ từ 0 đến 100.", "The share done lies between 0 and 100.")


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
