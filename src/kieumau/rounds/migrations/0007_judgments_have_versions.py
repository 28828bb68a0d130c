"""Judgments of evidence have versions: whoever is second has seen what he judges over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rounds", "0006_chosen_units")]

    operations = [migrations.AddField("evidence", "version", models.PositiveIntegerField(default=1))]
