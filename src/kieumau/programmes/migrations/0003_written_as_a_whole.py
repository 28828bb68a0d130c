"""The budget of a unit that ended in several parts is read wherever a part went, and written nowhere."""

from django.db import migrations

from kieumau.accounts.row_security import narrow


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0002_versions_areas_and_row_security"),
        ("accounts", "0009_what_ended_in_parts"),
    ]

    operations = [narrow("programme_budget_line")]
