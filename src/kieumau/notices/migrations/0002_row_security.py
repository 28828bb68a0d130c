"""Everybody sees his own notices; anybody may tell anybody something."""

from django.db import migrations

from kieumau.accounts.row_security import protect


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("accounts", "0004_row_security")]

    operations = [
        protect("notice", person="person_id", anybody_adds=True),
        protect("notice_preference", person="person_id"),
    ]
