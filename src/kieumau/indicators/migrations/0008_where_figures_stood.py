"""The cells that the figures of a file stood in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0007_totals_of_one_return")]

    operations = [
        migrations.CreateModel(
            name="SourceCells",
            fields=[
                ("source", models.IntegerField(primary_key=True, serialize=False)),
                ("packed", models.BinaryField()),
            ],
            options={"db_table": "figure_source_cells"},
        ),
        # Packed already: trying to pack it once more costs time and gains nothing.
        migrations.RunSQL(
            "ALTER TABLE figure_source_cells ALTER COLUMN packed SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
    ]
