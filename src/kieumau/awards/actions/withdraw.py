"""A title is taken back, on one of the four grounds of the law."""

from datetime import datetime

from django.db import transaction

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, name_of
from kieumau.awards import verbs
from kieumau.awards.actions.recognize import about_document
from kieumau.awards.models import Title, Withdrawal
from kieumau.awards.rules import Decision, Ground, refusals
from kieumau.awards.telling import tell_of_withdrawal
from kieumau.calendars.working_days import day_of
from kieumau.documents.actions import seal
from kieumau.documents.models import Document
from kieumau.kernel.messages import Problem, Refused, Text


class AlreadyWithdrawn(Refused):
    """The title was withdrawn before."""


@transaction.atomic
def withdraw(
    title_id: int,
    decision: Decision,
    *,
    ground: Ground,
    reason: str,
    actor: Actor,
    now: datetime,
    document: Document | None = None,
) -> Withdrawal:
    """Withdraw a title from the day of the decision on; its document is sealed. Its people are told.

    Raises `Refused` and `AlreadyWithdrawn`.
    """
    title = Title.objects.select_related("programme").select_for_update(of=("self",)).get(pk=title_id)
    if Withdrawal.objects.filter(title=title).exists():
        gone = Text(vi="Danh hiệu đã bị thu hồi.", en="The title was withdrawn before.")
        raise AlreadyWithdrawn([Problem("already-withdrawn", gone)])
    problems = _problems(title, decision, reason, now)
    problems += about_document(document, title.unit_id, decision)
    if problems:
        raise Refused(problems)
    who = name_of(actor)
    if document is not None:
        seal(Document.objects.filter(pk=document.pk), actor=who, now=now)
    withdrawal = Withdrawal.objects.create(
        title=title,
        ground=ground,
        reason=reason.strip(),
        reference=decision.reference.strip(),
        withdrawn_on=decision.decided_on,
        issuer=decision.issuer.strip(),
        document=document,
        recorded_at=now,
        recorded_by=who,
    )
    audit.record(
        actor=actor,
        verb=verbs.WITHDRAW,
        object=("title", title.pk),
        name=title.name_vi,
        unit_id=title.unit_id,
        new={"ground": str(ground), "reference": withdrawal.reference},
        why=reason,
        now=now,
    )
    tell_of_withdrawal(withdrawal, actor=actor, now=now)
    return withdrawal


def _problems(title: Title, decision: Decision, reason: str, now: datetime) -> list[Problem]:
    """What is wrong with the decision and the reason."""
    problems = list(refusals(decision, title.valid.lower, title.valid.upper, day_of(now)))
    if not reason.strip():
        problems.append(Problem("no-reason", Text(vi="Nêu lý do thu hồi.", en="Say why it is withdrawn.")))
    if decision.decided_on < title.decided_on:
        too_early = Text(vi="Thu hồi trước khi công nhận.", en="It is withdrawn before it was recognized.")
        problems.append(Problem("withdrawn-too-early", too_early))
    return problems
