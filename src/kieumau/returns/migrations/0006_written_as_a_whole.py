"""Returns of a unit that ended in several parts are read wherever a part went, and written nowhere."""

from django.db import migrations

from kieumau.accounts.row_security import narrow


class Migration(migrations.Migration):
    dependencies = [("returns", "0005_row_security"), ("accounts", "0009_what_ended_in_parts")]

    operations = [narrow("figure_return")]
