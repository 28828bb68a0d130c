"""Documents on the shelves of units, their files, and who has read them.

A document belongs to one unit and to no round or criterion: what proves something is put on the shelf
once and pointed at from anywhere. Once sealed (something was submitted that rests on it) neither it nor
its files change (migration 0002 keeps them so). Files lie in the store under their SHA-256.
"""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from kieumau.documents.intake.kinds import BY_CODE, FileKind
from kieumau.documents.rules import Facts
from kieumau.units.models import Unit

ONE_DAY = timedelta(days=1)


class Document(models.Model):
    """Văn bản: one document on the shelf of a unit, with the files that show it.

    `reference` is its number and sign (15/KH-UBND). It proves what was from `proves_from` up to, not
    including, `proves_before`. `version` rises with every change of what it says.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=100, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField()
    summary = models.CharField(max_length=500)
    proves_from = models.DateField(null=True)
    proves_before = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "document"
        ordering = ("-issued_on", "-id")
        indexes = [
            models.Index(fields=["unit", "-issued_on", "-id"], name="document_shelf"),
            models.Index(fields=["unit", "kind", "issued_on"], name="document_of_a_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(proves_from__isnull=True, proves_before__isnull=True)
                | Q(
                    proves_from__isnull=False, proves_before__isnull=False, proves_before__gt=F("proves_from")
                ),
                name="document_proves_a_day",
            ),
            models.CheckConstraint(condition=~Q(summary=""), name="document_says_what_it_is"),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, sealed_by="")
                | (Q(sealed_at__isnull=False) & ~Q(sealed_by="")),
                name="document_is_sealed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.summary

    @property
    def facts(self) -> Facts:
        """What it says of itself, as people type it: the last day that it proves is inclusive."""
        return Facts(
            kind=self.kind,
            issued_on=self.issued_on,
            summary=self.summary,
            reference=self.reference,
            issuer=self.issuer,
            proves_from=self.proves_from,
            proves_until=self.proves_until,
        )

    @property
    def proves_until(self) -> date | None:
        """The last day that it proves."""
        return self.proves_before - ONE_DAY if self.proves_before else None


class File(models.Model):
    """Tệp: one file of a document. `kind` is what its content showed, `name` what it is called for people."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="files", db_index=False)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=150)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)

    class Meta:
        db_table = "document_file"
        ordering = ("document", "id")
        indexes = [models.Index(fields=["sha256"], name="document_file_content")]
        constraints = [
            models.UniqueConstraint(fields=["document", "sha256"], name="document_file_once"),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="document_file_is_named"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_file_is_not_empty"),
            models.CheckConstraint(condition=Q(kind__in=sorted(BY_CODE)), name="document_file_kind_is_taken"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """May it be shown in a page?"""
        return self.file_kind.is_picture

    @property
    def file_kind(self) -> FileKind:
        """Its kind with media type and name."""
        return BY_CODE[self.kind]


class Reading(models.Model):
    """Lượt xem minh chứng: somebody opened a document or one of its files; only ever added.

    No foreign keys: it outlives what was read. `sha256` is empty where the document's page was opened.
    `about` says for what it was read, where it was reached from there: kind, id and name (`dossier`, 7, …).
    """

    document_id = models.BigIntegerField()
    unit_id = models.IntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    about_kind = models.CharField(max_length=20, blank=True)
    about_id = models.BigIntegerField(null=True)
    about_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        db_table = "document_reading"
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["document_id", "-at"], name="document_reading_of"),
            models.Index(fields=["by", "-at"], name="document_reading_by"),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.document_id} {self.at:%Y-%m-%d %H:%M}"
