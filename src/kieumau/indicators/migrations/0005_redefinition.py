"""Indicators that are counted otherwise from a day on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_checks_and_remarks")]

    operations = [
        migrations.CreateModel(
            name="Redefinition",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("since", models.DateField()),
                ("note_vi", models.TextField()),
                ("note_en", models.TextField()),
                ("noted_by", models.CharField(blank=True, max_length=150)),
                ("noted_at", models.DateTimeField()),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="redefinitions",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={"db_table": "indicator_redefinition", "ordering": ("indicator", "since")},
        ),
        migrations.AddConstraint(
            model_name="redefinition",
            constraint=models.UniqueConstraint(
                fields=("indicator", "since"), name="indicator_redefined_once_a_day"
            ),
        ),
    ]
