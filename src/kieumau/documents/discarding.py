"""What no file names any more leaves the store; contents are named and let go under one lock each."""

from collections.abc import Iterable

from django.db import connection, transaction

from kieumau.accounts.acting import everywhere
from kieumau.documents.models import File
from kieumau.documents.stores import Store


def hold_content(sha256: str) -> None:
    """Until the transaction ends, nobody else stores or discards the file of that name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"document/{sha256}"])


def discard_unused(contents: Iterable[str], *, store: Store) -> None:
    """Take those contents out of the store that no file names any more. Raises `StoreFails`, `OSError`.

    No file of any unit: whoever discards sees his own rows only, and units share what is alike byte by byte.
    """
    for sha256 in sorted(set(contents)):
        with everywhere(), transaction.atomic():
            hold_content(sha256)
            if not File.objects.filter(sha256=sha256).exists():
                store.discard(sha256)
