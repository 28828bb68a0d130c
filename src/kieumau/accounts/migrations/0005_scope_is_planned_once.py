"""The units in scope are found by a plan that is kept: an SQL function was planned anew in every statement."""

from importlib import import_module

from django.db import migrations

before: str = import_module("kieumau.accounts.migrations.0004_row_security").ASKED

SCOPE = """
CREATE OR REPLACE FUNCTION app_units() RETURNS SETOF integer LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200 AS $$
DECLARE
    today date := nullif(current_setting('app.today', true), '');
    below text[] := string_to_array(nullif(current_setting('app.below', true), ''), ' ');
    exactly integer[] := string_to_array(nullif(current_setting('app.exactly', true), ''), ' ');
    scope text;
BEGIN
    RETURN QUERY SELECT unnest(exactly);
    RETURN QUERY SELECT m.from_unit FROM public.unit_mapping m
        WHERE m.to_unit = ANY (exactly) AND m.on_map @> today;
    FOREACH scope IN ARRAY coalesce(below, '{}') LOOP
        RETURN QUERY SELECT p.unit_id FROM public.unit_position p
            WHERE p.path >= scope AND p.path < scope || '~' AND p.valid @> today;
        RETURN QUERY SELECT m.from_unit
            FROM public.unit_position p JOIN public.unit_mapping m ON m.to_unit = p.unit_id
            WHERE p.path >= scope AND p.path < scope || '~' AND p.valid @> today AND m.on_map @> today;
    END LOOP;
END $$;
"""


def _earlier() -> str:
    """The function as it was."""
    start = before.index("CREATE FUNCTION app_units")
    end = before.index("$$;", before.index("$$", start) + 2) + 3
    return before[start:end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_row_security")]

    operations = [migrations.RunSQL(SCOPE, _earlier())]
