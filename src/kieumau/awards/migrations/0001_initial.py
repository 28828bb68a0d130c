"""Titles and withdrawals."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0003_row_security"),
        ("programmes", "0001_initial"),
        ("rounds", "0002_guards"),
        ("units", "0008_carried"),
    ]

    operations = [
        migrations.CreateModel(
            name="Title",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_vi", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("dossier_sha256", models.CharField(blank=True, max_length=64)),
                ("reference", models.CharField(max_length=100)),
                ("decided_on", models.DateField()),
                ("issuer", models.CharField(max_length=200)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("certificate", models.CharField(blank=True, max_length=100)),
                ("ceremony_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=150)),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "dossier",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="title",
                        to="rounds.dossier",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="titles",
                        to="programmes.programme",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
            ],
            options={
                "db_table": "title",
                "ordering": ("-decided_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("false_declaration", "false_declaration"),
                            ("forged_dossier", "forged_dossier"),
                            ("unlawful_appraisal", "unlawful_appraisal"),
                            ("standard_not_met", "standard_not_met"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("reference", models.CharField(max_length=100)),
                ("withdrawn_on", models.DateField()),
                ("issuer", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=150)),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "title",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="awards.title",
                    ),
                ),
            ],
            options={
                "db_table": "title_withdrawal",
            },
        ),
        migrations.AddIndex(
            model_name="title",
            index=models.Index(fields=["programme", "-decided_on"], name="title_programme"),
        ),
        migrations.AddConstraint(
            model_name="title",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False)), name="title_lasts_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="title",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__lower_inf", False), ("valid__upper_inf", False)),
                name="title_has_its_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="title",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dossier__isnull", True), ("dossier_sha256", "")),
                    models.Q(("dossier__isnull", False), ("dossier_sha256__regex", "^[0-9a-f]{64}$")),
                    _connector="OR",
                ),
                name="title_keeps_the_fingerprint",
            ),
        ),
        migrations.AddConstraint(
            model_name="title",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reference", ""), _negated=True), models.Q(("issuer", ""), _negated=True)
                ),
                name="title_is_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ground__in",
                        ["false_declaration", "forged_dossier", "unlawful_appraisal", "standard_not_met"],
                    )
                ),
                name="withdrawal_has_a_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("reference", ""), _negated=True),
                    models.Q(("issuer", ""), _negated=True),
                ),
                name="withdrawal_is_decided",
            ),
        ),
    ]
