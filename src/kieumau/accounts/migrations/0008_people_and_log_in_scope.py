"""The log, roles and whoever holds them: rows in the scope of who serves, as those of work.

Who holds what over a unit must be known to whoever tells somebody something, or asks whether he himself may do
something, wherever that is: two functions of the owner answer just that.
"""

from importlib import import_module

from django.db import migrations

from kieumau.accounts.row_security import MAKE_ROLE, ROLE

SCOPE: str = import_module("kieumau.accounts.migrations.0006_only_ended_units").SCOPE


def _over(name: str, below: str, exactly: str) -> str:
    """The function of the units in scope, for other settings."""
    there = SCOPE.replace("FUNCTION app_units()", f"FUNCTION {name}()")
    return there.replace("'app.below'", f"'{below}'").replace("'app.exactly'", f"'{exactly}'")


FUNCTIONS = (
    _over("app_reach", "app.reach", "app.reach_exactly")
    + """
-- Does the person hold a role over a whole country, of whatever kind?
CREATE FUNCTION app_whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('app.everywhere', true), '') = '1'
        OR coalesce(current_setting('app.whole', true), '') = '1'
$$;

-- The units above those where the person holds roles.
CREATE FUNCTION app_above() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_to_array(nullif(current_setting('app.above', true), ''), ' ')::integer[], '{}')
$$;

CREATE FUNCTION account_grants_of(person bigint) RETURNS SETOF account_grant
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 4 SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT * FROM account_grant g WHERE g.user_id = person AND g.ended_at IS NULL;
END $$;

-- Who may do something over each of some units, by roles, of which some count below; how far above he stands.
CREATE FUNCTION account_holders(
    units integer[], roles text[], down text[], day date, reads boolean, programmes text[]
) RETURNS TABLE (asked integer, person bigint, depth integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH target(asked, unit_id) AS (
        SELECT u, u FROM unnest(units) u
        UNION
        SELECT m.from_unit, m.to_unit FROM unit_mapping m
        WHERE m.from_unit = ANY (units) AND m.on_map @> day
            AND NOT EXISTS (SELECT FROM unit_position l WHERE l.unit_id = m.from_unit AND l.valid @> day)
            AND (reads OR NOT EXISTS (
                SELECT FROM unit_mapping o WHERE o.from_unit = m.from_unit AND o.on_map @> day
                    AND o.to_unit <> m.to_unit))
    )
    SELECT t.asked, g.user_id, max(coalesce(length(h.path), 0))
    FROM target t
    LEFT JOIN unit_position p ON p.unit_id = t.unit_id AND p.valid @> day
    JOIN account_grant g ON g.unit_id = t.unit_id
        OR g.role = ANY (down) AND g.unit_id = ANY (string_to_array(rtrim(p.path, '.'), '.')::int[])
    LEFT JOIN unit_position h ON h.unit_id = g.unit_id AND h.valid @> day
    JOIN account_user u ON u.id = g.user_id AND u.is_active
    WHERE g.role = ANY (roles) AND g.ended_at IS NULL AND g.starts_on <= day
        AND (g.ends_before IS NULL OR g.ends_before > day)
        AND (programmes IS NULL OR g.programme = ANY (programmes))
    GROUP BY t.asked, g.user_id;
END $$;
"""
)
NO_FUNCTIONS = """
DROP FUNCTION account_holders(integer[], text[], text[], date, boolean, text[]);
DROP FUNCTION account_grants_of(bigint);
DROP FUNCTION app_above();
DROP FUNCTION app_whole();
DROP FUNCTION app_reach();
"""

_THERE = "(SELECT app_whole()) OR unit_id = ANY (ARRAY(SELECT app_reach()))"
_OWN = "user_id = (SELECT app_person())"
POLICIES = f"""
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_reach ON audit_entry FOR SELECT TO {ROLE}
    USING ({_THERE} OR actor_id = (SELECT app_person()::text));
CREATE POLICY added ON audit_entry FOR INSERT TO {ROLE} WITH CHECK (true);

ALTER TABLE account_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_reach ON account_grant FOR SELECT TO {ROLE}
    USING ({_THERE} OR {_OWN} OR unit_id = ANY ((SELECT app_above())::integer[]));
CREATE POLICY given ON account_grant FOR INSERT TO {ROLE} WITH CHECK ({_THERE});
CREATE POLICY ended ON account_grant FOR UPDATE TO {ROLE}
    USING ({_THERE} OR {_OWN}) WITH CHECK ({_THERE} OR {_OWN});
"""
NO_POLICIES = """
DROP POLICY ended ON account_grant;
DROP POLICY given ON account_grant;
DROP POLICY in_reach ON account_grant;
ALTER TABLE account_grant DISABLE ROW LEVEL SECURITY;
DROP POLICY added ON audit_entry;
DROP POLICY in_reach ON audit_entry;
ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_closed_accounts"), ("audit", "0002_past")]

    operations = [
        migrations.RunSQL(MAKE_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(POLICIES, NO_POLICIES),
    ]
