"""Criteria sets as immutable versions. Every row here is a published text: triggers refuse changes.

Which version is in force on a day is derived, never written: the highest version whose `in_force`
holds the day (`queries.current`). So a newer version needs no change to an older one.

A draft is what becomes a version once it is issued; until then whoever made it may change it.
"""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q


class CriteriaSet(models.Model):
    """Bộ tiêu chí: one version of one set, as loaded from its YAML; a correction is a new version.

    `definition` is the whole checked file as JSON (see `rules.Definition`); `derived` the formulas of
    the derived indicators it rests on, as they stood when it was loaded, so that a later catalogue
    cannot change what was published. `digest` is the SHA-256 over both: a text loaded again is the
    same version. `text` is the YAML it was published from, byte for byte (empty: published before texts
    were kept).
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
    derived = models.JSONField()
    digest = models.CharField(max_length=64)
    text = models.TextField(blank=True, default="")
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "criteria_set"
        ordering = ("code", "-version")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="criteria_set_version_once"),
            models.CheckConstraint(
                condition=Q(in_force__isempty=False), name="criteria_set_is_ever_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Criterion(models.Model):
    """Tiêu chí: one criterion of one version. Its formula and the rest stand in the definition.

    `position` counts from 1 in the order of the definition; it is the index into the arrays of an
    assessment.
    """

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
            models.UniqueConstraint(
                fields=["criteria_set", "position"], name="criterion_position_once_per_set"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, chainable."""

    def there(self) -> "DraftQuerySet":
        """Those that were not deleted."""
        return self.filter(deleted_at=None)


class Draft(models.Model):
    """Bản thảo: a criteria set that is being written. Its text is the truth, byte for byte.

    The text need not be sound: it may have faults, or be no set at all. `code`, `title_vi` and
    `title_en` are what could be read of it when it was saved, and `fault_count` how many faults it had
    then; they serve lists. `version` counts the savings: who saves over a newer text than the one he
    read is asked first. An issued draft says which version it became and changes no more. A deleted one is
    only put aside: it and every text it had (`SavedText`) stay.
    """

    text = models.TextField()
    code = models.CharField(max_length=60, blank=True)
    title_vi = models.CharField(max_length=300, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    fault_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    made_by = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()
    issued_as = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=150, blank=True, default="")

    objects = DraftQuerySet.as_manager()

    class Meta:
        db_table = "criteria_draft"
        ordering = ("-changed_at", "-id")
        permissions = [("issue_set", "May issue criteria sets")]

    def __str__(self) -> str:
        return self.code or f"#{self.pk}"


class SavedText(models.Model):
    """Bản lưu: one text of a draft as somebody saved it, by the number of the saving. Only added to."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="texts")
    version = models.PositiveIntegerField()
    text = models.TextField()
    saved_by = models.CharField(max_length=150, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "criteria_draft_text"
        ordering = ("draft", "-version")
        constraints = [models.UniqueConstraint(fields=["draft", "version"], name="criteria_draft_text_once")]

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.version}"
