"""Checks of figures, and the remarks that answer them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0003_history_is_not_truncated"),
    ]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=100, unique=True)),
                ("catalogue", models.CharField(max_length=40)),
                ("position", models.PositiveIntegerField()),
                ("title_vi", models.CharField(max_length=300)),
                ("title_en", models.CharField(max_length=300)),
                ("condition", models.TextField()),
                ("severity", models.CharField(choices=[("hard", "hard"), ("soft", "soft")], max_length=4)),
                ("action_vi", models.TextField()),
                ("action_en", models.TextField()),
                ("basis", models.TextField(blank=True)),
                ("calendar", models.CharField(max_length=40)),
                ("period_kind", models.CharField(max_length=20)),
                ("is_in_force", models.BooleanField(default=True)),
                ("revision", models.BigIntegerField()),
            ],
            options={
                "db_table": "indicator_check",
                "ordering": ("catalogue", "position"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["hard", "soft"])), name="check_severity_is_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("unit", models.IntegerField()),
                ("period", models.IntegerField()),
                ("check_code", models.CharField(max_length=100)),
                ("text", models.TextField()),
                ("source", models.IntegerField()),
                ("written_by", models.CharField(blank=True, max_length=150)),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "db_table": "figure_remark",
                "ordering": ("id",),
                "indexes": [models.Index(fields=["unit", "period"], name="figure_remark_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="figure_remark_says_something"
                    )
                ],
            },
        ),
    ]
