"""What is done in the background: preparing a round, however often its worker dies on the way."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from kieumau.accounts.models import User
from kieumau.audit.actions import Actor
from kieumau.rounds.actions.anew import begin_anew
from kieumau.rounds.actions.open import Wish, ask_for_round, prepare
from kieumau.rounds.models import Round


@app.task(queue="rounds", retry=5)
def prepare_round(round_id: int) -> None:
    """Prepare and open a round; see `actions.open.prepare`."""
    prepare(round_id, now=timezone.now())


@transaction.atomic
def open_soon(wish: Wish, *, actor: User | str, now: datetime) -> Round:
    """Ask for a round and leave the job that prepares it, both or neither. Raises `CannotOpen`."""
    made = ask_for_round(wish, actor=actor, now=now)
    prepare_round.defer(round_id=made.pk)
    return made


@transaction.atomic
def prepare_anew(made: Round, *, reason: str, actor: Actor, now: datetime) -> Round:
    """Begin preparing again and leave the job that does it, both or neither. Raises `CannotChange`."""
    found = begin_anew(made, reason=reason, actor=actor, now=now)
    prepare_round.defer(round_id=found.pk)
    return found


def is_given_up(round_id: int) -> bool:
    """Did preparing fail for good? Then somebody must look at the worker's log. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [prepare_round.name, round_id])
        row = cursor.fetchone()
    return row is not None and row[0] == "failed"


_LAST = """
    SELECT status::text FROM procrastinate_jobs
    WHERE task_name = %s AND (args ->> 'round_id')::bigint = %s ORDER BY id DESC LIMIT 1
"""
