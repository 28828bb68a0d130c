"""Rows of work under the doors: whoever forgets a filter still gets nothing of another province.

`kieumau serve` works as the role `kieumau_serving`, which owns nothing. A protected table gives it only the
rows of units in the scope that `acting` has set on the connection, and none where nothing is set. The owner
of the tables, as whom commands, migrations and jobs work, is not bound.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.migrations import RunSQL

ROLE = "kieumau_serving"
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
READ_AND_ADDED = "SELECT, INSERT"

# What the serving role may do to tables that are not like the others; see `limit`.
_limits: dict[str, str] = {
    "django_migrations": "SELECT",
    "audit_entry": READ_AND_ADDED,
    "audit_link": "SELECT",
    "audit_anchor": "SELECT",
    "past_row": READ_AND_ADDED,
    "account_grant": "SELECT, INSERT, UPDATE (ended_at, ended_by_id, end_reason)",
    # A secret is looked up through `account_token_of` alone; the page of tokens shows everything but that.
    "account_token": (
        "SELECT (id, name, made_at, made_by, expires_at, revoked_at), INSERT, UPDATE (revoked_at)"
    ),
}


def limit(table: str, privileges: str) -> None:
    """The serving role may do no more than this to a table; called in `AppConfig.ready()`."""
    _limits[table] = privileges


def protect(
    table: str,
    *units: str,
    through: tuple[str, str] | None = None,
    lists: tuple[str, ...] = (),
    person: str = "",
    is_open: bool = False,
    anybody_adds: bool = False,
) -> RunSQL:
    """A step of a migration: rows of the table are seen and written only in scope.

    `units`: columns with units, one of which must be in scope (`unit_id` where nothing is said); `lists`:
    columns with arrays of units, likewise.
    `through=("document_id", "document")`: what the row belongs to must be visible in that other protected
    table. `person`: a column with the person whose row it is, wherever. `is_open`: read by everybody where
    the installation's reading is open. `anybody_adds`: rows may be added for units elsewhere (notices). The
    migration depends on `accounts.0004_row_security`.
    """
    reached = [*_of_units(units if units or lists or through or person else ("unit_id",))]
    reached += [f"{column} && ARRAY(SELECT app_units())" for column in lists]
    if through:
        column, other = through
        reached.append(f"EXISTS (SELECT FROM public.{other} o WHERE o.id = {table}.{column})")
    if person:
        reached.append(f"{person} = (SELECT app_person())")
    seen = " OR ".join(["(SELECT app_everywhere())", *reached])
    steps = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY in_scope ON {table} TO {ROLE} USING ({seen}) WITH CHECK ({seen})",
    ]
    if is_open:
        steps.append(
            f"CREATE POLICY open_reading ON {table} FOR SELECT TO {ROLE} USING ((SELECT app_open()))"
        )
    if anybody_adds:
        steps.append(f"CREATE POLICY added ON {table} FOR INSERT TO {ROLE} WITH CHECK (true)")
    names = ["in_scope", *(["open_reading"] if is_open else []), *(["added"] if anybody_adds else [])]
    back = [f"DROP POLICY {name} ON {table}" for name in names]
    return RunSQL(";\n".join(steps), ";\n".join([*back, f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"]))


def narrow(table: str, unit: str = "unit_id") -> RunSQL:
    """A step of a migration: rows of a protected table are written only where they could be as a whole.

    What belongs to a unit that ended in several parts is read wherever a part went, and written where a role
    reaches all of them, as the doors say. Needs `accounts.0009_what_ended_in_parts`.
    """
    seen = f"(SELECT app_everywhere()) OR {unit} = ANY (ARRAY(SELECT app_units()))"
    written = f"(SELECT app_everywhere()) OR {unit} = ANY (ARRAY(SELECT app_written()))"
    steps = [
        f"DROP POLICY in_scope ON {table}",
        f"CREATE POLICY in_scope ON {table} FOR SELECT TO {ROLE} USING ({seen})",
        f"CREATE POLICY added_whole ON {table} FOR INSERT TO {ROLE} WITH CHECK ({written})",
        f"CREATE POLICY changed_whole ON {table} FOR UPDATE TO {ROLE} USING ({written})",
        f"CREATE POLICY removed_whole ON {table} FOR DELETE TO {ROLE} USING ({written})",
    ]
    back = [f"DROP POLICY {name}_whole ON {table}" for name in ("added", "changed", "removed")]
    back += [
        f"DROP POLICY in_scope ON {table}",
        f"CREATE POLICY in_scope ON {table} TO {ROLE} USING ({seen}) WITH CHECK ({seen})",
    ]
    return RunSQL(";\n".join(steps), ";\n".join(back))


NEVER = "false"


def may(unit: str, *permissions: str) -> str:
    """A condition for `written`: somebody may do one of those to the unit in that column.

    The units were worked out when the connection began to work for somebody; they are read once a statement.
    Programmes are asked at the doors alone. Needs `accounts.0012_where_one_may`.
    """
    asked = _literals(permissions)
    return f"((SELECT app_may_all({asked})) OR {unit} = ANY (ARRAY(SELECT app_may({asked}))))"


def may_somewhere(*permissions: str) -> str:
    """A condition for `written`: somebody may do one of those to some unit, whichever."""
    return f"(SELECT app_may_somewhere({_literals(permissions)}))"


def in_scope(unit: str) -> str:
    """A condition for `written`: the unit in that column is one whose work is seen."""
    return f"((SELECT app_everywhere()) OR {unit} = ANY (ARRAY(SELECT app_units())))"


def belonging(table: str, column: str, other: str, condition: str) -> str:
    """A condition for `written`: what the row belongs to, `o` of another table, is such."""
    return f"EXISTS (SELECT FROM public.{other} o WHERE o.id = {table}.{column} AND ({condition}))"


def written(
    table: str,
    *,
    added: str = NEVER,
    changed: str = NEVER,
    becomes: str = "",
    removed: str = NEVER,
    besides: bool = False,
) -> RunSQL:
    """A step of a migration: rows of a table are written only so; they are seen as before.

    `changed` is asked of the row as it stands (also by `SELECT … FOR UPDATE`), `becomes` of what it is to be;
    what is not named is done by the owner alone. Takes the place of what `protect` said of writing, or is
    asked `besides` what other policies say of it.
    """
    kind = "RESTRICTIVE" if besides else "PERMISSIVE"
    steps = [
        f"CREATE POLICY added_by ON {table} AS {kind} FOR INSERT TO {ROLE} WITH CHECK ({added})",
        f"CREATE POLICY changed_by ON {table} AS {kind} FOR UPDATE TO {ROLE} USING ({changed})"
        f" WITH CHECK ({becomes or changed})",
        f"CREATE POLICY removed_by ON {table} AS {kind} FOR DELETE TO {ROLE} USING ({removed})",
    ]
    back = [f"DROP POLICY {name}_by ON {table}" for name in ("added", "changed", "removed")]
    if not besides:
        steps.append(_in_scope_for(table, "SELECT"))
        back.append(_in_scope_for(table, "ALL"))
    return RunSQL(";\n".join(steps), ";\n".join(back))


def _in_scope_for(table: str, command: str) -> str:
    """What `protect` says of a table, said of other commands."""
    return f"""
        DO $do$ DECLARE seen text := (
            SELECT qual FROM pg_policies
            WHERE schemaname = 'public' AND tablename = '{table}' AND policyname = 'in_scope');
        BEGIN
            DROP POLICY in_scope ON {table};
            EXECUTE format('CREATE POLICY in_scope ON {table} FOR {command} TO {ROLE} USING (%s)', seen);
        END $do$"""


def _literals(permissions: Sequence[str]) -> str:
    return ", ".join(f"'{one}'" for one in permissions)


def _of_units(columns: Sequence[str]) -> list[str]:
    """An array is read once a statement, and an index on the column can be searched by it."""
    return [f"{column} = ANY (ARRAY(SELECT app_units()))" for column in columns]


def as_owner(*functions: str) -> RunSQL:
    """A step of a migration: guards of the database that must see every row, whoever set them off."""
    forward = [
        f"ALTER FUNCTION {one}() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
        for one in functions
    ]
    back = [f"ALTER FUNCTION {one}() SECURITY INVOKER RESET search_path" for one in functions]
    return RunSQL(";\n".join(forward), ";\n".join(back))


def open_to_serving(**said: object) -> None:
    """Bring the serving role and what it may do in line; connected to the end of every `migrate`.

    Idempotent. A database of one's own may refuse to make roles: then its administrator makes it once
    (docs/operations/database-roles.md), and this goes on.
    """
    if "plan" not in said:  # emptied, not migrated
        return
    with connection.cursor() as cursor:
        cursor.execute(MAKE_ROLE)
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'")
        for (schema,) in cursor.fetchall():
            cursor.execute(_open_schema(schema))
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {name for (name,) in cursor.fetchall()}
        for table in sorted(there & set(_limits)):
            cursor.execute(f"REVOKE ALL ON public.{table} FROM {ROLE}")
            if _limits[table]:
                cursor.execute(f"GRANT {_limits[table]} ON public.{table} TO {ROLE}")


def _open_schema(schema: str) -> str:
    rights = EVERYTHING if schema == "public" else "SELECT"
    name = '"' + schema.replace('"', '""') + '"'
    return f"""
        GRANT USAGE ON SCHEMA {name} TO {ROLE};
        GRANT {rights} ON ALL TABLES IN SCHEMA {name} TO {ROLE};
        GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {name} TO {ROLE};
        ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT {rights} ON TABLES TO {ROLE};
        ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {ROLE};
    """


# Roles belong to the whole server: two databases may be migrated at the same moment.
MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        BEGIN
            CREATE ROLE {ROLE} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {ROLE} TO %I', current_user);
    END IF;
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {ROLE}', current_database());
END $$;
"""
