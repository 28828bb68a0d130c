"""One database with all migrations for the workers of a run: the first makes it, the others copy it."""

from fcntl import LOCK_EX, flock
from pathlib import Path

from django.db import connection


class MadeOnce:
    """Begun before the database of a worker is made and ended after; in between the others wait.

    `folder` is one for all workers of the run; a worker's database is called after it.
    """

    def __init__(self, folder: Path, worker: str) -> None:
        self._there = folder / "database-is-made"
        self._lock = (folder / "database-is-being-made").open("w")
        self._template = connection.settings_dict["TEST"]["NAME"].removesuffix(worker) + "template"
        flock(self._lock, LOCK_EX)
        self._is_first = not self._there.exists()
        if not self._is_first:
            connection.settings_dict["TEST"]["TEMPLATE"] = self._template

    def end(self) -> None:
        """The first leaves a copy that nobody is connected to; the next one's turn."""
        if self._is_first:
            name = connection.settings_dict["NAME"]
            connection.close()
            self.drop()
            with connection._nodb_cursor() as cursor:  # as Django itself makes databases
                cursor.execute(f'CREATE DATABASE "{self._template}" TEMPLATE "{name}"')
            self._there.touch()
        self._lock.close()

    def drop(self) -> None:
        """The first takes its copy away, also one that an interrupted run left."""
        if self._is_first:
            self._there.unlink(missing_ok=True)
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self._template}"')
