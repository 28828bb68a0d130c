"""Programmes with their sets, bodies, members, plans, targets and money."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import kieumau.units.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("criteria", "0005_kept_texts"),
        ("documents", "0002_guards"),
        ("units", "0006_record_act"),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name_vi", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("title_vi", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("legal_basis", models.TextField()),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "nation"), (1, "province"), (2, "district"), (3, "commune")], default=3
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("first_year", models.PositiveSmallIntegerField()),
                ("last_year", models.PositiveSmallIntegerField(null=True)),
                ("lasts_months", models.PositiveSmallIntegerField(default=12)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "db_table": "programme",
                "ordering": ("-first_year", "code"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_year__isnull", True),
                            ("last_year__gte", models.F("first_year")),
                            _connector="OR",
                        ),
                        name="programme_lasts_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lasts_months__gte", 1)), name="programme_title_lasts_a_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("done_on", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plan",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "db_table": "programme_plan_stage",
                "ordering": ("programme", "area", "starts_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="plan_stage_lasts_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="plan_stage_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "phase",
                    models.CharField(choices=[("pilot", "pilot"), ("roll_out", "roll-out")], max_length=10),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("chosen_by", models.CharField(blank=True, max_length=150)),
                ("chosen_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "db_table": "programme_member",
                "ordering": ("programme", "unit"),
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("programme", "="), ("unit", "="), ("valid", "&&")],
                        name="programme_member_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="programme_member_lasts_a_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("purpose", models.CharField(max_length=300)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("currency", models.CharField(default="VND", max_length=3)),
                ("planned", kieumau.units.fields.NumericField(null=True)),
                ("approved", kieumau.units.fields.NumericField(null=True)),
                ("spent", kieumau.units.fields.NumericField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(blank=True, max_length=150)),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="budget",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "db_table": "programme_budget_line",
                "ordering": ("programme", "unit", "year", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("planned__isnull", True), ("planned__gte", 0), _connector="OR"),
                            models.Q(("approved__isnull", True), ("approved__gte", 0), _connector="OR"),
                            models.Q(("spent__isnull", True), ("spent__gte", 0), _connector="OR"),
                        ),
                        name="budget_is_not_below_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True), name="budget_line_has_a_purpose"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_year", models.PositiveSmallIntegerField()),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.criteriaset",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sets",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "db_table": "programme_set",
                "ordering": ("programme", "from_year"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "from_year"), name="programme_set_once_a_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "body",
                    models.CharField(
                        choices=[("steering", "steering committee"), ("helpers", "helper team")],
                        max_length=10,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("head", "head"),
                            ("deputy", "deputy"),
                            ("standing", "standing member"),
                            ("member", "member"),
                        ],
                        max_length=10,
                    ),
                ),
                ("post", models.CharField(max_length=200)),
                ("task", models.CharField(blank=True, max_length=500)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
                (
                    "of_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "db_table": "programme_seat",
                "ordering": ("programme", "area", "body", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("post", ""), _negated=True), name="programme_seat_is_a_post"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="programme_seat_lasts_a_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("share", kieumau.units.fields.NumericField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "db_table": "programme_target",
                "ordering": ("programme", "area", "year"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "area", "year"), name="programme_target_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)),
                        name="programme_target_is_a_share",
                    ),
                ],
            },
        ),
    ]
