"""Invitations are written and taken back by who may invite to the unit."""

from django.db import migrations

from kieumau.accounts.row_security import may, written

INVITES = may("unit_id", "accounts.invite")


class Migration(migrations.Migration):
    dependencies = [("signing", "0002_row_security"), ("accounts", "0012_where_one_may")]

    operations = [written("account_invitation", added=INVITES, changed=INVITES, besides=True)]
