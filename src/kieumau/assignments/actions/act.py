"""What owner and giver do with an assignment: the row says where it is, its turns how it came there."""

from datetime import date, datetime

from django.db import transaction

from kieumau.accounts.models import User
from kieumau.assignments import verbs
from kieumau.assignments.actions.wording import digest
from kieumau.assignments.failures import ChangedMeanwhile, NotAllowed, OwnWork, refuse
from kieumau.assignments.models import Assignment, DueChange, Report, Turn
from kieumau.assignments.queries import on_its_shelves, open_question
from kieumau.assignments.rules import (
    NEXT,
    WHOLE,
    Act,
    State,
    act_of_report,
    due_faults,
    refusals,
    report_faults,
)
from kieumau.assignments.telling import tell_after
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, Said
from kieumau.calendars.working_days import day_of
from kieumau.documents.actions import seal
from kieumau.documents.actions.describe import name_of
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.text import nfc


@transaction.atomic
def report(
    assignment_id: int,
    *,
    text: str,
    percent: int,
    documents: tuple[int, ...] = (),
    seen: int | None = None,
    actor: User,
    now: datetime,
) -> Report:
    """Say what was done, how much of it, on which documents of the shelves of owner and partners.

    All of it (100) hands the assignment to who gave it; less is progress. The documents are sealed.
    Raises `ChangedMeanwhile` and `NotAllowed`.
    """
    one = _held(assignment_id, seen)
    act = act_of_report(percent)
    refuse([*refusals(State(one.state), act), *report_faults(text, percent)])
    found = on_its_shelves(one, day_of(now)).filter(pk__in=set(documents)).order_by("pk")
    own = list(found.values_list("pk", flat=True))
    if len(own) != len(set(documents)):
        refuse([_not_on_the_shelf()])
    seal(found, actor=actor, now=now)
    one.percent = percent
    if act is Act.REPORT:
        one.reported_at, one.reported_by = now, actor
    _move(one, act, actor, now, new={"percent": percent, "documents": sorted(own)})
    made = Report.objects.create(
        assignment=one, version=one.version, text=nfc(text).strip(), percent=percent, at=now, by=actor
    )
    made.documents.add(*own)
    return made


@transaction.atomic
def send_back(
    assignment_id: int, *, reason: str, seen: int | None = None, actor: Actor, now: datetime
) -> Assignment:
    """Give what was reported as done back to its owner, with the reason. Raises as `report`.

    It is as far as the progress said before, not all done.
    """
    one = _held(assignment_id, seen)
    refuse(refusals(State(one.state), Act.SEND_BACK, reason=reason))
    progress = Report.objects.filter(assignment=one, percent__lt=WHOLE).order_by("-version")
    one.percent = progress.values_list("percent", flat=True).first() or 0
    one.reported_at = one.reported_by = None
    return _move(one, Act.SEND_BACK, actor, now, reason=reason)


@transaction.atomic
def close(
    assignment_id: int, *, remark: str = "", seen: int | None = None, actor: User, now: datetime
) -> Assignment:
    """Accept what was reported as done. Raises as `report`, and `OwnWork` for whoever ever reported on it."""
    one = _held(assignment_id, seen)
    refuse(refusals(State(one.state), Act.CLOSE))
    if Report.objects.filter(assignment=one, by=actor).exists():
        raise OwnWork
    one.closed_at, one.closed_by = now, actor
    return _move(one, Act.CLOSE, actor, now, reason=remark)


@transaction.atomic
def withdraw(
    assignment_id: int, *, reason: str, seen: int | None = None, actor: Actor, now: datetime
) -> Assignment:
    """Take an assignment back, with the reason; it stays on the lists. Raises as `report`."""
    one = _held(assignment_id, seen)
    refuse(refusals(State(one.state), Act.WITHDRAW, reason=reason))
    return _move(one, Act.WITHDRAW, actor, now, reason=reason)


@transaction.atomic
def change(
    assignment_id: int,
    *,
    text: str,
    partners: tuple[int, ...],
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> Assignment:
    """Say otherwise what is to be done, and with whom. The due day is for `grant`. Raises as `report`."""
    one = _held(assignment_id, seen)
    refuse(refusals(State(one.state), Act.CHANGE))
    if not text.strip():
        refuse([Problem("no-text", Text(vi="Ghi nội dung nhiệm vụ.", en="Say what is to be done."))])
    old: Said = {"text": digest(one.text), "partners": one.partners}
    one.text, one.partners = nfc(text).strip(), sorted(set(partners) - {one.owner_id})
    new: Said = {"text": digest(one.text), "partners": one.partners}
    return _move(one, Act.CHANGE, actor, now, old=old, new=new)


@transaction.atomic
def ask(
    assignment_id: int, *, due_on: date, reason: str, seen: int | None = None, actor: Actor, now: datetime
) -> DueChange:
    """Ask for a later due day, with the reason. Raises as `report`; also while another question is open."""
    one = _held(assignment_id, seen)
    problems = [
        *refusals(State(one.state), Act.ASK, reason=reason),
        *due_faults(one.due_on, due_on, day_of(now)),
    ]
    if open_question(one) is not None:
        problems.append(_asked_already())
    refuse(problems)
    return _due(one, Act.ASK, due_on, reason, actor, now, None)


@transaction.atomic
def grant(
    assignment_id: int, *, due_on: date, reason: str, seen: int | None = None, actor: Actor, now: datetime
) -> DueChange:
    """Set a later due day, asked for or not, with the reason. Raises as `report`."""
    one = _held(assignment_id, seen)
    refuse(
        [
            *refusals(State(one.state), Act.GRANT, reason=reason),
            *due_faults(one.due_on, due_on, day_of(now)),
        ]
    )
    return _due(one, Act.GRANT, due_on, reason, actor, now, open_question(one))


@transaction.atomic
def refuse_time(
    assignment_id: int, *, reason: str, seen: int | None = None, actor: Actor, now: datetime
) -> DueChange:
    """Leave the due day as it is, with the reason. Raises as `report`; also where nobody asked."""
    one = _held(assignment_id, seen)
    question = open_question(one)
    refuse(refusals(State(one.state), Act.REFUSE, reason=reason))
    if question is None:
        nobody = Text(vi="Không có đề nghị gia hạn nào.", en="Nobody has asked for more time.")
        raise NotAllowed([Problem("nothing-asked", nobody)])
    return _due(one, Act.REFUSE, question.due_on, reason, actor, now, question)


def _due(
    one: Assignment,
    act: Act,
    due_on: date,
    reason: str,
    actor: Actor,
    now: datetime,
    question: DueChange | None,
) -> DueChange:
    before = one.due_on
    if act is Act.GRANT:
        one.due_on = due_on
    old, new = {"due_on": before.isoformat()}, {"due_on": due_on.isoformat()}
    _move(one, act, actor, now, reason=reason, old=old, new=new)
    return DueChange.objects.create(
        assignment=one,
        version=one.version,
        act=act.value,
        answers=question,
        due_before=before,
        due_on=due_on,
        reason=reason.strip(),
        at=now,
        by=name_of(actor),
    )


def _held(assignment_id: int, seen: int | None) -> Assignment:
    """The assignment, locked until the transaction ends. Raises `ChangedMeanwhile`."""
    one = Assignment.objects.select_for_update().get(pk=assignment_id)
    if seen is not None and seen != one.version:
        raise ChangedMeanwhile(one)
    return one


def _move(
    one: Assignment,
    act: Act,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    old: Said | None = None,
    new: Said | None = None,
) -> Assignment:
    """Store the act: the row with its next state and version, its turn, the log, and who is told."""
    one.state = NEXT[State(one.state), act].value
    one.version += 1
    one.changed_at, one.changed_by = now, name_of(actor)
    one.save()
    Turn.objects.create(
        assignment=one,
        version=one.version,
        act=act.value,
        state=one.state,
        reason=reason.strip(),
        at=now,
        by=one.changed_by,
    )
    tell_after(act, one, actor, now)
    audit.record(
        actor=actor,
        verb=verbs.OF_ACT[act],
        object=("assignment", one.pk),
        name=one.text[:200],
        unit_id=one.owner_id,
        old=old,
        new=new,
        why=reason,
        now=now,
    )
    return one


def _not_on_the_shelf() -> Problem:
    return Problem(
        "not-on-the-shelf",
        Text(
            vi="Có văn bản không thuộc kho của đơn vị thực hiện.",
            en="A document is not on the shelf of a unit that works on this.",
        ),
    )


def _asked_already() -> Problem:
    return Problem(
        "asked-already",
        Text(vi="Đã có đề nghị gia hạn đang chờ.", en="More time was asked for already; no answer yet."),
    )
