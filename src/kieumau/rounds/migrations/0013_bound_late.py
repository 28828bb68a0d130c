"""Since when a round is bound to its lot, where it was put down before there were lots (migration 0011)."""

from django.db import migrations, models

LATE = """
UPDATE round SET bound_late_at = m.applied FROM django_migrations m
WHERE m.app = 'rounds' AND m.name = '0011_lots' AND round.made_at < m.applied
"""


class Migration(migrations.Migration):
    dependencies = [("rounds", "0012_votes_corrected")]

    operations = [
        migrations.AddField("round", "bound_late_at", models.DateTimeField(null=True)),
        migrations.RunSQL(LATE, migrations.RunSQL.noop),
    ]
