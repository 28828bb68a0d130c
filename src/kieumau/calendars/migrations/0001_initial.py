"""Calendars and their periods."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Other packages use it too, so going back leaves it where it is.
        migrations.RunSQL("create extension if not exists btree_gist", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("number", models.PositiveSmallIntegerField(unique=True)),
                ("name_vi", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("time_zone", models.CharField(max_length=60)),
                ("cut_time", models.TimeField()),
            ],
            options={
                "db_table": "calendar",
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=20)),
                ("year", models.SmallIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_before", models.DateField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="calendars.calendar",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="calendars.period",
                    ),
                ),
            ],
            options={
                "db_table": "period",
                "ordering": ("calendar", "starts_on", "ends_before"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("calendar", "code"), name="period_code_once_per_calendar"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lt", models.F("ends_before"))),
                        name="period_starts_before_it_ends",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("calendar", "="),
                            ("kind", "="),
                            (
                                models.Func(
                                    "starts_on",
                                    "ends_before",
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="period_kinds_do_not_overlap",
                    ),
                ],
            },
        ),
    ]
