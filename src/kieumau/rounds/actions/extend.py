"""More time for a stage, with its reason: for whole areas, or for single units of the round."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rounds import verbs
from kieumau.rounds.actions.close import name_of
from kieumau.rounds.models import Dossier, Extension, Round, StageDeadline
from kieumau.rounds.rules import SIDE_OF, Side, Stage
from kieumau.rounds.telling import MoreTime, tell_of_more_time
from kieumau.units.models import Position, Term
from kieumau.units.queries import terms


class CannotExtend(Refused):
    """The extension is not one: no reason, no later day, another place; or the round is not open."""


@transaction.atomic
def extend(
    made: Round, *, stage: Stage, area_id: int, due_on: date, reason: str, actor: Actor, now: datetime
) -> Extension:
    """Let an area's dossiers be worked on at a stage until a later day. Raises `CannotExtend`."""
    (one,) = extend_each(
        made, stage=stage, area_ids=[area_id], due_on=due_on, reason=reason, actor=actor, now=now
    )
    return one


@transaction.atomic
def extend_each(
    made: Round,
    *,
    stage: Stage,
    area_ids: Collection[int],
    due_on: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> list[Extension]:
    """The same for several areas or units at once: for all of them, or none. Raises `CannotExtend`.

    Later than the day in force for each: the earliest of the levels' own days, or what it was extended to
    before. Whoever has a day of his level that is later still keeps it. Those who work on the stage there
    are told.
    """
    # Held as for closing: of two who extend at once the second sees what the first gave.
    rows = Round.objects.select_for_update(of=("self",), no_key=True).select_related("period", "programme")
    held = rows.get(pk=made.pk)
    days, areas = _days(held, stage), _areas(held, area_ids)
    problems = [*_of_the_asking(held, reason, due_on, day_of(now)), *_of_places(areas, area_ids)]
    problems += _of_days(held, stage, days, areas, due_on)
    if problems:
        raise CannotExtend(problems)
    given = [
        Extension(
            round=held,
            stage=stage,
            area_id=one.unit_id,
            path=_path(one),
            due_on=due_on,
            reason=reason.strip(),
            at=now,
            by=name_of(actor),
        )
        for one in areas
    ]
    _store(given, actor, now)
    named = [] if held.area_id in area_ids else [_name(one) for one in areas]
    is_later = days[-1] > due_on or _is_later_within(held, stage, areas, due_on)
    told = MoreTime(stage, due_on, reason.strip(), named, is_later_for_some=is_later)
    tell_of_more_time(told, given, now=now, but=actor.pk if isinstance(actor, User) else None)
    return given


def _days(made: Round, stage: Stage) -> list[date]:
    """The last days of the stage, the earliest first: units have that of their own level alone."""
    found = StageDeadline.objects.filter(round=made, stage=stage)
    if SIDE_OF[stage] is Side.UNIT:
        found = found.filter(level=made.level)
    return sorted(found.values_list("due_on", flat=True))


def _areas(made: Round, area_ids: Collection[int]) -> list[Term]:
    """Those of the areas that lie in the round's and have dossiers in it, by name. Two queries."""
    on = made.period.ends_before - ONE_DAY
    whole = Position.objects.filter(unit=made.area_id, valid__contains=on).values_list("path", flat=True)
    there = Dossier.objects.filter(round=made, path__startswith=OuterRef("path"))
    return list(terms(on, whole.first() or "-").filter(Exists(there), unit_id__in=set(area_ids)))


def _of_the_asking(made: Round, reason: str, due_on: date, today: date) -> Iterator[Problem]:
    if made.state != Round.State.OPEN:
        yield _problem("round-not-open", "Đợt này không đang mở.", "The round is not open.")
    if not reason.strip():
        yield _problem("no-reason", "Nêu lý do gia hạn.", "Say why the deadline is extended.")
    if due_on < today:
        yield _problem("day-has-passed", "Hạn mới đã qua.", "The new day lies in the past.")


def _of_places(areas: Sequence[Term], asked: Collection[int]) -> Iterator[Problem]:
    lost = len(set(asked)) - len(areas)
    if lost == 1 and not areas:
        yield _problem("another-area", "Đơn vị không thuộc đợt này.", "That area is not part of the round.")
    elif lost:
        yield _problem(
            "another-area",
            f"{lost} đơn vị đã nêu không thuộc đợt này.",
            f"{lost} of the units named are not part of the round.",
        )


def _of_days(
    made: Round, stage: Stage, days: Sequence[date], areas: Sequence[Term], due_on: date
) -> Iterator[Problem]:
    """Is it later than the day in force for every area? One query."""
    if not days:
        yield _problem(
            "no-deadline",
            "Giai đoạn này không có hạn, nên không có gì để gia hạn.",
            "This stage has no deadline that could be extended.",
        )
        return
    before = list(Extension.objects.filter(round=made, stage=stage).values_list("path", "due_on"))
    for one in areas:
        given = [day for path, day in before if _path(one).startswith(path)]
        in_force, name = max([days[0], *given]), _name(one)
        if due_on <= in_force:
            yield _problem(
                "not-later",
                f"{name.vi}: hạn mới phải sau hạn đang có, {in_force:%d/%m/%Y}.",
                f"{name.en}: the new day must lie after the old one, {in_words(in_force).en}.",
            )


def _is_later_within(made: Round, stage: Stage, areas: Sequence[Term], due_on: date) -> bool:
    """Was some part of the areas extended further before? One query."""
    later = Extension.objects.filter(round=made, stage=stage, due_on__gt=due_on)
    paths = tuple(map(_path, areas))
    return any(path.startswith(paths) for path in later.values_list("path", flat=True))


def _store(given: Sequence[Extension], actor: Actor, now: datetime) -> None:
    """Put extensions of one round down, each in the log."""
    Extension.objects.bulk_create(given)
    for one in given:
        audit.record(
            actor=actor,
            verb=verbs.EXTEND,
            object=("round", one.round_id),
            name=one.round.name,
            unit_id=one.area_id,
            new={"stage": Stage(one.stage).key, "due_on": one.due_on.isoformat()},
            why=one.reason,
            now=now,
        )


def _path(one: Term) -> str:
    return str(vars(one)["path"])


def _name(one: Term) -> Text:
    return Text(vi=one.full_name("vi"), en=one.full_name("en"))


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
