"""Re-checks are drawn by who may draw, over an area, and answered by who may re-check the unit."""

from django.db import migrations

from kieumau.accounts.row_security import belonging, may, may_somewhere, written

CHECKS = belonging("recheck", "dossier_id", "dossier", may("o.unit_id", "rechecks.check"))

DRAWS = belonging("recheck", "dossier_id", "dossier", may_somewhere("rechecks.draw"))


class Migration(migrations.Migration):
    dependencies = [("rechecks", "0006_left_out"), ("rounds", "0015_written_by_who_may")]

    operations = [written("recheck", added=DRAWS, changed=CHECKS)]
