"""What becomes of a dossier as a whole: submitted, sent back, concluded, decided. Each act stays."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kieumau.accounts.models import User
from kieumau.assessments.actions import assess_unit
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.audit import actions as audit
from kieumau.calendars.library import decode
from kieumau.calendars.working_days import day_of
from kieumau.documents.actions import seal
from kieumau.documents.models import Document
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rounds import rules, verbs
from kieumau.rounds.actions.complete import confirm_figures, unanswered, unsettled
from kieumau.rounds.actions.say import take_part
from kieumau.rounds.applying import BACK_FOR_GOOD, LEFT, is_under_its_set
from kieumau.rounds.deciding import Against, both, unexplained, unexplained_day
from kieumau.rounds.failures import NotAllowed, NotComplete, OtherSide, SeenBefore, refuse
from kieumau.rounds.freezing import digest, fingerprint, freeze, spoken, write_findings
from kieumau.rounds.holding import Held, hold
from kieumau.rounds.last_days import last_day_of_unit
from kieumau.rounds.models import Dossier, Evidence, Move
from kieumau.rounds.rules import SIDE_OF, Act, Place, Side, Stage, State
from kieumau.rounds.telling import Way, tell_of_move
from kieumau.rounds.weighing import Shown, shown_by


@transaction.atomic
def submit(dossier_id: int, *, actor: User, now: datetime, seen: int | None = None) -> Dossier:
    """Hand the dossier on: figures are judged and frozen as of today, documents are sealed.

    Raises `NotAllowed` (also where the set no longer applies to the unit: no verdict can be frozen then),
    `SeenBefore` where `seen` is not its version, `OtherSide`, and `NotComplete` with every criterion
    that has no answer, is said to be not due when it is, or to be met without a document that nobody refused.
    """
    found = _judged_anew(dossier_id, actor, now)
    held = _held_for(Act.SUBMIT, dossier_id, actor, now, seen=seen)
    take_part(held, actor, Side.UNIT)
    by_code = spoken(found, held.definition)
    if missing := list(unanswered(held, by_code, day_of(now))):
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

    Sending back finds nothing: whoever does it during verification is on no side by it, and may decide
    later; from appraisal on he is on the deciders'. Raises `NotAllowed` (also without a reason, for an
    unknown criterion, for a day that has passed, without a day once the unit's own deadline has passed, and
    where the set no longer applies to the unit, which could not submit it again), `SeenBefore`, and
    `OtherSide` for the unit's side, and for verifiers once others appraise.
    """
    held = _held_for(Act.SEND_BACK, dossier_id, actor, now, reason=reason, seen=seen)
    refuse(_send_back_problems(held, criteria, due_until, day_of(now)))
    is_appraised = held.place.stage is Stage.APPRAISAL
    if held.side is Side.UNIT or (held.side is Side.VERIFIERS and is_appraised):
        raise OtherSide
    if held.side is None and (is_appraised or held.place.state is State.CONCLUDED):
        take_part(held, actor, Side.APPRAISERS)
    Dossier.objects.filter(pk=held.id).update(due_until=due_until)
    return _move(held, Act.SEND_BACK, actor, now, reason, criteria=criteria, due_until=due_until)


@transaction.atomic
def conclude(dossier_id: int, *, actor: User, now: datetime, seen: int | None = None) -> Dossier:
    """End verification or appraisal: every criterion was looked at as it now stands.

    What figures say counts as confirmed unless somebody found otherwise. Raises `NotAllowed`, `SeenBefore`,
    `OtherSide`, and `NotComplete` with every criterion that nobody looked at since it last changed, that is
    found not due when it is, or met without an accepted document, and with evidence that nobody has judged.
    """
    held = _held_for(Act.CONCLUDE, dossier_id, actor, now, seen=seen)
    take_part(held, actor, SIDE_OF[held.place.stage])
    confirm_figures(held, now)
    if missing := list(unsettled(held, day_of(now))):
        raise NotComplete(missing)
    return _move(held, Act.CONCLUDE, actor, now)


@transaction.atomic
def decide(
    dossier_id: int,
    *,
    is_met: bool,
    decision: str,
    decided_on: date | None = None,
    why: str = "",
    why_early: str = "",
    actor: User,
    now: datetime,
    seen: int | None = None,
) -> Dossier:
    """The dossier is decided to be met (the title is given), or not: from now on nothing about it changes.

    `decision` is its number, `decided_on` its day, where it is known. What it goes against, the verdict or
    a council's vote, is kept with the act, with `why` and the dossier's fingerprint; and so is that it is
    dated before the dossier was concluded, with `why_early`. Raises `NotAllowed`, also where it goes against
    something without a reason, `SeenBefore`, and `OtherSide` for the unit's side, the verifiers' and whoever
    re-checked it; the actor is on the deciders' side from now on, and re-checks it no more.
    """
    reason = ": ".join(filter(None, (decision.strip(), both(why, why_early))))
    held = _held_for(Act.DECIDE, dossier_id, actor, now, reason=reason, seen=seen)
    take_part(held, actor, Side.APPRAISERS)
    shown = shown_by(_whole(held), now)
    against = shown.against(is_met=is_met)
    problems = unexplained(against, is_met=is_met, why=why)
    if decided_on is not None and shown.concluded_on is not None and decided_on < shown.concluded_on:
        problems += unexplained_day(decided_on, shown.concluded_on, why_early)
        against = [*against, Against.EARLY]
    refuse(problems)
    decided = Decided(is_met, shown, against, both(why, why_early), fingerprint(held.id))
    return _move(held, Act.DECIDE, actor, now, reason, decided=decided)


@dataclass(frozen=True, slots=True)
class Decided:
    """Which way a dossier was decided, what it showed, what it went against, why, what it rests on."""

    is_met: bool
    shown: Shown
    against: Sequence[Against]
    why: str
    sha256: str

    def for_log(self) -> dict[str, Any]:
        """As the log tells it."""
        said: dict[str, Any] = {
            "is_met": self.is_met,
            "verdict": self.shown.verdict.key,
            "sha256": self.sha256,
        }
        return {**said, "against": [str(one) for one in self.against]} if self.against else said

    @property
    def way(self) -> Way:
        """As people are told of it."""
        shown = self.shown
        return Way(self.is_met, shown.verdict is Outcome.MET, shown.met, shown.total)


def _held_for(
    act: Act, dossier_id: int, actor: User, now: datetime, *, reason: str = "", seen: int | None = None
) -> Held:
    """The dossier, held alone, if the act may be done to it."""
    held = hold(dossier_id, person_id=actor.pk, on=day_of(now), whole=True)
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


def _whole(held: Held) -> Dossier:
    """The dossier with its round, period and set."""
    return Dossier.objects.select_related("round__period", "round__criteria_set").get(pk=held.id)


def _judged_anew(dossier_id: int, actor: User, now: datetime) -> Assessment:
    """What figures say of the dossier's unit as of today. Raises `NotAllowed` where the set applies no more.

    A stored verdict stands as of the day on which somebody last asked: days that pass do not judge it again.
    To be called before the dossier is held: who writes figures takes the locks of verdicts and never waits
    for dossiers (see `assessments.locks`).
    """
    dossier = Dossier.objects.select_related("round__criteria_set").get(pk=dossier_id)
    made = dossier.round
    try:
        return assess_unit(
            criteria_set=made.criteria_set,
            window=decode(made.period_id),
            unit_id=dossier.unit_id,
            on=day_of(now),
            now=now,
            actor=actor,
        )
    except Refused as refused:
        raise NotAllowed([LEFT]) from refused


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
            Text(vi="Hạn làm lại phải từ hôm nay trở đi.", en="The new day must be today or later."),
        )
    if not is_under_its_set(_whole(held)):
        yield BACK_FOR_GOOD
    last_day = last_day_of_unit(held.id)
    if due_until is None and last_day is not None and last_day < today:
        yield Problem(
            "back-without-a-day",
            Text(
                vi="Hạn tự đánh giá đã qua, nên đơn vị sẽ không sửa được hồ sơ.",
                en="The deadline of self-assessment has passed, so the unit could not work on it.",
            ),
            Text(vi="Ghi hạn làm lại.", en="Say until when it may be worked on."),
        )


def _move(
    held: Held,
    act: Act,
    actor: User,
    now: datetime,
    reason: str = "",
    *,
    criteria: Collection[str] = (),
    due_until: date | None = None,
    decided: Decided | None = None,
) -> Dossier:
    """Store the place after the act, and the act itself; both in the log."""
    after = rules.after(held.place, act, held.stages)
    dossier = Dossier.objects.select_related("round__programme", "round__period").get(pk=held.id)
    dossier.stage, dossier.state = after.stage, after.state
    dossier.version += 1
    dossier.save(update_fields=["stage", "state", "version"])
    made = Move(dossier_id=held.id, number=Move.objects.filter(dossier=held.id).count() + 1, act=act)
    made.stage, made.state = after.stage, after.state
    made.criteria, made.reason, made.due_until = sorted(set(criteria)), reason.strip(), due_until
    if decided is not None:
        made.sha256, made.is_met = decided.sha256, decided.is_met
        made.against, made.why = list(decided.against), decided.why
    made.at, made.by, made.person = now, actor.get_username(), actor
    made.save(force_insert=True)
    _tell(held, made, decided, actor)
    way = decided.way if decided else None
    tell_of_move(dossier, act, after, actor=actor, reason=reason, now=now, way=way, until=due_until)
    return dossier


def _tell(held: Held, made: Move, decided: Decided | None, actor: User) -> None:
    audit.record(
        actor=actor,
        verb=verbs.ACTS[Act(made.act)],
        object=("dossier", held.id),
        name=held.round_name,
        unit_id=held.unit_id,
        old=_facts(held.place),
        new={
            **_facts(Place(Stage(made.stage), State(made.state))),
            **_granted(made),
            **(decided.for_log() if decided else {}),
        },
        why=made.reason,
        now=made.at,
    )


def _facts(place: Place) -> dict[str, Any]:
    return {"stage": place.stage.key, "state": str(place.state)}


def _granted(made: Move) -> dict[str, Any]:
    """What was sent back, where it is not the whole, and until when, where a day was named."""
    named: dict[str, Any] = {"criteria": made.criteria} if made.criteria else {}
    return {**named, "due_until": made.due_until.isoformat()} if made.due_until else named
