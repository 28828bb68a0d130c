"""Draws and re-checks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("criteria", "0005_kept_texts"),
        ("rounds", "0002_guards"),
        ("units", "0008_carried"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seed", models.CharField(max_length=100)),
                ("per_province", models.PositiveSmallIntegerField()),
                ("criteria_count", models.PositiveSmallIntegerField()),
                ("frame_sha256", models.CharField(max_length=64)),
                ("frame_count", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField()),
                ("drawn_by", models.CharField(max_length=150)),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="rounds.round"
                    ),
                ),
            ],
            options={
                "db_table": "recheck_draw",
                "ordering": ("-drawn_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Recheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "met"),
                            (2, "not_met"),
                            (3, "not_due"),
                            (4, "not_applicable"),
                            (5, "no_data"),
                            (6, "not_judged"),
                        ],
                        null=True,
                    ),
                ),
                ("remark", models.TextField(blank=True)),
                ("at", models.DateTimeField(null=True)),
                (
                    "criterion",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.criterion",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rechecks",
                        to="rounds.dossier",
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="rechecks.draw",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "recheck",
                "ordering": ("draw", "dossier", "criterion"),
            },
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(
                fields=("round", "area", "seed"), name="recheck_draw_once_by_seed"
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("criteria_count__gte", 1),
                    ("per_province__gte", 1),
                    models.Q(("seed", ""), _negated=True),
                ),
                name="recheck_draw_draws_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="recheck",
            constraint=models.UniqueConstraint(
                fields=("draw", "dossier", "criterion"), name="recheck_once_a_draw"
            ),
        ),
        migrations.AddConstraint(
            model_name="recheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("at__isnull", True), ("outcome__isnull", True), ("person__isnull", True)),
                    models.Q(("at__isnull", False), ("outcome__isnull", False), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="recheck_is_found_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="recheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__isnull", True), ("outcome__in", [1, 2, 3, 4]), _connector="OR"),
                name="recheck_outcome_is_said",
            ),
        ),
    ]
