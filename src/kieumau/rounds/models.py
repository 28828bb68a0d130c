"""Rounds, and the dossiers of units in them: what was found at each stage, on which evidence, by whom.

What figures alone say of a unit (`assessments.Assessment`) goes on changing with the figures; a dossier
freezes it when the unit submits. Where a dossier stood at any moment follows from its `Move` rows, which are
only ever added. One person is on one side of a dossier (`Hand`): every finding refers to the row that says
on which, so that the database itself refuses a verifier who assessed (migration 0002).
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kieumau.assessments.rules import Outcome
from kieumau.calendars.models import Period
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.documents.models import Document
from kieumau.programmes.models import Programme
from kieumau.rounds import lots
from kieumau.rounds.rules import Side, Stage, State
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


class Dossier(models.Model):
    """Hồ sơ đánh giá: one unit's way through one round.

    `path` and `province` are where the unit stood on the period's last day, as known when the round was
    prepared. `frozen` is what figures said when the unit last submitted: per criterion code its outcome,
    points and operands, as the assessment kept them. `due_until` lets a dossier that was sent back be worked
    on until that day, whatever the stage's deadline. `version` rises with every act on the whole.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="dossiers", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=200, db_collation="C")
    province = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices())
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in State], default=State.OPEN.value
    )
    due_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True)
    frozen = models.JSONField(null=True)
    frozen_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "dossier"
        ordering = ("round", "path")
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="dossier_once_per_unit"),
            models.UniqueConstraint(fields=["round", "path"], name="dossier_once_per_place"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="dossier_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent_back") | Q(stage=Stage.SELF), name="dossier_is_sent_back_to_its_unit"
            ),
            models.CheckConstraint(
                condition=Q(stage__lt=Stage.VERIFICATION)
                | (Q(submitted_at__isnull=False) & Q(frozen__isnull=False)),
                name="dossier_is_frozen_when_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.unit_id}"


class Hand(models.Model):
    """Người tham gia: somebody worked on a dossier, on this side; never on another one as well."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="hands", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    side = models.PositiveSmallIntegerField(choices=Side.choices())

    class Meta:
        db_table = "dossier_hand"
        ordering = ("dossier", "side", "id")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "person"], name="dossier_one_side_a_person"),
            models.UniqueConstraint(fields=["dossier", "person", "side"], name="dossier_hand_side"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.person_id}"


class StageFinding(models.Model):
    """Kết quả ở một giai đoạn: what one criterion came out as at one stage, said by somebody.

    `person` is null where figures alone said it when the unit submitted (`is_measured`). `about` is the
    version of the finding of the stage before that it was made about (null: there was none): where that one
    has changed since, this one must be looked at again. `version` rises with every saving.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="findings", db_index=False)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices())
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+", db_index=False)
    outcome = models.PositiveSmallIntegerField(choices=Outcome.choices())
    points = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    remark = models.TextField(blank=True)
    is_measured = models.BooleanField(default=False)
    about = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "dossier_finding"
        ordering = ("dossier", "stage", "criterion")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "stage", "criterion"], name="dossier_finding_once_a_stage"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[outcome.value for outcome in Outcome]),
                name="dossier_finding_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(is_measured=True),
                name="dossier_finding_is_said_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.NOT_APPLICABLE) | Q(is_measured=True) | ~Q(remark=""),
                name="dossier_finding_says_why_it_does_not_apply",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.stage}/{self.criterion_id}"


class Evidence(models.Model):
    """Minh chứng: a document of a shelf is pointed at as proof for a criterion of a dossier.

    A verifier accepts or refuses it, with a reason where he refuses; never the one who added it. `version`
    rises with every judgment.
    """

    class State(models.TextChoices):
        """Chờ xem, chấp nhận, không chấp nhận."""

        PENDING = "pending", "pending"
        ACCEPTED = "accepted", "accepted"
        REFUSED = "refused", "refused"

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+", db_index=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    added_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    looked_at_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    looked_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "dossier_evidence"
        ordering = ("dossier", "criterion", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "criterion", "document"], name="dossier_evidence_once"
            ),
            models.CheckConstraint(
                condition=Q(state="pending", looked_at_by__isnull=True, looked_at__isnull=True)
                | (~Q(state="pending") & Q(looked_at_by__isnull=False, looked_at__isnull=False)),
                name="dossier_evidence_is_looked_at_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(looked_at_by__isnull=True) | ~Q(looked_at_by=F("added_by")),
                name="dossier_evidence_is_looked_at_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="dossier_evidence_refused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.criterion_id}/{self.document_id}"


class Move(models.Model):
    """Diễn biến hồ sơ: one act on the whole of a dossier, by whom, when and why; only ever added.

    `stage` and `state` are those after the act. `criteria` names the codes sent back; empty: the whole.
    `due_until` is the day granted with it. `sha256` is the dossier's fingerprint that a decision rests on;
    `is_met` says which way it went, `against` what it went against (see `deciding`), and then `reason` why.
    Decisions recorded before that was asked have neither.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="moves", db_index=False)
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices())
    state = models.CharField(max_length=10)
    criteria = ArrayField(models.CharField(max_length=40), default=list)
    reason = models.TextField(blank=True)
    due_until = models.DateField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    is_met = models.BooleanField(null=True)
    against = ArrayField(models.CharField(max_length=10), default=list)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        db_table = "dossier_move"
        ordering = ("dossier", "number")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="dossier_move_has_its_place"),
            models.CheckConstraint(
                condition=~Q(act="send_back") | ~Q(reason=""), name="dossier_move_says_why"
            ),
            models.CheckConstraint(
                condition=Q(against=[]) | (Q(is_met__isnull=False) & ~Q(reason="")),
                name="dossier_move_against_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number} {self.act}"


class Vote(models.Model):
    """Biểu quyết của hội đồng: how a council voted on a dossier; the minutes are a document.

    `members` who were present voted for, against, or neither. A council votes once a day on a dossier. Rows
    stay: `corrects` is the one that this one stands for, with a `reason`.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="votes", db_index=False)
    council = models.CharField(max_length=200)
    held_on = models.DateField()
    members = models.PositiveSmallIntegerField()
    in_favor = models.PositiveSmallIntegerField()
    against = models.PositiveSmallIntegerField()
    minutes = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="correction")
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        db_table = "dossier_vote"
        ordering = ("dossier", "held_on", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(reason=""), name="dossier_vote_corrected_says_why"
            ),
            models.CheckConstraint(condition=Q(members__gte=1), name="dossier_vote_has_members"),
            models.CheckConstraint(
                condition=Q(members__gte=F("in_favor") + F("against")), name="dossier_vote_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.held_on}"
