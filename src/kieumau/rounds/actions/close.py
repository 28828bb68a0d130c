"""Closing a round: what stands, stands; nothing is saved or moved on any more, but for decisions."""

from datetime import datetime

from django.db import transaction

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rounds import verbs
from kieumau.rounds.models import Round
from kieumau.rounds.telling import CLOSED, tell_units


class CannotClose(Refused):
    """The round is not open, or nobody says why."""


def name_of(actor: Actor) -> str:
    """By whom, as it is kept: the user's name, or that of the command."""
    return actor or "" if isinstance(actor, str | None) else actor.get_username()


@transaction.atomic
def close(made: Round, *, reason: str, actor: Actor, now: datetime) -> Round:
    """Close an open round, saying why. Raises `CannotClose`.

    Dossiers that are through all stages can still be decided; all others stay where they are.
    """
    found = Round.objects.select_for_update(of=("self",)).get(pk=made.pk)
    problems = []
    if found.state != Round.State.OPEN:
        text = Text(vi="Đợt này không đang mở.", en="The round is not open.")
        problems.append(Problem("round-not-open", text))
    if not reason.strip():
        text = Text(vi="Nêu lý do đóng đợt.", en="Say why the round is closed.")
        problems.append(Problem("no-reason", text))
    if problems:
        raise CannotClose(problems)
    found.state, found.closed_at = Round.State.CLOSED, now
    found.closed_by, found.closed_reason = name_of(actor), reason.strip()
    found.save(update_fields=["state", "closed_at", "closed_by", "closed_reason"])
    audit.record(
        actor=actor,
        verb=verbs.CLOSE,
        object=("round", found.pk),
        name=found.name,
        unit_id=found.area_id,
        old={"state": "open"},
        new={"state": "closed"},
        why=reason,
        now=now,
    )
    said = Text(
        vi=f"Đợt đánh giá đã đóng: {found.name}: {reason.strip()}",
        en=f"A round was closed: {found.name}: {reason.strip()}",
    )
    tell_units(found, CLOSED, said, now=now)
    return found
