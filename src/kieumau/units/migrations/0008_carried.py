"""Where the figures of units count: where they stand, but for units that ended with later figures."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

COUNTED = """
create view {schema}.unit_counted as
    select p.unit_id, p.valid, p.path, p.level, p.root_id, p.province_id from {schema}.unit_position p
    where not exists (select from {schema}.unit_carried c where c.unit_id = p.unit_id)
    union all
    select unit_id, valid, path, level, root_id, province_id from {schema}.unit_carried
"""
KEEP, RELEASE = "select past_keep('unit_carried')", "select past_release('unit_carried')"


class Migration(migrations.Migration):
    dependencies = [("units", "0007_past")]

    operations = [
        migrations.CreateModel(
            name="Carried",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="carried",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "db_table": "unit_carried",
                "indexes": [models.Index(fields=["path"], name="unit_carried_path")],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "valid"), name="unit_is_carried_once")
                ],
            },
        ),
        migrations.RunSQL(KEEP, RELEASE),
        *(
            migrations.RunSQL(COUNTED.format(schema=schema), f"drop view {schema}.unit_counted")
            for schema in ("public", "known")
        ),
    ]
