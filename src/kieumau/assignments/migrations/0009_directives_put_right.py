"""A directive that was put down wrongly is put right by who may give for its issuer; the log keeps what stood."""

from django.db import migrations, models

from kieumau.accounts.row_security import ROLE, may

GIVES = may("issuer_id", "assignments.give")
FORWARD = f"""
UPDATE directive SET changed_at = recorded_at, changed_by = recorded_by;
DROP POLICY changed_by ON directive;
CREATE POLICY changed_by ON directive FOR UPDATE TO {ROLE} USING ({GIVES}) WITH CHECK ({GIVES});
"""
BACK = f"""
DROP POLICY changed_by ON directive;
CREATE POLICY changed_by ON directive FOR UPDATE TO {ROLE} USING (false) WITH CHECK (false);
"""


class Migration(migrations.Migration):
    dependencies = [("assignments", "0008_directives_are_rows_of_work")]

    operations = [
        migrations.AddField("directive", "version", models.PositiveIntegerField(default=1)),
        migrations.AddField("directive", "changed_at", models.DateTimeField(null=True)),
        migrations.AddField("directive", "changed_by", models.CharField(default="", max_length=150)),
        migrations.RunSQL(FORWARD, BACK),
        migrations.AlterField("directive", "changed_at", models.DateTimeField()),
        migrations.AlterField("directive", "changed_by", models.CharField(max_length=150)),
    ]
