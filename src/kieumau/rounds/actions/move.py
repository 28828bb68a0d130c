"""What becomes of a dossier as a whole: submitted, sent back, concluded, decided. Each act stays."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from kieumau.accounts.models import User
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.audit import actions as audit
from kieumau.calendars.working_days import day_of
from kieumau.criteria.rules import Definition, Documented
from kieumau.documents.actions import seal
from kieumau.documents.models import Document
from kieumau.kernel.messages import Problem, Text
from kieumau.rounds import rules, verbs
from kieumau.rounds.actions.say import take_part
from kieumau.rounds.failures import NotComplete, SeenBefore, refuse
from kieumau.rounds.freezing import Spoken, digest, freeze, spoken, write_findings
from kieumau.rounds.holding import Held, hold, window_of
from kieumau.rounds.models import Dossier, Evidence, Move, StageFinding
from kieumau.rounds.rules import SIDE_OF, Act, Place, Side
from kieumau.rounds.telling import tell_of_move


@transaction.atomic
def submit(dossier_id: int, *, actor: User, now: datetime, seen: int | None = None) -> Dossier:
    """Hand the dossier on: figures are frozen as they are now, documents are sealed.

    Raises `NotAllowed`, `SeenBefore` where `seen` is not its version, `OtherSide`, and `NotComplete` with
    every criterion that has no answer, or is said to be met without a document.
    """
    held = _held_for(Act.SUBMIT, dossier_id, actor, now, seen=seen)
    take_part(held, actor, Side.UNIT)
    said = held.definition
    found = _verdict(held)
    by_code = spoken(found, said)
    if missing := list(_unanswered(held, said, by_code)):
        raise NotComplete(missing)
    write_findings(held, held.place.stage, by_code, now)
    frozen = freeze(held, found, by_code)
    Dossier.objects.filter(pk=held.id).update(
        frozen=frozen, frozen_sha256=digest(frozen), submitted_at=now, due_until=None
    )
    named = Evidence.objects.filter(dossier=held.id).values("document")
    seal(Document.objects.filter(pk__in=named), actor=actor, now=now)
    return _move(held, Act.SUBMIT, actor, now)


@transaction.atomic
def send_back(
    dossier_id: int,
    *,
    actor: User,
    now: datetime,
    reason: str,
    criteria: Collection[str] = (),
    due_until: date | None = None,
    seen: int | None = None,
) -> Dossier:
    """Give the dossier back to its unit, as a whole or for single criteria, until a day.

    Raises `NotAllowed` (also without a reason, for an unknown criterion, for a day that has passed),
    `SeenBefore`, `OtherSide`.
    """
    held = _held_for(Act.SEND_BACK, dossier_id, actor, now, reason=reason, seen=seen)
    refuse(_send_back_problems(held, criteria, due_until, day_of(now)))
    take_part(held, actor, SIDE_OF[held.place.stage])
    Dossier.objects.filter(pk=held.id).update(due_until=due_until)
    return _move(held, Act.SEND_BACK, actor, now, reason, criteria)


@transaction.atomic
def conclude(dossier_id: int, *, actor: User, now: datetime, seen: int | None = None) -> Dossier:
    """End verification or appraisal: every criterion was looked at as it now stands.

    What figures say counts as confirmed unless somebody found otherwise. Raises `NotAllowed`, `SeenBefore`,
    `OtherSide`, and `NotComplete` with every criterion that nobody looked at since it last changed, and with
    evidence that nobody has judged.
    """
    held = _held_for(Act.CONCLUDE, dossier_id, actor, now, seen=seen)
    take_part(held, actor, SIDE_OF[held.place.stage])
    _confirm_figures(held, now)
    if missing := list(_not_looked_at(held)):
        raise NotComplete(missing)
    return _move(held, Act.CONCLUDE, actor, now)


@transaction.atomic
def decide(dossier_id: int, *, actor: User, now: datetime, reason: str, seen: int | None = None) -> Dossier:
    """The dossier is decided, by a decision that `reason` names: from now on nothing about it changes.

    Raises `NotAllowed`, `SeenBefore`, `OtherSide` for somebody of the unit's side or of the verifiers'.
    """
    held = _held_for(Act.DECIDE, dossier_id, actor, now, reason=reason, seen=seen)
    if held.side is not None:
        take_part(held, actor, Side.APPRAISERS)
    return _move(held, Act.DECIDE, actor, now, reason)


def _held_for(
    act: Act, dossier_id: int, actor: User, now: datetime, *, reason: str = "", seen: int | None = None
) -> Held:
    """The dossier, held alone, if the act may be done to it."""
    held = hold(dossier_id, person_id=actor.pk, whole=True)
    refuse(
        rules.refusals(
            held.place,
            act,
            reason=reason,
            is_in_time=held.is_in_time(now),
            is_round_open=held.is_round_open,
        )
    )
    if seen is not None and seen != held.version:
        raise SeenBefore(held.version)
    return held


def _verdict(held: Held) -> Assessment | None:
    rows = Assessment.objects.filter(
        criteria_set=held.criteria_set_id, period=held.period_id, unit=held.unit_id
    )
    return rows.first()


def _unanswered(held: Held, said: Definition, by_code: dict[str, Spoken]) -> Iterator[tuple[str, Problem]]:
    """Criteria that nobody has answered at the unit's stage, or that lack a document."""
    found = StageFinding.objects.filter(dossier=held.id, stage=held.place.stage)
    answers = {one.criterion.code: one for one in found.select_related("criterion")}
    proven = _with_documents(held, said)
    for criterion in said.criteria:
        answer = answers.get(criterion.code)
        is_silent = not by_code[criterion.code].is_final
        name = criterion.title
        if is_silent and answer is None:
            yield (
                criterion.code,
                Problem(
                    "not-answered",
                    Text(vi=f"Chưa có kết quả: {name.vi}.", en=f"No result yet: {name.en}."),
                ),
            )
        elif (
            answer is not None
            and not answer.is_measured
            and answer.outcome == Outcome.MET
            and isinstance(criterion, Documented)
            and criterion.code not in proven
        ):
            yield (
                criterion.code,
                Problem(
                    "no-document",
                    Text(
                        vi=f"Chưa có văn bản đúng loại và thời gian: {name.vi}.",
                        en=f"No document of the kind and dates asked for: {name.en}.",
                    ),
                ),
            )


def _with_documents(held: Held, said: Definition) -> set[str]:
    """The codes of documented criteria to which a document of the kind and window is attached."""
    attached = Evidence.objects.filter(dossier=held.id).select_related("criterion", "document")
    by_code = {one.code: one for one in said.criteria}
    found = set()
    for one in attached:
        criterion = by_code[one.criterion.code]
        if not isinstance(criterion, Documented):
            continue
        first, last = window_of(criterion, held.starts_on, held.ends_before)
        if one.document.kind == criterion.document.code and first <= one.document.issued_on <= last:
            found.add(criterion.code)
    return found


def _send_back_problems(
    held: Held, criteria: Collection[str], due_until: date | None, today: date
) -> Iterator[Problem]:
    known = {one.code for one in held.definition.criteria}
    for code in sorted(set(criteria) - known):
        yield Problem(
            "no-such-criterion",
            Text(vi=f"Bộ tiêu chí không có tiêu chí {code}.", en=f"The set has no criterion {code}."),
        )
    if due_until is not None and due_until < today:
        yield Problem(
            "back-until-the-past",
            Text(vi="Hạn làm lại phải là ngày sau này.", en="The new deadline must lie ahead."),
        )


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


def _confirm_figures(held: Held, now: datetime) -> None:
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


def _move(
    held: Held, act: Act, actor: User, now: datetime, reason: str = "", criteria: Collection[str] = ()
) -> Dossier:
    """Store the place after the act, and the act itself; both in the log."""
    after = rules.after(held.place, act, held.stages)
    dossier = Dossier.objects.select_related("round__programme", "round__period").get(pk=held.id)
    dossier.stage, dossier.state = after.stage, after.state
    dossier.version += 1
    dossier.save(update_fields=["stage", "state", "version"])
    moves = Move.objects.filter(dossier=held.id)
    Move.objects.create(
        dossier_id=held.id,
        number=moves.count() + 1,
        act=act,
        stage=after.stage,
        state=after.state,
        criteria=sorted(set(criteria)),
        reason=reason.strip(),
        at=now,
        by=actor.get_username(),
    )
    audit.record(
        actor=actor,
        verb=verbs.ACTS[act],
        object=("dossier", held.id),
        name=held.round_name,
        unit_id=held.unit_id,
        old=_facts(held.place),
        new={**_facts(after), **({"criteria": sorted(set(criteria))} if criteria else {})},
        why=reason,
        now=now,
    )
    tell_of_move(dossier, act, after, actor=actor, reason=reason, now=now)
    return dossier


def _facts(place: Place) -> dict[str, Any]:
    return {"stage": place.stage.key, "state": str(place.state)}
