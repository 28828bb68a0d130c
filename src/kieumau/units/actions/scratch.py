"""Temporary tables in which the tree is worked out: made once in a session, emptied at every commit.

To make and drop a dozen of them for every act took longer than to fill them.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper


def fill(
    cursor: CursorWrapper,
    table: str,
    query: str,
    values: Sequence[Any] | None = None,
    *,
    indexes: Sequence[str] = (),
) -> None:
    """Let a temporary table hold the rows of a query, and only those; the planner is told.

    `indexes` are lists of columns, made with the table. Inside a transaction.
    """
    cursor.execute("select to_regclass(%s) is null", [f"pg_temp.{table}"])
    if cursor.fetchone()[0]:
        cursor.execute(f"create temporary table {table} on commit delete rows as {query}", values)
        for columns in indexes:
            cursor.execute(f"create index on pg_temp.{table} ({columns})")
    else:
        cursor.execute(f"delete from pg_temp.{table}")
        cursor.execute(f"insert into pg_temp.{table} {query}", values)
    cursor.execute(f"analyze pg_temp.{table}")
