"""Programmes: what units are brought up to a standard for, by whom, by when and with what money.

A programme names units and posts, never files on persons. It outlives any version of its criteria: which
version applies from which year is a row of its own, so that what was judged earlier stays as it was.
"""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from kieumau.criteria.models import CriteriaSet
from kieumau.documents.models import Document
from kieumau.kernel.messages import Text
from kieumau.units.fields import NumericField
from kieumau.units.models import Level, Unit

ONE_DAY = timedelta(days=1)


class _Changed(models.Model):
    """`version` rises with every change, so that two editors are told of each other."""

    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        abstract = True


class _Dated(_Changed):
    """Something that lasts from one day to another; open at the end: until further notice."""

    valid = DateRangeField()

    class Meta:
        abstract = True

    @property
    def last_day(self) -> date | None:
        """The last day included, None until further notice."""
        return self.valid.upper - ONE_DAY if self.valid.upper else None


class Programme(models.Model):
    """Chương trình: units of some kinds are brought up to a criteria set over some years.

    `title_vi` and `title_en` are the title a unit is given when it is recognized; it lasts `lasts_months`
    from the day of the decision. `last_year` null: until further notice. `area` is whose programme it is, a
    country's or a province's (null: known from before, of a whole country). `level` and `kinds` say which
    units it is for (no kinds: all of the level). `version` rises with every change.
    """

    code = models.CharField(max_length=40, unique=True)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    legal_basis = models.TextField()
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.COMMUNE)
    kinds = ArrayField(models.CharField(max_length=40), default=list)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField(null=True)
    lasts_months = models.PositiveSmallIntegerField(default=12)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "programme"
        ordering = ("-first_year", "code")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="programme_lasts_a_year",
            ),
            models.CheckConstraint(condition=Q(lasts_months__gte=1), name="programme_title_lasts_a_month"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def years(self) -> Text:
        """When it runs, as one writes it."""
        if self.last_year is None:
            return Text(vi=f"từ năm {self.first_year}", en=f"since {self.first_year}")
        return Text(vi=f"{self.first_year} – {self.last_year}", en=f"{self.first_year} – {self.last_year}")


class ProgrammeSet(_Changed):
    """Bộ tiêu chí của chương trình: which version a programme is judged by, from a year on."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sets", db_index=False)
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    from_year = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "programme_set"
        ordering = ("programme", "from_year")
        constraints = [
            models.UniqueConstraint(fields=["programme", "from_year"], name="programme_set_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}/{self.from_year}"


class Seat(_Dated):
    """Thành phần ban chỉ đạo, tổ giúp việc: a post in a body that leads the programme in an area.

    `post` is an office (“Phó Chủ tịch UBND”), `of_unit` whose office it is: no person is named here.
    """

    class Body(models.TextChoices):
        """Ban chỉ đạo, tổ giúp việc."""

        STEERING = "steering", "steering committee"
        HELPERS = "helpers", "helper team"

    class Role(models.TextChoices):
        """Trưởng, phó, thường trực, thành viên."""

        HEAD = "head", "head"
        DEPUTY = "deputy", "deputy"
        STANDING = "standing", "standing member"
        MEMBER = "member", "member"

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="seats", db_index=False)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=10, choices=Body)
    role = models.CharField(max_length=10, choices=Role)
    post = models.CharField(max_length=200)
    of_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    task = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "programme_seat"
        ordering = ("programme", "area", "body", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(post=""), name="programme_seat_is_a_post"),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="programme_seat_lasts_a_day"),
        ]

    def __str__(self) -> str:
        return self.post


class Member(_Dated):
    """Đơn vị tham gia: a unit takes part in a programme, as a pilot or in the roll-out."""

    class Phase(models.TextChoices):
        """Thí điểm, nhân rộng."""

        PILOT = "pilot", "pilot"
        ROLL_OUT = "roll_out", "roll-out"

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="members", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=10, choices=Phase)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    chosen_by = models.CharField(max_length=150, blank=True)
    chosen_at = models.DateTimeField()

    # Set by `queries.members` and `of_unit`.
    unit_name: str
    pattern_vi: str
    pattern_en: str

    class Meta:
        db_table = "programme_member"
        ordering = ("programme", "unit")
        constraints = [
            ExclusionConstraint(
                name="programme_member_once_at_a_time",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="programme_member_lasts_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}/{self.unit_id}"


class PlanStage(_Changed):
    """Giai đoạn kế hoạch: a step of the plan that an area has for a programme, with its days."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="plan", db_index=False)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField()
    done_on = models.DateField(null=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "programme_plan_stage"
        ordering = ("programme", "area", "starts_on", "id")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_stage_lasts_a_day"),
            models.CheckConstraint(condition=~Q(name=""), name="plan_stage_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Target(_Changed):
    """Mục tiêu: which share of an area's units is to hold the title by the end of a year (0 to 1, exact)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="targets", db_index=False)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    share = NumericField()

    class Meta:
        db_table = "programme_target"
        ordering = ("programme", "area", "year")
        constraints = [
            models.UniqueConstraint(fields=["programme", "area", "year"], name="programme_target_once"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="programme_target_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}/{self.area_id}/{self.year}"


class BudgetLine(_Changed):
    """Dòng kinh phí: money for one purpose of a programme in a unit: planned, approved, spent.

    Amounts in whole units of `currency` (VND). Null: not said yet, which is not zero.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="budget", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=300)
    source = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3, default="VND")
    planned = NumericField(null=True)
    approved = NumericField(null=True)
    spent = NumericField(null=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "programme_budget_line"
        ordering = ("programme", "unit", "year", "id")
        constraints = [
            models.CheckConstraint(
                condition=(Q(planned__isnull=True) | Q(planned__gte=0))
                & (Q(approved__isnull=True) | Q(approved__gte=0))
                & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="budget_is_not_below_zero",
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="budget_line_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return self.purpose
