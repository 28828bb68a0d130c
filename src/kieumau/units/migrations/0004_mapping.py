"""Which units of every map a unit's figures belong to, and the revision of the tree.

The rows are made by the first change of the tree after this migration, or right after it where units are
there already (`units.mapping_rows`).
"""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import kieumau.units.fields

# One array of all the elements of arrays of any length; `array_agg` wants them all alike.
FORWARD = """
create aggregate unit_array_cat(anycompatiblearray) (sfunc = array_cat, stype = anycompatiblearray, initcond = '{}');
insert into unit_tree (revision) values (1);
alter table unit_mapping add constraint unit_mapping_is_a_part
    check (numerator > 0 and denominator > 0 and numerator <= denominator);
"""
BACKWARD = """
alter table unit_mapping drop constraint unit_mapping_is_a_part;
delete from unit_tree;
drop aggregate unit_array_cat(anycompatiblearray);
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0003_guards")]

    operations = [
        migrations.CreateModel(
            name="Mapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_unit", models.IntegerField()),
                ("to_unit", models.IntegerField()),
                ("reported", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("on_map", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("numerator", kieumau.units.fields.NumericField()),
                ("denominator", kieumau.units.fields.NumericField()),
                (
                    "acts",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                (
                    "bases",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
            options={"db_table": "unit_mapping"},
        ),
        migrations.CreateModel(
            name="Tree",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.BigIntegerField()),
            ],
            options={"db_table": "unit_tree"},
        ),
        migrations.AddIndex(
            model_name="mapping", index=models.Index(fields=["from_unit"], name="unit_mapping_from")
        ),
        migrations.AddIndex(
            model_name="mapping", index=models.Index(fields=["to_unit"], name="unit_mapping_to")
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
