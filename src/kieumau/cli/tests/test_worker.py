"""A round is prepared by real workers that are killed on the way: whole, and once."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import SET
from kieumau.audit.models import Entry
from kieumau.calendars.models import Period
from kieumau.cli.serve import COMMAND
from kieumau.cli.worker import _others
from kieumau.criteria.actions import load_set
from kieumau.indicators.actions import load_catalogue
from kieumau.rounds.actions import Wish
from kieumau.rounds.jobs import is_given_up, open_soon
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW
from kieumau.units.actions import load_rows
from kieumau.units.models import Position
from kieumau.units.queries import root

PROVINCES, EACH = 5, 60
# In this database alone, adding the dossiers of a province and opening take a while: time to be killed in.
SLOW = """
    CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(0.6); RETURN NULL; END $$;
    CREATE TRIGGER slow_down AFTER INSERT ON dossier FOR EACH STATEMENT EXECUTE FUNCTION slow_down();
    CREATE TRIGGER slow_down AFTER UPDATE ON round FOR EACH STATEMENT EXECUTE FUNCTION slow_down();
"""
FAST = "DROP FUNCTION slow_down CASCADE"


@pytest.fixture
def slowly(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(SLOW)
        yield
        cursor.execute(FAST)


def the_database() -> str:
    """The address of the database of this test, for processes of their own."""
    parts = connection.settings_dict
    words = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT", "dbname": "NAME"}
    given = {key: parts[name] for key, name in words.items() if parts[name]}
    return psycopg.conninfo.make_conninfo(**given)


def start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*COMMAND, "worker", "--dead-after", "1.5"],
        env=os.environ | {"DATABASE_URL": the_database()},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_until(is_so: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


def asked_for() -> Round:
    """A round over a country of five provinces, left to a worker."""
    rows = [("N", "Nước Mẫu", "quoc-gia", "")]
    for province in range(1, PROVINCES + 1):
        rows.append((f"P{province}", f"Tỉnh {province}", "tinh", "N"))
        rows += [
            (f"P{province}{one:03}", f"Xã {province}.{one}", "phuong", f"P{province}") for one in range(EACH)
        ]
    keys = ("code", "name", "kind", "parent")
    load_rows(
        [dict(zip(keys, row, strict=True)) | {"valid_from": "2020-01-01"} for row in rows],
        actor=None,
        register="m",
    )
    load_catalogue("vn-commune")
    wish = Wish(
        name="Đợt thử",
        criteria_set=load_set(SET, actor="tests", now=NOW),
        period=Period.objects.get(calendar__code="tt124-commune", kind="year", year=2026),
        area_id=root(NOW.date()).unit_id,
        stages=(Stage.SELF, Stage.VERIFICATION),
    )
    return open_soon(wish, actor=User.objects.create_user("quang"), now=NOW)


@pytest.mark.slow
def test_a_worker_killed_three_times_makes_every_dossier_once(slowly: None) -> None:
    made = asked_for()
    expected = PROVINCES * EACH
    assert made.expected_count == expected
    counted = Dossier.objects.filter(round=made)
    for enough in (1, expected // 2, expected):
        worker = start()
        wait_until(lambda enough=enough: counted.count() >= enough)  # type: ignore[misc]
        os.killpg(worker.pid, signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
        assert Round.objects.get(pk=made.pk).state == Round.State.PREPARING
    last = start()
    try:
        wait_until(lambda: Round.objects.get(pk=made.pk).state == Round.State.OPEN)
    finally:
        last.terminate()
        assert last.wait(20) == 0
    communes = Position.objects.filter(level=3, valid__contains=NOW.date())
    places = communes.values_list("unit_id", "path", "province_id")
    assert set(counted.values_list("unit_id", "path", "province_id")) == set(places)
    assert counted.count() == expected
    assert Entry.objects.filter(verb="rounds.open", object_id=str(made.pk)).count() == 1
    assert not is_given_up(made.pk)


def test_mail_has_a_worker_of_its_own() -> None:
    queues = _others(app)
    assert "rounds" in queues
    assert "mail" not in queues
    assert {one.queue for one in app.tasks.values()} == {*queues, "mail"}
