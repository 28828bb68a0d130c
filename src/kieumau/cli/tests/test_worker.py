"""A round is prepared by real workers that are killed on the way: whole, and once."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from kieumau.accounts.models import User
from kieumau.assessments.models import Assessment
from kieumau.assessments.tests.cast import SET
from kieumau.audit.models import Entry
from kieumau.calendars.models import Period
from kieumau.cli.serve import COMMAND
from kieumau.cli.worker import _others
from kieumau.criteria.actions import load_set
from kieumau.criteria.queries import definition
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
COMMUNES, CRITERIA = 3321, 34
WHOLE_COUNTRY = "KIEUMAU_WHOLE_COUNTRY"
# In this database alone no more dossiers are added than are let through, and no round is opened before it may
# be: whoever is to be killed half-way waits there for it.
GATE = """
    CREATE TABLE let_through (dossiers integer NOT NULL, may_open boolean NOT NULL);
    INSERT INTO let_through VALUES (0, false);
    CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        WHILE NOT CASE TG_TABLE_NAME
            WHEN 'dossier' THEN (SELECT count(*) FROM dossier) <= (SELECT dossiers FROM let_through)
            ELSE (SELECT may_open FROM let_through)
        END LOOP
            PERFORM pg_sleep(0.02);
        END LOOP;
        RETURN NULL;
    END $$;
    CREATE TRIGGER wait_at_gate AFTER INSERT ON dossier FOR EACH STATEMENT EXECUTE FUNCTION wait_at_gate();
    CREATE TRIGGER wait_at_gate AFTER UPDATE ON round
        FOR EACH ROW WHEN (old.state IS DISTINCT FROM new.state) EXECUTE FUNCTION wait_at_gate();
"""
LET_THROUGH = "UPDATE let_through SET dossiers = %s, may_open = %s"
NO_GATE = "DROP FUNCTION wait_at_gate CASCADE; DROP TABLE let_through"


@pytest.fixture
def gate(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(GATE)
        yield
        cursor.execute(NO_GATE)


def let_through(dossiers: int, *, may_open: bool = False) -> None:
    """So many dossiers and no more; those who wait go on at once."""
    with connection.cursor() as cursor:
        cursor.execute(LET_THROUGH, [dossiers, may_open])


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


def asked_for(provinces: int = PROVINCES, communes: int = PROVINCES * EACH, path: Path = SET) -> Round:
    """A round over a country of so many provinces and communes, left to a worker."""
    rows = [("N", "Nước Mẫu", "quoc-gia", "")]
    rows += [(f"P{one}", f"Tỉnh {one}", "tinh", "N") for one in range(provinces)]
    for number in range(communes):
        province, one = number % provinces, number // provinces
        rows.append((f"P{province}.{one:03}", f"Xã {province}.{one}", "phuong", f"P{province}"))
    keys = ("code", "name", "kind", "parent")
    load_rows(
        [dict(zip(keys, row, strict=True)) | {"valid_from": "2020-01-01"} for row in rows],
        actor=None,
        register="m",
    )
    load_catalogue("vn-commune")
    wish = Wish(
        name="Đợt thử",
        criteria_set=load_set(path, actor="tests", now=NOW),
        period=Period.objects.get(calendar__code="tt124-commune", kind="year", year=2026),
        area_id=root(NOW.date()).unit_id,
        stages=(Stage.SELF, Stage.VERIFICATION),
    )
    return open_soon(wish, actor=User.objects.create_user("quang"), now=NOW)


@pytest.mark.long
def test_a_worker_killed_three_times_makes_every_dossier_once(gate: None) -> None:
    whole_in_spite_of_three_kills(asked_for(), PROVINCES * EACH, EACH)


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get(WHOLE_COUNTRY), reason=f"minutes: `make kills` sets {WHOLE_COUNTRY}")
def test_a_whole_country_comes_through_three_kills(gate: None, tmp_path: Path) -> None:
    """34 provinces, 3,321 communes, a set of 34 criteria: exactly 3,321 dossiers, none half-made."""
    path = tmp_path / "ba-muoi-tu.yaml"
    path.write_text(of_34_criteria(SET.read_text(encoding="utf-8")), encoding="utf-8")
    begun = time.monotonic()
    made = asked_for(34, COMMUNES, path)
    assert len(definition(made.criteria_set).criteria) == CRITERIA
    whole_in_spite_of_three_kills(made, COMMUNES, -(-COMMUNES // 34))
    judged = Assessment.objects.filter(criteria_set=made.criteria_set, period=made.period_id)
    assert judged.count() == COMMUNES
    print(f"{COMMUNES} communes, {CRITERIA} criteria, three kills: {time.monotonic() - begun:.0f} s")


def of_34_criteria(text: str) -> str:
    """The small set with as many criteria more, half of them measured, as make 34."""
    head, tail = text.split("left_out:")
    asked = (
        "kind: judged\n    question: {vi: Đạt không?, en: Is it met?}",
        "kind: measured\n    formula: patrols >= 9",
    )
    more = (
        f'  - code: "9.{number}"\n    group: lead\n    title: {{vi: Việc {number}, en: Matter {number}}}\n'
        f"    {asked[number % 2]}\n"
        for number in range(CRITERIA - text.count('  - code: "'))
    )
    return f"{head}{''.join(more)}left_out:{tail}"


def whole_in_spite_of_three_kills(made: Round, expected: int, part: int) -> None:
    """Workers are killed after the first part, half-way, and before the round is open; the fourth ends it.

    A part, the dossiers of a province, is of so many at most.
    """
    assert made.expected_count == expected
    counted = Dossier.objects.filter(round=made)
    for enough in (1, expected // 2, expected):
        let_through(enough - 1 + part)
        worker = start()
        wait_until(counted.order_by()[enough - 1 : enough].exists, 180)
        os.killpg(worker.pid, signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
        assert Round.objects.get(pk=made.pk).state == Round.State.PREPARING
    let_through(expected, may_open=True)
    last = start()
    try:
        wait_until(lambda: Round.objects.get(pk=made.pk).state == Round.State.OPEN, 180)
    finally:
        last.terminate()
        assert last.wait(60) == 0
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
