"""Reporting calendars and their periods as rows.

The rows are made from the YAML files in `library/calendars` and never edited by hand: a period's id
is computed from its calendar, kind, year and number (`rules.Calendar.period_id`), so that the id of
any period is known without asking the database.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class Calendar(models.Model):
    """Lịch báo cáo: a way of cutting time into periods (months that begin on the 15th, say)."""

    code = models.CharField(max_length=40, unique=True)
    number = models.PositiveSmallIntegerField(unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=60)
    cut_time = models.TimeField()

    class Meta:
        db_table = "calendar"
        ordering = ("number",)

    def __str__(self) -> str:
        return self.code


class Period(models.Model):
    """Kỳ báo cáo: one month, quarter, half, nine months or year of a calendar.

    It runs from `starts_on` to just before `ends_before`, both at the calendar's cut time in the
    calendar's time zone.
    """

    id = models.IntegerField(primary_key=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="periods")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_before = models.DateField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")

    class Meta:
        db_table = "period"
        ordering = ("calendar", "starts_on", "ends_before")
        constraints = [
            models.UniqueConstraint(fields=["calendar", "code"], name="period_code_once_per_calendar"),
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_before")), name="period_starts_before_it_ends"
            ),
            ExclusionConstraint(
                name="period_kinds_do_not_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_before", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar.code}:{self.code}"


class SpecialDay(models.Model):
    """Ngày nghỉ, ngày làm bù: a day that is not like its weekday.

    Either off (a holiday), or worked although it is a Saturday or Sunday. `is_edited` marks a row that a
    person wrote: loading leaves it alone. `version` rises with every change, so that two people who edit
    the same day notice. Deadlines already fixed do not move when a row changes.
    """

    on = models.DateField(primary_key=True)
    is_working = models.BooleanField(default=False)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    is_edited = models.BooleanField(default=False)
    is_removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "special_day"
        ordering = ("on",)
        constraints = [
            models.CheckConstraint(condition=~Q(name_vi="") & ~Q(name_en=""), name="special_day_has_a_name"),
            models.CheckConstraint(condition=~Q(source=""), name="special_day_has_a_source"),
            models.CheckConstraint(
                condition=Q(is_edited=True) | Q(is_removed=False), name="special_day_removed_by_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name_vi}"
