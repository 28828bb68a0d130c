"""Verdicts of units by versions of criteria sets."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("criteria", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "assessment_id",
                        "criterion_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "outcome",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "met"),
                            (2, "not_met"),
                            (3, "not_due"),
                            (4, "not_applicable"),
                            (5, "no_data"),
                            (6, "not_judged"),
                        ]
                    ),
                ),
                ("points", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
            ],
            options={
                "db_table": "finding",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.IntegerField()),
                ("unit", models.IntegerField()),
                ("judged_on", models.DateField()),
                ("judged_at", models.DateTimeField()),
                (
                    "outcome",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "met"),
                            (2, "not_met"),
                            (3, "not_due"),
                            (4, "not_applicable"),
                            (5, "no_data"),
                            (6, "not_judged"),
                        ]
                    ),
                ),
                (
                    "outcomes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (1, "met"),
                                (2, "not_met"),
                                (3, "not_due"),
                                (4, "not_applicable"),
                                (5, "no_data"),
                                (6, "not_judged"),
                            ]
                        ),
                        size=None,
                    ),
                ),
                ("met_count", models.PositiveSmallIntegerField()),
                ("not_met_count", models.PositiveSmallIntegerField()),
                ("not_due_count", models.PositiveSmallIntegerField()),
                ("not_applicable_count", models.PositiveSmallIntegerField()),
                ("no_data_count", models.PositiveSmallIntegerField()),
                ("not_judged_count", models.PositiveSmallIntegerField()),
                ("points", models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                ("points_possible", models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                (
                    "criterion_points",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=3, max_digits=9, null=True),
                        null=True,
                        size=None,
                    ),
                ),
                ("class_code", models.CharField(blank=True, max_length=40)),
                ("operands", models.JSONField()),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="criteria.criteriaset",
                    ),
                ),
            ],
            options={
                "db_table": "assessment",
                "indexes": [models.Index(fields=["unit", "period"], name="assessment_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("criteria_set", "period", "unit"), name="assessment_once_per_unit"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcomes__contained_by", [1, 2, 3, 4, 5, 6])),
                        name="assessment_outcomes_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "met_count",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.Func(
                                                        models.F("outcomes"),
                                                        function="cardinality",
                                                        output_field=models.IntegerField(),
                                                    ),
                                                    "-",
                                                    models.F("not_met_count"),
                                                ),
                                                "-",
                                                models.F("not_due_count"),
                                            ),
                                            "-",
                                            models.F("not_applicable_count"),
                                        ),
                                        "-",
                                        models.F("no_data_count"),
                                    ),
                                    "-",
                                    models.F("not_judged_count"),
                                ),
                            )
                        ),
                        name="assessment_counts_add_up",
                    ),
                ],
            },
        ),
    ]
