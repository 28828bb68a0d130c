"""The shelf of a unit that ended in several parts is read wherever a part went, and written nowhere."""

from django.db import migrations

from kieumau.accounts.row_security import narrow


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_reading_about"), ("accounts", "0009_what_ended_in_parts")]

    operations = [narrow("document")]
