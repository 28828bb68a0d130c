"""Several writers at once: one chain, no gap, and nobody waits for an action that is not finished."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connections, transaction

from kieumau.audit.actions import record
from kieumau.audit.models import Link
from kieumau.audit.proving import prove
from kieumau.audit.tests.meanwhile import PATIENCE
from kieumau.audit.tests.words import LEFT

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
WRITERS, EACH = 4, 15


def act() -> None:
    with transaction.atomic():
        record(actor="an", verb=LEFT, now=NOW)


def write(_: int) -> None:
    try:
        for _turn in range(EACH):
            act()
    finally:
        connections.close_all()


def test_one_chain_without_a_gap() -> None:
    before = Link.objects.count()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert Link.objects.count() == before + WRITERS * EACH
    assert prove().faults == ()


def test_an_action_that_goes_on_keeps_nobody_from_committing() -> None:
    with transaction.atomic():
        record(actor="slow", verb=LEFT, now=NOW)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write, 0).result(PATIENCE)
    last = Link.objects.latest("number")
    assert prove().faults == ()
    assert prove().last == str(last)
