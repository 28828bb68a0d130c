"""Verdicts. The automatic part: what figures and dates alone can say.

An assessment keeps the operands it was judged on, so that its explanation is evaluated again from
exactly those numbers under exactly that version of the set, whatever happens to the figures later.

One row per unit, with the outcomes of all criteria as an array: judging 3,321 units by 34 criteria
writes 3,321 rows instead of 116,000. `Finding` shows the arrays as rows, for reading.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, IntegerField, Q

from kieumau.assessments.rules import Outcome
from kieumau.criteria.models import CriteriaSet, Criterion


class Assessment(models.Model):
    """Phiếu đánh giá: one unit judged by one version of a set for one period.

    `outcomes[p]` and `criterion_points[p]` belong to the criterion at position p (SQL arrays count
    from 1). `points` are won for certain, `points_possible` the most that can still be reached; both
    are null, as is `criterion_points`, where the set counts no points. `operands` maps an operand's
    key (`indicator@calendar:kind:first..last`) to `[state]` or `[0, "value"]`.
    """

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="assessments")
    period = models.IntegerField()
    unit = models.IntegerField()
    judged_on = models.DateField()
    judged_at = models.DateTimeField()
    outcome = models.PositiveSmallIntegerField(choices=Outcome.choices())
    outcomes = ArrayField(models.PositiveSmallIntegerField(choices=Outcome.choices()))
    met_count = models.PositiveSmallIntegerField()
    not_met_count = models.PositiveSmallIntegerField()
    not_due_count = models.PositiveSmallIntegerField()
    not_applicable_count = models.PositiveSmallIntegerField()
    no_data_count = models.PositiveSmallIntegerField()
    not_judged_count = models.PositiveSmallIntegerField()
    points = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    points_possible = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    criterion_points = ArrayField(models.DecimalField(max_digits=9, decimal_places=3, null=True), null=True)
    class_code = models.CharField(max_length=40, blank=True)
    operands = models.JSONField()

    class Meta:
        db_table = "assessment"
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "period", "unit"], name="assessment_once_per_unit"
            ),
            models.CheckConstraint(
                condition=Q(outcomes__contained_by=[outcome.value for outcome in Outcome]),
                name="assessment_outcomes_are_known",
            ),
            models.CheckConstraint(
                name="assessment_counts_add_up",
                condition=Q(
                    met_count=Func(F("outcomes"), function="cardinality", output_field=IntegerField())
                    - F("not_met_count")
                    - F("not_due_count")
                    - F("not_applicable_count")
                    - F("no_data_count")
                    - F("not_judged_count")
                ),
            ),
        ]
        indexes = [models.Index(fields=["unit", "period"], name="assessment_unit")]

    def __str__(self) -> str:
        return f"{self.criteria_set_id}/{self.period}/{self.unit}"


class Finding(models.Model):
    """Kết quả tiêu chí: what one criterion came out as in one assessment; a view, for reading only.

    `points` is null while the criterion is open and where the set counts no points.
    """

    pk = models.CompositePrimaryKey("assessment_id", "criterion_id")
    assessment = models.ForeignKey(Assessment, on_delete=models.DO_NOTHING, related_name="findings")
    criterion = models.ForeignKey(Criterion, on_delete=models.DO_NOTHING, related_name="findings")
    outcome = models.PositiveSmallIntegerField(choices=Outcome.choices())
    points = models.DecimalField(max_digits=9, decimal_places=3, null=True)

    class Meta:
        db_table = "finding"
        managed = False

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.criterion_id}"
