"""A unit in force is in scope as itself alone: the map counts for units that ended.

An act that gave a tenth of a ward that lives on to its neighbor had put the ward's work in the neighbor's scope.
"""

from importlib import import_module

from django.db import migrations

BEFORE: str = import_module("kieumau.accounts.migrations.0005_scope_is_planned_once").SCOPE

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
        WHERE m.to_unit = ANY (exactly) AND m.on_map @> today AND NOT EXISTS (
            SELECT FROM public.unit_position l WHERE l.unit_id = m.from_unit AND l.valid @> today);
    FOREACH scope IN ARRAY coalesce(below, '{}') LOOP
        RETURN QUERY SELECT p.unit_id FROM public.unit_position p
            WHERE p.path >= scope AND p.path < scope || '~' AND p.valid @> today;
        RETURN QUERY SELECT m.from_unit
            FROM public.unit_position p JOIN public.unit_mapping m ON m.to_unit = p.unit_id
            WHERE p.path >= scope AND p.path < scope || '~' AND p.valid @> today AND m.on_map @> today
            AND NOT EXISTS (
                SELECT FROM public.unit_position l WHERE l.unit_id = m.from_unit AND l.valid @> today);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_scope_is_planned_once")]

    operations = [migrations.RunSQL(SCOPE, BEFORE)]
