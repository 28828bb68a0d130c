"""What checks over the whole store found, and when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Sweep(models.Model):
    """Đợt rà soát: all checks run once over the whole store.

    `counts` maps the code of every check that ran to how many places it found, zero included.
    """

    at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    counts = models.JSONField()

    class Meta:
        db_table = "quality_sweep"
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Doubt(models.Model):
    """Điểm nghi vấn: one place that a check found; the first few hundred of each check are kept.

    `said` fills the sentence of the check. Unit, period and indicator are null where the check is not
    about one.
    """

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="doubts")
    check_code = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    unit = models.IntegerField(null=True)
    period = models.IntegerField(null=True)
    indicator = models.IntegerField(null=True)
    said = ArrayField(models.TextField(null=True))

    class Meta:
        db_table = "quality_doubt"
        ordering = ("sweep", "check_code", "position")
        constraints = [
            models.UniqueConstraint(fields=["sweep", "check_code", "position"], name="doubt_has_one_place")
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.unit}/{self.period}/{self.indicator}"
