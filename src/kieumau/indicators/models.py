"""Indicators and their figures.

`Figure` is one narrow table without foreign keys: references are checked as sets on the way in
(`actions`). What a figure was before goes to `Superseded`, in the same statement. `Total` is kept by
statement triggers (migration 0002) and holds, for every province, the sum of the figures of the units
at COMMUNE level below it as the tree stood on the period's last day (a commune in no province counts in
the unit right below the root that it is or stands in); the nation is the sum of these, added when read.
A province's own figure is a `Figure` row like any other and never enters a total.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from kieumau.formulas.values import State
from kieumau.indicators.fields import NumericField

LARGEST = Decimal(10) ** 30


class Indicator(models.Model):
    """Chỉ tiêu: what is counted, in which unit of measure, and how it adds up.

    `over_time` and `over_units` are two separate rules; an indicator with a `formula` is derived and
    has no figures of its own. `revision` rises with every load that changes anything, so that a cached
    catalogue knows when it is old.
    """

    class Nature(models.TextChoices):
        """Loại số liệu: counted over a period, or standing at its end."""

        FLOW = "flow", "flow"
        STOCK = "stock", "stock"

    class OverTime(models.TextChoices):
        """Tổng hợp theo thời gian."""

        SUM = "sum", "sum"
        LAST = "last", "last"

    class OverUnits(models.TextChoices):
        """Tổng hợp theo đơn vị."""

        SUM = "sum", "sum"
        NONE = "none", "none"

    class Polarity(models.IntegerChoices):
        """Chiều mong muốn: is more good (1), bad (-1) or neither (0)?"""

        BAD = -1, "more is worse"
        NEUTRAL = 0, "neither"
        GOOD = 1, "more is better"

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=100, unique=True)
    catalogue = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    measure_vi = models.CharField(max_length=60)
    measure_en = models.CharField(max_length=60)
    is_share = models.BooleanField(default=False)
    nature = models.CharField(max_length=5, choices=Nature)
    over_time = models.CharField(max_length=5, choices=OverTime)
    over_units = models.CharField(max_length=5, choices=OverUnits)
    polarity = models.SmallIntegerField(choices=Polarity)
    decimals = models.PositiveSmallIntegerField(default=0)
    is_public = models.BooleanField(default=False)
    is_main = models.BooleanField(default=False)
    formula = models.TextField(blank=True)
    calendar = models.CharField(max_length=40)
    period_kind = models.CharField(max_length=20)
    source = models.TextField(blank=True)
    revision = models.BigIntegerField()

    class Meta:
        db_table = "indicator"
        ordering = ("catalogue", "position")

    def __str__(self) -> str:
        return self.code


class Check(models.Model):
    """Kiểm tra số liệu: a condition that the figures of one unit and one period must meet to be believed.

    Made for the periods of one calendar and kind. A check that its catalogue no longer names is kept, out of
    force, because remarks name it. `revision` rises with every load that changes anything.
    """

    class Severity(models.TextChoices):
        """Mức độ: refuse the figures, or ask for a remark."""

        HARD = "hard", "hard"
        SOFT = "soft", "soft"

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=100, unique=True)
    catalogue = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    title_vi = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    condition = models.TextField()
    severity = models.CharField(max_length=4, choices=Severity)
    action_vi = models.TextField()
    action_en = models.TextField()
    basis = models.TextField(blank=True)
    calendar = models.CharField(max_length=40)
    period_kind = models.CharField(max_length=20)
    is_in_force = models.BooleanField(default=True)
    revision = models.BigIntegerField()

    class Meta:
        db_table = "indicator_check"
        ordering = ("catalogue", "position")
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=["hard", "soft"]), name="check_severity_is_known")
        ]

    def __str__(self) -> str:
        return self.code


class Source(models.Model):
    """Nguồn số liệu: one file read or one form saved; every figure names the one it came from.

    `register` says whose units its figures are of, where they are all of one place.
    """

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, blank=True)
    mapping = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    register = models.CharField(max_length=20, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        db_table = "figure_source"
        ordering = ("-recorded_at", "-id")

    def __str__(self) -> str:
        return self.name


class SourceCells(models.Model):
    """Ô nguồn: the cells that the figures of one file stood in, packed (see `whence`)."""

    source = models.IntegerField(primary_key=True)
    packed = models.BinaryField()

    class Meta:
        db_table = "figure_source_cells"

    def __str__(self) -> str:
        return str(self.source)


class Figure(models.Model):
    """Số liệu: one value of one indicator, one unit, one period; or the fact that there is none.

    `state`: 0 value, 1 missing (said to be missing), 2 not applicable, 3 refused. No row at all is
    missing as well. Zero is a value.
    """

    pk = models.CompositePrimaryKey("period", "unit", "indicator")
    period = models.IntegerField()
    unit = models.IntegerField()
    indicator = models.IntegerField()
    source = models.IntegerField()
    state = models.SmallIntegerField(default=State.VALUE)
    value = NumericField(null=True)

    class Meta:
        db_table = "figure"
        constraints = [
            models.CheckConstraint(condition=Q(state__gte=0, state__lte=3), name="figure_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=0, value__isnull=False) | (~Q(state=0) & Q(value__isnull=True)),
                name="figure_has_a_value_or_says_why_not",
            ),
            # Far beyond anything counted, and small enough that no formula runs out of digits.
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gt=-LARGEST, value__lt=LARGEST),
                name="figure_is_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}/{self.unit}/{self.indicator}"


class Superseded(models.Model):
    """Số liệu đã thay: what a figure was until another source replaced or removed it.

    As known at a moment: the figure if its source was recorded by then, else the superseded row whose
    own source was recorded by then and whose replacement came later.
    """

    id = models.BigAutoField(primary_key=True)
    period = models.IntegerField()
    unit = models.IntegerField()
    indicator = models.IntegerField()
    source = models.IntegerField()
    state = models.SmallIntegerField()
    value = NumericField(null=True)
    superseded_by = models.IntegerField(null=True)
    superseded_at = models.DateTimeField()

    class Meta:
        db_table = "figure_superseded"
        indexes = [models.Index(fields=["unit", "indicator", "period"], name="figure_superseded_key")]

    def __str__(self) -> str:
        return f"{self.period}/{self.unit}/{self.indicator}"


class Total(models.Model):
    """Tổng hợp: the sum over the communes of a province (or of what stands in its place).

    Kept by triggers, never written by hand.
    """

    pk = models.CompositePrimaryKey("period", "unit", "indicator")
    period = models.IntegerField()
    unit = models.IntegerField()
    indicator = models.IntegerField()
    value = NumericField()
    value_count = models.IntegerField()
    not_applicable_count = models.IntegerField()
    refused_count = models.IntegerField()
    missing_count = models.IntegerField()

    class Meta:
        db_table = "figure_total"

    def __str__(self) -> str:
        return f"{self.period}/{self.unit}/{self.indicator}"


class Remark(models.Model):
    """Ghi chú: why figures are right although a check does not hold; the latest one counts.

    Kept with the source of the figures it was written for, and never changed. `period` is that of the check.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.IntegerField()
    period = models.IntegerField()
    check_code = models.CharField(max_length=100)
    text = models.TextField()
    source = models.IntegerField()
    written_by = models.CharField(max_length=150, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "figure_remark"
        ordering = ("id",)
        indexes = [models.Index(fields=["unit", "period"], name="figure_remark_key")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="figure_remark_says_something")]

    def __str__(self) -> str:
        return f"{self.period}/{self.unit}/{self.check_code}"


class Redefinition(models.Model):
    """Đổi cách tính: from `since` on an indicator is counted otherwise; figures before it compare badly.

    `note` says in both languages what changed. Beside the catalogue, which says what an indicator is now.
    """

    id = models.AutoField(primary_key=True)
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="redefinitions")
    since = models.DateField()
    note_vi = models.TextField()
    note_en = models.TextField()
    noted_by = models.CharField(max_length=150, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "indicator_redefinition"
        ordering = ("indicator", "since")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "since"], name="indicator_redefined_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.since}"
