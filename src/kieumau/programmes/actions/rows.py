"""The rows of a programme: sets, seats, stages, targets, members, money. Added, changed, removed.

What is said comes as facts (`rules`); each kind of facts has its table. Every act is one transaction with
its line in the log. Whoever may do it has been asked before (`access`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError, transaction
from psycopg.errors import ExclusionViolation, UniqueViolation
from psycopg.types.range import DateRange

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, Said, name_of
from kieumau.audit.verbs import Verb
from kieumau.kernel.messages import Refused, Text
from kieumau.programmes import verbs
from kieumau.programmes.actions.failures import AlreadyThere, ChangedMeanwhile, Gone
from kieumau.programmes.models import BudgetLine, Member, PlanStage, Programme, ProgrammeSet, Seat, Target
from kieumau.programmes.rules import (
    Facts,
    LineFacts,
    MemberFacts,
    SeatFacts,
    SetFacts,
    StageFacts,
    TargetFacts,
)
from kieumau.programmes.verbs import Verbs

ONE_DAY = timedelta(days=1)
THERE = Text(vi="Mục này đã có rồi.", en="This is there already.")
Row = ProgrammeSet | Seat | Member | PlanStage | Target | BudgetLine
RowFacts = SetFacts | SeatFacts | StageFacts | TargetFacts | MemberFacts | LineFacts


@dataclass(frozen=True, slots=True)
class _Table:
    """How a kind of row is called, where it is kept, and what there can be only one of."""

    model: type[Any]
    verbs: Verbs
    once: Text = THERE


_TABLES: dict[type[Any], _Table] = {
    SetFacts: _Table(
        ProgrammeSet,
        verbs.SET,
        Text(
            vi="Năm này đã có bộ tiêu chí bắt đầu áp dụng.", en="A set begins to apply in that year already."
        ),
    ),
    SeatFacts: _Table(Seat, verbs.SEAT),
    StageFacts: _Table(PlanStage, verbs.STAGE),
    TargetFacts: _Table(
        Target,
        verbs.TARGET,
        Text(vi="Địa bàn này đã có mục tiêu của năm ấy.", en="That area has a target for that year already."),
    ),
    MemberFacts: _Table(
        Member,
        verbs.MEMBER,
        Text(vi="Đơn vị đã tham gia trong thời gian này.", en="The unit takes part at that time already."),
    ),
    LineFacts: _Table(BudgetLine, verbs.LINE),
}


@transaction.atomic
def add_row(programme: Programme, facts: RowFacts, *, actor: Actor, now: datetime) -> Row:
    """Add a row to a programme; members are chosen by `choose_units`. Raises `Refused`, `AlreadyThere`."""
    table = _table(facts)
    made = table.model(programme=programme)
    _write(made, facts, table, actor, now)
    _log(table.verbs.add, made, actor, now, new=_said(facts))
    return cast(Row, made)


@transaction.atomic
def change_row(row: Row, facts: RowFacts, *, version: int, actor: Actor, now: datetime) -> Row:
    """Write other facts over those of `version`.

    Raises `ChangedMeanwhile`, `Gone`, `Refused` (all faults), `AlreadyThere`. `row` is left as it was read.
    """
    table = _table(facts)
    found = _held(row, version)
    before = _said(facts_of(found))
    found.version += 1
    _write(found, facts, table, actor, now)
    _log(table.verbs.change, found, actor, now, old=before, new=_said(facts))
    return found


@transaction.atomic
def remove_row(row: Row, *, version: int, actor: Actor, now: datetime) -> None:
    """Take a row away; the log keeps what it said. Raises `ChangedMeanwhile`, `Gone`."""
    found = _held(row, version)
    facts = facts_of(found)
    _log(_table(facts).verbs.remove, found, actor, now, old=_said(facts))
    found.delete()


def facts_of(row: Row) -> RowFacts:
    """What a row says now."""
    kind = next(one for one, table in _TABLES.items() if isinstance(row, table.model))
    return cast(RowFacts, kind(**{name: _read(row, name) for name in kind.__slots__}))


def columns(facts: Facts) -> dict[str, Any]:
    """The columns of a table that say the same."""
    said = {name: getattr(facts, name) for name in facts.__slots__}
    if "last_day" in said:
        last = said.pop("last_day")
        said["valid"] = DateRange(said.pop("starts_on"), last + ONE_DAY if last else None)
    if "kinds" in said:
        said["kinds"] = list(said["kinds"])
    return said


def place_of(row: Row) -> int | None:
    """The unit that a row is about; None for what is of the whole programme."""
    match row:
        case Member() | BudgetLine():
            return row.unit_id
        case ProgrammeSet():
            return row.programme.area_id
        case _:
            return row.area_id


def as_json(facts: Facts) -> Said:
    """The same for the log: days and numbers as text, exact."""
    return _said(facts)


def _table(facts: RowFacts) -> _Table:
    return _TABLES[type(facts)]


def _held(row: Row, version: int) -> Row:
    found = (
        type(row)
        .objects.select_for_update(of=("self",))
        .select_related("programme")
        .filter(pk=row.pk)
        .first()
    )
    if found is None:
        raise Gone
    if found.version != version:
        raise ChangedMeanwhile(found.changed_by)
    return found


def _write(row: Any, facts: RowFacts, table: _Table, actor: Actor, now: datetime) -> None:
    if found := list(facts.faults()):
        raise Refused(found)
    for name, value in columns(facts).items():
        setattr(row, name, value)
    row.changed_by = name_of(actor)
    if isinstance(row, BudgetLine):
        row.changed_at = now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation | ExclusionViolation):
            raise AlreadyThere(table.once) from None
        raise


def _read(row: Row, name: str) -> Any:
    if name == "starts_on" and isinstance(row, Seat | Member):
        return row.valid.lower
    return getattr(row, name)


def _said(facts: Facts) -> Said:
    return {name: _plain(getattr(facts, name)) for name in facts.__slots__}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return list(value) if isinstance(value, tuple) else value


def _log(
    verb: Verb, row: Row, actor: Actor, now: datetime, *, old: Said | None = None, new: Said | None = None
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        now=now,
        object=(row._meta.db_table, row.pk),
        name=f"{row.programme.code}: {row}"[:200],
        unit_id=place_of(row),
        old=old,
        new=new,
    )
