"""Visits are put down; what they conclude is given to units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kieumau.assignments import verbs
from kieumau.assignments.actions.facts import VisitFacts
from kieumau.assignments.actions.give import Came, Task, give
from kieumau.assignments.actions.wording import said_of
from kieumau.assignments.failures import ChangedMeanwhile, refuse
from kieumau.assignments.models import (
    Assignment,
    Conclusion,
    Observation,
    Participant,
    Visit,
)
from kieumau.assignments.naming import conclusion_named
from kieumau.assignments.rules import Origin, visit_faults
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, Said
from kieumau.audit.verbs import Verb
from kieumau.calendars.working_days import day_of
from kieumau.documents.actions.describe import name_of
from kieumau.kernel.messages import Problem, Text

MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Pick:
    """One conclusion becomes an assignment of one unit."""

    conclusion_id: int
    owner_id: int
    due_on: date


@transaction.atomic
def record_visit(facts: VisitFacts, *, actor: Actor, now: datetime) -> Visit:
    """Put down a visit with who came (by post), what was found and concluded, or one to come.

    Raises `NotAllowed`.
    """
    refuse(_faults(facts, day_of(now)))
    who = name_of(actor)
    made = Visit(recorded_at=now, recorded_by=who, changed_at=now, changed_by=who)
    _write(made, facts)
    made.save(force_insert=True)
    _write_rows(made, facts)
    _log(verbs.RECORD_VISIT, made, actor, now, new=said_of(made, facts))
    return made


@transaction.atomic
def change_visit(visit_id: int, facts: VisitFacts, *, seen: int, actor: Actor, now: datetime) -> Visit:
    """Write other facts over those of version `seen`.

    A conclusion from which an assignment follows keeps its number and words; one that needs none, said
    otherwise, is a new one. Raises `ChangedMeanwhile` and
    `NotAllowed`.
    """
    found = Visit.objects.select_for_update().get(pk=visit_id)
    if found.version != seen:
        raise ChangedMeanwhile(found)
    given = _given(found)
    problems = list(_faults(facts, day_of(now)))
    problems += [_was_given(one) for one in given if _said_at(facts, one.number) != one.text]
    if facts.unit_id != found.unit_id:
        problems.append(_other_unit())
    refuse(problems)
    old = said_of(found, _facts_of(found))
    _write(found, facts)
    found.version += 1
    found.changed_at, found.changed_by = now, name_of(actor)
    found.save()
    found.participants.all().delete()
    found.observations.all().delete()
    settled = found.conclusions.exclude(settled_why="")
    kept = {one.pk: one.number for one in given}
    kept |= {one.pk: one.number for one in settled if _said_at(facts, one.number) == one.text}
    found.conclusions.exclude(pk__in=kept).delete()
    _write_rows(found, facts, kept=frozenset(kept.values()))
    _log(verbs.CHANGE_VISIT, found, actor, now, old=old, new=said_of(found, facts))
    return found


@transaction.atomic
def assign_conclusions(
    visit_id: int, picks: Sequence[Pick], *, giver_id: int, actor: Actor, now: datetime
) -> list[Assignment]:
    """Turn conclusions of a visit into assignments; those that were made. Raises `CannotGive`.

    What a unit works on already is not given to it twice.
    """
    visit = Visit.objects.select_for_update().get(pk=visit_id)
    said = {one.pk: one for one in Conclusion.objects.filter(visit=visit)}
    tasks = []
    for pick in picks:
        one = said[pick.conclusion_id]
        about = conclusion_named(visit.purpose, visit.starts_on, one.number)
        came = Came(Origin.CONCLUSION, conclusion_id=one.pk, about_text=about)
        tasks.append(Task(pick.owner_id, one.text, pick.due_on, came=came))
    return give(tasks, giver_id=giver_id, programme=visit.programme, actor=actor, now=now)


@transaction.atomic
def settle_conclusion(conclusion_id: int, *, why: str, actor: Actor, now: datetime) -> Conclusion:
    """Say that no assignment needs to follow from a conclusion, and why. Raises `NotAllowed`."""
    found = Conclusion.objects.select_for_update().get(pk=conclusion_id)
    if not why.strip():
        refuse([Problem("no-reason", Text(vi="Cần nêu lý do.", en="Say why."))])
    found.settled_why = why.strip()[:MOST_LETTERS]
    found.save(update_fields=["settled_why"])
    new = {"number": found.number}
    _log(verbs.SETTLE, found.visit, actor, now, new=new, why=found.settled_why)
    return found


def _faults(facts: VisitFacts, today: date) -> Iterator[Problem]:
    return visit_faults(
        facts.starts_on,
        facts.ends_on,
        today,
        purpose=facts.purpose,
        took_part=bool(facts.participants),
        found=bool(facts.observations or facts.conclusions),
    )


def _write(made: Visit, facts: VisitFacts) -> None:
    made.unit_id, made.leader_id = facts.unit_id, facts.leader_id
    made.starts_on, made.ends_on = facts.starts_on, facts.ends_on
    made.purpose, made.programme, made.document = facts.purpose.strip(), facts.programme, facts.document


def _write_rows(made: Visit, facts: VisitFacts, kept: frozenset[int] = frozenset()) -> None:
    Participant.objects.bulk_create(
        Participant(visit=made, number=number, post=post, agency=agency)
        for number, (post, agency) in enumerate(facts.participants, start=1)
    )
    Observation.objects.bulk_create(
        Observation(visit=made, number=number, topic=topic, text=text)
        for number, (topic, text) in enumerate(facts.observations, start=1)
    )
    Conclusion.objects.bulk_create(
        Conclusion(visit=made, number=number, text=text)
        for number, text in enumerate(facts.conclusions, start=1)
        if number not in kept
    )


def _facts_of(found: Visit) -> VisitFacts:
    """What stands of a visit."""
    return VisitFacts(
        unit_id=found.unit_id,
        leader_id=found.leader_id,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        purpose=found.purpose,
        participants=tuple((one.post, one.agency) for one in found.participants.order_by("number")),
        observations=tuple((one.topic, one.text) for one in found.observations.order_by("number")),
        conclusions=tuple(one.text for one in found.conclusions.order_by("number")),
        programme=found.programme,
        document=found.document,
    )


def _given(found: Visit) -> list[Conclusion]:
    """The conclusions from which assignments follow."""
    return list(Conclusion.objects.filter(visit=found, assignments__isnull=False).distinct())


def _said_at(facts: VisitFacts, number: int) -> str | None:
    return facts.conclusions[number - 1] if number <= len(facts.conclusions) else None


def _log(
    verb: Verb,
    visit: Visit,
    actor: Actor,
    now: datetime,
    *,
    new: Said,
    old: Said | None = None,
    why: str = "",
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object=("visit", visit.pk),
        name=visit.purpose[:200],
        unit_id=visit.unit_id,
        old=old,
        new=new,
        why=why,
        now=now,
    )


def _was_given(one: Conclusion) -> Problem:
    return Problem(
        "conclusion-was-given",
        Text(
            vi=f"Kết luận {one.number} đã được giao thành nhiệm vụ, không sửa hoặc chuyển chỗ được.",
            en=f"Conclusion {one.number} was given as an assignment; its words and its place stay.",
        ),
    )


def _other_unit() -> Problem:
    return Problem(
        "other-unit", Text(vi="Không đổi được đơn vị được kiểm tra.", en="The unit visited does not change.")
    )
