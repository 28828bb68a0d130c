"""Votes of councils: put down with their minutes, corrected with a reason until the dossier is decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kieumau.accounts.models import User
from kieumau.audit import actions as audit
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.documents.actions import seal
from kieumau.documents.models import Document
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.text import search_key, tidy
from kieumau.rounds import verbs
from kieumau.rounds.failures import NotAllowed, OtherSide, refuse
from kieumau.rounds.holding import Held, hold
from kieumau.rounds.models import Vote
from kieumau.rounds.rules import SIDE_OF, Side, State
from kieumau.rounds.shelves import another_shelf, is_of_those_who_decide


@dataclass(frozen=True, slots=True)
class Count:
    """How a council voted: who was there, for, against; the others abstained."""

    members: int
    in_favor: int
    against: int


@transaction.atomic
def record_vote(
    dossier_id: int,
    *,
    council: str,
    held_on: date,
    count: Count,
    minutes: Document | None,
    actor: User,
    now: datetime,
    corrects: int | None = None,
    reason: str = "",
) -> Vote:
    """Put down how a council voted, with its minutes, which are sealed; or correct a vote, which stays.

    A council is the same however its name is typed: case, marks and spaces do not count. `corrects` is the
    id of the vote that this one stands for from now on, with a `reason`. Raises `NotAllowed`: not submitted,
    decided, the round closed before it was through; a day to come, no name, more votes than members, put
    down before (a council votes once a day), minutes of a shelf that is neither the unit's nor that of a
    unit above it, a correction without a reason, or of what was corrected before; `OtherSide` for the
    unit's side.
    """
    held = hold(dossier_id, person_id=actor.pk, on=day_of(now), whole=True)
    council, reason = tidy(council), reason.strip()
    refuse(_problems(held, council, held_on, count, day_of(now)))
    if held.side is Side.UNIT:
        raise OtherSide
    old = _stands_for(held, council, held_on, corrects, reason)
    if minutes is not None:
        _file(held, minutes, actor, now)
    vote = Vote(dossier_id=held.id, council=council, held_on=held_on, minutes=minutes, corrects=old)
    vote.members, vote.in_favor, vote.against = count.members, count.in_favor, count.against
    vote.reason, vote.at, vote.by = reason if old else "", now, actor.get_username()
    vote.save(force_insert=True)
    _tell(held, vote, old, actor, now)
    return vote


def _stands_for(held: Held, council: str, held_on: date, corrects: int | None, reason: str) -> Vote | None:
    """The vote that is corrected; null for a new one. Raises `NotAllowed` as `record_vote` says."""
    standing = {one.pk: one for one in Vote.objects.filter(dossier=held.id, correction=None)}
    refuse(_correction_problems(standing, corrects, reason))
    old = standing.pop(corrects) if corrects is not None else None
    refuse(_voted_before(standing, council, held_on))
    return old


def _file(held: Held, minutes: Document, actor: User, now: datetime) -> None:
    """Minutes are of a shelf of those who decide, and sealed."""
    if not is_of_those_who_decide(minutes, held.unit_id, held.ends_before - ONE_DAY):
        raise NotAllowed([another_shelf()])
    seal(Document.objects.filter(pk=minutes.pk), actor=actor, now=now)


def _tell(held: Held, vote: Vote, old: Vote | None, actor: User, now: datetime) -> None:
    audit.record(
        actor=actor,
        verb=verbs.CORRECT_VOTE if old else verbs.VOTE,
        object=("dossier", held.id),
        name=held.round_name,
        unit_id=held.unit_id,
        old=_facts(old) if old else None,
        new=_facts(vote),
        why=vote.reason,
        now=now,
    )


def _facts(vote: Vote) -> dict[str, Any]:
    return {
        "council": vote.council,
        "held_on": vote.held_on.isoformat(),
        "members": vote.members,
        "in_favor": vote.in_favor,
        "against": vote.against,
        "minutes": vote.minutes_id,
    }


def _problems(held: Held, council: str, held_on: date, count: Count, today: date) -> Iterator[Problem]:
    if held.place.state is State.DECIDED:
        yield _problem("is-decided", "Hồ sơ đã có quyết định.", "The dossier is decided.")
    elif SIDE_OF[held.place.stage] is Side.UNIT and held.place.state is not State.CONCLUDED:
        yield _problem(
            "not-submitted",
            "Hồ sơ đang ở đơn vị, nên chưa biểu quyết được.",
            "The dossier is with the unit, so nobody votes on it yet.",
        )
    elif not held.is_round_open and held.place.state is not State.CONCLUDED:
        # What is through all stages is still decided once the round is closed, so it is still voted on.
        yield _problem("round-is-closed", "Đợt đánh giá đã đóng.", "The round is closed.")
    if held_on > today:
        yield _problem("held-in-the-future", "Ngày họp chưa đến.", "The day of the meeting lies ahead.")
    if not council:
        yield _problem("no-council", "Ghi tên hội đồng.", "Name the council.")
    if count.members < 1:
        yield _problem("nobody-present", "Ghi số thành viên có mặt.", "Say how many members were present.")
    elif (cast := count.in_favor + count.against) > count.members:
        yield _problem(
            "too-many-votes",
            f"Tán thành và không tán thành cộng lại là {cast}, nhiều hơn {count.members} thành viên có mặt.",
            f"For and against are {cast} together, more than the {count.members} members present.",
        )


def _correction_problems(standing: dict[int, Vote], corrects: int | None, reason: str) -> Iterator[Problem]:
    if corrects is None:
        return
    if corrects not in standing:
        yield _problem(
            "no-standing-vote",
            "Biểu quyết này đã được sửa hoặc không thuộc hồ sơ này.",
            "That vote was corrected before, or is not of this dossier.",
        )
    if not reason:
        yield _problem("no-reason", "Nêu lý do sửa biểu quyết.", "Say why the vote is corrected.")


def _voted_before(standing: dict[int, Vote], council: str, held_on: date) -> Iterator[Problem]:
    key = search_key(council)
    if any(one.held_on == held_on and search_key(one.council) == key for one in standing.values()):
        yield _problem(
            "voted-before",
            "Biểu quyết của hội đồng này trong ngày đó đã được ghi; nếu ghi sai, hãy sửa, có lý do.",
            "What this council voted on that day was put down before; where it is wrong, correct it.",
        )


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
