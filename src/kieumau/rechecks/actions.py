"""Drawing a sample, and putting down what a re-check found."""

import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.audit import actions as audit
from kieumau.criteria.models import Criterion
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rechecks import rules, verbs
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rounds.freezing import digest
from kieumau.rounds.models import Dossier, Hand, Round
from kieumau.rounds.rules import State
from kieumau.rounds.saying import SAID
from kieumau.units.models import Position
from kieumau.units.queries import AFTER_ALL_PATHS

FINISHED = (State.CONCLUDED, State.DECIDED)


class CannotDraw(Refused):
    """There is nothing to draw from, or that was drawn before."""


class CannotCheck(Refused):
    """The re-check cannot be put down: by somebody who had a hand in it, twice, or without a result."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many units of each province, and how many criteria of each unit."""

    per_province: int
    criteria_count: int


@transaction.atomic
def draw(made: Round, *, area_id: int, size: Size, actor: User | str, now: datetime, seed: str = "") -> Draw:
    """Draw units and criteria among the dossiers of an area that are through all stages.

    Without a seed one is made up, and kept. Raises `CannotDraw`. The same seed over the same dossiers draws
    the same, whoever does it (see `rules`).
    """
    seed = seed.strip() or secrets.token_hex(8)
    frame = _frame(made, area_id)
    if problems := _problems(made, area_id, seed, size, frame):
        raise CannotDraw(problems)
    strata: dict[int, list[int]] = defaultdict(list)
    dossier_of = {}
    for dossier_id, unit_id, province_id in frame:
        strata[province_id or 0].append(unit_id)
        dossier_of[unit_id] = dossier_id
    drawn = Draw.objects.create(
        round=made,
        area_id=area_id,
        seed=seed,
        per_province=size.per_province,
        criteria_count=size.criteria_count,
        frame_sha256=digest(sorted(dossier_of)),
        frame_count=len(frame),
        drawn_at=now,
        drawn_by=actor if isinstance(actor, str) else actor.get_username(),
    )
    criteria = dict(Criterion.objects.filter(criteria_set=made.criteria_set_id).values_list("code", "pk"))
    picked = [one for units in rules.draw(seed, strata, size.per_province).values() for one in units]
    Recheck.objects.bulk_create(
        Recheck(draw=drawn, dossier_id=dossier_of[unit_id], criterion_id=criteria[code])
        for unit_id in picked
        for code in rules.draw_criteria(seed, unit_id, criteria, size.criteria_count)
    )
    audit.record(
        actor=actor,
        verb=verbs.DRAW,
        object=("draw", drawn.pk),
        name=made.name,
        unit_id=area_id,
        new={"seed": seed, "frame": drawn.frame_sha256, "units": len(picked)},
        now=now,
    )
    return drawn


def _frame(made: Round, area_id: int) -> list[tuple[int, int, int | None]]:
    """The dossiers that can be drawn: their ids, units and provinces."""
    on = made.period.ends_before
    path = Position.objects.filter(unit=area_id, valid__startswith__lt=on).order_by("valid").last()
    if path is None:
        return []
    rows = Dossier.objects.filter(
        round=made, state__in=FINISHED, path__gte=path.path, path__lt=path.path + AFTER_ALL_PATHS
    )
    return list(rows.order_by("unit").values_list("pk", "unit_id", "province_id"))


def _problems(
    made: Round, area_id: int, seed: str, size: Size, frame: list[tuple[int, int, int | None]]
) -> list[Problem]:
    found = []
    if not frame:
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
    if Draw.objects.filter(round=made, area=area_id, seed=seed).exists():
        found.append(_problem("drawn-before", "Mã rút mẫu này đã dùng.", "That seed was used before."))
    return found


@transaction.atomic
def check(recheck_id: int, *, outcome: Outcome, remark: str, actor: User, now: datetime) -> Recheck:
    """Put down what was found when somebody else looked again. It stays. Raises `CannotCheck`."""
    found = Recheck.objects.select_for_update(of=("self",)).select_related(
        "draw__round", "dossier", "criterion"
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
        problems.append(
            _problem(
                "had-a-hand",
                "Bạn đã tham gia hồ sơ này, nên cần người khác kiểm tra.",
                "You have worked on this dossier: somebody else must re-check it.",
            )
        )
    if problems:
        raise CannotCheck(problems)
    one.outcome, one.remark, one.person, one.at = outcome, remark.strip(), actor, now
    one.save(update_fields=["outcome", "remark", "person", "at"])
    audit.record(
        actor=actor,
        verb=verbs.CHECK,
        object=("dossier", one.dossier_id),
        name=f"{one.draw.round.name}: {one.criterion.code}",
        unit_id=one.dossier.unit_id,
        new={"outcome": outcome.key, "remark": one.remark},
        now=now,
    )
    return one


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
