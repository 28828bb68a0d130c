"""Verdicts. The automatic part: what figures and dates alone can say.

An assessment keeps the operands it was judged on, so that its explanation is evaluated again from
exactly those numbers under exactly that version of the set, whatever happens to the figures later.
"""

from django.db import models

from kieumau.assessments.rules import Outcome
from kieumau.criteria.models import CriteriaSet, Criterion


class Assessment(models.Model):
    """Phiếu đánh giá: one unit judged by one version of a set for one period.

    `operands` maps an operand's key (`indicator@calendar:kind:first..last`) to `[state, "value"]`.
    """

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="assessments")
    period = models.IntegerField()
    unit = models.IntegerField()
    judged_on = models.DateField()
    judged_at = models.DateTimeField()
    outcome = models.PositiveSmallIntegerField(choices=Outcome.choices())
    met_count = models.PositiveSmallIntegerField()
    not_met_count = models.PositiveSmallIntegerField()
    not_due_count = models.PositiveSmallIntegerField()
    not_applicable_count = models.PositiveSmallIntegerField()
    no_data_count = models.PositiveSmallIntegerField()
    not_judged_count = models.PositiveSmallIntegerField()
    points = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    class_code = models.CharField(max_length=40, blank=True)
    operands = models.JSONField()

    class Meta:
        db_table = "assessment"
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "period", "unit"], name="assessment_once_per_unit"),
        ]
        indexes = [models.Index(fields=["unit", "period"], name="assessment_unit")]

    def __str__(self) -> str:
        return f"{self.criteria_set_id}/{self.period}/{self.unit}"


class Finding(models.Model):
    """Kết quả tiêu chí: what one criterion came out as in one assessment."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="findings")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="findings")
    outcome = models.PositiveSmallIntegerField(choices=Outcome.choices())
    points = models.DecimalField(max_digits=9, decimal_places=3, null=True)

    class Meta:
        db_table = "finding"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="finding_once_per_criterion"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.criterion_id}"
