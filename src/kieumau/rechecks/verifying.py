"""A draw done again, by anybody, from its seed: the same dossiers to draw from, the same ones drawn."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from kieumau.criteria.models import Criterion
from kieumau.rechecks import rules
from kieumau.rechecks.models import Draw, Recheck
from kieumau.rounds.freezing import digest
from kieumau.rounds.models import Dossier, Move
from kieumau.rounds.rules import State
from kieumau.units.models import Position
from kieumau.units.queries import AFTER_ALL_PATHS


@dataclass(frozen=True, slots=True)
class Verified:
    """What a draw done again came to. `missing` and `extra` are pairs of a unit and a criterion's code."""

    is_same_frame: bool
    frame_count: int
    missing: tuple[tuple[int, str], ...]
    extra: tuple[tuple[int, str], ...]

    @property
    def holds(self) -> bool:
        """Was drawn exactly what the seed draws?"""
        return self.is_same_frame and not self.missing and not self.extra


def verify(drawn: Draw) -> Verified:
    """Draw again over the dossiers that were through all stages at that moment, as their moves say."""
    frame = _frame_then(drawn)
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
    there = set(Recheck.objects.filter(draw=drawn).values_list("dossier__unit_id", "criterion__code"))
    return Verified(
        is_same_frame=digest(sorted(unit_id for unit_id, _ in frame)) == drawn.frame_sha256,
        frame_count=len(frame),
        missing=tuple(sorted(wanted - there)),
        extra=tuple(sorted(there - wanted)),
    )


def _frame_then(drawn: Draw) -> list[tuple[int, int | None]]:
    on = drawn.round.period.ends_before
    area = Position.objects.filter(unit=drawn.area_id, valid__startswith__lt=on).order_by("valid").last()
    path = area.path if area else ""
    last = Move.objects.filter(dossier=OuterRef("pk"), at__lte=drawn.drawn_at).order_by("-number")
    rows = Dossier.objects.filter(round=drawn.round_id, path__gte=path, path__lt=path + AFTER_ALL_PATHS)
    then = rows.annotate(state_then=Subquery(last.values("state")[:1]))
    finished = then.filter(state_then__in=[State.CONCLUDED, State.DECIDED])
    return list(finished.order_by("unit").values_list("unit_id", "province_id"))
