"""Units, their terms, positions, changes and lineage."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Other packages use them too, so going back leaves them where they are.
        migrations.RunSQL("create extension if not exists btree_gist", migrations.RunSQL.noop),
        migrations.RunSQL("create extension if not exists pg_trgm", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100, unique=True)),
                ("takes_effect_on", models.DateField()),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("summary_vi", models.TextField(blank=True)),
                ("summary_en", models.TextField(blank=True)),
                ("is_recorded", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "unit_change",
                "ordering": ("takes_effect_on", "key"),
            },
        ),
        migrations.CreateModel(
            name="Kind",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "nation"), (1, "province"), (2, "district"), (3, "commune")]
                    ),
                ),
                ("name_vi", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
                ("full_vi", models.CharField(default="{name}", max_length=100)),
                ("full_en", models.CharField(default="{name}", max_length=100)),
            ],
            options={
                "db_table": "unit_kind",
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=100, unique=True)),
                ("register", models.CharField(max_length=20)),
            ],
            options={
                "db_table": "unit",
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("sort_key", models.TextField(db_collation="C")),
                ("search_key", models.TextField(db_collation="C")),
                (
                    "begun_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="begun_terms",
                        to="units.change",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended_terms",
                        to="units.change",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="units.kind"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="child_terms",
                        to="units.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="units.unit"
                    ),
                ),
            ],
            options={
                "db_table": "unit_term",
                "indexes": [
                    models.Index(fields=["register", "code"], name="unit_term_code"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_key"], name="unit_term_search", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("unit", "="), ("valid", "&&")], name="unit_has_one_term_at_a_time"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("register", "="), ("code", "="), ("valid", "&&")],
                        name="unit_code_means_one_unit_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="unit_term_lasts_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("unit")), _negated=True),
                            _connector="OR",
                        ),
                        name="unit_is_not_its_own_parent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("path", models.CharField(db_collation="C", max_length=200)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "nation"), (1, "province"), (2, "district"), (3, "commune")]
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="positions", to="units.unit"
                    ),
                ),
            ],
            options={
                "db_table": "unit_position",
                "indexes": [
                    models.Index(fields=["path"], name="unit_position_path"),
                    models.Index(fields=["province", "level"], name="unit_position_province"),
                    django.contrib.postgres.indexes.GistIndex(fields=["valid"], name="unit_position_valid"),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("unit", "="), ("valid", "&&")],
                        name="unit_stands_in_one_place_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("share", models.DecimalField(decimal_places=10, max_digits=12)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("whole", "whole"),
                            ("area", "area"),
                            ("people", "people"),
                            ("expert", "expert"),
                            ("even", "even"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lineage",
                        to="units.change",
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcome_of",
                        to="units.unit",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="origin_of", to="units.unit"
                    ),
                ),
            ],
            options={
                "db_table": "unit_lineage",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "predecessor", "successor"), name="lineage_once_per_change"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)),
                        name="lineage_share_between_0_and_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "whole"), _negated=True), ("share", 1), _connector="OR"
                        ),
                        name="lineage_whole_is_everything",
                    ),
                ],
            },
        ),
    ]
