"""Teams change and end; what ended stays, with why."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("rounds", "0009_cancelled")]

    operations = [
        migrations.AddField("team", "version", models.PositiveIntegerField(default=1)),
        migrations.AddField("team", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "team",
            "ended_by",
            models.CharField(blank=True, default="", max_length=150),
            preserve_default=False,
        ),
        migrations.AddField(
            "team", "ended_reason", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.RemoveConstraint("team", "round_team_name_once"),
        migrations.AddConstraint(
            "team",
            models.UniqueConstraint(
                condition=Q(ended_at=None), fields=["round", "area", "name"], name="round_team_name_once"
            ),
        ),
        migrations.AddConstraint(
            "team",
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_reason=""), name="round_team_ends_with_a_reason"
            ),
        ),
    ]
