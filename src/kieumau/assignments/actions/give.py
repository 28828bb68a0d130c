"""Assignments are given: one, or very many at once; each unit is told once."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import connection, transaction

from kieumau.assignments import verbs
from kieumau.assignments.failures import CannotGive
from kieumau.assignments.models import Assignment, Directive, Turn
from kieumau.assignments.rules import Act, Origin, faults
from kieumau.assignments.telling import tell_given
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.calendars.working_days import day_of
from kieumau.documents.actions.describe import name_of
from kieumau.kernel.text import nfc

MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Came:
    """Where an assignment comes from: at most one of conclusion, directive, or something a higher package
    knows (`about_kind`, `about_id`); `about_text` says it in words."""

    origin: Origin = Origin.OWN
    conclusion_id: int | None = None
    directive_id: int | None = None
    about_kind: str = ""
    about_id: str = ""
    about_text: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What one unit is to do until a day, with whom, and where that comes from."""

    owner_id: int
    text: str
    due_on: date
    partners: tuple[int, ...] = ()
    came: Came = Came()


_GIVE = """
INSERT INTO assignment (origin, conclusion_id, directive_id, about_kind, about_id, about_text, text,
    owner_id, giver_id, partners, due_on, programme, state, version, percent, given_at, given_by,
    changed_at, changed_by)
SELECT origin, conclusion_id, directive_id, about_kind, about_id, about_text, text,
    owner_id, %(giver)s, ARRAY(SELECT jsonb_array_elements_text(partners)::int), due_on, %(programme)s,
    'given', 1, 0, %(now)s, %(who)s, %(now)s, %(who)s
FROM jsonb_to_recordset(%(tasks)s::jsonb) AS t(
    owner_id int, text text, due_on date, partners jsonb, origin text, conclusion_id bigint,
    directive_id bigint, about_kind text, about_id text, about_text text
)
ON CONFLICT DO NOTHING
RETURNING id
"""


@transaction.atomic
def give(
    tasks: Sequence[Task], *, giver_id: int, programme: str = "", actor: Actor, now: datetime
) -> list[Assignment]:
    """Give assignments on behalf of a unit; those that were made, by due day.

    What a unit works on already about the same thing (criterion or conclusion) is not given twice. Few
    statements for any number, and a fifth of a millisecond each for the log. Raises `CannotGive`.
    """
    today = day_of(now)
    for task in tasks:
        if problems := list(faults(task.text, task.due_on, today)):
            raise CannotGive(problems)
    made = _insert(tasks, giver_id, programme, name_of(actor), now)
    # A statement of its own: row security asks whether the assignment is there.
    Turn.objects.bulk_create(
        Turn(assignment=one, version=1, act=Act.GIVE.value, state=one.state, at=now, by=one.given_by)
        for one in made
    )
    tell_given(made, actor, now)
    for one in made:
        _log(one, actor, now)
    return made


def _insert(
    tasks: Sequence[Task], giver_id: int, programme: str, who: str, now: datetime
) -> list[Assignment]:
    """Those that were not there yet, by due day. Two statements."""
    rows = json.dumps([_row(task) for task in tasks])
    with connection.cursor() as cursor:
        cursor.execute(
            _GIVE, {"tasks": rows, "giver": giver_id, "programme": programme, "now": now, "who": who}
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(Assignment.objects.filter(pk__in=ids).order_by("due_on", "pk"))


def _log(one: Assignment, actor: Actor, now: datetime) -> None:
    audit.record(
        actor=actor,
        verb=verbs.OF_ACT[Act.GIVE],
        object=("assignment", one.pk),
        name=one.text[:200],
        unit_id=one.owner_id,
        new={"due_on": one.due_on.isoformat(), "giver": one.giver_id, "about": one.about_text},
        now=now,
    )


def give_for(
    came: Came,
    units: Iterable[int],
    *,
    text: str,
    due_on: date,
    giver_id: int,
    programme: str = "",
    partners: tuple[int, ...] = (),
    actor: Actor,
    now: datetime,
) -> list[Assignment]:
    """Give the same to many units, for the same ground. Raises `CannotGive`; see `give`."""
    tasks = [Task(unit, text, due_on, partners, came) for unit in sorted(set(units))]
    return give(tasks, giver_id=giver_id, programme=programme, actor=actor, now=now)


def came_from_directive(found: Directive) -> Came:
    """An assignment that follows from a directive."""
    said = f"{found.reference}: {found.title}" if found.reference else found.title
    return Came(Origin.DIRECTIVE, directive_id=found.pk, about_text=said[:MOST_LETTERS])


def _row(task: Task) -> dict[str, object]:
    partners = sorted(set(task.partners) - {task.owner_id})
    came = asdict(task.came) | {"origin": task.came.origin.value}
    return {
        **came,
        "about_text": task.came.about_text[:MOST_LETTERS],
        "owner_id": task.owner_id,
        "text": nfc(task.text).strip(),
        "due_on": task.due_on.isoformat(),
        "partners": partners,
    }
