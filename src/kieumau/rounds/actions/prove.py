"""Evidence: documents of the shelf pointed at as proof, and what others make of them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.audit import actions as audit
from kieumau.audit.verbs import Verb
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.criteria.models import Criterion
from kieumau.documents.actions import add_with_files, stored_or_nothing
from kieumau.documents.intake import Taken
from kieumau.documents.models import Document
from kieumau.documents.rules import Facts
from kieumau.documents.stores import Store
from kieumau.kernel.messages import Problem, Text
from kieumau.rounds import verbs
from kieumau.rounds.actions.say import take_part
from kieumau.rounds.binding import bound
from kieumau.rounds.failures import JudgedMeanwhile, NotAllowed, refuse
from kieumau.rounds.holding import Held, ask, hold
from kieumau.rounds.models import Evidence, StageFinding
from kieumau.rounds.rules import SIDE_OF, Side, Stage, State
from kieumau.rounds.saying import Said, lacks_proof
from kieumau.rounds.shelves import another_shelf, is_of_the_unit


@transaction.atomic
def add_evidence(
    dossier_id: int,
    *,
    criterion: str,
    document: Document,
    actor: User,
    now: datetime,
    stage: Stage | None = None,
) -> Evidence:
    """Point at a document of the unit's own shelf, or that of a predecessor, as proof for a criterion.

    Twice does no harm. `stage` is the one in which he was let in (None: the dossier's own). Raises
    `NotAllowed` in another stage, outside the unit's stages, after the deadline, for a
    criterion that was not sent back, for a document of another shelf, and `OtherSide`.
    """
    held = hold(dossier_id, person_id=actor.pk, on=day_of(now))
    refuse(_unit_problems(held, criterion, now, stage))
    if not is_of_the_unit(document, held.unit_id, held.ends_before - ONE_DAY):
        raise NotAllowed([another_shelf()])
    found = _criterion(held, criterion)
    take_part(held, actor, Side.UNIT)
    evidence, is_new = Evidence.objects.get_or_create(
        dossier_id=held.id,
        criterion=found,
        document=document,
        defaults={"added_by": actor, "added_at": now},
    )
    if is_new:
        _tell(verbs.ADD_EVIDENCE, held, criterion, evidence, actor, now)
    return evidence


def add_new_evidence(
    dossier_id: int,
    *,
    criterion: str,
    facts: Facts,
    files: Sequence[Taken],
    store: Store,
    actor: User,
    now: datetime,
    stage: Stage | None = None,
) -> Evidence:
    """Put a new document with its files on the unit's shelf and point at it: all of it or nothing.

    Raises as `add_evidence` does, `Refused` for the facts, and `StoreFails`.
    """
    with stored_or_nothing([one.sha256 for one in files], store=store), transaction.atomic():
        held = hold(dossier_id, person_id=actor.pk, on=day_of(now))
        refuse(_unit_problems(held, criterion, now, stage))
        document = add_with_files(held.unit_id, facts, files, store=store, actor=actor, now=now)
        return add_evidence(
            dossier_id, criterion=criterion, document=document, actor=actor, now=now, stage=stage
        )


@transaction.atomic
def remove_evidence(evidence: Evidence, *, actor: User, now: datetime, stage: Stage | None = None) -> None:
    """No longer point at the document; it stays on the shelf. Raises as `add_evidence` does."""
    held = hold(evidence.dossier_id, person_id=actor.pk, on=day_of(now))
    code = evidence.criterion.code
    refuse(_unit_problems(held, code, now, stage))
    take_part(held, actor, Side.UNIT)
    _tell(verbs.REMOVE_EVIDENCE, held, code, evidence, actor, now)
    evidence.delete()


@transaction.atomic
def look_at_evidence(
    evidence: Evidence,
    *,
    is_accepted: bool,
    reason: str,
    actor: User,
    now: datetime,
    seen: int | None = None,
    stage: Stage | None = None,
) -> Evidence:
    """Accept a document as proof, or refuse it with a reason; until the stage ends it can be changed.

    `seen` is the version that the actor saw (None: that of `evidence`), `stage` the one in which he judged
    (None: the dossier's). Saying what stands already changes nothing. Raises `NotAllowed` outside
    verification and appraisal, in another stage, after the deadline, for a refusal without a reason, for a
    document that the actor himself put on a shelf, and where what was found at this stage rests on this
    document alone; `OtherSide` for somebody who assessed; `JudgedMeanwhile` with what stands now, where
    somebody was faster.
    """
    held = hold(evidence.dossier_id, person_id=actor.pk, on=day_of(now))
    reason = reason.strip()
    refuse(_others_problems(held, now, stage, is_accepted=is_accepted, reason=reason))
    refuse(bound(held, evidence.criterion_id, actor))
    refuse(_own_document(evidence, actor))
    take_part(held, actor, SIDE_OF[held.place.stage])
    state = Evidence.State.ACCEPTED if is_accepted else Evidence.State.REFUSED
    found = Evidence.objects.select_for_update(no_key=True).get(pk=evidence.pk)
    if (found.state, found.reason) == (state, reason):
        return _as(found, evidence)
    if found.version != (evidence.version if seen is None else seen):
        raise JudgedMeanwhile(Evidence.objects.select_related("looked_at_by", "document").get(pk=found.pk))
    before = _judgment(found)
    found.state, found.reason, found.version = state, reason, found.version + 1
    found.looked_at_by, found.looked_at = actor, now
    found.save(update_fields=_JUDGED)
    code = evidence.criterion.code
    refuse(_finding_without_proof(held, code, now))
    _tell(verbs.LOOK_AT_EVIDENCE, held, code, found, actor, now, before)
    return _as(found, evidence)


_JUDGED = ("state", "looked_at_by", "looked_at", "reason", "version")


def _as(found: Evidence, evidence: Evidence) -> Evidence:
    """What somebody holds, as it stands now."""
    for name in _JUDGED:
        setattr(evidence, name, getattr(found, name))
    return evidence


def _unit_problems(held: Held, criterion: str, now: datetime, stage: Stage | None) -> list[Problem]:
    if stage is not None and held.place.stage is not stage:
        return [_moved_on()]
    if SIDE_OF[held.place.stage] is not Side.UNIT or held.place.state not in {State.OPEN, State.SENT_BACK}:
        return [
            _problem(
                "not-with-the-unit",
                "Hồ sơ không ở đơn vị, nên không sửa được minh chứng.",
                "The dossier is not with the unit, so its evidence cannot change.",
            )
        ]
    if not held.is_in_time(now):
        return [_late()]
    if not held.may_change(criterion):
        vi, en = "Tiêu chí này không nằm trong phần bị trả lại.", "This criterion was not sent back."
        return [_problem("not-sent-back", vi, en)]
    return []


def _others_problems(
    held: Held, now: datetime, stage: Stage | None, *, is_accepted: bool, reason: str
) -> list[Problem]:
    if stage is not None and held.place.stage is not stage:
        return [_moved_on()]
    if SIDE_OF[held.place.stage] is Side.UNIT or held.place.state is not State.OPEN:
        return [
            _problem(
                "not-being-verified",
                "Hồ sơ không ở bước thẩm định hay phúc tra.",
                "The dossier is not being verified or appraised.",
            )
        ]
    if not held.is_in_time(now):
        return [_late()]
    if not is_accepted and not reason:
        return [_problem("no-reason", "Nêu lý do không chấp nhận.", "Say why it is not accepted.")]
    return []


def _own_document(evidence: Evidence, actor: User) -> list[Problem]:
    """Whoever put a document or a file of it on a shelf does not judge it, whoever pointed at it there."""
    own = Q(added_by=actor.get_username()) | Q(files__added_by=actor.get_username())
    if not Document.objects.filter(own, pk=evidence.document_id).exists():
        return []
    return [
        _problem(
            "own-document",
            "Chính bạn đã đưa văn bản này vào kho, nên cần một người khác xem xét.",
            "You put this document on the shelf yourself, so somebody else must judge it.",
        )
    ]


def _finding_without_proof(held: Held, code: str, now: datetime) -> list[Problem]:
    """What stands at this stage must not lose the only document that it rests on."""
    rows = StageFinding.objects.filter(dossier=held.id, stage=held.place.stage, criterion__code=code)
    found = rows.first()
    asked = ask(held, held.definition, code, day_of(now)) if found else None
    if found is None or asked is None or not lacks_proof(asked.question, Said(Outcome(found.outcome))):
        return []
    return [
        _problem(
            "found-met-by-it",
            "Kết quả đạt ở bước này chỉ dựa vào văn bản này: hãy sửa kết quả trước.",
            "At this stage the criterion is found met by this document alone: change the result first.",
        )
    ]


def _moved_on() -> Problem:
    return _problem(
        "not-in-that-stage",
        "Hồ sơ không còn ở giai đoạn này; thao tác của bạn chưa được lưu.",
        "The dossier is no longer in this stage; what you did was not saved.",
    )


def _late() -> Problem:
    return _problem("past-the-deadline", "Đã quá hạn của giai đoạn này.", "The deadline has passed.")


def _criterion(held: Held, code: str) -> Criterion:
    found = Criterion.objects.filter(criteria_set=held.criteria_set_id, code=code).first()
    if found is None:
        vi, en = f"Bộ tiêu chí không có tiêu chí {code}.", f"The set has no criterion {code}."
        raise NotAllowed([_problem("no-such-criterion", vi, en)])
    return found


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))


def _judgment(evidence: Evidence) -> dict[str, str | int]:
    """What was made of a document, for the log, which keeps what changes: so each line names the document."""
    about = f"document.{evidence.document_id}"
    return {
        f"{about}.state": str(evidence.state),
        f"{about}.version": evidence.version,
        **({f"{about}.reason": evidence.reason} if evidence.reason else {}),
    }


def _tell(
    verb: Verb,
    held: Held,
    code: str,
    evidence: Evidence,
    actor: User,
    now: datetime,
    before: dict[str, str | int] | None = None,
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object=("dossier", held.id),
        name=f"{held.round_name}: {code}",
        unit_id=held.unit_id,
        old=before,
        new=_judgment(evidence),
        why=evidence.reason,
        now=now,
    )
