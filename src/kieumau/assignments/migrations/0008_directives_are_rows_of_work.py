"""A directive is read by whoever works anywhere, put down by who may give for its issuer, and never changed."""

from django.db import migrations
from django.db.migrations import RunSQL

from kieumau.accounts.row_security import ROLE, may, written

WORKS_SOMEWHERE = "(SELECT app_everywhere()) OR EXISTS (SELECT FROM app_units())"


class Migration(migrations.Migration):
    dependencies = [("assignments", "0007_conclusions_settled"), ("accounts", "0012_where_one_may")]

    operations = [
        RunSQL(
            "ALTER TABLE directive ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY in_scope ON directive TO {ROLE} USING ({WORKS_SOMEWHERE})",
            "DROP POLICY in_scope ON directive; ALTER TABLE directive DISABLE ROW LEVEL SECURITY",
        ),
        written("directive", added=may("issuer_id", "assignments.give")),
    ]
