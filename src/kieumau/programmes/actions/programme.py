"""A programme itself: set up and changed."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, name_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.programmes import verbs
from kieumau.programmes.actions.failures import AlreadyThere, ChangedMeanwhile
from kieumau.programmes.actions.rows import as_json, columns
from kieumau.programmes.models import Programme
from kieumau.programmes.rules import ProgrammeFacts

_TAKEN = "moi"  # the address of the page for a new one
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@transaction.atomic
def make_programme(code: str, facts: ProgrammeFacts, *, actor: Actor, now: datetime) -> Programme:
    """Set up a programme. Raises `Refused` with all that is wrong, `AlreadyThere` for a code in use."""
    if found := [*_code_faults(code), *facts.faults()]:
        raise Refused(found)
    try:
        with transaction.atomic():
            made = Programme.objects.create(
                code=code, changed_at=now, changed_by=name_of(actor), **columns(facts)
            )
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            reason = f"Đã có chương trình mã “{code}”.", f"There is a programme “{code}” already."
            raise AlreadyThere(Text(*reason)) from None
        raise
    audit.record(
        actor=actor,
        verb=verbs.MAKE,
        now=now,
        object=("programme", made.pk),
        name=made.code,
        unit_id=made.area_id,
        new=as_json(facts),
    )
    return made


@transaction.atomic
def change_programme(
    programme: Programme, facts: ProgrammeFacts, *, version: int, actor: Actor, now: datetime
) -> Programme:
    """Write other facts over those of `version`. Raises `ChangedMeanwhile`, `Refused`."""
    found = Programme.objects.select_for_update().get(pk=programme.pk)
    if found.version != version:
        raise ChangedMeanwhile(found.changed_by)
    if faults := list(facts.faults()):
        raise Refused(faults)
    before = as_json(facts_of_programme(found))
    for name, value in columns(facts).items():
        setattr(found, name, value)
    found.version += 1
    found.changed_at, found.changed_by = now, name_of(actor)
    found.save()
    audit.record(
        actor=actor,
        verb=verbs.CHANGE,
        now=now,
        object=("programme", found.pk),
        name=found.code,
        unit_id=found.area_id,
        old=before,
        new=as_json(facts),
    )
    return found


def facts_of_programme(found: Programme) -> ProgrammeFacts:
    """What is said of a programme now."""
    said = {name: getattr(found, name) for name in ProgrammeFacts.__slots__}
    return ProgrammeFacts(**{**said, "kinds": tuple(found.kinds)})


def _code_faults(code: str) -> list[Problem]:
    if _CODE.fullmatch(code) and code != _TAKEN:
        return []
    reason = Text(
        vi="Mã chỉ gồm chữ thường không dấu, chữ số và gạch nối.",
        en="A code consists of plain lower-case letters, digits and hyphens.",
    )
    return [Problem("bad-code", reason, Text(vi="Ví dụ: phuong-kieu-mau.", en="For example: model-ward."))]
