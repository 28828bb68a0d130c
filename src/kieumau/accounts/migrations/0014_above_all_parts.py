"""What ended in several parts is written by a role that reaches all of them, as the doors say.

It was written by nobody but whoever works everywhere. Besides, a role over a unit that is no more lets nobody do
anything, as the doors say: whom to tell was asked of such roles as well.
"""

from importlib import import_module

from django.db import migrations

_once = import_module("kieumau.accounts.migrations.0013_worked_out_once")
_people: str = import_module("kieumau.accounts.migrations.0008_people_and_log_in_scope").FUNCTIONS

# Each other part is looked up by itself: a second NOT EXISTS would be planned by all under the path.
BELOW = """NOT EXISTS (
                SELECT FROM public.unit_mapping o WHERE o.from_unit = m.from_unit AND o.on_map @> today
                    AND o.to_unit <> m.to_unit AND (
                        SELECT q.path >= below AND q.path < below || '~' FROM public.unit_position q
                        WHERE q.unit_id = o.to_unit AND q.valid @> today) IS NOT TRUE)"""
HOLDERS = """
CREATE OR REPLACE FUNCTION account_holders(
    units integer[], roles text[], down text[], day date, reads boolean, programmes text[]
) RETURNS TABLE (asked integer, person bigint, depth integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH part(asked, unit_id, path) AS MATERIALIZED (
        SELECT p.unit_id, p.unit_id, p.path FROM unit_position p WHERE p.unit_id = ANY (units) AND p.valid @> day
        UNION
        SELECT m.from_unit, m.to_unit, p.path
        FROM unit_mapping m LEFT JOIN unit_position p ON p.unit_id = m.to_unit AND p.valid @> day
        WHERE m.from_unit = ANY (units) AND m.on_map @> day
            AND NOT EXISTS (SELECT FROM unit_position l WHERE l.unit_id = m.from_unit AND l.valid @> day)
    ), parts(asked, count) AS MATERIALIZED (
        SELECT t.asked, count(*) FROM part t GROUP BY t.asked
    ), reaching AS (
        SELECT t.asked, g.id, g.user_id, g.unit_id, count(*) AS count
        FROM part t JOIN account_grant g ON t.path IS NOT NULL AND (g.unit_id = t.unit_id
            OR g.role = ANY (down) AND g.unit_id = ANY (string_to_array(rtrim(t.path, '.'), '.')::int[]))
        WHERE g.role = ANY (roles) AND g.ended_at IS NULL AND g.starts_on <= day
            AND (g.ends_before IS NULL OR g.ends_before > day)
            AND (programmes IS NULL OR g.programme = ANY (programmes))
        GROUP BY t.asked, g.id
    )
    SELECT r.asked, r.user_id, max(length(h.path))
    FROM reaching r JOIN parts ON parts.asked = r.asked
    JOIN unit_position h ON h.unit_id = r.unit_id AND h.valid @> day
    JOIN account_user u ON u.id = r.user_id AND u.is_active
    WHERE reads OR r.count = parts.count
    GROUP BY r.asked, r.user_id;
END $$;
"""
_start = _people.index("CREATE FUNCTION account_holders")
HOLDERS_BEFORE = _people[_start:].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_worked_out_once")]

    operations = [
        migrations.RunSQL(
            _once.within(_once.ALONE, BELOW) + HOLDERS,
            _once.within(_once.ALONE, _once.ALONE) + HOLDERS_BEFORE,
        ),
    ]
