"""Criteria sets as immutable versions. Every row here is a published text: triggers refuse changes."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models


class CriteriaSet(models.Model):
    """Bộ tiêu chí: one version of one set, as loaded from its YAML; a correction is a new version.

    `definition` is the whole checked file as JSON (see `rules.Definition`), `digest` its SHA-256 over
    canonical JSON: the same text loaded twice is the same version.
    """

    class Verification(models.TextChoices):
        """Tình trạng kiểm chứng: read in the named text, in a published report, or neither."""

        VERIFIED = "verified", "verified"
        REPORTED = "reported", "reported"
        UNVERIFIED = "unverified", "unverified"

    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title_vi = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    calendar = models.CharField(max_length=40)
    period_kind = models.CharField(max_length=20)
    verification = models.CharField(max_length=12, choices=Verification)
    in_force = DateRangeField()
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "criteria_set"
        ordering = ("code", "-version")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="criteria_set_version_once"),
            models.UniqueConstraint(fields=["code", "digest"], name="criteria_set_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Criterion(models.Model):
    """Tiêu chí: one criterion of one version. Its formula and the rest stand in the definition."""

    class Kind(models.TextChoices):
        """Cách xác định: by a formula, by a document, or by a person."""

        MEASURED = "measured", "measured"
        DOCUMENTED = "documented", "documented"
        JUDGED = "judged", "judged"

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="criteria")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    title_vi = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500)

    class Meta:
        db_table = "criterion"
        ordering = ("criteria_set", "position")
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="criterion_code_once_per_set"),
        ]

    def __str__(self) -> str:
        return self.code
