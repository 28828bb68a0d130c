"""Rounds: which units are assessed, by which set, until when, and by which teams they are looked at."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kieumau.calendars.models import Period
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.programmes.models import Programme
from kieumau.rounds import lots
from kieumau.rounds.rules import Stage
from kieumau.units.models import Level, Unit


class Round(models.Model):
    """Đợt đánh giá: units of an area are assessed by one version of a set for one period.

    Which units: those of `level` and, where named, `kinds` below `area` on the period's last day; where
    units were chosen (pilots), those alone. A round is prepared in the background; nobody sees its dossiers
    before it is open. `expected_count` is how many it will have. `closed_reason` is why it was closed, or
    cancelled before it was open: a cancelled round has no dossiers. `lot` is the secret of draws of spot
    checks (see `lots`), which never changes.
    """

    class State(models.TextChoices):
        """Đang chuẩn bị, đang mở, đã đóng, đã hủy."""

        PREPARING = "preparing", "being prepared"
        OPEN = "open", "open"
        CLOSED = "closed", "closed"
        CANCELLED = "cancelled", "cancelled"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="rounds")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.COMMUNE)
    kinds = ArrayField(models.CharField(max_length=40), default=list)
    stages = ArrayField(models.PositiveSmallIntegerField(choices=Stage.choices()))
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    lot = models.CharField(max_length=64, default=lots.fresh)
    bound_late_at = models.DateTimeField(null=True)
    expected_count = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    closed_reason = models.TextField(blank=True)

    class Meta:
        db_table = "round"
        ordering = ("-made_at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(stages__contains=[Stage.SELF]), name="round_has_self_stage"),
            models.CheckConstraint(
                condition=Q(stages__contained_by=[stage.value for stage in Stage]),
                name="round_stages_are_known",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="round_has_a_name"),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "cancelled"], opened_at__isnull=True)
                | (~Q(state__in=["preparing", "cancelled"]) & Q(opened_at__isnull=False)),
                name="round_opened_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def commitment(self) -> str:
        """What draws of spot checks are bound to, shown from the beginning; where the round was there before
        there were lots, from `bound_late_at`.
        """
        return lots.commitment(self.lot)


class ChosenUnit(models.Model):
    """Đơn vị được chọn: a unit of a round that is held for some (pilots) alone; none: for all of its area."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="chosen", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "round_unit"
        ordering = ("round", "unit")
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="round_unit_once")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.unit_id}"


class StageDeadline(models.Model):
    """Hạn của giai đoạn: the last day on which a stage may be worked on (Asia/Ho_Chi_Minh, inclusive).

    That of the units' own `level` is for everybody; one of another level is for those who verify or appraise
    by a role held there (a province's, the nation's), instead. A dossier is due by the latest of them.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="deadlines", db_index=False)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices())
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.COMMUNE)
    due_on = models.DateField()

    class Meta:
        db_table = "round_deadline"
        ordering = ("round", "stage", "level")
        constraints = [
            models.UniqueConstraint(fields=["round", "stage", "level"], name="round_deadline_once")
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.stage}"


class Extension(models.Model):
    """Gia hạn: a later last day of a stage for the units of an area, with its reason; only ever added.

    A dossier's last day is the latest of its deadline and the extensions of areas that it lies in.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="extensions", db_index=False)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices())
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    path = models.CharField(max_length=200, db_collation="C")
    due_on = models.DateField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        db_table = "round_extension"
        ordering = ("round", "at")
        indexes = [models.Index(fields=["round", "stage"], name="round_extension_stage")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="round_extension_says_why")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.stage}/{self.area_id}"


class Team(models.Model):
    """Tổ kiểm tra, đôn đốc: people who verify, guide and urge some criteria in an area of a round.

    While there is a team for a criterion, only its people verify it there; one made before teams did so
    `binds` once it is saved again. A team that ended stays, with why; `version` rises with every change.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="teams", db_index=False)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    criteria = models.ManyToManyField(Criterion, related_name="+", db_table="round_team_criterion")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", db_table="round_team_person")
    binds = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        db_table = "round_team"
        ordering = ("round", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "area", "name"], condition=Q(ended_at=None), name="round_team_name_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_reason=""), name="round_team_ends_with_a_reason"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="round_team_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
