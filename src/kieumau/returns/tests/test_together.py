"""A return is handed over with what an import is writing at that moment, not before it."""

from functools import partial
from pathlib import Path
from threading import Event

import pytest
from django.db import connection, transaction

from kieumau.audit.tests.meanwhile import PATIENCE, elsewhere, until_waiting
from kieumau.calendars.clock import set_clock
from kieumau.indicators.models import Figure
from kieumau.returns.actions import Typed, enter, submit
from kieumau.returns.models import Return
from kieumau.returns.tests.cast import at, load_world


@pytest.mark.django_db(transaction=True)
def test_submitting_waits_for_an_import(tmp_path: Path) -> None:
    world = load_world(tmp_path)
    when = at("2026-10-01 09:00")
    world.enter("C11", when, "1", "1", "1")
    report = world.report("C11")
    is_written, may_end = Event(), Event()

    def imports() -> None:
        with transaction.atomic():
            set_clock(when)
            world.country.record(("2026-09", "C11", "crime.occurred", 7))
            is_written.set()
            may_end.wait(PATIENCE)

    importing = elsewhere(imports)
    assert is_written.wait(PATIENCE), importing.exception(1)
    handing = elsewhere(partial(submit, report.pk, actor=world.an, now=when))
    until_waiting(handing)
    may_end.set()
    importing.result(PATIENCE)
    handing.result(PATIENCE)
    assert Return.objects.get(pk=report.pk).state == "submitted"
    assert (
        Figure.objects.get(
            unit=world.country.units["C11"], indicator=world.country.indicators["crime.occurred"].id
        ).value
        == 7
    )


@pytest.mark.django_db(transaction=True)
def test_entering_waits_for_an_import_and_neither_stops_the_other(tmp_path: Path) -> None:
    """Both write the figures and the return's version, in one order: place, figures, return."""
    world = load_world(tmp_path)
    when = at("2026-10-01 09:00")
    report, version = world.report("C11"), world.report("C11").version
    is_written, may_go_on = Event(), Event()

    def imports() -> None:
        with transaction.atomic():
            set_clock(when)
            world.country.record(("2026-09", "C11", "crime.occurred", 7), ("2026-09", "C12", "people", 7))
            is_written.set()
            may_go_on.wait(PATIENCE)
            world.country.record(("2026-09", "C11", "crime.solved", 6))

    importing = elsewhere(imports)
    assert is_written.wait(PATIENCE), importing.exception(1)
    typed = {"crime.solved": Typed("5"), "people": Typed("90")}
    typing = elsewhere(partial(enter, report.pk, typed, actor=world.an, now=when))
    until_waiting(typing)
    may_go_on.set()
    importing.result(PATIENCE)
    entered = typing.result(PATIENCE)
    assert (set(entered.saved), set(entered.conflicts)) == ({"people"}, {"crime.solved"})
    assert (entered.before, entered.version) == (version + 2, version + 3)
    assert Return.objects.get(pk=report.pk).version == entered.version


@pytest.mark.django_db
def test_the_clock_goes_on_within_a_transaction() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kieumau.now', '', true)")
        cursor.execute("SELECT pg_sleep(0.01), return_now() > now()")
        assert cursor.fetchone()[1]
