"""Titles of before: held by units before the product was there, put down from their decisions alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from kieumau.audit.actions import Actor
from kieumau.awards import verbs
from kieumau.awards.actions.recognize import Recognition, about_document, give, tell
from kieumau.awards.models import Title
from kieumau.awards.rules import Decision, ends_before, refusals
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.programmes.belonging import unit_problems
from kieumau.programmes.models import Programme

MONTHS_OF_BEFORE = 12  # a title of no programme, where nothing else is said: titles are for a year


@dataclass(frozen=True, slots=True)
class Earlier:
    """A title of before: whose, what it is called, its decision; where in a file it stands."""

    unit_id: int
    name: Text
    decision: Decision
    recognition: Recognition
    programme: Programme | None
    place: Place


@transaction.atomic
def record_earlier(
    unit_id: int,
    name: Text,
    decision: Decision,
    recognition: Recognition,
    *,
    programme: Programme | None,
    actor: Actor,
    now: datetime,
) -> Title:
    """Put down a title of before, from its decision alone. Raises `Refused` for what is wrong with it.

    A title of a programme is for a unit that was in its area and of its kinds on the first day. What was
    put down once (same unit, number, day and name) is refused the second time.
    """
    end = recognition.ends_before or ends_before(
        recognition.starts_on, programme.lasts_months if programme else MONTHS_OF_BEFORE
    )
    problems = list(refusals(decision, recognition.starts_on, end, day_of(now)))
    if not name.vi.strip() or not name.en.strip():
        problems.append(Problem("no-name", Text(vi="Ghi tên danh hiệu.", en="Say what the title is called.")))
    if programme is not None:
        problems += unit_problems(programme, unit_id, recognition.starts_on)
    problems += about_document(recognition.document, unit_id, decision)
    if _is_there(unit_id, decision, name):
        there = Text(vi="Danh hiệu này đã được ghi.", en="This title has been put down already.")
        problems.append(Problem("recorded-before", there))
    if problems:
        raise Refused(problems)
    who = actor if isinstance(actor, str) else actor.get_username() if actor else ""
    title = give(unit_id, decision, recognition, end, programme, who, now, name=name)
    tell(verbs.RECORD_EARLIER, title, actor, now)
    return title


@transaction.atomic
def record_all_earlier(rows: Sequence[Earlier], *, actor: Actor, now: datetime) -> list[Title]:
    """Put down the titles of a file, all of them or none.

    Raises `Refused` with what is wrong with each row, at its place in the file.
    """
    made, problems = [], []
    for one in rows:
        try:
            made.append(
                record_earlier(
                    one.unit_id,
                    one.name,
                    one.decision,
                    one.recognition,
                    programme=one.programme,
                    actor=actor,
                    now=now,
                )
            )
        except Refused as refused:
            problems += [replace(problem, place=one.place) for problem in refused.problems]
    if problems:
        raise Refused(problems)
    return made


def _is_there(unit_id: int, decision: Decision, name: Text) -> bool:
    rows = Title.objects.filter(unit=unit_id, decided_on=decision.decided_on, name_vi=name.vi.strip())
    return rows.filter(reference__iexact=decision.reference.strip()).exists()
