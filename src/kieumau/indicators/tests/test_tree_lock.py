"""Writers of figures and writers of the tree wait for each other, and never in a circle."""

import random
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from django.db import transaction

from kieumau.audit.tests.meanwhile import PATIENCE, elsewhere, until_waiting
from kieumau.calendars.actions import load_calendars
from kieumau.indicators.actions import check_totals, open_source, record_figures, remove_figures
from kieumau.indicators.actions.record import Recorded
from kieumau.indicators.actions.references import NotRecorded
from kieumau.indicators.models import Figure, Total
from kieumau.indicators.tests.cast import UNITS, Country, load_country, unit_rows
from kieumau.units.actions import load_rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def country(tmp_path: Path) -> Country:
    """The small country, committed."""
    load_calendars()
    return load_country(tmp_path)


def close_commune(name: str = "C12", last: str = "2025-05-01") -> None:
    """A correction of the tree: the commune ended earlier than was thought."""
    (code, label, kind, up, first, _), *_ = [unit for unit in UNITS if unit[0] == name]
    load_rows(unit_rows([(code, label, kind, up, first, last)]), actor=None, register="m", may_remove=True)


def test_a_figure_is_checked_against_the_tree_as_it_becomes(country: Country) -> None:
    with transaction.atomic():
        close_commune()
        writing = elsewhere(lambda: country.record(("2025-05", "C12", "people", 8)))
        until_waiting(writing)
    with pytest.raises(NotRecorded, match="C12"):
        writing.result(PATIENCE)
    assert not Figure.objects.exists()


def test_the_tree_waits_for_figures_under_way(country: Country) -> None:
    with transaction.atomic():
        assert country.record(("2025-05", "C12", "people", 8)) == Recorded(1, 0, 0)
        changing = elsewhere(close_commune)
        until_waiting(changing)
    changing.result(PATIENCE)
    assert Figure.objects.count() == 1
    carried_on = [(country.units["P1"], Decimal(8))]
    assert [(row.unit, row.value) for row in Total.objects.all()] == carried_on
    assert check_totals() == []


def test_many_of_both_never_block_each_other(country: Country) -> None:
    def write(number: int) -> None:
        chance = random.Random(number)
        for _ in range(12):
            rows = [country.row("2025-04", unit, "people", chance.randrange(9)) for unit in ("C11", "C21")]
            source = open_source(name=str(number))
            record_figures(rows, source=source)
            remove_figures([rows[chance.randrange(2)][:3]], source=source)

    def change() -> None:
        for day in ("2025-05-01", "2025-06-01", "2025-05-15", "2025-06-15"):
            close_commune(last=day)

    works = [elsewhere(partial(write, number)) for number in range(4)]
    works += [elsewhere(change) for _ in range(2)]
    for work in works:
        work.result(PATIENCE)
    assert check_totals() == []
