"""Units are chosen to take part: all that were asked for, or none, with every fault told at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from psycopg.errors import ExclusionViolation

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, name_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.programmes import verbs
from kieumau.programmes.actions.failures import CannotChoose
from kieumau.programmes.actions.rows import as_json, columns
from kieumau.programmes.models import Member, Programme
from kieumau.programmes.rules import MemberFacts
from kieumau.units.models import Term
from kieumau.units.queries import terms


@dataclass(frozen=True, slots=True)
class Choice:
    """Which units, and how they take part."""

    unit_ids: Sequence[int]
    facts: MemberFacts


@transaction.atomic
def choose_units(programme: Programme, choice: Choice, *, actor: Actor, now: datetime) -> int:
    """Put units into a programme; how many. Four queries, whatever their number.

    Units stand as they do on the first day. Raises `Refused` for the facts, `CannotChoose` with a problem for
    each unit that is of another level or kind, is not there on that day, or takes part at that time already.
    """
    if found := list(choice.facts.faults()):
        raise Refused(found)
    wanted, said, who = set(choice.unit_ids), columns(choice.facts), name_of(actor)
    if not wanted:
        nothing = Text(vi="Hãy chọn ít nhất một đơn vị.", en="Choose at least one unit.")
        raise CannotChoose([Problem("no-unit", nothing)])
    there = _there(choice)
    if problems := _faults(programme, choice, there):
        raise CannotChoose(problems)
    _insert(
        [
            Member(programme=programme, unit_id=unit_id, chosen_by=who, changed_by=who, chosen_at=now, **said)
            for unit_id in there
        ]
    )
    audit.record(
        actor=actor,
        verb=verbs.CHOOSE,
        now=now,
        object=("programme", programme.pk),
        name=programme.code,
        unit_id=next(iter(wanted)) if len(wanted) == 1 else programme.area_id,
        new={**as_json(choice.facts), "units": [f"{one.register}:{one.code}" for one in there.values()]},
    )
    return len(there)


def unfit(programme: Programme, choice: Choice) -> list[Problem]:
    """Why units cannot take part so, each with its reason; none where `choose_units` would take them all.

    Reads only. Two queries.
    """
    return _faults(programme, choice, _there(choice)) if choice.unit_ids else []


def _there(choice: Choice) -> dict[int, Term]:
    found = terms(choice.facts.starts_on).filter(unit_id__in=set(choice.unit_ids))
    return {one.unit_id: one for one in found}


def _faults(programme: Programme, choice: Choice, there: dict[int, Term]) -> list[Problem]:
    valid = columns(choice.facts)["valid"]
    taking = Member.objects.filter(programme=programme, unit__in=set(choice.unit_ids), valid__overlap=valid)
    taken = set(taking.values_list("unit_id", flat=True))
    return [
        *_missing(set(choice.unit_ids) - set(there)),
        *_unfit(programme, list(there.values())),
        *(_taken(one) for unit_id, one in there.items() if unit_id in taken),
    ]


def _insert(members: list[Member]) -> None:
    try:
        with transaction.atomic():
            Member.objects.bulk_create(members)
    except IntegrityError as error:
        if not isinstance(error.__cause__, ExclusionViolation):
            raise
        reason = Text(
            vi="Có người vừa chọn một trong các đơn vị này.",
            en="Somebody has just chosen one of these units.",
        )
        raise CannotChoose([Problem("already-there", reason)]) from None


def _missing(ids: set[int]) -> list[Problem]:
    return [
        Problem(
            "unknown-unit",
            Text(
                vi=f"Đơn vị số {one} không có vào ngày bắt đầu tham gia.",
                en=f"Unit number {one} is not there on the first day.",
            ),
        )
        for one in sorted(ids)
    ]


def _unfit(programme: Programme, units: list[Term]) -> list[Problem]:
    kinds = set(programme.kinds)
    wrong = [one for one in units if one.level != programme.level or (kinds and one.kind_id not in kinds)]
    return [
        Problem(
            "other-kind",
            Text(
                vi=f"{one.full_name('vi')} ({one.code}) không thuộc loại đơn vị của chương trình.",
                en=f"{one.full_name('en')} ({one.code}) is not of a kind that the programme is for.",
            ),
        )
        for one in wrong
    ]


def _taken(one: Term) -> Problem:
    return Problem(
        "already-there",
        Text(
            vi=f"{one.full_name('vi')} ({one.code}) đã tham gia trong thời gian này.",
            en=f"{one.full_name('en')} ({one.code}) takes part at that time already.",
        ),
    )
