"""Days off and days worked instead of others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                ("on", models.DateField(primary_key=True, serialize=False)),
                ("is_working", models.BooleanField(default=False)),
                ("name_vi", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("source", models.CharField(max_length=300)),
                ("is_edited", models.BooleanField(default=False)),
                ("is_removed", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "db_table": "special_day",
                "ordering": ("on",),
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(name_vi="") & ~models.Q(name_en=""), name="special_day_has_a_name"
                    ),
                    models.CheckConstraint(condition=~models.Q(source=""), name="special_day_has_a_source"),
                    models.CheckConstraint(
                        condition=models.Q(is_edited=True) | models.Q(is_removed=False),
                        name="special_day_removed_by_a_person",
                    ),
                ],
            },
        ),
    ]
