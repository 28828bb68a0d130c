"""A slip of the pen in a title is put right, or what is handed over later added: for a reason all can see."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kieumau.audit import actions as audit
from kieumau.audit.actions import Actor, name_of
from kieumau.awards import verbs
from kieumau.awards.models import Correction, Title
from kieumau.awards.rules import Issued, Particulars, ceremony_problems, corrected_by_problems, refusals
from kieumau.awards.telling import tell_of_correction
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.programmes.belonging import unit_problems
from kieumau.rounds.deciding import Against, both
from kieumau.rounds.models import Move
from kieumau.rounds.rules import Act


@transaction.atomic
def put_right(
    title_id: int,
    said: Particulars,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    by: Issued | None = None,
    seen: int | None = None,
) -> Correction:
    """Say anew what was put down wrong or handed over since; what stood there stays beside it and in the log.

    `by` is the document that corrected the decision, where one did; `seen` how many corrections there were
    when this one was written. The unit, its leaders and the office are told. A decision that is now dated
    before the dossier was concluded says so from now on, for the same reason. Raises `Refused` for whatever
    is wrong with the decision and its days, without a reason, where nothing is said otherwise, for a title
    that is then there twice, and where somebody has put it right meanwhile.
    """
    title = Title.objects.select_related("programme").select_for_update(of=("self",)).get(pk=title_id)
    changed = _changed(title, said)
    problems = list(_problems(title, said, day_of(now)))
    problems += corrected_by_problems(by, said.decision.decided_on, day_of(now))
    if not reason.strip():
        problems.append(Problem("no-reason", Text(vi="Nêu lý do đính chính.", en="Say why it is put right.")))
    if not changed:
        same = Text(vi="Không có gì khác trước.", en="Nothing is said otherwise than before.")
        problems.append(Problem("nothing-changed", same))
    if seen is not None and seen != title.corrections.count():
        problems.append(_meanwhile())
    if problems:
        raise Refused(problems)
    before = _facts(title.particulars)
    made = Correction.objects.create(
        title=title,
        new=changed | _against(title, said.decision.decided_on, reason),
        reason=reason.strip(),
        by_reference=by.reference.strip() if by else "",
        by_issued_on=by.issued_on if by else None,
        recorded_at=now,
        recorded_by=name_of(actor),
    )
    made.refresh_from_db()
    audit.record(
        actor=actor,
        verb=verbs.PUT_RIGHT,
        object=("title", title.pk),
        name=title.name_vi,
        unit_id=title.unit_id,
        old=before,
        new=_facts(said) | _facts_of(by),
        why=reason,
        now=now,
    )
    tell_of_correction(made, actor=actor, now=now)
    return made


def _changed(title: Title, said: Particulars) -> dict[str, Any]:
    """The columns that are said otherwise, as JSON says them."""
    there, anew = _columns(title.particulars), _columns(said)
    return {name: value for name, value in anew.items() if value != there[name]}


def _columns(said: Particulars) -> dict[str, Any]:
    day = said.ceremony_on
    return {
        "reference": said.decision.reference.strip(),
        "decided_on": said.decision.decided_on.isoformat(),
        "issuer": said.decision.issuer.strip(),
        "valid": f"[{said.starts_on},{said.ends_before})",
        "certificate": said.certificate.strip(),
        "ceremony_on": day.isoformat() if day else None,
    }


def _facts(said: Particulars) -> dict[str, Any]:
    """As the log says them."""
    days = {"from": said.starts_on.isoformat(), "until": (said.ends_before - ONE_DAY).isoformat()}
    rest = {name: value or "" for name, value in _columns(said).items() if name != "valid"}
    return rest | days


def _facts_of(by: Issued | None) -> dict[str, Any]:
    return {"corrected_by": f"{by.reference.strip()}, {by.issued_on:%d/%m/%Y}"} if by else {}


def _problems(title: Title, said: Particulars, today: date) -> Iterator[Problem]:
    decided_on = said.decision.decided_on
    yield from refusals(said.decision, said.starts_on, said.ends_before, today)
    yield from ceremony_problems(said.ceremony_on, decided_on)
    if title.programme and title.dossier_id is None and said.starts_on != title.valid.lower:
        yield from unit_problems(title.programme, title.unit_id, said.starts_on)
    withdrawal = getattr(title, "withdrawal", None)
    if withdrawal is not None and withdrawal.withdrawn_on < decided_on:
        too_late = Text(
            vi="Danh hiệu đã thu hồi trước ngày đó.", en="The title was withdrawn before that day."
        )
        yield Problem("decided-after-the-withdrawal", too_late)
    same = Title.objects.filter(unit=title.unit_id, decided_on=decided_on, name_vi=title.name_vi)
    if same.filter(reference__iexact=said.decision.reference.strip()).exclude(pk=title.pk).exists():
        there = Text(
            vi="Đã có danh hiệu như vậy của đơn vị.", en="There is such a title of the unit already."
        )
        yield Problem("recorded-before", there)


def _against(title: Title, decided_on: date, reason: str) -> dict[str, Any]:
    """Whether the decision is dated before the dossier was concluded, where that is no more as it was."""
    if title.dossier_id is None or decided_on == title.decided_on:
        return {}
    last = Move.objects.filter(dossier=title.dossier_id).exclude(act=Act.DECIDE).order_by("number").last()
    is_early = last is not None and decided_on < day_of(last.at)
    if is_early is (Against.EARLY in title.against):
        return {}
    others = [one for one in title.against if one != Against.EARLY]
    if not is_early:
        return {"against": others}
    return {"against": [*others, str(Against.EARLY)], "why": both(title.why, reason)}


def _meanwhile() -> Problem:
    return Problem(
        "put-right-meanwhile",
        Text(
            vi="Danh hiệu đã được đính chính sau khi bạn mở trang này.",
            en="The title was put right since you opened this page.",
        ),
        Text(vi="Mở lại trang, xem lại rồi sửa.", en="Open the page again, look, then correct it."),
    )
