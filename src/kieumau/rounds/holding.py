"""What a saving needs to know of a dossier, read and held in one query until the transaction ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import CharField
from django.db.models.expressions import RawSQL

from kieumau.assessments.rules import Outcome
from kieumau.calendars.working_days import day_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Definition, due_on
from kieumau.rounds.last_days import OWN_LAST_DAY, ROLES, roles
from kieumau.rounds.models import Dossier
from kieumau.rounds.proving import Asking, Paper, proof_by
from kieumau.rounds.rules import SIDE_OF, Place, Side, Stage, State
from kieumau.rounds.saying import Question, Said


def own_criteria(person_id: int | None) -> RawSQL:
    """For rows of dossiers: the codes of the criteria that are somebody's by his teams, as `own`."""
    return RawSQL(_OWN, (person_id,), output_field=ArrayField(CharField()))


_OWN = """(
    SELECT coalesce(array_agg(DISTINCT c.code), '{}') FROM round_team t
    JOIN round_team_person p ON p.team_id = t.id AND p.user_id = %s
    JOIN round_team_criterion tc ON tc.team_id = t.id JOIN criterion c ON c.id = tc.criterion_id
    WHERE t.round_id = dossier.round_id AND t.ended_at IS NULL
        AND t.area_id::text = ANY (string_to_array(rtrim(dossier.path, '.'), '.'))
)"""
# The codes that were sent back last; empty: the whole.
_SENT_BACK = """
    (SELECT m.criteria FROM dossier_move m WHERE m.dossier_id = d.id AND m.act = 'send_back'
     ORDER BY m.number DESC LIMIT 1)
"""
_DOSSIER = f"""
    SELECT d.id, d.round_id, d.unit_id, d.path, d.stage, d.state, d.version, d.due_until,
        r.stages, r.state, r.name, r.criteria_set_id, p.id, p.starts_on, p.ends_before,
        {OWN_LAST_DAY.format(person="%(person)s", on="%(on)s::date", **ROLES)}, {_SENT_BACK},
        (SELECT h.side FROM dossier_hand h WHERE h.dossier_id = d.id AND h.person_id = %(person)s),
        s.digest, coalesce((SELECT z.code FROM programme z WHERE z.id = r.programme_id), '')
    FROM dossier d JOIN round r ON r.id = d.round_id JOIN period p ON p.id = r.period_id
        JOIN criteria_set s ON s.id = r.criteria_set_id
    WHERE d.id = %(dossier)s
"""
_CRITERION = """
    SELECT c.id, b.outcome, b.points, b.version,
        (SELECT coalesce(json_agg(json_build_array(e.state, t.kind, t.issued_on, t.proves_from,
                t.proves_before, EXISTS (SELECT FROM document_file u WHERE u.document_id = t.id),
                coalesce(nullif(t.reference, ''), t.summary)) ORDER BY e.id), '[]')
         FROM dossier_evidence e JOIN document t ON t.id = e.document_id
         WHERE e.dossier_id = %(dossier)s AND e.criterion_id = c.id AND e.state <> 'refused')
    FROM criterion c
    LEFT JOIN LATERAL (
        SELECT f.outcome, f.points, f.version FROM dossier_finding f
        WHERE f.dossier_id = %(dossier)s AND f.criterion_id = c.id AND f.stage < %(stage)s
        ORDER BY f.stage DESC LIMIT 1
    ) b ON true
    WHERE c.criteria_set_id = %(set)s AND c.code = %(code)s
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A dossier with what its round and deadlines say of it; `side` is the person's, where he has one.

    `reopened` are the codes of criteria that were sent back; empty while none, or the whole, was.
    `last_day` is null where the stage has no deadline. `programme` is its code, empty for none.
    """

    id: int
    round_id: int
    unit_id: int
    path: str
    place: Place
    version: int
    due_until: date | None
    stages: tuple[Stage, ...]
    is_round_open: bool
    round_name: str
    criteria_set_id: int
    period_id: int
    starts_on: date
    ends_before: date
    last_day: date | None
    reopened: frozenset[str]
    side: Side | None
    digest: str
    programme: str

    def is_in_time(self, now: datetime) -> bool:
        """May the stage still be worked on? Until the end of its last day in Asia/Ho_Chi_Minh."""
        return self.is_round_open and (self.last_day is None or day_of(now) <= self.last_day)

    def may_change(self, criterion: str) -> bool:
        """Is this criterion among those to be worked on? Where single ones were sent back, only those."""
        return self.place.state is not State.SENT_BACK or not self.reopened or criterion in self.reopened

    @property
    def definition(self) -> Definition:
        """What the set says; read once per process and version."""
        return definition(
            CriteriaSet.from_db("default", ["id", "digest"], [self.criteria_set_id, self.digest])
        )


def hold(dossier_id: int, *, person_id: int | None, on: date, whole: bool = False) -> Held:
    """The dossier on a day, shared with others who save, or held alone where it moves as a `whole`.

    Raises `Dossier.DoesNotExist`. One query.
    """
    # The round as well: whoever closes it waits for who saves, and nothing is saved once it is closed.
    lock = "FOR NO KEY UPDATE OF d FOR SHARE OF r" if whole else "FOR SHARE OF d, r"
    with connection.cursor() as cursor:
        given = {
            "dossier": dossier_id,
            "person": person_id,
            "on": on,
            **roles(),
        }
        cursor.execute(f"{_DOSSIER} {lock}", given)
        row = cursor.fetchone()
    if row is None:
        raise Dossier.DoesNotExist(f"there is no dossier {dossier_id}")
    return _held(row)


def _held(row: tuple[Any, ...]) -> Held:
    stage, state, version, due_until, stages, round_state = row[4:10]
    return Held(
        id=row[0],
        round_id=row[1],
        unit_id=row[2],
        path=row[3],
        place=Place(Stage(stage), State(state)),
        version=version,
        due_until=due_until,
        stages=tuple(Stage(one) for one in stages),
        is_round_open=round_state == "open",
        round_name=row[10],
        criteria_set_id=row[11],
        period_id=row[12],
        starts_on=row[13],
        ends_before=row[14],
        last_day=row[15],
        reopened=frozenset(row[16] or ()),
        side=None if row[17] is None else Side(row[17]),
        digest=row[18],
        programme=row[19],
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion of a held dossier: its row's id, the question, the version of what was found before."""

    criterion_id: int
    question: Question
    about: int | None


def ask(held: Held, said: Definition, code: str, today: date) -> Asked | None:
    """The question of one criterion at the dossier's stage; None where the set has none. One query."""
    criterion = next((one for one in said.criteria if one.code == code), None)
    if criterion is None:
        return None
    values: dict[str, Any] = {
        "dossier": held.id,
        "set": held.criteria_set_id,
        "code": code,
        "stage": held.place.stage,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CRITERION, values)
        criterion_id, outcome, points, about, papers = cursor.fetchone()
    before = _said(outcome, points) if SIDE_OF[held.place.stage] is not Side.UNIT else None
    is_due = today >= due_on(criterion, held.starts_on, held.ends_before)
    proof = proof_by(Asking(criterion, held.starts_on, held.ends_before), _papers(papers))
    question = Question(criterion, said.rule, held.place.stage, is_due, before, proof)
    return Asked(criterion_id, question, about)


def _papers(rows: list[list[Any]]) -> Iterator[tuple[Paper, bool]]:
    """The documents of `_CRITERION` that nobody refused, and whether each was accepted."""
    for state, kind, issued_on, starts_on, ends_before, has_file, name in rows:
        dated = date.fromisoformat(issued_on)
        yield Paper(kind, dated, _day(starts_on), _day(ends_before), has_file, name), state == "accepted"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _said(outcome: int | None, points: Decimal | None) -> Said | None:
    return None if outcome is None else Said(Outcome(outcome), points)
