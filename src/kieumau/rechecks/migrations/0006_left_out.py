"""A draw keeps the units of its area that were not through when it was drawn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rechecks", "0005_numbered_draws")]

    operations = [migrations.AddField("draw", "left_out", models.JSONField(null=True))]
