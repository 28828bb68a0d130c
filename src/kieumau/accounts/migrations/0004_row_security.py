"""The serving role, what policies ask of the connection, and tokens that it reads one by one.

Everything is asked of the schema `public` by name: pages as known on a day put another one first.
"""

from django.db import migrations

from kieumau.accounts.row_security import MAKE_ROLE

ASKED = """
CREATE FUNCTION app_everywhere() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('app.everywhere', true), '') = '1'
$$;
CREATE FUNCTION app_open() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('app.open', true), '') = '1'
$$;
CREATE FUNCTION app_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('app.person', true), '')::bigint
$$;

-- The units in scope today, with those that today's map made them of.
CREATE FUNCTION app_units() RETURNS SETOF integer LANGUAGE sql STABLE PARALLEL SAFE ROWS 200 AS $$
    WITH today AS MATERIALIZED (
        SELECT nullif(current_setting('app.today', true), '')::date AS day
    ), here AS MATERIALIZED (
        SELECT p.unit_id
        FROM unnest(string_to_array(nullif(current_setting('app.below', true), ''), ' ')) AS below(path)
        JOIN public.unit_position p ON p.path >= below.path AND p.path < below.path || '~'
        WHERE p.valid @> (SELECT day FROM today)
        UNION
        SELECT unit::integer
        FROM unnest(string_to_array(nullif(current_setting('app.exactly', true), ''), ' ')) AS exactly(unit)
    )
    SELECT unit_id FROM here
    UNION
    SELECT m.from_unit FROM here JOIN public.unit_mapping m ON m.to_unit = here.unit_id
    WHERE m.on_map @> (SELECT day FROM today)
$$;

-- A token is found by what only its bearer knows; nobody who serves pages can list them.
CREATE FUNCTION account_token_of(asked text, moment timestamptz) RETURNS SETOF account_token
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM account_token WHERE digest = asked AND revoked_at IS NULL AND expires_at > moment
$$;
"""

BACK = """
DROP FUNCTION account_token_of(text, timestamptz);
DROP FUNCTION app_units();
DROP FUNCTION app_person();
DROP FUNCTION app_open();
DROP FUNCTION app_everywhere();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_grant"), ("units", "0004_mapping")]

    operations = [migrations.RunSQL(MAKE_ROLE, migrations.RunSQL.noop), migrations.RunSQL(ASKED, BACK)]
