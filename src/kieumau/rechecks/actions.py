"""Drawing a sample, and putting down what a re-check found."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.audit import actions as audit
from kieumau.criteria.models import Criterion
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rechecks import rules, verbs
from kieumau.rechecks.differing import tell_if_it_differs
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rounds import lots
from kieumau.rounds.freezing import digest
from kieumau.rounds.models import Dossier, Hand, Round, StageFinding
from kieumau.rounds.rules import State
from kieumau.rounds.saying import SAID
from kieumau.units.models import Position
from kieumau.units.queries import AFTER_ALL_PATHS

FINISHED = (State.CONCLUDED, State.DECIDED)
Candidate = tuple[int, int, int | None, str]  # dossier, unit, province, fingerprint
LeftOut = list[Any]  # unit, stage, state


class CannotDraw(Refused):
    """There is nothing to draw from, or nobody says why that area is drawn over again."""


class CannotCheck(Refused):
    """The re-check cannot be put down: by somebody who had a hand in it, twice, or without a result."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many units of each province, and how many criteria of each unit."""

    per_province: int
    criteria_count: int


@transaction.atomic
def draw(
    made: Round, *, area_id: int, size: Size, actor: User | str, now: datetime, reason: str = ""
) -> Draw:
    """Draw units and criteria among the dossiers of an area that are through all stages.

    The seed follows from what the round was bound to before anybody submitted, the number of the draw, and
    the fingerprints of all that can be drawn: nobody chooses it. A draw is over all units of the area once
    all are through or the round is closed; one before that, and one over units that were drawn over before,
    needs a reason, and keeps whom it leaves out. Raises `CannotDraw`.
    """
    held = Round.objects.select_for_update(of=("self",), no_key=True).select_related("period").get(pk=made.pk)
    path = _path(held, area_id)
    rows, left_out = _frame(held, path)
    before = list(Draw.objects.filter(round=held).order_by("number").defer("frame"))
    if problems := _problems(held, path, size, (rows, left_out), before, reason):
        raise CannotDraw(problems)
    number = before[-1].number + 1 if before else 1
    frame = [[unit_id, province_id, sha256] for _, unit_id, province_id, sha256 in rows]
    lot, frame_sha256 = lots.revealed(held.lot, number), digest(frame)
    drawn = Draw.objects.create(
        round=held,
        area_id=area_id,
        number=number,
        lot=lot,
        reason=reason.strip(),
        seed=rules.seed_of(lot, held.pk, area_id, frame_sha256),
        per_province=size.per_province,
        criteria_count=size.criteria_count,
        frame=frame,
        left_out=left_out,
        frame_sha256=frame_sha256,
        frame_count=len(frame),
        drawn_at=now,
        drawn_by=audit.name_of(actor),
    )
    _tell_drawn(drawn, _pick(drawn, rows), actor, now)
    return drawn


def _tell_drawn(drawn: Draw, units: int, actor: User | str, now: datetime) -> None:
    """Put the draw into the log: what anybody needs to repeat it, how many units it drew and left out."""
    audit.record(
        actor=actor,
        verb=verbs.DRAW,
        object=("draw", drawn.pk),
        name=drawn.round.name,
        unit_id=drawn.area_id,
        new={
            "number": drawn.number,
            "lot": drawn.lot,
            "seed": drawn.seed,
            "frame": drawn.frame_sha256,
            "units": units,
            "left_out": len(drawn.left_out or ()),
        },
        why=drawn.reason,
        now=now,
    )


def _pick(drawn: Draw, rows: list[Candidate]) -> int:
    """Put down what the seed draws; how many units."""
    strata: dict[int, list[int]] = defaultdict(list)
    dossier_of = {}
    for dossier_id, unit_id, province_id, _ in rows:
        strata[province_id or 0].append(unit_id)
        dossier_of[unit_id] = dossier_id
    criteria = dict(
        Criterion.objects.filter(criteria_set=drawn.round.criteria_set_id).values_list("code", "pk")
    )
    picked = [one for units in rules.draw(drawn.seed, strata, drawn.per_province).values() for one in units]
    stands = _stands([dossier_of[unit_id] for unit_id in picked])
    checks = (
        (dossier_of[unit_id], criteria[code])
        for unit_id in picked
        for code in rules.draw_criteria(drawn.seed, unit_id, criteria, drawn.criteria_count)
    )
    Recheck.objects.bulk_create(
        Recheck(draw=drawn, dossier_id=one[0], criterion_id=one[1], **stands.get(one, {})) for one in checks
    )
    return len(picked)


def _stands(dossier_ids: list[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """By dossier and criterion what whoever looked last found: a re-check is compared with it. One query."""
    rows = StageFinding.objects.filter(dossier__in=dossier_ids).order_by(
        "dossier_id", "criterion_id", "-stage"
    )
    return {
        (one.dossier_id, one.criterion_id): {
            "was": one.outcome,
            "stage": one.stage,
            "is_measured": one.is_measured,
        }
        for one in rows.distinct("dossier_id", "criterion_id")
    }


def _path(made: Round, area_id: int) -> str | None:
    """Where an area stood, lastly, before the end of the round's period."""
    rows = Position.objects.filter(unit=area_id, valid__startswith__lt=made.period.ends_before)
    last = rows.order_by("valid").last()
    return last.path if last else None


def _frame(made: Round, path: str | None) -> tuple[list[Candidate], list[LeftOut]]:
    """The dossiers that can be drawn, by unit, and of the others the unit, stage and state. One query.

    In a closed round as well: they stay where they are, and are shown beside what was drawn.
    """
    if path is None:
        return [], []
    rows = Dossier.objects.filter(round=made, path__gte=path, path__lt=path + AFTER_ALL_PATHS)
    found: list[Candidate] = []
    others: list[LeftOut] = []
    columns = ("pk", "unit_id", "province_id", "frozen_sha256", "stage", "state")
    for *one, stage, state in rows.order_by("unit").values_list(*columns):
        if state in FINISHED:
            found.append((one[0], one[1], one[2], one[3]))
        else:
            others.append([one[1], stage, state])
    return found, others


def _problems(
    made: Round,
    path: str | None,
    size: Size,
    frame: tuple[list[Candidate], list[LeftOut]],
    before: list[Draw],
    reason: str,
) -> list[Problem]:
    """Why nothing is drawn; nothing where it is."""
    rows, left_out = frame
    found = []
    if not rows:
        found.append(
            _problem(
                "nothing-to-draw-from",
                "Chưa có hồ sơ nào qua hết các giai đoạn trong phạm vi này.",
                "No dossier in that area has been through all stages.",
            )
        )
    if size.per_province < 1 or size.criteria_count < 1:
        found.append(
            _problem(
                "draws-nothing",
                "Cần ít nhất một đơn vị và một tiêu chí.",
                "Draw one unit and one criterion at least.",
            )
        )
    found += _more_than_there_are(made, size.criteria_count)
    if not reason.strip():
        is_early = bool(left_out and rows) and made.state == Round.State.OPEN
        found += _without_a_reason(made, path, len(left_out) if is_early else 0, before)
    if len(before) >= lots.MOST_DRAWS:
        found.append(
            _problem(
                "drawn-too-often",
                f"Một đợt có nhiều nhất {lots.MOST_DRAWS} lần rút mẫu.",
                f"A round has {lots.MOST_DRAWS} draws at most.",
            )
        )
    return found


def _more_than_there_are(made: Round, count: int) -> Iterator[Problem]:
    """That so many criteria are asked of each unit, of a set that has fewer."""
    there_are = Criterion.objects.filter(criteria_set=made.criteria_set_id).count()
    if count > there_are:
        yield _problem(
            "more-criteria-than-there-are",
            f"Bộ tiêu chí của đợt có {there_are} tiêu chí: chọn nhiều nhất {there_are} của mỗi đơn vị.",
            f"The round's set has {there_are} criteria: draw {there_are} of each unit at most.",
        )


def _without_a_reason(made: Round, path: str | None, early: int, before: list[Draw]) -> Iterator[Problem]:
    """What needs a reason and has none: so many dossiers that are not through, an area drawn over before."""
    if early:
        number = f"{early} dossiers" if early > 1 else "one dossier"
        yield _problem(
            "not-all-through",
            f"Trong phạm vi này còn {early} hồ sơ chưa qua hết các giai đoạn: rút sớm phải nêu lý do.",
            f"Not through all stages yet in that area: {number}. Drawing now needs a reason.",
        )
    if drawn := [one for one in before if _overlap(path or "", _path(made, one.area_id) or "")]:
        numbers = ", ".join(str(one.number) for one in drawn)
        yield _problem(
            "drawn-before",
            f"Phạm vi này đã rút mẫu (lần {numbers}): rút thêm phải nêu lý do.",
            f"That area was drawn over before (draw {numbers}): another draw needs a reason.",
        )


def _overlap(one: str, other: str) -> bool:
    """Does one area lie in the other, or is it the same?"""
    return one.startswith(other) or other.startswith(one)


@transaction.atomic
def check(recheck_id: int, *, outcome: Outcome, remark: str, actor: User, now: datetime) -> Recheck:
    """Put down what was found when somebody else looked again. It stays; who decides on the dossier is told
    where it differs. Raises `CannotCheck`."""
    found = Recheck.objects.select_for_update(of=("self",)).select_related(
        "draw__round__period", "draw__round__programme", "dossier", "criterion"
    )
    one = found.get(pk=recheck_id)
    problems = []
    if one.outcome is not None:
        problems.append(_problem("checked-before", "Đã kiểm tra rồi.", "It was re-checked before."))
    if outcome not in SAID:
        problems.append(_problem("no-such-answer", "Chọn một kết quả.", "Choose a result."))
    if not remark.strip():
        problems.append(_problem("no-remark", "Ghi căn cứ của kết quả.", "Say what the finding rests on."))
    if Hand.objects.filter(dossier=one.dossier_id, person=actor).exists():
        problems.append(_had_a_hand())
    if problems:
        raise CannotCheck(problems)
    one.outcome, one.remark, one.person, one.at = outcome, remark.strip(), actor, now
    _put_down(one)
    audit.record(
        actor=actor,
        verb=verbs.CHECK,
        object=("dossier", one.dossier_id),
        name=f"{one.draw.round.name}: {one.criterion.code}",
        unit_id=one.dossier.unit_id,
        new={"outcome": outcome.key, "remark": one.remark},
        now=now,
    )
    tell_if_it_differs(one, actor=actor, now=now)
    return one


def _put_down(one: Recheck) -> None:
    """Save it. The database refuses whoever got a hand in the dossier meanwhile: raises `CannotCheck`."""
    try:
        with transaction.atomic():
            one.save(update_fields=["outcome", "remark", "person", "at"])
    except IntegrityError as error:
        if "had a hand" not in str(error):
            raise
        raise CannotCheck([_had_a_hand()]) from None


def _had_a_hand() -> Problem:
    return _problem(
        "had-a-hand",
        "Bạn đã tham gia hồ sơ này, nên cần người khác kiểm tra.",
        "You have worked on this dossier: somebody else must re-check it.",
    )


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
