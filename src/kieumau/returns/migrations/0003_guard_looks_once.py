"""The guard of figures first asks whether any return stands, by a plan that is kept.

Nearly always none does: a form is being filled in. Of figures of one unit and period that is one step in an
index; only where a return of theirs stands, and for every other statement, is migration 0002's question
planned and asked.
"""

from importlib import import_module

from django.db import migrations

before = import_module("kieumau.returns.migrations.0002_guards")


def look_first(function: str, rows: str) -> str:
    """SQL: the guard of 0002, which looks at one place first."""
    declared = function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
        "DECLARE stands text;", "DECLARE stands text; one record;"
    )
    return declared.replace(
        """    IF NOT EXISTS (SELECT FROM figure_return) THEN
        RETURN NULL;
    END IF;""",
        f"""
    SELECT min(period) AS period, min(unit) AS unit,
        min(period) = max(period) AND min(unit) = max(unit) AS is_all
    INTO one FROM {rows} every;
    IF one.period IS NULL OR one.is_all AND NOT EXISTS (
        SELECT FROM figure_return r WHERE r.unit_id = one.unit AND r.period_id = one.period
            AND (r.state IN ('submitted', 'accepted') OR r.locks_at <= return_now())
    ) OR NOT one.is_all AND NOT EXISTS (SELECT FROM figure_return) THEN
        RETURN NULL;
    END IF;""",
    )


BOTH = "(SELECT period, unit FROM new_rows UNION ALL SELECT period, unit FROM old_rows)"
GUARDS = (
    ("return_guards_new_figures", before.NEW, "new_rows"),
    ("return_guards_changed_figures", before.CHANGED, BOTH),
    ("return_guards_old_figures", before.OLD, "old_rows"),
)
FORWARD = "".join(look_first(before.guard(name, changed), rows) for name, changed, rows in GUARDS)
BACKWARD = "".join(before.guard(name, changed) for name, changed, _ in GUARDS)


class Migration(migrations.Migration):
    dependencies = [("returns", "0002_guards")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    ]
