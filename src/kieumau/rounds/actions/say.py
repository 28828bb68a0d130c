"""Saying what a criterion came out as. Nothing typed is lost: who comes second gets both and chooses."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Problem, Text
from kieumau.rounds import verbs
from kieumau.rounds.binding import bound
from kieumau.rounds.failures import NotAllowed, OtherSide, SaidMeanwhile, refuse
from kieumau.rounds.holding import Asked, Held, ask, hold
from kieumau.rounds.models import Hand, Move, StageFinding
from kieumau.rounds.rules import SIDE_OF, Act, Side, Stage, State
from kieumau.rounds.saying import Said, refusals

_WORKED_ON = {State.OPEN, State.SENT_BACK}
_COLUMNS = [field.attname for field in StageFinding._meta.concrete_fields]
# Inserted where nobody has answered; changed only over the version that was seen.
_SAVE = f"""
    INSERT INTO dossier_finding AS f
        (dossier_id, stage, criterion_id, outcome, points, remark, is_measured, about, version, person_id, at)
    VALUES (%(dossier)s, %(stage)s, %(criterion)s, %(outcome)s, %(points)s, %(remark)s, false, %(about)s, 1,
        %(person)s, %(now)s)
    ON CONFLICT (dossier_id, stage, criterion_id) DO UPDATE
        SET outcome = excluded.outcome, points = excluded.points, remark = excluded.remark,
            is_measured = false, about = excluded.about, version = f.version + 1,
            person_id = excluded.person_id, at = excluded.at
        WHERE f.version = %(seen)s
    RETURNING {", ".join(f"f.{name}" for name in _COLUMNS)}
"""
_HAND = """
    INSERT INTO dossier_hand (dossier_id, person_id, side) VALUES (%s, %s, %s)
    ON CONFLICT (dossier_id, person_id) DO NOTHING
"""


@transaction.atomic
def say(
    dossier_id: int,
    *,
    criterion: str,
    stage: Stage,
    said: Said,
    seen: int | None,
    actor: User,
    now: datetime,
) -> StageFinding:
    """Save what the actor finds of one criterion at a stage. `seen` is the version he saw; None: nothing.

    Raises `NotAllowed` where the dossier is not in that stage, the deadline has passed, only other criteria
    were sent back, or the answer cannot be (see `saying.refusals`); `OtherSide` for somebody who worked on
    the dossier for another side; `SaidMeanwhile` with what stands now, where somebody was faster.
    """
    held = hold(dossier_id, person_id=actor.pk, on=day_of(now))
    refuse(_place_problems(held, criterion, stage, now))
    asked = ask(held, held.definition, criterion, day_of(now))
    if asked is None:
        raise NotAllowed([_no_such_criterion(criterion)])
    refuse(bound(held, asked.criterion_id, actor))
    said = Said(said.outcome, said.points, said.remark.strip())
    refuse(refusals(asked.question, said))
    take_part(held, actor, SIDE_OF[stage])
    before = _standing(held, asked, stage)
    if before is not None and (before.version == seen or _is_same(before, said)):
        if _is_same(before, said) and before.about == asked.about:
            return before
        seen = before.version
    saved = _save(held, asked, stage, said, seen, actor, now)
    _tell(held, criterion, saved, before, actor, now)
    return saved


def take_part(held: Held, actor: User, side: Side) -> None:
    """Put down, once and for good, on which side of the dossier the actor is.

    Raises `OtherSide`: for somebody of another side, for one who re-checked it, and for one who sent it back
    and would now answer.
    """
    if held.side is side:
        return
    is_barred = held.side is not None or (side is Side.UNIT and _sent_back(held, actor))
    if is_barred or _first_hand(held, actor, side) != side:
        raise OtherSide


def _first_hand(held: Held, actor: User, side: Side) -> int:
    """The side on which the actor is from now on: this one, unless he was put down meanwhile."""
    row = [held.id, actor.pk, side]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_HAND, row)
    except IntegrityError as error:
        if "re-checked" not in str(error):
            raise
        raise OtherSide from None
    return Hand.objects.values_list("side", flat=True).get(dossier=held.id, person=actor)


def _sent_back(held: Held, actor: User) -> bool:
    return Move.objects.filter(dossier=held.id, act=Act.SEND_BACK, person=actor).exists()


def _place_problems(held: Held, criterion: str, stage: Stage, now: datetime) -> list[Problem]:
    if held.place.stage is not stage or held.place.state not in _WORKED_ON:
        reason = Text(
            vi="Hồ sơ không còn ở giai đoạn này; kết quả bạn nhập chưa được lưu.",
            en="The dossier is no longer in this stage; what you entered was not saved.",
        )
        return [Problem("not-in-that-stage", reason)]
    if not held.is_in_time(now):
        reason = Text(
            vi="Đã quá hạn của giai đoạn này; kết quả bạn nhập chưa được lưu.",
            en="The deadline of this stage has passed; what you entered was not saved.",
        )
        return [
            Problem(
                "past-the-deadline",
                reason,
                Text(vi="Đề nghị gia hạn, có lý do.", en="Ask for an extension, giving the reason."),
            )
        ]
    if not held.may_change(criterion):
        reason = Text(
            vi="Tiêu chí này không nằm trong phần bị trả lại.", en="This criterion was not sent back."
        )
        return [Problem("not-sent-back", reason)]
    return []


def _no_such_criterion(code: str) -> Problem:
    reason = Text(vi=f"Bộ tiêu chí không có tiêu chí {code}.", en=f"The set has no criterion {code}.")
    return Problem("no-such-criterion", reason)


def _standing(held: Held, asked: Asked, stage: Stage) -> StageFinding | None:
    """What stands now, held: whoever saves the same criterion at the same moment waits.

    That row alone: the tables that findings are ordered by would be held as well, the dossier among them.
    """
    found = StageFinding.objects.filter(dossier=held.id, stage=stage, criterion=asked.criterion_id)
    return found.order_by("pk").select_for_update(no_key=True, of=("self",)).first()


def _is_same(finding: StageFinding, said: Said) -> bool:
    return (finding.outcome, finding.points, finding.remark) == (said.outcome, said.points, said.remark)


def _save(
    held: Held, asked: Asked, stage: Stage, said: Said, seen: int | None, actor: User, now: datetime
) -> StageFinding:
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE,
            {
                "dossier": held.id,
                "stage": stage,
                "criterion": asked.criterion_id,
                "outcome": said.outcome,
                "points": said.points,
                "remark": said.remark,
                "about": asked.about,
                "person": actor.pk,
                "now": now,
                "seen": seen,
            },
        )
        row = cursor.fetchone()
    if row is not None:
        return StageFinding.from_db("default", _COLUMNS, row)
    theirs = StageFinding.objects.select_related("person")
    raise SaidMeanwhile(theirs.get(dossier=held.id, stage=stage, criterion=asked.criterion_id))


def _tell(
    held: Held, code: str, saved: StageFinding, before: StageFinding | None, actor: User, now: datetime
) -> None:
    audit.record(
        actor=actor,
        verb=verbs.SAY,
        object=("dossier", held.id),
        name=f"{held.round_name}: {code}",
        unit_id=held.unit_id,
        old=None if before is None else _facts(code, before),
        new=_facts(code, saved),
        now=now,
    )


def _facts(code: str, finding: StageFinding) -> dict[str, str | int | None]:
    points: Decimal | None = finding.points
    return {
        f"{code}.stage": Stage(finding.stage).key,
        f"{code}.outcome": finding.outcome,
        f"{code}.points": None if points is None else f"{points:f}",
        f"{code}.remark": finding.remark,
    }
