"""Why a decision goes against what its dossier shows has a column: the number of the decision is no reason."""

from django.db import migrations, models
from django.db.models import Q

# What was decided before has both in one text: the number, a colon, the reason.
KEPT = """
ALTER TABLE dossier_move DISABLE TRIGGER dossier_move_stays;
UPDATE dossier_move SET why = CASE WHEN strpos(reason, ': ') > 0
    THEN substr(reason, strpos(reason, ': ') + 2) ELSE reason END
WHERE against <> '{}';
ALTER TABLE dossier_move ENABLE TRIGGER dossier_move_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("rounds", "0015_written_by_who_may")]

    operations = [
        migrations.AddField("move", "why", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RemoveConstraint("move", "dossier_move_against_says_why"),
        migrations.AddConstraint(
            "move",
            models.CheckConstraint(
                condition=Q(against=[]) | (Q(is_met__isnull=False) & ~Q(why="")),
                name="dossier_move_against_says_why",
            ),
        ),
    ]
