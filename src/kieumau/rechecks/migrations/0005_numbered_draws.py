"""Draws are numbered, with what their seed was made of, what they were drawn from, and why there was another."""

from django.db import migrations, models

NUMBER = """
ALTER TABLE recheck_draw DISABLE TRIGGER USER;
UPDATE recheck_draw d SET number = n.number
FROM (SELECT id, row_number() OVER (PARTITION BY round_id ORDER BY id) AS number FROM recheck_draw) n
WHERE n.id = d.id;
ALTER TABLE recheck_draw ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("rechecks", "0004_no_hand_afterwards"), ("rounds", "0011_lots")]

    operations = [
        migrations.AddField("draw", "number", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.AddField(
            "draw", "lot", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AddField(
            "draw", "reason", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddField("draw", "frame", models.JSONField(null=True)),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "draw", models.UniqueConstraint(fields=["round", "number"], name="recheck_draw_numbered")
        ),
    ]
