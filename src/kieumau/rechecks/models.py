"""Draws of spot checks, and what was found when somebody else looked again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kieumau.assessments.rules import Outcome
from kieumau.criteria.models import Criterion
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import SAID
from kieumau.units.models import Unit


class Draw(models.Model):
    """Rút mẫu kiểm tra xác suất: so many units of each province of an area, so many criteria of each.

    Nobody chooses the seed: it is made of the `lot` that the round revealed for its draw of this `number`
    (see `rounds.lots`), and of what could be drawn from. `frame` is that: unit, province and fingerprint of
    each dossier, `frame_sha256` its digest. `left_out` are the units of the area that were not through when
    it was drawn, each with where its dossier stood (stage, state); null of draws of before. A further draw
    over the same units has a `reason`, and one that leaves some out while the round is open. The first draws
    have neither lot nor frame: whoever drew chose their seed.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="draws")
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    lot = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    seed = models.CharField(max_length=100)
    per_province = models.PositiveSmallIntegerField()
    criteria_count = models.PositiveSmallIntegerField()
    frame_sha256 = models.CharField(max_length=64)
    frame_count = models.PositiveIntegerField()
    frame = models.JSONField(null=True)
    left_out = models.JSONField(null=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=150)

    class Meta:
        db_table = "recheck_draw"
        ordering = ("-drawn_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["round", "area", "seed"], name="recheck_draw_once_by_seed"),
            models.UniqueConstraint(fields=["round", "number"], name="recheck_draw_numbered"),
            models.CheckConstraint(
                condition=Q(per_province__gte=1, criteria_count__gte=1) & ~Q(seed=""),
                name="recheck_draw_draws_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.seed}"


class Recheck(models.Model):
    """Kiểm tra xác suất một tiêu chí: a criterion of a dossier, looked at again by somebody else.

    `was`, `stage` and `is_measured` are what the dossier had found of it when it was drawn, at which stage,
    and whether figures said so: whatever is put right since, a re-check is compared with that. They are empty
    of re-checks of before whose finding had changed. `outcome` and the rest are empty until somebody looked
    again. What was found stays, and what it is compared with.
    """

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="checks", db_index=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rechecks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+", db_index=False)
    was = models.PositiveSmallIntegerField(choices=Outcome.choices(), null=True)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices(), null=True)
    is_measured = models.BooleanField(null=True)
    outcome = models.PositiveSmallIntegerField(choices=Outcome.choices(), null=True)
    remark = models.TextField(blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recheck"
        ordering = ("draw", "dossier", "criterion")
        constraints = [
            models.UniqueConstraint(fields=["draw", "dossier", "criterion"], name="recheck_once_a_draw"),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, person__isnull=True, at__isnull=True)
                | Q(outcome__isnull=False, person__isnull=False, at__isnull=False),
                name="recheck_is_found_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(outcome__in=[one.value for one in SAID]),
                name="recheck_outcome_is_said",
            ),
            models.CheckConstraint(
                condition=Q(was__isnull=True, stage__isnull=True, is_measured__isnull=True)
                | Q(was__isnull=False, stage__isnull=False, is_measured__isnull=False),
                name="recheck_is_compared_with_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id}/{self.dossier_id}/{self.criterion_id}"
