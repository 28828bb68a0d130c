"""Totals hold the figures of units that have ended by now, where they are carried on.

The functions of migration 0007, reading where figures count (`unit_counted`) instead of where units stand.
"""

from importlib import import_module

from django.db import migrations

before = import_module("kieumau.indicators.migrations.0007_totals_of_one_return")
past = import_module("kieumau.indicators.migrations.0009_past")

STANDING = before.AFTER_INSERT + before.AFTER_UPDATE + before.AFTER_DELETE
COUNTING = STANDING.replace("JOIN unit_position p", "JOIN unit_counted p")

AS_KNOWN = (
    "CREATE OR REPLACE VIEW known_figures.figure_total"
    + past.FIGURES.partition("CREATE VIEW known_figures.figure_total")[2]
)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0009_past"), ("units", "0008_carried")]

    operations = [
        migrations.RunSQL(COUNTING, STANDING),
        migrations.RunSQL(
            AS_KNOWN.replace("known.unit_position p", "known.unit_counted p"),
            AS_KNOWN,
        ),
    ]
