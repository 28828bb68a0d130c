"""A round that is stuck before it is open: cancelled, or prepared anew with the units of now.

The tree of units may change while a round is prepared. It then never opens, as it would not be the round
that was asked for: whoever may open rounds decides what becomes of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rounds import verbs
from kieumau.rounds.actions.close import name_of
from kieumau.rounds.choosing import sql_of, wanted_of
from kieumau.rounds.models import Round


class CannotChange(Refused):
    """The round is not being prepared, nobody says why, or it would have no units."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far preparing is: dossiers that are there, units that there are to be by the tree of now.

    `lacking` units have no dossier yet, or not at that place of the tree; `extra` dossiers are of none.
    """

    ready: int
    wanted: int
    lacking: int
    extra: int


_READINESS = """
    SELECT count(d.unit_id), count(w.unit_id), count(*) FILTER (WHERE d.unit_id IS NULL),
        count(*) FILTER (WHERE w.unit_id IS NULL)
    FROM ({wanted}) w (unit_id, path, province_id)
    FULL JOIN (SELECT unit_id, path FROM dossier WHERE round_id = %s) d
        ON d.unit_id = w.unit_id AND d.path = w.path
"""


def readiness(made: Round) -> Readiness:
    """How far a round that is being prepared is. At most four queries, two more where its set names areas."""
    wanted, values = sql_of(wanted_of(made))
    with connection.cursor() as cursor:
        cursor.execute(_READINESS.format(wanted=wanted), [*values, made.pk])
        return Readiness(*cursor.fetchone())


@transaction.atomic
def cancel(made: Round, *, reason: str, actor: Actor, now: datetime) -> Round:
    """Give up a round that is being prepared, for good; what was prepared goes. Raises `CannotChange`."""
    found = _held(made, reason)
    _forget(found)
    found.state, found.closed_at = Round.State.CANCELLED, now
    found.closed_by, found.closed_reason = name_of(actor), reason.strip()
    found.save(update_fields=["state", "closed_at", "closed_by", "closed_reason"])
    audit.record(
        actor=actor,
        verb=verbs.CANCEL,
        object=("round", found.pk),
        name=found.name,
        unit_id=found.area_id,
        old={"state": "preparing"},
        new={"state": "cancelled"},
        why=reason,
        now=now,
    )
    return found


@transaction.atomic
def begin_anew(made: Round, *, reason: str, actor: Actor, now: datetime) -> Round:
    """Let a round be prepared from its beginning, with the units of now. Raises `CannotChange`.

    The job that prepares it is left by `jobs.prepare_anew`, in this transaction.
    """
    found = _held(made, reason)
    wanted = wanted_of(found).count()
    if not wanted:
        reason_ = Text(vi="Đợt này không còn đơn vị nào.", en="There is no unit left for this round.")
        hint = Text(vi="Hãy hủy đợt.", en="Cancel it.")
        raise CannotChange([Problem("no-units", reason_, hint)])
    _forget(found)
    before, found.expected_count = found.expected_count, wanted
    found.save(update_fields=["expected_count"])
    audit.record(
        actor=actor,
        verb=verbs.PREPARE_ANEW,
        object=("round", found.pk),
        name=found.name,
        unit_id=found.area_id,
        old={"expected": before},
        new={"expected": wanted},
        why=reason,
        now=now,
    )
    return found


def _held(made: Round, reason: str) -> Round:
    """The round alone: whoever prepares a part of it waits, and then finds it changed."""
    found = Round.objects.select_for_update(of=("self",)).select_related("period", "criteria_set")
    held = found.get(pk=made.pk)
    if problems := list(_problems(held, reason)):
        raise CannotChange(problems)
    return held


def _problems(held: Round, reason: str) -> Iterator[Problem]:
    if held.state != Round.State.PREPARING:
        text = Text(vi="Đợt này không còn đang chuẩn bị.", en="The round is not being prepared any more.")
        yield Problem("not-being-prepared", text)
    if not reason.strip():
        yield Problem("no-reason", Text(vi="Nêu lý do.", en="Say why."))


def _forget(held: Round) -> None:
    """Take away the dossiers that were prepared; nobody has seen them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT round_forget_prepared(%s)", [held.pk])
