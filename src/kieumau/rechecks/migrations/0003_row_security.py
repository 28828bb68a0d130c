"""Re-checks are seen and written by those in whose scope the dossier's unit lies."""

from django.db import migrations

from kieumau.accounts.row_security import as_owner, protect


class Migration(migrations.Migration):
    dependencies = [("rechecks", "0002_guards"), ("rounds", "0003_row_security")]

    operations = [protect("recheck", through=("dossier_id", "dossier")), as_owner("recheck_by_another")]
