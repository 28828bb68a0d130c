"""What figures said when a unit submitted, kept for good, and the fingerprint of a whole dossier."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from kieumau.accounts.acting import everywhere
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import OPEN, Outcome
from kieumau.criteria.rules import Definition, Measured
from kieumau.rounds.holding import Held
from kieumau.rounds.rules import Stage


@dataclass(frozen=True, slots=True)
class Spoken:
    """What figures and dates alone say of one criterion: its outcome, and its points where it has any.

    `is_final` is false where a person has to answer.
    """

    outcome: Outcome
    points: Decimal | None
    is_final: bool


def spoken(found: Assessment | None, said: Definition) -> dict[str, Spoken]:
    """By code, what figures say of every criterion of a verdict; they are silent where there is none.

    Measured criteria are theirs alone. Of the others they say when one does not apply or is not yet due.
    """
    by_code = {}
    for index, criterion in enumerate(said.criteria):
        is_measured = isinstance(criterion, Measured)
        if found is None:
            by_code[criterion.code] = Spoken(Outcome.NO_DATA, None, is_final=False)
            continue
        outcome = Outcome(found.outcomes[index])
        points = found.criterion_points[index] if found.criterion_points else None
        is_final = is_measured or outcome in {Outcome.NOT_APPLICABLE, Outcome.NOT_DUE}
        by_code[criterion.code] = Spoken(outcome, None if outcome in OPEN else points, is_final)
    return by_code


def freeze(held: Held, found: Assessment, by_code: Mapping[str, Spoken]) -> dict[str, Any]:
    """What is kept of the verdict: the day and moment it was judged, every operand and every outcome."""
    return {
        "judged_on": found.judged_on.isoformat(),
        "judged_at": found.judged_at.isoformat(),
        "criteria_set": held.criteria_set_id,
        "period": held.period_id,
        "operands": found.operands,
        "criteria": {
            code: [one.outcome.key, None if one.points is None else f"{one.points:f}"]
            for code, one in by_code.items()
        },
    }


def digest(content: Any) -> str:
    """SHA-256 of JSON written in one way: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# Where figures speak, a finding nobody said; where somebody had answered while they were silent, his stays.
_FREEZE = """
    INSERT INTO dossier_finding AS f
        (dossier_id, stage, criterion_id, outcome, points, remark, is_measured, about, version, person_id, at)
    SELECT %(dossier)s, %(stage)s, c.id, s.outcome, s.points, '', true, NULL, 1, NULL, %(now)s
    FROM unnest(%(codes)s::text[], %(outcomes)s::int[], %(points)s::numeric[]) AS s(code, outcome, points)
    JOIN criterion c ON c.criteria_set_id = %(set)s AND c.code = s.code
    ON CONFLICT (dossier_id, stage, criterion_id) DO UPDATE
        SET outcome = excluded.outcome, points = excluded.points, version = f.version + 1, at = excluded.at
        WHERE f.is_measured AND (f.outcome, f.points) IS DISTINCT FROM (excluded.outcome, excluded.points)
"""

# What figures said when it was last submitted does not stand where they are silent now.
_SILENT = "SELECT dossier_silence(%(dossier)s, %(stage)s, %(codes)s::text[])"  # migration 0005


def write_findings(held: Held, stage: Stage, by_code: Mapping[str, Spoken], now: Any) -> None:
    """Put down what figures say at a stage and nothing else of theirs.

    Two statements; a version rises only where they say otherwise.
    """
    final = {code: one for code, one in by_code.items() if one.is_final}
    values = {
        "dossier": held.id,
        "stage": stage,
        "set": held.criteria_set_id,
        "codes": list(final),
        "outcomes": [int(one.outcome) for one in final.values()],
        "points": [one.points for one in final.values()],
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, values)
        cursor.execute(_FREEZE, values)


# People by id, as accounts can be renamed; in votes and moves by the name kept with the act, which stays. The
# decision itself is not part of what it rests on.
_FILES = "(SELECT json_agg(t.sha256 ORDER BY t.sha256) FROM document_file t WHERE t.document_id = o.id)"
_SAYS = "o.id, o.kind, o.reference, o.issuer, o.issued_on, o.summary"
_DOCUMENT = f"json_build_array({_SAYS}{{proven}}, {_FILES})"
_VOTE = f"""
    v.council, v.held_on, v.members, v.in_favor, v.against, v.by, extract(epoch from v.at)::text,
    CASE WHEN o.id IS NOT NULL THEN {_DOCUMENT} END
"""
_CONTENT = f"""
    SELECT json_build_object(
        'unit', d.unit_id, 'round', d.round_id, 'frozen', d.frozen, 'submitted', extract(epoch from
            d.submitted_at)::text,
        'set', (SELECT s.digest FROM criteria_set s WHERE s.id = r.criteria_set_id),
        'stages', r.stages, 'period', r.period_id,
        'findings', (SELECT json_agg(json_build_array(
                c.code, f.stage, f.outcome, f.points::text, f.remark, f.version, f.is_measured, f.about,
                f.person_id, extract(epoch from f.at)::text)
                ORDER BY c.position, f.stage)
            FROM dossier_finding f JOIN criterion c ON c.id = f.criterion_id WHERE f.dossier_id = d.id),
        'evidence', (SELECT json_agg(json_build_array(c.code, {_DOCUMENT}, e.added_by_id, e.state,
                e.looked_at_by_id, extract(epoch from e.looked_at)::text, e.reason)
                ORDER BY c.position, e.document_id)
            FROM dossier_evidence e JOIN criterion c ON c.id = e.criterion_id
            JOIN document o ON o.id = e.document_id WHERE e.dossier_id = d.id),
        'votes', (SELECT json_agg(CASE WHEN v.corrects_id IS NULL THEN json_build_array({_VOTE})
                ELSE json_build_array({_VOTE}, v.corrects_id, v.reason) END ORDER BY v.id)
            FROM dossier_vote v LEFT JOIN document o ON o.id = v.minutes_id WHERE v.dossier_id = d.id),
        'moves', (SELECT json_agg(json_build_array(m.number, m.act, m.stage, m.state, m.criteria, m.reason,
                m.due_until, m.by, extract(epoch from m.at)::text) ORDER BY m.number)
            FROM dossier_move m WHERE m.dossier_id = d.id AND m.act <> 'decide')
    )
    FROM dossier d JOIN round r ON r.id = d.round_id WHERE d.id = %s
"""


# What is added about documents, by version of the fingerprint. Whatever was decided keeps the version of its
# day, so a version stays as it is for good: a document has another number of parts in every one.
_PROVEN = {1: "", 2: ", o.proves_from, o.proves_before"}  # 2: since evidence must prove the period (ADR 38)
LATEST = max(_PROVEN)


def fingerprint(dossier_id: int, version: int = LATEST) -> str:
    """The SHA-256 of everything a decision rests on, by whom and when: the digest of the set, stages and
    period, frozen figures, findings, evidence with what its documents and files are, votes, moves.

    Anybody who has the database can work it out again, ten years later.
    """
    with everywhere(), connection.cursor() as cursor:  # the same for whoever asks, minutes of a ministry too
        cursor.execute(_CONTENT.replace("{proven}", _PROVEN[version]), [dossier_id])
        (content,) = cursor.fetchone()
    return digest(content)


def stands(dossier_id: int, sha256: str) -> bool:
    """Is all that a decision with that fingerprint rests on still as it was? One query, more if it is older.

    No decision is taken for one of another version: where they read the same, they say the same.
    """
    return any(fingerprint(dossier_id, version) == sha256 for version in sorted(_PROVEN, reverse=True))
