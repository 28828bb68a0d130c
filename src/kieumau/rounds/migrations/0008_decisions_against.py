"""A decision says which way it went, and why where it went against the verdict or a council's vote."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("rounds", "0007_judgments_have_versions")]

    operations = [
        migrations.AddField("move", "is_met", models.BooleanField(null=True)),
        migrations.AddField("move", "against", ArrayField(models.CharField(max_length=10), default=list)),
        migrations.AddConstraint(
            "move",
            models.CheckConstraint(
                condition=Q(against=[]) | (Q(is_met__isnull=False) & ~Q(reason="")),
                name="dossier_move_against_says_why",
            ),
        ),
    ]
