"""Dossiers of units in rounds: what was found at each stage, on which evidence, by whom.

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
from kieumau.criteria.models import Criterion
from kieumau.documents.models import Document
from kieumau.rounds.models.rounds import Round
from kieumau.rounds.rules import Side, Stage, State
from kieumau.units.models import Unit


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
    `is_met` says which way it went, `against` what it went against (see `deciding`), and then `why` it did;
    its `reason` is the number of the decision, with that behind it. Decisions recorded before that was asked
    have neither. `person` is who `by` was then; null where that was no account any more when it was asked.
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
    why = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "dossier_move"
        ordering = ("dossier", "number")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="dossier_move_has_its_place"),
            models.CheckConstraint(
                condition=~Q(act="send_back") | ~Q(reason=""), name="dossier_move_says_why"
            ),
            models.CheckConstraint(
                condition=Q(against=[]) | (Q(is_met__isnull=False) & ~Q(why="")),
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
