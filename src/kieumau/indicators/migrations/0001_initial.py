"""Indicators, figures with their history, sources and totals."""

from django.db import migrations, models

import kieumau.formulas.values
import kieumau.indicators.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=100, unique=True)),
                ("catalogue", models.CharField(max_length=40)),
                ("position", models.PositiveIntegerField()),
                ("name_vi", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
                ("measure_vi", models.CharField(max_length=60)),
                ("measure_en", models.CharField(max_length=60)),
                ("is_share", models.BooleanField(default=False)),
                ("nature", models.CharField(choices=[("flow", "flow"), ("stock", "stock")], max_length=5)),
                ("over_time", models.CharField(choices=[("sum", "sum"), ("last", "last")], max_length=5)),
                ("over_units", models.CharField(choices=[("sum", "sum"), ("none", "none")], max_length=5)),
                (
                    "polarity",
                    models.SmallIntegerField(
                        choices=[(-1, "more is worse"), (0, "neither"), (1, "more is better")]
                    ),
                ),
                ("decimals", models.PositiveSmallIntegerField(default=0)),
                ("is_public", models.BooleanField(default=False)),
                ("is_main", models.BooleanField(default=False)),
                ("formula", models.TextField(blank=True)),
                ("calendar", models.CharField(max_length=40)),
                ("period_kind", models.CharField(max_length=20)),
                ("source", models.TextField(blank=True)),
                ("revision", models.BigIntegerField()),
            ],
            options={
                "db_table": "indicator",
                "ordering": ("catalogue", "position"),
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=300)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("mapping", models.CharField(blank=True, max_length=300)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(blank=True, max_length=150)),
                ("register", models.CharField(blank=True, max_length=20)),
                ("is_synthetic", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "figure_source",
                "ordering": ("-recorded_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Total",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "period",
                        "unit",
                        "indicator",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("period", models.IntegerField()),
                ("unit", models.IntegerField()),
                ("indicator", models.IntegerField()),
                ("value", kieumau.indicators.fields.NumericField()),
                ("value_count", models.IntegerField()),
                ("not_applicable_count", models.IntegerField()),
                ("refused_count", models.IntegerField()),
                ("missing_count", models.IntegerField()),
            ],
            options={
                "db_table": "figure_total",
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "period",
                        "unit",
                        "indicator",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("period", models.IntegerField()),
                ("unit", models.IntegerField()),
                ("indicator", models.IntegerField()),
                ("source", models.IntegerField()),
                ("state", models.SmallIntegerField(default=kieumau.formulas.values.State["VALUE"])),
                ("value", kieumau.indicators.fields.NumericField(null=True)),
            ],
            options={
                "db_table": "figure",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__gte", 0), ("state__lte", 3)), name="figure_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", 0), ("value__isnull", False)),
                            models.Q(models.Q(("state", 0), _negated=True), ("value__isnull", True)),
                            _connector="OR",
                        ),
                        name="figure_has_a_value_or_says_why_not",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Superseded",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("period", models.IntegerField()),
                ("unit", models.IntegerField()),
                ("indicator", models.IntegerField()),
                ("source", models.IntegerField()),
                ("state", models.SmallIntegerField()),
                ("value", kieumau.indicators.fields.NumericField(null=True)),
                ("superseded_by", models.IntegerField(null=True)),
                ("superseded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "figure_superseded",
                "indexes": [
                    models.Index(fields=["unit", "indicator", "period"], name="figure_superseded_key")
                ],
            },
        ),
    ]
