"""What may be done where: rows are written only by somebody who may do to their unit what writing them does.

Reading a row was enough to write it, as far as the database goes: an auditor's connection could. Roles are
given, ended and invited to by those who may; see `row_security.written`.
"""

from django.db import migrations

from kieumau.accounts.row_security import may, written

# The units, as for the doors: those that ended count where all of them went to one that is reached.
FUNCTIONS = """
CREATE FUNCTION app_may(VARIADIC asked text[]) RETURNS SETOF integer
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200 AS $$
DECLARE
    today date := nullif(current_setting('app.today', true), '');
    held jsonb := nullif(nullif(current_setting('app.may', true), ''), '*');
    one jsonb;
    below text;
    here integer;
BEGIN
    FOR one IN SELECT g FROM jsonb_array_elements(held) g WHERE g -> 4 ?| asked AND NOT (g -> 3)::boolean LOOP
        below := one ->> 0;
        here := (one -> 1)::integer;
        IF (one -> 2)::boolean THEN
            RETURN QUERY SELECT p.unit_id FROM public.unit_position p
                WHERE p.path >= below AND p.path < below || '~' AND p.valid @> today;
            RETURN QUERY SELECT m.from_unit
                FROM public.unit_position p JOIN public.unit_mapping m ON m.to_unit = p.unit_id
                WHERE p.path >= below AND p.path < below || '~' AND p.valid @> today AND {whole};
        ELSE
            RETURN NEXT here;
            RETURN QUERY SELECT m.from_unit FROM public.unit_mapping m WHERE m.to_unit = here AND {whole};
        END IF;
    END LOOP;
END $$;

-- Over a whole country, or as the installation itself.
CREATE FUNCTION app_may_all(VARIADIC asked text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    said text := coalesce(current_setting('app.may', true), '');
BEGIN
    RETURN said = '*' OR said <> '' AND EXISTS (
        SELECT FROM jsonb_array_elements(said::jsonb) g WHERE (g -> 3)::boolean AND g -> 4 ?| asked);
END $$;

-- Over some unit, whichever.
CREATE FUNCTION app_may_somewhere(VARIADIC asked text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    said text := coalesce(current_setting('app.may', true), '');
BEGIN
    RETURN said = '*' OR said <> '' AND EXISTS (
        SELECT FROM jsonb_array_elements(said::jsonb) g WHERE g -> 4 ?| asked);
END $$;
""".replace(
    "{whole}",
    """m.on_map @> today
                    AND NOT EXISTS (
                        SELECT FROM public.unit_position l WHERE l.unit_id = m.from_unit AND l.valid @> today)
                    AND NOT EXISTS (
                        SELECT FROM public.unit_mapping o WHERE o.from_unit = m.from_unit
                            AND o.on_map @> today AND o.to_unit <> m.to_unit)""",
)
NO_FUNCTIONS = """
DROP FUNCTION app_may_somewhere(text[]);
DROP FUNCTION app_may_all(text[]);
DROP FUNCTION app_may(text[]);
"""
GIVEN = may("unit_id", "accounts.grant")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_no_superusers_from_pages")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        written(
            "account_grant", added=GIVEN, changed=f"{GIVEN} OR user_id = (SELECT app_person())", besides=True
        ),
    ]
