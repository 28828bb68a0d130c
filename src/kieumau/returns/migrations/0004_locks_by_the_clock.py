"""The moment that locks is the clock's, not the beginning of a long transaction."""

from django.db import migrations

BODY = "SELECT coalesce(nullif(current_setting('kieumau.now', true), '')::timestamptz, {now})"
NOW = "CREATE OR REPLACE FUNCTION return_now() RETURNS timestamptz LANGUAGE sql {kind} AS $$ {body} $$"


def function(kind: str, now: str) -> str:
    """SQL: what time it is for a return."""
    return NOW.format(kind=kind, body=BODY.format(now=now))


class Migration(migrations.Migration):
    dependencies = [("returns", "0003_guard_looks_once")]

    operations = [migrations.RunSQL(function("VOLATILE", "clock_timestamp()"), function("STABLE", "now()"))]
