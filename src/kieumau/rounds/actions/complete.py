"""What a dossier still lacks before it moves on: answers, documents, somebody who looked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import connection

from kieumau.assessments.rules import Outcome
from kieumau.criteria.rules import CriterionDefinition, Documented, due_on
from kieumau.kernel.messages import Problem, Text
from kieumau.rounds.freezing import Spoken
from kieumau.rounds.holding import Held
from kieumau.rounds.models import Evidence, StageFinding
from kieumau.rounds.papers import paper_of, with_files
from kieumau.rounds.proving import Asking, Paper, Proof, proof_by

_WHAT_COUNTS = Text(
    vi="Cần văn bản đúng loại, đúng thời gian, có tệp; văn bản không được chấp nhận thì không tính.",
    en="It needs the kind and time asked for, and a file; one that was not accepted does not count.",
)


def unanswered(held: Held, by_code: Mapping[str, Spoken], today: date) -> Iterator[tuple[str, Problem]]:
    """Criteria without an answer at the unit's stage, with one that is none any more, or without a document.

    What figures once said is no answer where they are silent now (`by_code`), nor is "not due" on the due
    day and after it. A document that was refused proves nothing. Where single criteria were sent back the
    unit is asked for these alone, as it may change no other: who verifies is asked about those (`unsettled`).
    """
    answers = _answers(held)
    proofs = _proofs(held)
    for criterion in held.definition.criteria:
        code, name, answer = criterion.code, criterion.title, answers.get(criterion.code)
        if not held.may_change(code):
            continue
        if by_code[code].is_final and (answer is None or answer.is_measured):
            continue
        if answer is None or answer.is_measured:
            reason = Text(vi=f"Chưa có kết quả: {name.vi}.", en=f"No result yet: {name.en}.")
            yield code, Problem("not-answered", reason)
        elif _is_overdue(held, criterion, answer.outcome, today):
            yield code, _is_due(criterion)
        elif _needs_document(criterion, answer.outcome) and not proofs[code].named:
            reason = Text(
                vi=f"Chưa có văn bản chứng minh được: {name.vi}.",
                en=f"No document that proves it: {name.en}.",
            )
            yield code, Problem("no-document", reason, proofs[code].hint or _WHAT_COUNTS)


def unsettled(held: Held, today: date) -> Iterator[tuple[str, Problem]]:
    """Criteria that the stage of verifiers or appraisers cannot end with.

    Nobody looked since it last changed, or at its evidence; found not due when it is; found met without an
    accepted document, whoever accepted or refused one meanwhile.
    """
    yield from _not_looked_at(held)
    found = _answers(held)
    proofs = _proofs(held)
    for criterion in held.definition.criteria:
        code, name, finding = criterion.code, criterion.title, found.get(criterion.code)
        if finding is None:
            continue
        if _is_overdue(held, criterion, finding.outcome, today):
            yield code, _is_due(criterion)
        elif _needs_document(criterion, finding.outcome) and not proofs[code].accepted:
            reason = Text(
                vi=f"Kết luận đạt nhưng chưa có văn bản đủ điều kiện được chấp nhận: {name.vi}.",
                en=f"Found met, but no document that proves it has been accepted: {name.en}.",
            )
            yield code, Problem("nothing-accepted", reason, proofs[code].hint)


def _answers(held: Held) -> dict[str, StageFinding]:
    rows = StageFinding.objects.filter(dossier=held.id, stage=held.place.stage)
    return {one.criterion.code: one for one in rows.select_related("criterion")}


def _is_overdue(held: Held, criterion: CriterionDefinition, outcome: int, today: date) -> bool:
    is_due = today >= due_on(criterion, held.starts_on, held.ends_before)
    return outcome == Outcome.NOT_DUE and is_due


def _is_due(criterion: CriterionDefinition) -> Problem:
    name = criterion.title
    reason = Text(
        vi=f"Tiêu chí đã đến hạn, cần kết quả đạt hoặc chưa đạt: {name.vi}.",
        en=f"The criterion is due, find it met or not met: {name.en}.",
    )
    return Problem("is-due", reason)


def _needs_document(criterion: CriterionDefinition, outcome: int) -> bool:
    return outcome == Outcome.MET and isinstance(criterion, Documented)


def _proofs(held: Held) -> defaultdict[str, Proof]:
    """By code, how many documents that nobody refused prove a criterion, and what the others lack."""
    attached = Evidence.objects.filter(dossier=held.id).exclude(state=Evidence.State.REFUSED)
    rows: dict[str, list[tuple[Paper, bool]]] = defaultdict(list)
    for one in with_files(attached).order_by("pk"):
        rows[one.criterion.code].append((paper_of(one), one.state == Evidence.State.ACCEPTED))
    by_code = {one.code: one for one in held.definition.criteria}
    asking = {code: Asking(by_code[code], held.starts_on, held.ends_before) for code in rows}
    return defaultdict(Proof, {code: proof_by(asking[code], papers) for code, papers in rows.items()})


# Where figures spoke and nobody of this stage found otherwise, what they say stands.
_CONFIRM = """
    INSERT INTO dossier_finding AS f
        (dossier_id, stage, criterion_id, outcome, points, remark, is_measured, about, version, person_id, at)
    SELECT b.dossier_id, %(stage)s, b.criterion_id, b.outcome, b.points, '', true, b.version, 1, NULL, %(now)s
    FROM (
        SELECT DISTINCT ON (criterion_id) * FROM dossier_finding
        WHERE dossier_id = %(dossier)s AND stage < %(stage)s ORDER BY criterion_id, stage DESC
    ) b
    WHERE b.is_measured
    ON CONFLICT (dossier_id, stage, criterion_id) DO UPDATE
        SET outcome = excluded.outcome, points = excluded.points, about = excluded.about,
            version = f.version + 1, at = excluded.at
        WHERE f.is_measured AND f.about IS DISTINCT FROM excluded.about
"""
_STALE = """
    SELECT c.code, c.title_vi, c.title_en, f.id IS NULL, false
    FROM criterion c
    LEFT JOIN LATERAL (
        SELECT * FROM dossier_finding b
        WHERE b.dossier_id = %(dossier)s AND b.criterion_id = c.id AND b.stage < %(stage)s
        ORDER BY b.stage DESC LIMIT 1
    ) b ON true
    LEFT JOIN dossier_finding f
        ON f.dossier_id = %(dossier)s AND f.criterion_id = c.id AND f.stage = %(stage)s
    WHERE c.criteria_set_id = %(set)s AND (f.id IS NULL OR f.about IS DISTINCT FROM b.version)
    UNION ALL
    SELECT DISTINCT c.code, c.title_vi, c.title_en, false, true
    FROM dossier_evidence e JOIN criterion c ON c.id = e.criterion_id
    WHERE e.dossier_id = %(dossier)s AND e.state = 'pending'
    ORDER BY 1
"""


def confirm_figures(held: Held, now: datetime) -> None:
    """What figures said at the stage before stands at this one, where nobody found otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRM, {"dossier": held.id, "stage": held.place.stage, "now": now})


def _not_looked_at(held: Held) -> Iterator[tuple[str, Problem]]:
    with connection.cursor() as cursor:
        cursor.execute(_STALE, {"dossier": held.id, "stage": held.place.stage, "set": held.criteria_set_id})
        rows = cursor.fetchall()
    for code, vi, en, is_absent, is_evidence in rows:
        if is_evidence:
            reason = Text(vi=f"Còn minh chứng chưa xem xét: {vi}.", en=f"Evidence not judged yet: {en}.")
            yield code, Problem("evidence-pending", reason)
        elif is_absent:
            yield code, Problem("not-looked-at", Text(vi=f"Chưa xem xét: {vi}.", en=f"Not looked at: {en}."))
        else:
            reason = Text(
                vi=f"Đơn vị đã sửa sau khi bạn xem xét: {vi}.",
                en=f"The unit has changed it since you looked: {en}.",
            )
            yield code, Problem("changed-since", reason)
