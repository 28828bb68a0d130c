"""Assignments are seen by owner, giver and partners; visits by the unit visited and the one that led them."""

from django.db import migrations

from kieumau.accounts.row_security import protect

OF_ASSIGNMENT = ("assignment_id", "assignment")
OF_VISIT = ("visit_id", "visit")


class Migration(migrations.Migration):
    dependencies = [("assignments", "0002_guards"), ("accounts", "0004_row_security")]

    operations = [
        protect("assignment", "owner_id", "giver_id", lists=("partners",)),
        protect("assignment_turn", through=OF_ASSIGNMENT),
        protect("assignment_report", through=OF_ASSIGNMENT),
        protect("assignment_due_change", through=OF_ASSIGNMENT),
        protect("assignment_report_document", through=("report_id", "assignment_report")),
        protect("visit", "unit_id", "leader_id"),
        protect("visit_participant", through=OF_VISIT),
        protect("visit_observation", through=OF_VISIT),
        protect("visit_conclusion", through=OF_VISIT),
    ]
