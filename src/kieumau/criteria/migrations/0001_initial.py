"""Versions of criteria sets and their criteria."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CriteriaSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("title_vi", models.CharField(max_length=300)),
                ("title_en", models.CharField(max_length=300)),
                ("calendar", models.CharField(max_length=40)),
                ("period_kind", models.CharField(max_length=20)),
                (
                    "verification",
                    models.CharField(
                        choices=[
                            ("verified", "verified"),
                            ("reported", "reported"),
                            ("unverified", "unverified"),
                        ],
                        max_length=12,
                    ),
                ),
                ("in_force", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("definition", models.JSONField()),
                ("derived", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("loaded_at", models.DateTimeField()),
                ("loaded_by", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "db_table": "criteria_set",
                "ordering": ("code", "-version"),
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="criteria_set_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("in_force__isempty", False)), name="criteria_set_is_ever_in_force"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("measured", "measured"),
                            ("documented", "documented"),
                            ("judged", "judged"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title_vi", models.CharField(max_length=500)),
                ("title_en", models.CharField(max_length=500)),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criteria",
                        to="criteria.criteriaset",
                    ),
                ),
            ],
            options={
                "db_table": "criterion",
                "ordering": ("criteria_set", "position"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("criteria_set", "code"), name="criterion_code_once_per_set"
                    ),
                    models.UniqueConstraint(
                        fields=("criteria_set", "position"), name="criterion_position_once_per_set"
                    ),
                ],
            },
        ),
    ]
