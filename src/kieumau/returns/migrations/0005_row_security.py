"""Returns, their steps and reminders are seen by those in whose scope the unit lies, and where reading is open.

The guards of figures see every return, whoever writes: what nobody may change is not a matter of scope.
"""

from django.db import migrations

from kieumau.accounts.row_security import as_owner, protect


class Migration(migrations.Migration):
    dependencies = [("returns", "0004_locks_by_the_clock"), ("accounts", "0004_row_security")]

    operations = [
        protect("figure_return", is_open=True),
        protect("return_step", through=("report_id", "figure_return"), is_open=True),
        protect("return_reminder", through=("report_id", "figure_return")),
        as_owner("return_guards_new_figures", "return_guards_changed_figures", "return_guards_old_figures"),
    ]
