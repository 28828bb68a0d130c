"""The command line `kieumau`."""

import os
import sys

import django

from kieumau.cli.say import fail
from kieumau.kernel.messages import Refused


def main() -> None:
    """Entry point of the script: sets Django up, then runs the command. Exit code ≠ 0 on failure.

    `doctor` runs without Django, because it must also work where the database does not.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
    if sys.argv[1:2] == ["doctor"]:
        from kieumau.cli.doctor import app as doctor  # noqa: PLC0415 (no Django before it is asked for)

        sys.argv.pop(1)
        doctor()
        return
    try:
        django.setup()
        from kieumau.cli.app import app  # noqa: PLC0415 (models exist only after setup)
    except Refused as refused:
        fail(refused.problems)
    app()
