"""The units of a scope are worked out once, when it is set, and not in every policy of every statement.

`acting` asks `app_within` for each place of a person and keeps the lists on the connection with what else policies
ask; the functions that policies name only read them.
"""

from importlib import import_module

from django.db import migrations

_earlier = "kieumau.accounts.migrations."
BEFORE: str = import_module(_earlier + "0006_only_ended_units").SCOPE
WRITTEN_BEFORE: str = import_module(_earlier + "0009_what_ended_in_parts").WRITTEN
MAY_BEFORE: str = import_module(_earlier + "0012_where_one_may").FUNCTIONS
over = import_module(_earlier + "0008_people_and_log_in_scope")._over

# A unit that stands today and, with `below`, all under that path; and those that ended and went there by today's
# map, `is_whole` where they may be written.
WITHIN = """
CREATE OR REPLACE FUNCTION app_within(here integer, below text, today date)
RETURNS TABLE (one integer, is_whole boolean) LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200 AS $$
BEGIN
    IF below IS NULL THEN
        RETURN QUERY SELECT here, true;
        RETURN QUERY SELECT m.from_unit, {whole_here}
            FROM public.unit_mapping m WHERE m.to_unit = here AND m.on_map @> today AND {ended};
    ELSE
        RETURN QUERY SELECT p.unit_id, true FROM public.unit_position p
            WHERE p.path >= below AND p.path < below || '~' AND p.valid @> today;
        RETURN QUERY SELECT m.from_unit, {whole_below}
            FROM public.unit_position p JOIN public.unit_mapping m ON m.to_unit = p.unit_id
            WHERE p.path >= below AND p.path < below || '~' AND p.valid @> today AND m.on_map @> today
                AND {ended};
    END IF;
END $$;
"""
ENDED = """NOT EXISTS (
                SELECT FROM public.unit_position l WHERE l.unit_id = m.from_unit AND l.valid @> today)"""
ALONE = """NOT EXISTS (
                SELECT FROM public.unit_mapping o WHERE o.from_unit = m.from_unit AND o.on_map @> today
                    AND o.to_unit <> m.to_unit)"""


def within(whole_here: str, whole_below: str) -> str:
    """The function, by which rules a unit that ended may be written by one unit, or by all under a path."""
    said = WITHIN.replace("{whole_here}", whole_here).replace("{whole_below}", whole_below)
    return said.replace("{ended}", ENDED)


def _kept(name: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION app_{name}() RETURNS SETOF integer
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200 AS $$
BEGIN
    RETURN QUERY SELECT unnest(nullif(current_setting('app.{name}', true), '')::integer[]);
END $$;
"""


# Each role in `app.may`: whether it is over a whole country, what it lets be done, and to which units.
MAY = """
CREATE OR REPLACE FUNCTION app_may(VARIADIC asked text[]) RETURNS SETOF integer
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200 AS $$
DECLARE
    held jsonb := nullif(nullif(current_setting('app.may', true), ''), '*');
BEGIN
    RETURN QUERY SELECT unnest((g ->> 2)::integer[])
        FROM jsonb_array_elements(held) g WHERE NOT (g -> 0)::boolean AND g -> 1 ?| asked;
END $$;

CREATE OR REPLACE FUNCTION app_may_all(VARIADIC asked text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    said text := coalesce(current_setting('app.may', true), '');
BEGIN
    RETURN said = '*' OR said <> '' AND EXISTS (
        SELECT FROM jsonb_array_elements(said::jsonb) g WHERE (g -> 0)::boolean AND g -> 1 ?| asked);
END $$;

CREATE OR REPLACE FUNCTION app_may_somewhere(VARIADIC asked text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    said text := coalesce(current_setting('app.may', true), '');
BEGIN
    RETURN said = '*' OR said <> '' AND EXISTS (
        SELECT FROM jsonb_array_elements(said::jsonb) g WHERE g -> 1 ?| asked);
END $$;
"""
FORWARD = within(ALONE, ALONE) + _kept("units") + _kept("written") + _kept("reach") + MAY
BACK = (
    BEFORE
    + WRITTEN_BEFORE
    + over("app_reach", "app.reach", "app.reach_exactly")
    + MAY_BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    + "DROP FUNCTION app_within(integer, text, date);"
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_where_one_may")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
