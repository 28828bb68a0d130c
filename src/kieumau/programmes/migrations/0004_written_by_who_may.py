"""Budget lines are written by who keeps the budget of programmes over their unit."""

from django.db import migrations

from kieumau.accounts.row_security import may, written

KEEPS = may("unit_id", "programmes.budget")


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_written_as_a_whole"), ("accounts", "0012_where_one_may")]

    operations = [written("programme_budget_line", added=KEEPS, changed=KEEPS, removed=KEEPS, besides=True)]
