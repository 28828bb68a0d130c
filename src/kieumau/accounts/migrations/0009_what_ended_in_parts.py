"""Units whose work may be written: those in scope, without what ended in several parts.

The doors refuse it already (`held.places`): for writing a unit that ended counts where all of it went to one.
"""

from importlib import import_module

from django.db import migrations

SCOPE: str = import_module("kieumau.accounts.migrations.0006_only_ended_units").SCOPE
_WHOLE = """m.on_map @> today AND NOT EXISTS (
                SELECT FROM public.unit_mapping o WHERE o.from_unit = m.from_unit AND o.on_map @> today
                    AND o.to_unit <> m.to_unit)"""
WRITTEN = SCOPE.replace("FUNCTION app_units()", "FUNCTION app_written()").replace("m.on_map @> today", _WHOLE)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_people_and_log_in_scope")]

    operations = [migrations.RunSQL(WRITTEN, "DROP FUNCTION app_written();")]
