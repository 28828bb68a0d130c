"""Directives are put down, from which assignments are given, and put right."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from kieumau.assignments import verbs
from kieumau.assignments.actions.facts import DirectiveFacts
from kieumau.assignments.actions.wording import directive_said
from kieumau.assignments.failures import ChangedMeanwhile, refuse
from kieumau.assignments.models import Directive
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, Said
from kieumau.audit.verbs import Verb
from kieumau.calendars.working_days import day_of
from kieumau.documents.actions.describe import name_of
from kieumau.kernel.messages import Problem, Text


@transaction.atomic
def record_directive(facts: DirectiveFacts, *, actor: Actor, now: datetime) -> Directive:
    """Put down a directive, from which assignments are given. Raises `NotAllowed`."""
    refuse(_faults(facts, day_of(now)))
    who = name_of(actor)
    made = Directive(
        issuer_id=facts.issuer_id, recorded_at=now, recorded_by=who, changed_at=now, changed_by=who
    )
    _write(made, facts)
    made.save(force_insert=True)
    _log(verbs.RECORD_DIRECTIVE, made, actor, now)
    return made


@transaction.atomic
def change_directive(
    directive_id: int, facts: DirectiveFacts, *, seen: int, actor: Actor, now: datetime
) -> Directive:
    """Write other facts over those of version `seen`; the assignments that follow keep their own words.

    Raises `ChangedMeanwhile` and `NotAllowed`: whoever issued it stays, too.
    """
    found = Directive.objects.select_for_update().get(pk=directive_id)
    if found.version != seen:
        raise ChangedMeanwhile(found)
    problems = list(_faults(facts, day_of(now)))
    if facts.issuer_id != found.issuer_id:
        problems.append(_other_issuer())
    refuse(problems)
    old = directive_said(found)
    _write(found, facts)
    found.version += 1
    found.changed_at, found.changed_by = now, name_of(actor)
    found.save()
    _log(verbs.CHANGE_DIRECTIVE, found, actor, now, old=old)
    return found


def _write(made: Directive, facts: DirectiveFacts) -> None:
    made.source, made.issued_on = facts.source, facts.issued_on
    made.title, made.text = facts.title.strip(), facts.text.strip()
    made.reference = facts.reference.strip()
    made.programme, made.document = facts.programme, facts.document


def _log(verb: Verb, made: Directive, actor: Actor, now: datetime, *, old: Said | None = None) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object=("directive", made.pk),
        name=str(made)[:200],
        unit_id=made.issuer_id,
        old=old,
        new=directive_said(made),
        now=now,
    )


def _faults(facts: DirectiveFacts, today: date) -> Iterator[Problem]:
    if not facts.title.strip() or not facts.text.strip():
        yield Problem(
            "no-text", Text(vi="Ghi tên và nội dung chỉ đạo.", en="Give its title and what it says.")
        )
    if facts.source == Directive.Source.DOCUMENT and not facts.reference.strip():
        yield Problem(
            "no-reference", Text(vi="Ghi số ký hiệu văn bản.", en="Give the number of the document.")
        )
    if facts.issued_on > today:
        yield Problem("in-the-future", Text(vi="Ngày ở tương lai.", en="The day lies in the future."))


def _other_issuer() -> Problem:
    return Problem(
        "other-issuer",
        Text(vi="Không đổi được cơ quan ban hành.", en="Whoever issued it does not change."),
    )
