"""Titles that units hold by decision. What was decided stays; a withdrawal is a row of its own.

A slip of the pen is put right by a row as well, which alone changes the title and keeps what stood there.
"""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from kieumau.awards.rules import Decision, Ground, Particulars, Standing, standing
from kieumau.documents.models import Document
from kieumau.programmes.models import Programme
from kieumau.rounds.models import Dossier
from kieumau.units.models import Unit

ONE_DAY = timedelta(days=1)


class Title(models.Model):
    """Danh hiệu: a unit was recognized by a decision, for a time.

    `dossier` is what the decision rests on, with the fingerprint that it had then; both are empty for titles
    of before, which are put down from their decisions alone (`name_vi`, `name_en` say what was held). The
    file of the decision is a document of the shelf of whoever issued it, or of the unit. `against` is what it
    went against, the verdict of the dossier or the vote of a council, and `why` the reason for that.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="titles")
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, null=True, related_name="title")
    dossier_sha256 = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=100)
    decided_on = models.DateField()
    issuer = models.CharField(max_length=200)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    valid = DateRangeField()
    certificate = models.CharField(max_length=100, blank=True)
    ceremony_on = models.DateField(null=True)
    against = ArrayField(models.CharField(max_length=10), default=list)
    why = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        db_table = "title"
        ordering = ("-decided_on", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(valid__isempty=False), name="title_lasts_a_day"),
            models.CheckConstraint(
                condition=Q(valid__lower_inf=False, valid__upper_inf=False), name="title_has_its_days"
            ),
            models.CheckConstraint(
                condition=Q(dossier__isnull=True, dossier_sha256="")
                | (Q(dossier__isnull=False) & Q(dossier_sha256__regex="^[0-9a-f]{64}$")),
                name="title_keeps_the_fingerprint",
            ),
            models.CheckConstraint(condition=~Q(reference="") & ~Q(issuer=""), name="title_is_decided"),
            models.CheckConstraint(condition=Q(against=[]) | ~Q(why=""), name="title_against_says_why"),
        ]
        indexes = [models.Index(fields=["programme", "-decided_on"], name="title_programme")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.name_vi}"

    @property
    def last_day(self) -> date:
        """The last day on which it is held."""
        return self.valid.upper - ONE_DAY  # type: ignore[no-any-return]  # ranges carry no type

    @property
    def particulars(self) -> Particulars:
        """What of it can be put right, as it stands."""
        decision = Decision(self.reference, self.decided_on, self.issuer)
        return Particulars(decision, self.valid.lower, self.valid.upper, self.certificate, self.ceremony_on)

    def standing(self, on: date) -> Standing:
        """How it stands on a day; only of rows of `queries.titles` of that day."""
        withdrawal = getattr(self, "withdrawal", None)
        withdrawn_on = withdrawal.withdrawn_on if withdrawal else None
        return standing(
            self.valid.lower, self.valid.upper, withdrawn_on, on, is_renewed=vars(self)["is_renewed"]
        )


class Paper(models.Model):
    """Văn bản danh hiệu: a document with its files that shows a title: the decision, or the certificate.

    Only ever added, and sealed with it: the certificate is often handed over weeks after the decision.
    """

    class Kind(models.TextChoices):
        """Quyết định, giấy chứng nhận."""

        DECISION = "decision", "decision"
        CERTIFICATE = "certificate", "certificate"

    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="papers", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    attached_by = models.CharField(max_length=150)

    class Meta:
        db_table = "title_paper"
        ordering = ("title", "id")
        constraints = [
            models.UniqueConstraint(fields=["title", "document"], name="title_paper_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["decision", "certificate"]), name="title_paper_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_id}: {self.kind}"


class Correction(models.Model):
    """Đính chính danh hiệu: what of a title was written wrong, or added later, and why; only ever added.

    Storing the row changes the title, in the database itself, which fills `old`; nothing else does. `new` has
    columns of the title as JSON says them. `by_reference` and `by_issued_on` name the document that corrected
    the decision; both are empty where the decision was right and only put down wrong.
    """

    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="corrections")
    old = models.JSONField(default=dict)
    new = models.JSONField()
    reason = models.TextField()
    by_reference = models.CharField(max_length=100, blank=True)
    by_issued_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        db_table = "title_correction"
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=~Q(new={}), name="correction_says_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why"),
            models.CheckConstraint(
                condition=Q(by_reference="", by_issued_on__isnull=True)
                | (~Q(by_reference="") & Q(by_issued_on__isnull=False)),
                name="correction_names_its_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_id}: {self.reason}"


class Withdrawal(models.Model):
    """Thu hồi danh hiệu: a title was taken back by decision, on one of the four grounds of the law."""

    title = models.OneToOneField(Title, on_delete=models.PROTECT, related_name="withdrawal")
    ground = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Ground])
    reason = models.TextField()
    reference = models.CharField(max_length=100)
    withdrawn_on = models.DateField()
    issuer = models.CharField(max_length=200)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        db_table = "title_withdrawal"
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=[one.value for one in Ground]), name="withdrawal_has_a_ground"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(reference="") & ~Q(issuer=""), name="withdrawal_is_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_id}: {self.ground}"
