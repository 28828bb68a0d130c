"""A decision on a dossier: the title is given, or it is not. Both end the dossier for good."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.audit.verbs import Verb
from kieumau.awards import verbs
from kieumau.awards.models import Title
from kieumau.awards.rules import Decision, ceremony_problems, ends_before, refusals
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.documents.actions import seal
from kieumau.documents.models import Document
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.programmes.belonging import unit_problems
from kieumau.programmes.models import Programme
from kieumau.rounds import actions as rounds
from kieumau.rounds.deciding import both
from kieumau.rounds.models import Dossier, Move
from kieumau.rounds.rules import Act
from kieumau.rounds.shelves import another_shelf, is_of_those_who_decide


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is said of a title beside its decision. `ends_before` null: as long as the programme says."""

    starts_on: date
    ends_before: date | None = None
    certificate: str = ""
    ceremony_on: date | None = None
    document: Document | None = None


@transaction.atomic
def recognize(
    dossier: Dossier,
    decision: Decision,
    recognition: Recognition,
    *,
    actor: User,
    now: datetime,
    seen: int | None = None,
    why: str = "",
    why_early: str = "",
) -> Title:
    """Give the unit the title of the round's programme; the dossier is decided and fingerprinted.

    `seen` is the dossier's version that the decision was put down over, `why` the reason where it goes
    against the verdict of the dossier or the vote of a council, `why_early` where it is dated before the
    dossier was concluded; all is kept with the title. Raises
    `Refused` for what is wrong with the decision, for a round without a programme, for the file of a decision
    on another shelf, and whatever `rounds.decide` refuses: only a dossier that has been through all stages is
    decided, as it was seen, never by somebody who assessed or verified it, and against nothing without `why`.
    """
    programme = dossier.round.programme
    if programme is None:
        raise Refused([_no_programme()])
    end = recognition.ends_before or ends_before(recognition.starts_on, programme.lasts_months)
    problems = list(refusals(decision, recognition.starts_on, end, day_of(now)))
    problems += ceremony_problems(recognition.ceremony_on, decision.decided_on)
    problems += about_document(recognition.document, dossier.unit_id, decision)
    problems += unit_problems(programme, dossier.unit_id, dossier.round.period.ends_before - ONE_DAY)
    if problems:
        raise Refused(problems)
    rounds.decide(
        dossier.pk,
        is_met=True,
        decision=decision.reference,
        decided_on=decision.decided_on,
        why=why,
        why_early=why_early,
        actor=actor,
        now=now,
        seen=seen,
    )
    who, kept = actor.get_username(), both(why, why_early)
    title = give(dossier.unit_id, decision, recognition, end, programme, who, now, dossier=dossier, why=kept)
    tell(verbs.RECOGNIZE, title, actor, now)
    return title


@transaction.atomic
def decline(
    dossier: Dossier,
    decision: Decision,
    *,
    reason: str,
    actor: User,
    now: datetime,
    seen: int | None = None,
    document: Document | None = None,
    why_early: str = "",
) -> Dossier:
    """Put down that the unit was not recognized, and why; the dossier is decided and fingerprinted.

    The file of the decision is sealed, and named in the log.

    Raises `Refused` as `recognize` does, and without a reason.
    """
    today = day_of(now)
    problems = list(refusals(decision, decision.decided_on, date.max, today))
    problems += about_document(document, dossier.unit_id, decision)
    if not reason.strip():
        problems.append(
            Problem("no-reason", Text(vi="Nêu lý do không công nhận.", en="Say why it was not recognized."))
        )
    if problems:
        raise Refused(problems)
    done = rounds.decide(
        dossier.pk,
        is_met=False,
        decision=decision.reference,
        decided_on=decision.decided_on,
        why=reason,
        why_early=why_early,
        actor=actor,
        now=now,
        seen=seen,
    )
    if document is not None:
        seal(Document.objects.filter(pk=document.pk), actor=actor.get_username(), now=now)
    _tell_declined(dossier, decision, document, both(reason, why_early), actor, now)
    return done


def _tell_declined(
    dossier: Dossier, decision: Decision, document: Document | None, why: str, actor: User, now: datetime
) -> None:
    """Put it into the log, with the fingerprint of what was decided on and what that went against."""
    kept = _decided(dossier.pk)
    audit.record(
        actor=actor,
        verb=verbs.DECLINE,
        object=("dossier", dossier.pk),
        name=dossier.round.name,
        unit_id=dossier.unit_id,
        new={
            "reference": decision.reference,
            "decided_on": decision.decided_on.isoformat(),
            "sha256": kept.sha256,
            **({"against": kept.against} if kept.against else {}),
            **({"document": document.pk} if document is not None else {}),
        },
        why=why,
        now=now,
    )


def about_document(document: Document | None, unit_id: int, decision: Decision) -> list[Problem]:
    """What is wrong with the file of a decision: it is of the shelf of the unit, or of a unit above it."""
    is_wrong = document is not None and not is_of_those_who_decide(document, unit_id, decision.decided_on)
    return [another_shelf()] if is_wrong else []


def give(
    unit_id: int,
    decision: Decision,
    recognition: Recognition,
    end: date,
    programme: Programme | None,
    who: str,
    now: datetime,
    *,
    dossier: Dossier | None = None,
    name: Text | None = None,
    why: str = "",
) -> Title:
    """Store the title; its document is sealed with it. `why`: for one that went against something."""
    decided = _decided(dossier.pk) if dossier else None
    called = name or (Text(vi=programme.title_vi, en=programme.title_en) if programme else Text("", ""))
    if recognition.document is not None:
        seal(Document.objects.filter(pk=recognition.document.pk), actor=who, now=now)
    return Title.objects.create(
        unit_id=unit_id,
        programme=programme,
        name_vi=called.vi.strip(),
        name_en=called.en.strip(),
        dossier=dossier,
        dossier_sha256=decided.sha256 if decided else "",
        reference=decision.reference.strip(),
        decided_on=decision.decided_on,
        issuer=decision.issuer.strip(),
        document=recognition.document,
        valid=DateRange(recognition.starts_on, end),
        certificate=recognition.certificate.strip(),
        ceremony_on=recognition.ceremony_on,
        against=decided.against if decided else [],
        why=why.strip(),
        recorded_at=now,
        recorded_by=who,
    )


def _decided(dossier_id: int) -> Move:
    """The act that decided a dossier."""
    return Move.objects.filter(dossier=dossier_id, act=Act.DECIDE).latest("number")


def _no_programme() -> Problem:
    reason = Text(
        vi="Đợt đánh giá này không thuộc chương trình nào nên không có danh hiệu.",
        en="This round belongs to no programme, so there is no title to give.",
    )
    return Problem("no-programme", reason)


def tell(verb: Verb, title: Title, actor: Actor, now: datetime) -> None:
    """Write down in the log what was decided about a title."""
    audit.record(
        actor=actor,
        verb=verb,
        object=("title", title.pk),
        name=title.name_vi,
        unit_id=title.unit_id,
        new={
            "reference": title.reference,
            "decided_on": title.decided_on.isoformat(),
            "from": title.valid.lower.isoformat(),
            "until": (title.valid.upper - ONE_DAY).isoformat(),
            "sha256": title.dossier_sha256,
            **({"against": title.against} if title.against else {}),
        },
        why=title.why,
        now=now,
    )
