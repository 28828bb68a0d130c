"""Who moved a dossier is a person, not only a name: names change, and are given to somebody else."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whose name nobody has any more stays a name: he bars nobody who is given it later.
KEPT = """
ALTER TABLE dossier_move DISABLE TRIGGER dossier_move_stays;
UPDATE dossier_move SET person_id = u.id FROM account_user u WHERE u.username = dossier_move.by;
ALTER TABLE dossier_move ENABLE TRIGGER dossier_move_stays;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("rounds", "0016_why_it_goes_against"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "move",
            "person",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                on_delete=django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                db_index=False,
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
