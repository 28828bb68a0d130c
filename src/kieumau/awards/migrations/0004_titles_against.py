"""A title that was given against the verdict or a council's vote says so, and why."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("awards", "0003_papers")]

    operations = [
        migrations.AddField("title", "against", ArrayField(models.CharField(max_length=10), default=list)),
        migrations.AddField("title", "why", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddConstraint(
            "title",
            models.CheckConstraint(condition=Q(against=[]) | ~Q(why=""), name="title_against_says_why"),
        ),
    ]
