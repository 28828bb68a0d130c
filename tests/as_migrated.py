"""What tests that commit leave behind is taken out again: the database is as the migrations left it.

Django's `flush` empties every table, written or not, and has the signals make all kinds, periods and
permissions anew, which takes a hundred times as long. Here only what differs is put back, and that row by
row as it was, with its keys. No guard of the database may object, so no trigger fires: superusers only.
"""

from dataclasses import dataclass

from django.db import connection, transaction

# Migrations are not undone by what a test did; the other only says that something was written.
LEFT_ALONE = {"django_migrations", "fact_write"}
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
_COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
# Rows were taken away, of which no trigger knows: nothing that rested on them is fresh any more.
_SOMETHING_WAS_WRITTEN = """
    DELETE FROM fact_write;
    INSERT INTO fact_write VALUES (pg_current_xact_id()::text::bigint);
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a table: their columns, their checksum, and they themselves as COPY writes them."""

    columns: str
    checksum: str
    content: bytes


class AsMigrated:
    """Every table of the product as it is now, before any test."""

    def __init__(self) -> None:
        self._rows: dict[str, Rows] = {}
        with connection.cursor() as cursor:
            cursor.execute(_TABLES)
            self._tables = sorted({name for (name,) in cursor.fetchall()} - LEFT_ALONE)
        for table, checksum in self._state(self._tables).items():
            self._rows[table] = _read(table, checksum)

    def _state(self, exact: list[str]) -> dict[str, str]:
        """The checksum of each table with rows; for those that are not asked for exactly just any word."""
        all_rows = "md5(string_agg(r::text, '|' ORDER BY r::text))"
        parts = [
            f"(SELECT '{table}', {all_rows} FROM {table} r HAVING count(*) > 0)"
            if table in exact
            else f"(SELECT '{table}', '' FROM {table} LIMIT 1)"
            for table in self._tables
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts))
            return dict(cursor.fetchall())

    def restore(self) -> None:
        """Put back what differs; sequences go on, so that no key is given twice."""
        found = self._state(list(self._rows))
        then = {table: rows.checksum for table, rows in self._rows.items()}
        changed = [table for table in self._tables if found.get(table) != then.get(table)]
        if not changed:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                cursor.execute(f"DELETE FROM {table}")
                if table in self._rows:
                    _write(table, self._rows[table])
            cursor.execute(_SOMETHING_WAS_WRITTEN)
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {', '.join(changed)}")


def may_restore() -> bool:
    """May whoever is connected do without triggers?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        return bool(cursor.fetchone()[0])


def _read(table: str, checksum: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [table])
        [columns] = cursor.fetchone()
        with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
            return Rows(columns, checksum, b"".join(bytes(part) for part in copy))


def _write(table: str, rows: Rows) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({rows.columns}) FROM STDIN") as copy:
        copy.write(rows.content)
