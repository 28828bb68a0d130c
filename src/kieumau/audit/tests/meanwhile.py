"""Two at once: work on a connection of its own, and the moment at which it waits for a lock."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any, TypeVar

from django.db import connection, connections

T = TypeVar("T")

PATIENCE = 60  # seconds; never spent unless the test fails

# Not pg_stat_activity: inside a transaction it stays as it was first seen, without whoever connected later.
# Whoever waits for another transaction's end waits for no database's lock, but holds some of this one.
WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (
    SELECT pid FROM pg_locks
    WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""


def elsewhere(work: Callable[[], T]) -> Future[T]:
    """Start work on a connection of its own, which ends with it."""

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    pool = ThreadPoolExecutor(1)
    begun = pool.submit(run)
    pool.shutdown(wait=False)
    return begun


def until_waiting(*works: Future[Any]) -> None:
    """Until all of these wait for a lock; fails at once if one ends without having waited."""
    end = monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while monotonic() < end:
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= len(works):
                return
            if any(work.done() for work in works):
                break
            sleep(0.01)
    raise AssertionError(f"not all of them wait: {works}")
