"""Whether a unit is in force is asked for every row of work that somebody sees: through an index made for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0009_land_without_people")]

    operations = [
        migrations.AddIndex(
            model_name="position",
            index=models.Index(fields=["unit", "valid"], name="unit_position_unit"),
        ),
    ]
