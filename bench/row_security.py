"""What row security costs: a shelf and a list, as owner with a filter and as the serving role.

`KIEUMAU_BENCH_URL=… python -m bench.row_security`: rolled back, nothing stays. For each kind of person the
median of forty runs, in milliseconds.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

import django

if url := os.environ.get("KIEUMAU_BENCH_URL"):
    os.environ["DATABASE_URL"] = url
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from kieumau.accounts.acting import acting  # noqa: E402
from kieumau.accounts.granting import Wanted, give_role  # noqa: E402
from kieumau.accounts.held import today  # noqa: E402
from kieumau.accounts.models import User  # noqa: E402
from kieumau.units.queries import terms  # noqa: E402

RUNS = 40
FILL = """
INSERT INTO document (unit_id, kind, reference, issuer, issued_on, summary, version, added_at, added_by,
    changed_at, changed_by, sealed_by)
SELECT unit_id, 'ke-hoach', '', '', date '2026-01-01' + n, 'x', 1, now(), 'x', now(), 'x', ''
FROM unit_position, generate_series(1, 30) n WHERE level = 3 AND valid @> current_date
"""
SHELF = "SELECT * FROM document WHERE unit_id = %s ORDER BY issued_on DESC, id DESC LIMIT 50"
LATEST = "SELECT count(*) FROM document"


def main() -> None:
    """Print the table."""
    table = Table("person", "query", "owner", "serving", title="row security, ms")
    with transaction.atomic():
        _run("SET CONSTRAINTS ALL IMMEDIATE")
        _run(FILL)
        _run("ANALYZE document")
        root = terms(today()).filter(parent=None).order_by("unit_id")[0]
        province = terms(today(), root.path, 1)[0]
        commune = terms(today(), province.path, 3)[0]
        for unit, role in ((commune, "officer"), (province, "verifier"), (root, "auditor")):
            user = User.objects.create_user(f"bench-{role}")
            give_role(user=user, wanted=Wanted(role, unit.unit_id), actor="bench", now=timezone.now())
            for name, sql, said in (("shelf", SHELF, [commune.unit_id]), ("count all", LATEST, [])):
                bare = _time(sql, said)
                with acting(user), _serving():
                    held = _time(sql, said)
                table.add_row(f"{role}, {unit.name}", name, f"{bare:.2f}", f"{held:.2f}")
            table.add_row(f"{role}, {unit.name}", "begin and end of a request", "", f"{_turns(user):.2f}")
        transaction.set_rollback(True)
    Console().print(table)


@contextmanager
def _serving() -> Iterator[None]:
    _run("SET LOCAL ROLE kieumau_serving")
    yield
    _run("RESET ROLE")


def _run(sql: str, said: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, said)


def _time(sql: str, said: Any) -> float:
    taken = []
    for _ in range(RUNS):
        start = perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(sql, said)
            cursor.fetchall()
        taken.append(perf_counter() - start)
    return 1000 * median(taken)


def _turns(user: User) -> float:
    taken = []
    for _ in range(RUNS):
        start = perf_counter()
        with acting(user):
            pass
        taken.append(perf_counter() - start)
    return 1000 * median(taken)


if __name__ == "__main__":
    main()
