"""The command line `kieumau`."""

import os
import sys

import django
import psycopg
from django.db import Error as DatabaseError

from kieumau.cli.say import fail
from kieumau.kernel.messages import Problem, Refused, Text


def main() -> None:
    """Entry point of the script: sets Django up, then runs the command. Exit code ≠ 0 on failure.

    `doctor` runs without Django, because it must also work where the database does not. `demo` opens
    its pages to readers without an account, which the settings must know from the beginning.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
    if sys.argv[1:2] == ["doctor"]:
        from kieumau.cli.doctor import app as doctor  # noqa: PLC0415 (no Django before it is asked for)

        sys.argv.pop(1)
        doctor(prog_name="kieumau doctor")
        return
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("KIEUMAU_OPEN_READING", "1")
    try:
        django.setup()
        from kieumau.cli.app import app  # noqa: PLC0415 (models exist only after setup)

        app()
    except Refused as refused:
        fail(refused.problems)
    except (DatabaseError, psycopg.Error) as error:
        fail([_no_database(error)])


def _no_database(error: Exception) -> Problem:
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    return Problem(
        "database",
        Text(vi=f"Cơ sở dữ liệu không trả lời: {said}.", en=f"The database does not answer: {said}."),
        Text(
            vi="Chạy `kieumau doctor` để xem thiếu gì; nếu chưa có bảng, chạy `kieumau migrate`.",
            en="Run `kieumau doctor` to see what is missing; if there are no tables, run `kieumau migrate`.",
        ),
    )
