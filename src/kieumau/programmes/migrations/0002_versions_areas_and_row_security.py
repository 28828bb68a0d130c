"""Every row that people change counts its versions; a programme is somebody's; money is seen in scope only."""

import django.db.models.deletion
from django.db import migrations, models

from kieumau.accounts.row_security import protect


def _counted(model: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(model, "version", models.PositiveIntegerField(default=1)),
        *_signed(model),
    ]


def _signed(model: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(model, "changed_by", models.CharField(blank=True, default="", max_length=150))
    ]


def _plain(model: str) -> migrations.AlterField:
    return migrations.AlterField(model, "changed_by", models.CharField(blank=True, max_length=150))


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0001_initial"),
        ("units", "0008_carried"),
        ("accounts", "0004_row_security"),
    ]

    operations = [
        migrations.AddField(
            "programme",
            "area",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
            ),
        ),
        *_counted("programmeset"),
        *_counted("seat"),
        *_counted("member"),
        *_signed("planstage"),
        *_signed("target"),
        *(_plain(model) for model in ("programmeset", "seat", "member", "planstage", "target")),
        protect("programme_budget_line"),
    ]
