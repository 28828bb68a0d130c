"""What is handed over after the decision is added or put right: the certificate's number, the ceremony."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor
from kieumau.awards import verbs
from kieumau.awards.models import Title
from kieumau.awards.rules import ceremony_problems
from kieumau.kernel.messages import Problem, Refused, Text


@transaction.atomic
def put_right(
    title_id: int, *, certificate: str, ceremony_on: date | None, reason: str, actor: Actor, now: datetime
) -> Title:
    """Say anew which number the certificate has and when it was handed over; the log keeps what stood before.

    The decision itself and the days of the title stay. Raises `Refused` without a reason, where nothing is
    said otherwise, and for a ceremony before the decision.
    """
    title = Title.objects.select_for_update().get(pk=title_id)
    before = _said(title)
    title.certificate, title.ceremony_on = certificate.strip(), ceremony_on
    problems = list(ceremony_problems(ceremony_on, title.decided_on))
    if not reason.strip():
        problems.append(Problem("no-reason", Text(vi="Nêu lý do đính chính.", en="Say why it is put right.")))
    if _said(title) == before:
        same = Text(vi="Không có gì khác trước.", en="Nothing is said otherwise than before.")
        problems.append(Problem("nothing-changed", same))
    if problems:
        raise Refused(problems)
    title.save(update_fields=["certificate", "ceremony_on"])
    audit.record(
        actor=actor,
        verb=verbs.PUT_RIGHT,
        object=("title", title.pk),
        name=title.name_vi,
        unit_id=title.unit_id,
        old=before,
        new=_said(title),
        why=reason,
        now=now,
    )
    return title


def _said(title: Title) -> dict[str, Any]:
    day = title.ceremony_on
    return {"certificate": title.certificate, "ceremony_on": day.isoformat() if day else ""}
