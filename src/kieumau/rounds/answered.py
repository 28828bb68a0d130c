"""Has a unit answered everything, so that its dossier waits to be submitted? Asked in the query of a list."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from kieumau.assessments.models import Assessment
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.documents.models import Document
from kieumau.rounds.freezing import spoken
from kieumau.rounds.models import Evidence, StageFinding
from kieumau.rounds.proving import Asking
from kieumau.rounds.rules import Stage
from kieumau.rounds.standing import is_touched, need_of, standing

_FOUND = "c.code, f.stage, f.outcome, f.is_measured, f.version, f.about, f.at"
_SHOWN = """
    c.code, e.state, e.added_at, t.kind, t.issued_on, t.proves_from, t.proves_before,
    EXISTS (SELECT FROM document_file u WHERE u.document_id = t.id)
"""
# Of a dossier that is with its unit, all by which `need_of` says what each criterion lacks; nothing where no
# verdict is stored, by which nobody knows whether its set still applies to it. Of the last sending back: of
# which criteria alone it was, and when.
_ANSWERS = f"""(
    SELECT jsonb_build_object(
        'set', r.criteria_set_id, 'digest', s.digest, 'starts_on', p.starts_on, 'ends_before', p.ends_before,
        'stage', dossier.stage, 'outcomes', a.outcomes,
        'back', (
            SELECT jsonb_build_array(m.criteria, m.at) FROM dossier_move m
            WHERE m.dossier_id = dossier.id AND m.act = 'send_back' AND dossier.state = 'sent_back'
            ORDER BY m.number DESC LIMIT 1
        ),
        'found', (
            SELECT coalesce(jsonb_agg(jsonb_build_array({_FOUND}) ORDER BY f.stage), '[]')
            FROM dossier_finding f JOIN criterion c ON c.id = f.criterion_id
            WHERE f.dossier_id = dossier.id AND f.stage <= {int(Stage.SELF)}
        ),
        'evidence', (
            SELECT coalesce(jsonb_agg(jsonb_build_array({_SHOWN}) ORDER BY e.id), '[]')
            FROM dossier_evidence e JOIN criterion c ON c.id = e.criterion_id
                JOIN document t ON t.id = e.document_id
            WHERE e.dossier_id = dossier.id
        )
    )
    FROM round r JOIN period p ON p.id = r.period_id JOIN criteria_set s ON s.id = r.criteria_set_id
        JOIN assessment a ON a.criteria_set_id = s.id AND a.period = p.id AND a.unit = dossier.unit_id
    WHERE r.id = dossier.round_id
)"""


def answers() -> RawSQL:
    """For rows of dossiers: what their units answered, for `is_answered`; null where nothing is said of it.

    Some kB for each: for the few rows of a page, not for a list of all.
    """
    return RawSQL(_ANSWERS, (), output_field=JSONField(null=True))


def no_answers() -> RawSQL:
    """The same column for rows of which it is not asked."""
    return RawSQL("NULL::jsonb", (), output_field=JSONField(null=True))


def is_answered(told: Mapping[str, Any] | None, today: date) -> bool:
    """Does no criterion lack anything at the unit's stage, as the dossier's page says it?

    `told` is what `answers` gave. What was sent back as a whole is not, before the unit did something.
    """
    if told is None:
        return False
    said = definition(CriteriaSet.from_db("default", ["id", "digest"], [told["set"], told["digest"]]))
    stage, starts_on, ends_before = Stage(told["stage"]), _day(told["starts_on"]), _day(told["ends_before"])
    figures, found, evidence = (
        spoken(Assessment(outcomes=told["outcomes"]), said),
        _found(told),
        _evidence(told),
    )
    codes, back_at = told["back"] or ([], None)
    back = datetime.fromisoformat(back_at) if back_at else None
    if back is not None and not codes:
        said_of_it = (one for by_stage in found.values() for one in by_stage.values())
        if not is_touched(said_of_it, (one for rows in evidence.values() for one in rows), back):
            return False
    for criterion in said.criteria:
        code = criterion.code
        if codes and code not in codes:
            continue
        asking = Asking(criterion, starts_on, ends_before)
        one = standing(asking, stage, figures[code], found[code], evidence[code])
        if need_of(one, found[code], evidence[code], back if codes else None, today) is not None:
            return False
    return True


def _found(told: Mapping[str, Any]) -> Mapping[str, dict[Stage, StageFinding]]:
    by_code: dict[str, dict[Stage, StageFinding]] = defaultdict(dict)
    for code, stage, outcome, is_measured, version, about, at in told["found"]:
        by_code[code][Stage(stage)] = StageFinding(
            stage=stage,
            outcome=outcome,
            is_measured=is_measured,
            version=version,
            about=about,
            at=datetime.fromisoformat(at),
        )
    return by_code


def _evidence(told: Mapping[str, Any]) -> Mapping[str, list[Evidence]]:
    by_code: dict[str, list[Evidence]] = defaultdict(list)
    for code, state, added_at, kind, issued_on, proves_from, proves_before, has_file in told["evidence"]:
        document = Document(
            kind=kind,
            issued_on=_day(issued_on),
            proves_from=_day(proves_from) if proves_from else None,
            proves_before=_day(proves_before) if proves_before else None,
        )
        one = Evidence(state=state, added_at=datetime.fromisoformat(added_at), document=document)
        vars(one)["has_file"] = has_file  # as `papers.with_files` would have asked
        by_code[code].append(one)
    return by_code


def _day(text: str) -> date:
    return date.fromisoformat(text)
