"""The benchmarks' own database: the whole country, about ten million synthetic figures.

Made once (some minutes) beside the trial database and kept. `KIEUMAU_BENCH_SCOPE=cantho` makes the
small one instead; `KIEUMAU_BENCH_URL` names a database of one's own. Import this module before
anything of Django.
"""

import os

import django

from kieumau.supervisor import database_url

SCOPE = os.environ.get("KIEUMAU_BENCH_SCOPE", "national")
os.environ["DATABASE_URL"] = os.environ.get("KIEUMAU_BENCH_URL") or database_url(f"kieumau_bench_{SCOPE}")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 (needs Django set up)
from django.db import connection  # noqa: E402

from kieumau.cli.say import progress  # noqa: E402
from kieumau.config.warming import warm  # noqa: E402
from kieumau.demo import vietnam  # noqa: E402


def ready() -> int:
    """Make the world unless it is there, and warm up as a serving process does; how many figures it has."""
    call_command("migrate", verbosity=0)
    scope = vietnam.Scope(SCOPE, ["92"] if SCOPE == "cantho" else None)
    if not vietnam.is_loaded(scope):
        with progress("Thế giới thử", "Benchmark world (months)") as step:
            vietnam.load(scope, step)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
    warm()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from figure")
        return int(cursor.fetchone()[0])
