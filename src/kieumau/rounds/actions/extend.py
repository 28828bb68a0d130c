"""More time for a stage, with its reason."""

from datetime import date, datetime

from django.db import transaction

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rounds import verbs
from kieumau.rounds.models import Extension, Round, StageDeadline
from kieumau.rounds.rules import SIDE_OF, Side, Stage
from kieumau.rounds.telling import EXTENDED, tell_units
from kieumau.units.models import Position


class CannotExtend(Refused):
    """The extension is not one: no reason, no later day, or another place."""


@transaction.atomic
def extend(
    made: Round, *, stage: Stage, area_id: int, due_on: date, reason: str, actor: User, now: datetime
) -> Extension:
    """Let an area's dossiers be worked on at a stage until a later day. Raises `CannotExtend`.

    Later than the earliest of the levels' own days: whoever has one that is later still keeps it.
    """
    on = made.period.ends_before.fromordinal(made.period.ends_before.toordinal() - 1)
    paths = Position.objects.filter(valid__contains=on, unit__in=[made.area_id, area_id])
    path_of = dict(paths.values_list("unit_id", "path"))
    within, path = path_of.get(made.area_id, ""), path_of.get(area_id, "")
    deadlines = StageDeadline.objects.filter(round=made, stage=stage)
    if SIDE_OF[stage] is Side.UNIT:
        deadlines = deadlines.filter(level=made.level)
    deadline = deadlines.order_by("due_on").first()
    problems = []
    if not reason.strip():
        problems.append(_problem("no-reason", "Nêu lý do gia hạn.", "Say why the deadline is extended."))
    if not path or not path.startswith(within):
        problems.append(
            _problem("another-area", "Đơn vị không thuộc đợt này.", "That area is not part of the round.")
        )
    if deadline is None or due_on <= deadline.due_on or due_on < day_of(now):
        problems.append(
            _problem(
                "not-later",
                "Hạn mới phải sau hạn cũ và chưa qua.",
                "The new day must lie after the old one, and ahead.",
            )
        )
    if problems:
        raise CannotExtend(problems)
    extension = Extension.objects.create(
        round=made,
        stage=stage,
        area_id=area_id,
        path=path,
        due_on=due_on,
        reason=reason.strip(),
        at=now,
        by=actor.get_username(),
    )
    audit.record(
        actor=actor,
        verb=verbs.EXTEND,
        object=("round", made.pk),
        name=made.name,
        unit_id=area_id,
        new={"stage": stage.key, "due_on": due_on.isoformat()},
        why=reason,
        now=now,
    )
    said = Text(
        vi=f"{made.name}: hạn mới {due_on:%d/%m/%Y}. {extension.reason}",
        en=f"{made.name}: the new last day is {due_on:%d/%m/%Y}. {extension.reason}",
    )
    tell_units(made, EXTENDED, said, now=now, path=path, note=str(extension.pk), but=actor.pk)
    return extension


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
