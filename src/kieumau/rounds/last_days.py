"""Whose last day it is: until when a dossier may be worked on in its stage, by whom."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import DateField
from django.db.models.expressions import RawSQL

from kieumau.accounts.roles import with_permission
from kieumau.rounds.rules import Stage

# The last day on which a dossier may be worked on in a stage; null: no deadline was set. Units have that of
# their own level alone; of those who look at dossiers each has that of the level of his role, where it has
# one, and whoever has no role there sees the latest.
_UNITS = f"d.stage <= {int(Stage.SELF)} AND l.level = r.level"
_OTHERS = f"d.stage > {int(Stage.SELF)}"
_MORE = """
    (SELECT max(e.due_on) FROM round_extension e
     WHERE e.round_id = d.round_id AND e.stage = d.stage AND starts_with(d.path, e.path)),
    CASE WHEN d.state = 'sent_back' THEN d.due_until END
"""
_LATEST = f"""greatest(
    (SELECT max(l.due_on) FROM round_deadline l
     WHERE l.round_id = d.round_id AND l.stage = d.stage AND ({_UNITS} OR {_OTHERS})),
    {_MORE}
)"""
ROLES = {"verifiers": "%(verifiers)s", "appraisers": "%(appraisers)s"}
# To be told {person}, {on} (a day), {verifiers} and {appraisers} (arrays of roles).
OWN_LAST_DAY = f"""greatest(
    (SELECT max(l.due_on) FROM round_deadline l, (
        SELECT min(q.level) AS level FROM account_grants_of({{person}}) g
            JOIN unit_position q ON q.unit_id = g.unit_id AND q.valid @> (p.ends_before - 1)
                AND starts_with(d.path, q.path)
            LEFT JOIN programme z ON z.id = r.programme_id
        WHERE g.starts_on <= {{on}} AND (g.ends_before IS NULL OR g.ends_before > {{on}})
            AND g.programme IN ('', coalesce(z.code, ''))
            AND (d.stage = {int(Stage.VERIFICATION)} AND g.role = ANY ({{verifiers}})
                OR d.stage = {int(Stage.APPRAISAL)} AND g.role = ANY ({{appraisers}}))
     ) own
     WHERE l.round_id = d.round_id AND l.stage = d.stage AND ({_UNITS} OR {_OTHERS} AND (
        own.level IS NULL OR l.level = own.level OR l.level = r.level AND NOT EXISTS (
            SELECT FROM round_deadline o
            WHERE o.round_id = d.round_id AND o.stage = d.stage AND o.level = own.level
        )
     ))),
    {_MORE}
)"""
# The day until which it was asked for, of a dossier that was sent back: that is its due day, also where the
# stage closes later. What was extended since goes over it.
_ASKED = """
    CASE WHEN d.state = 'sent_back' AND d.due_until IS NOT NULL THEN greatest(d.due_until, (
        SELECT max(e.due_on) FROM round_extension e
        WHERE e.round_id = d.round_id AND e.stage = d.stage AND starts_with(d.path, e.path) AND e.at > (
            SELECT max(m.at) FROM dossier_move m WHERE m.dossier_id = d.id AND m.act = 'send_back'
        )
    )) END
"""
_OF_ROW = """(
    SELECT {day} FROM dossier d JOIN round r ON r.id = d.round_id JOIN period p ON p.id = r.period_id
    WHERE d.id = dossier.id
)"""
_EARLIEST = _LATEST.replace("max(l.due_on)", "min(l.due_on)")


def _row(day: str, given: Sequence[Any] = ()) -> RawSQL:
    return RawSQL(_OF_ROW.format(day=day), given, output_field=DateField(null=True))


# For rows of dossiers: the latest of all levels, after which nobody works on the stage.
WITH_LAST_DAY = _row(_LATEST)
# The day by which it is due, for everybody: that one, or an earlier one for which it was sent back.
WITH_DUE_DAY = _row(f"coalesce({_ASKED}, {_LATEST})")
# At most what `due_day` is for anybody.
WITH_EARLIEST_DAY = _row(f"coalesce({_ASKED}, {_EARLIEST})")
# The day for which it was sent back; null where there is none.
WITH_DAY_ASKED = _row(_ASKED)


def last_day(person_id: int | None, on: date) -> RawSQL:
    """For rows of dossiers: the last day on which somebody may work on each in its stage, as held on a day.

    The same that `hold` enforces. Null where there is none.
    """
    return _own(OWN_LAST_DAY, person_id, on)


def due_day(person_id: int | None, on: date) -> RawSQL:
    """For rows of dossiers: the day by which each is due for somebody, which is what pages and notices tell.

    The same but for what was sent back until a day: then it is that day, and the stage may close later.
    """
    return _own(f"coalesce({_ASKED}, {OWN_LAST_DAY})", person_id, on)


def _own(day: str, person_id: int | None, on: date) -> RawSQL:
    # Spelled out in order: the day, the day, and the roles, behind the person.
    spelled = day.format(person="%s", on="%s::date", verifiers="%s", appraisers="%s")
    return _row(spelled, (person_id, on, on, *roles().values()))


def due_days(pairs: Iterable[tuple[int, int]], on: date) -> dict[tuple[int, int], date | None]:
    """The same for many dossiers and people, each named by id: by both. One query."""
    asked = sorted(pairs)
    day = f"coalesce({_ASKED}, {OWN_LAST_DAY})".format(person="a.person", on="%(on)s::date", **ROLES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT d.id, a.person, {day}
            FROM unnest(%(dossiers)s::bigint[], %(people)s::bigint[]) a(dossier, person)
                JOIN dossier d ON d.id = a.dossier
                JOIN round r ON r.id = d.round_id JOIN period p ON p.id = r.period_id
            """,
            {
                "dossiers": [dossier for dossier, _ in asked],
                "people": [person for _, person in asked],
                "on": on,
                **roles(),
            },
        )
        return {(dossier, person): day for dossier, person, day in cursor.fetchall()}


def last_day_of_unit(dossier_id: int) -> date | None:
    """The last day of self-assessment by its deadline and extensions; null where there is none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_UNIT, {"stage": Stage.SELF, "id": dossier_id})
        found: date | None = cursor.fetchone()[0]
    return found


_OF_UNIT = """
    SELECT greatest(
        (SELECT l.due_on FROM round_deadline l
         WHERE l.round_id = d.round_id AND l.stage = %(stage)s AND l.level = r.level),
        (SELECT max(e.due_on) FROM round_extension e
         WHERE e.round_id = d.round_id AND e.stage = %(stage)s AND starts_with(d.path, e.path))
    ) FROM dossier d JOIN round r ON r.id = d.round_id WHERE d.id = %(id)s
"""


def roles() -> dict[str, list[str]]:
    """The roles that `OWN_LAST_DAY` is to be told, in its order."""
    return {
        "verifiers": sorted(with_permission("rounds.verify")),
        "appraisers": sorted(with_permission("rounds.appraise")),
    }
