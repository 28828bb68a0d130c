"""A draw done again, by anybody, from its seed: the same dossiers to draw from, the same ones drawn."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from kieumau.criteria.models import Criterion
from kieumau.rechecks import rules
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rounds import lots
from kieumau.rounds.freezing import digest
from kieumau.rounds.models import Dossier, Move
from kieumau.rounds.rules import State
from kieumau.units.models import Position
from kieumau.units.queries import AFTER_ALL_PATHS


@dataclass(frozen=True, slots=True)
class Verified:
    """What a draw done again came to. `missing` and `extra` are pairs of a unit and a criterion's code.

    `altered` are the units whose dossier has not the fingerprint any more that it was drawn with, though it
    was not submitted since; `resubmitted` says of how many nothing can be compared, as they were.
    `is_bound`: the seed follows from what the round was bound to; of a draw whose seed was chosen it is not.
    """

    is_same_frame: bool
    is_bound: bool
    frame_count: int
    missing: tuple[tuple[int, str], ...]
    extra: tuple[tuple[int, str], ...]
    was_bound: bool = True
    altered: tuple[int, ...] = ()
    resubmitted: int = 0

    @property
    def holds(self) -> bool:
        """Was drawn exactly what the seed draws?"""
        is_bound = self.is_bound or not self.was_bound
        return self.is_same_frame and is_bound and not (self.missing or self.extra or self.altered)


def verify(drawn: Draw) -> Verified:
    """Draw again over the dossiers that were through all stages at that moment, as their moves say.

    The fingerprints that the seed is made of are compared with those that dossiers have now; one that was
    submitted since has another rightly.
    """
    stood = _frame_then(drawn)
    frame = [(unit_id, province_id) for unit_id, province_id, *_ in stood]
    now = {unit_id: sha256 for unit_id, _, sha256, is_anew in stood if not is_anew}
    strata: dict[int, list[int]] = defaultdict(list)
    for unit_id, province_id in frame:
        strata[province_id or 0].append(unit_id)
    codes = list(
        Criterion.objects.filter(criteria_set=drawn.round.criteria_set_id).values_list("code", flat=True)
    )
    wanted = {
        (unit_id, code)
        for units in rules.draw(drawn.seed, strata, drawn.per_province).values()
        for unit_id in units
        for code in rules.draw_criteria(drawn.seed, unit_id, codes, drawn.criteria_count)
    }
    units = sorted(unit_id for unit_id, _ in frame)
    if drawn.frame is None:
        is_same_frame = digest(units) == drawn.frame_sha256
    else:
        is_same_frame = digest(drawn.frame) == drawn.frame_sha256 and frame == [
            (unit_id, province_id) for unit_id, province_id, _ in drawn.frame
        ]
    there = set(Recheck.objects.filter(draw=drawn).values_list("dossier__unit_id", "criterion__code"))
    return Verified(
        is_same_frame=is_same_frame,
        is_bound=_is_bound(drawn),
        was_bound=bool(drawn.lot),
        frame_count=len(frame),
        missing=tuple(sorted(wanted - there)),
        extra=tuple(sorted(there - wanted)),
        altered=tuple(
            unit_id for unit_id, _, sha256 in drawn.frame or () if now.get(unit_id, sha256) != sha256
        ),
        resubmitted=len(stood) - len(now),
    )


def _is_bound(drawn: Draw) -> bool:
    """Is the lot the one the round had to reveal, and the seed made of it and of the frame?"""
    wanted = rules.seed_of(drawn.lot, drawn.round_id, drawn.area_id, drawn.frame_sha256)
    return drawn.seed == wanted and lots.belongs(drawn.lot, drawn.number, drawn.round.commitment)


def _frame_then(drawn: Draw) -> list[tuple[int, int | None, str, bool]]:
    """Of what could be drawn then: unit, province, today's fingerprint, whether it was submitted since."""
    on = drawn.round.period.ends_before
    area = Position.objects.filter(unit=drawn.area_id, valid__startswith__lt=on).order_by("valid").last()
    path = area.path if area else ""
    last = Move.objects.filter(dossier=OuterRef("pk"), at__lte=drawn.drawn_at).order_by("-number")
    rows = Dossier.objects.filter(round=drawn.round_id, path__gte=path, path__lt=path + AFTER_ALL_PATHS)
    then = rows.annotate(state_then=Subquery(last.values("state")[:1]))
    finished = then.filter(state_then__in=[State.CONCLUDED, State.DECIDED])
    columns = ("unit_id", "province_id", "frozen_sha256", "submitted_at")
    return [
        (*one, submitted_at is not None and submitted_at > drawn.drawn_at)
        for *one, submitted_at in finished.order_by("unit").values_list(*columns)
    ]
