"""What becomes of a return: submitted, accepted, sent back, unlocked. Each act is a step that stays."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.calendars.clock import set_clock
from kieumau.calendars.library import calendar, decode
from kieumau.indicators.actions.place import Place, hold_place
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.returns import rules, verbs
from kieumau.returns.models import Deadline, Return, Step
from kieumau.returns.queries import unanswered
from kieumau.returns.reviewing import review
from kieumau.returns.rules import Act, State
from kieumau.units.actions.store import share_tree

_COLUMNS = [field.attname for field in Return._meta.concrete_fields]
_OF_DEADLINE = [field.attname for field in Deadline._meta.concrete_fields]
_LOCKED = f"""
    SELECT {", ".join(f"r.{name}" for name in _COLUMNS)}, {", ".join(f"d.{name}" for name in _OF_DEADLINE)}
    FROM figure_return r JOIN return_deadline d ON d.id = r.deadline_id
    WHERE r.id = %s FOR UPDATE OF r
"""


class NotAllowed(Refused):
    """The return is not in a state, or not at a time, in which that may be done."""


class SeenBefore(Refused):
    """The return has changed since the person saw it. `current` is its version now."""

    def __init__(self, current: int) -> None:
        self.current = current
        reason = Text(
            vi="Báo cáo đã thay đổi sau khi bạn mở trang này.",
            en="The return has changed since you opened this page.",
        )
        hint = Text(vi="Hãy xem lại rồi làm lại.", en="Look at it again, then try again.")
        super().__init__([Problem("changed-meanwhile", reason, hint)])


class NotLookedAt(Refused):
    """The return has doubts, and nobody says that they were looked at."""

    def __init__(self, doubts: int) -> None:
        reason = Text(
            vi=f"Chưa duyệt: báo cáo có {doubts} nghi vấn chưa được xem.",
            en=f"Not accepted: nobody has looked at the {doubts} doubts of this return.",
        )
        hint = Text(
            vi="Xem các ô được đánh dấu, rồi đánh dấu “Đã xem các nghi vấn”.",
            en="Look at the marked cells, then tick “I have looked at the doubts”.",
        )
        super().__init__([Problem("doubts-not-looked-at", reason, hint)])


class NotComplete(Refused):
    """Some cells have no answer. `codes` names their indicators."""

    def __init__(self, missing: list[tuple[str, Text]]) -> None:
        self.codes = [code for code, _ in missing]
        reason = Text(vi="Chưa trả lời: {name}.", en="Not answered: {name}.")
        super().__init__(
            [
                Problem(
                    "not-answered", Text(vi=reason.vi.format(name=name.vi), en=reason.en.format(name=name.en))
                )
                for _, name in missing
            ]
        )


def locked(return_id: int, now: datetime) -> tuple[Return, Place]:
    """The return and its figures, held until the transaction ends. Raises `Return.DoesNotExist`.

    The tree is shared first, then the place is held, then the return: whoever records figures takes these
    locks in the same order. An import that is under way is waited for: what it writes is in the return.
    """
    share_tree()
    set_clock(now)
    place = hold_place(*_place_of(return_id))
    with connection.cursor() as cursor:  # once per form that is saved: the ORM takes longer than the query
        cursor.execute(_LOCKED, [return_id])
        row = cursor.fetchone()
    if row is None:
        raise _absent(return_id)
    found = Return.from_db("default", _COLUMNS, row[: len(_COLUMNS)])
    found.deadline = Deadline.from_db("default", _OF_DEADLINE, row[len(_COLUMNS) :])
    return found, place


def _place_of(return_id: int) -> tuple[int, int]:
    """Unit and period of the return: they never change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_id, period_id FROM figure_return WHERE id = %s", [return_id])
        row: tuple[int, int] | None = cursor.fetchone()
    if row is None:
        raise _absent(return_id)
    return row


def _absent(return_id: int) -> Return.DoesNotExist:
    return Return.DoesNotExist(f"there is no return {return_id}")


@transaction.atomic
def submit(return_id: int, *, actor: User, now: datetime, seen: int | None = None) -> Return:
    """Hand the return to the superior: from now on its figures stay.

    Raises `NotAllowed`, `SeenBefore` where `seen` is not its version, and `NotComplete` with every cell
    that has no answer (0, no figure and not applicable are answers).
    """
    report = _for_act(return_id, Act.SUBMIT, now, seen=seen)
    if missing := unanswered(report):
        raise NotComplete(missing)
    report.submitted_at, report.submitted_by = now, actor
    return _step(report, Act.SUBMIT, actor, now)


@transaction.atomic
def accept(
    return_id: int, *, actor: User, now: datetime, seen: int | None = None, looked: bool = False
) -> Return:
    """Find the return good. `looked` says that the person looked at its doubts (`reviewing`).

    Raises `NotAllowed` (also for the person who submitted it), `SeenBefore`, and `NotLookedAt` where
    there are doubts and nobody looked.
    """
    report = _for_act(return_id, Act.ACCEPT, now, actor=actor, seen=seen)
    if not looked and (doubts := review(report).doubts):
        raise NotLookedAt(doubts)
    report.accepted_by = actor
    return _step(report, Act.ACCEPT, actor, now)


@transaction.atomic
def send_back(return_id: int, *, actor: User, now: datetime, reason: str, seen: int | None = None) -> Return:
    """Give the return back to be put right.

    Raises `NotAllowed` (also without a reason, or for the person who submitted it), `SeenBefore`.
    """
    report = _for_act(return_id, Act.SEND_BACK, now, actor=actor, reason=reason, seen=seen)
    report.submitted_at = report.submitted_by = report.accepted_by = None
    return _step(report, Act.SEND_BACK, actor, now, reason)


@transaction.atomic
def unlock(
    return_id: int,
    *,
    actor: User,
    now: datetime,
    reason: str,
    until: datetime,
    seen: int | None = None,
) -> Return:
    """Let a locked return be entered, or sent back, until a moment; no past rate changes.

    Raises `NotAllowed`: it is not locked, there is no reason, the person submitted it, or `until` is not in
    the future; and `SeenBefore`.
    """
    report = _for_act(return_id, Act.UNLOCK, now, actor=actor, reason=reason, seen=seen)
    if until <= now:
        why = Text(vi="Phải mở khóa đến một lúc sau này.", en="Unlock it until some time to come.")
        raise NotAllowed([Problem("unlocked-until-the-past", why)])
    report.locks_at = until
    return _step(report, Act.UNLOCK, actor, now, reason)


def _for_act(
    return_id: int,
    act: Act,
    now: datetime,
    *,
    actor: User | None = None,
    reason: str = "",
    seen: int | None = None,
) -> Return:
    """The return, held with its figures, if the act may be done to it."""
    report, _ = locked(return_id, now)
    now_in = rules.stage(report.deadline.opens_at, report.locks_at, now)
    is_own = actor is not None and report.submitted_by_id == actor.pk
    refuse(rules.refusals(act, State(report.state), now_in, reason=reason, is_own_submission=is_own))
    if seen is not None and seen != report.version:
        raise SeenBefore(report.version)
    return report


def refuse(problems: Iterable[Problem]) -> None:
    """Raises `NotAllowed` if there are any problems."""
    if found := list(problems):
        raise NotAllowed(found)


def _step(report: Return, act: Act, actor: User, now: datetime, reason: str = "") -> Return:
    """Store the state after the act, and the act itself; both in the log."""
    before = _facts(report)
    report.state = rules.after(State(report.state), act)
    report.version += 1
    report.save()
    last = Step.objects.filter(report=report).order_by("-number").values_list("number", flat=True).first()
    Step.objects.create(
        report=report,
        number=(last or 0) + 1,
        act=act,
        state=report.state,
        at=now,
        by=actor.get_username(),
        reason=reason.strip(),
    )
    audit.record(
        actor=actor,
        verb=verbs.ACTS[act],
        object=("return", report.pk),
        name=name_of_return(report),
        unit_id=report.unit_id,
        old=before,
        new=_facts(report),
        why=reason,
        now=now,
    )
    return report


def name_of_return(report: Return) -> str:
    """What people call a return: its form and period."""
    window = decode(report.period_id)
    return f"{report.form.title_vi}, {calendar(window.calendar).label(window).vi}"


def _facts(report: Return) -> dict[str, str]:
    return {"state": str(report.state), "locks_at": report.locks_at.isoformat()}
