"""A share by people may be 0: land where nobody lives."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0008_carried")]

    operations = [
        migrations.RemoveConstraint(model_name="lineage", name="lineage_share_between_0_and_1"),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("share__gte", 0),
                    ("share__lte", 1),
                    models.Q(("share__gt", 0), ("basis", "people"), _connector="OR"),
                ),
                name="lineage_share_between_0_and_1",
            ),
        ),
    ]
