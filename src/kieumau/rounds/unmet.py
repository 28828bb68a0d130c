"""What units of a round do not meet, as last found, and nobody is to do anything about yet."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from kieumau.assessments.rules import Outcome
from kieumau.assignments.access import units_given
from kieumau.assignments.rules import OVER
from kieumau.criteria.rules import CriterionDefinition, Documented, Judged
from kieumau.kernel.messages import Text
from kieumau.rounds.models import Dossier, Round

KIND = "dossier"  # assignments about a criterion of a dossier name it `7/1.2`


@dataclass(frozen=True, slots=True)
class Unmet:
    """A criterion that a unit does not meet; `remark` of whoever found it last, empty where figures did."""

    dossier_id: int
    unit_id: int
    code: str
    remark: str


def task_text(
    criterion: CriterionDefinition, title: str, remark: str, language: str, figures: Text | None = None
) -> str:
    """What an assignment about an unmet criterion says: its title, and under it what is missing.

    That is the remark of whoever found it last and what figures said (see `by_figures`), as far as there are
    such; else what the criterion asks.
    """
    asked = criterion.notes
    if isinstance(criterion, Documented):
        asked = criterion.document.name
    elif isinstance(criterion, Judged):
        asked = criterion.question
    missing = [remark.strip(), figures.in_(language) if figures else ""]
    if not any(missing) and asked:
        missing = [asked.text().in_(language)]
    return "\n".join(filter(None, (f"{criterion.code}. {title}", *missing)))


# The last stage at which a criterion was found anything says what it came out as.
_UNMET = """
    SELECT d.id, d.unit_id, c.code, last.remark
    FROM dossier d
    JOIN LATERAL (
        SELECT DISTINCT ON (f.criterion_id) f.criterion_id, f.outcome, f.remark
        FROM dossier_finding f
        WHERE f.dossier_id = d.id ORDER BY f.criterion_id, f.stage DESC
    ) last ON last.outcome = %s
    JOIN criterion c ON c.id = last.criterion_id
    WHERE d.id IN ({dossiers}) AND NOT EXISTS (
        SELECT FROM assignment a
        WHERE a.about_kind = %s AND a.about_id = d.id || '/' || c.code AND NOT a.state = ANY (%s)
    )
"""
_BY_CRITERION = "SELECT code, count(*) FROM ({unmet}) u GROUP BY code"
_BY_UNIT = """
    SELECT u.unit_id, u.id, count(*), count(*) OVER () FROM ({unmet}) u WHERE u.code = ANY (%s)
    GROUP BY u.id, u.unit_id ORDER BY count(*) DESC, u.id LIMIT %s OFFSET %s
"""
_EACH = "SELECT id, unit_id, code, remark FROM ({unmet}) u WHERE u.code = ANY (%s) ORDER BY id, code LIMIT %s"


def by_criterion(made: Round, person: Any) -> dict[str, int]:
    """How many units do not meet each criterion, among those to whom a person may give. One query."""
    return dict(_rows(_BY_CRITERION, made, person))


def by_unit(
    made: Round, person: Any, codes: Collection[str], limit: int, offset: int
) -> tuple[list[tuple[int, int, int]], int]:
    """Units with their dossiers and how many of the criteria they do not meet, most first; and of how many
    units there are such. One query."""
    rows = _rows(_BY_UNIT, made, person, list(codes), limit, offset)
    return [(unit_id, dossier_id, count) for unit_id, dossier_id, count, _ in rows], rows[0][3] if rows else 0


def each(made: Round, person: Any, codes: Collection[str], most: int) -> list[Unmet]:
    """Every criterion that a unit does not meet, `most` at most. One query."""
    return [Unmet(*row) for row in _rows(_EACH, made, person, list(codes), most)]


def _rows(sql: str, made: Round, person: Any, *asked: Any) -> list[tuple[Any, ...]]:
    programme = made.programme.code if made.programme else ""
    reached = Dossier.objects.filter(round=made, unit__in=units_given(person, programme)).order_by()
    try:
        dossiers, params = reached.values("pk").query.sql_with_params()
    except EmptyResultSet:  # somebody without any scope
        return []
    over = [one.value for one in OVER]
    with connection.cursor() as cursor:
        unmet = _UNMET.format(dossiers=dossiers)
        cursor.execute(sql.format(unmet=unmet), [int(Outcome.NOT_MET), *params, KIND, over, *asked])
        return list(cursor.fetchall())
