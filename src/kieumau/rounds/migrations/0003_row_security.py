"""Dossiers and all that belongs to them are seen and written by those in whose scope the unit lies."""

from django.db import migrations

from kieumau.accounts.row_security import as_owner, protect

DOSSIER = ("dossier_id", "dossier")


class Migration(migrations.Migration):
    dependencies = [("rounds", "0002_guards"), ("accounts", "0004_row_security")]

    operations = [
        protect("dossier"),
        protect("dossier_hand", through=DOSSIER),
        protect("dossier_finding", through=DOSSIER),
        protect("dossier_evidence", through=DOSSIER),
        protect("dossier_move", through=DOSSIER),
        protect("dossier_vote", through=DOSSIER),
        as_owner("dossier_finding_in_its_stage", "dossier_evidence_in_its_stage", "dossier_stays"),
    ]
