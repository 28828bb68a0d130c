"""Directives are put down, from which assignments are given."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from kieumau.assignments import verbs
from kieumau.assignments.actions.facts import DirectiveFacts
from kieumau.assignments.failures import refuse
from kieumau.assignments.models import Directive
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.calendars.working_days import day_of
from kieumau.documents.actions.describe import name_of
from kieumau.kernel.messages import Problem, Text


@transaction.atomic
def record_directive(facts: DirectiveFacts, *, actor: Actor, now: datetime) -> Directive:
    """Put down a directive, from which assignments are given. Raises `NotAllowed`."""
    refuse(_faults(facts, day_of(now)))
    made = Directive.objects.create(
        source=facts.source,
        issuer_id=facts.issuer_id,
        issued_on=facts.issued_on,
        title=facts.title.strip(),
        text=facts.text.strip(),
        reference=facts.reference.strip(),
        programme=facts.programme,
        document=facts.document,
        recorded_at=now,
        recorded_by=name_of(actor),
    )
    audit.record(
        actor=actor,
        verb=verbs.RECORD_DIRECTIVE,
        object=("directive", made.pk),
        name=str(made)[:200],
        unit_id=made.issuer_id,
        new={"reference": made.reference, "issued_on": made.issued_on.isoformat(), "title": made.title},
        now=now,
    )
    return made


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
