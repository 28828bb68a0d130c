"""Writing at one place: by hand and by file at once, nothing lost, nobody in a circle."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections, transaction

from kieumau.audit.tests.meanwhile import PATIENCE
from kieumau.calendars.actions import load_calendars
from kieumau.formulas.values import State
from kieumau.indicators.actions import check_totals, enter_figures, open_source, record_figures
from kieumau.indicators.actions.place import hold_place, record_at, remove_at
from kieumau.indicators.actions.record import Recorded
from kieumau.indicators.models import Figure, Source, Superseded, Total
from kieumau.indicators.tests.cast import Country, at, load_country
from kieumau.units.actions.store import share_tree

PERIOD = "2025-05"
CODES = ["crime.occurred", "crime.solved", "people", "rank"]
COMMUNES = ["C11", "C12", "C13", "C14", "C21", "C22"]


def enter(country: Country, unit: str, step: int, **values: int) -> Recorded:
    period, unit_id, _ = country.key(PERIOD, unit, "people")
    figures = {code.replace("_", "."): Decimal(value) for code, value in values.items()}
    return enter_figures(unit_id, period, figures, {}, actor="lan", now=at(step)).recorded


def test_what_is_new_revised_and_unchanged_is_counted_and_kept(country: Country) -> None:
    assert enter(country, "C11", 1, people=7, crime_occurred=3) == Recorded(2, 0, 0)
    assert enter(country, "C11", 2, people=8, crime_occurred=3, rank=1) == Recorded(1, 1, 1)
    was, source = Superseded.objects.get(), Source.objects.get(recorded_at=at(2))
    assert (was.value, was.superseded_by, was.superseded_at) == (Decimal(7), source.pk, at(2))
    unchanged = Figure.objects.get(indicator=country.indicators["crime.occurred"].id)
    assert unchanged.source != source.pk
    assert enter(country, "C11", 3, people=8) == Recorded(0, 0, 1)
    assert not Source.objects.filter(recorded_at=at(3)).exists()
    assert check_totals() == []


def test_a_plan_made_for_one_cell_serves_a_whole_form_as_well(country: Country) -> None:
    """The trigger keeps its plans: the first statements of a connection have one row, later ones more."""
    for step in range(1, 12):
        for unit in COMMUNES:
            values = dict.fromkeys(["people"] if step < 7 else ["people", "crime_occurred", "rank"], step)
            enter(country, unit, step, **values)
        assert check_totals() == []
    assert Superseded.objects.filter(value=10).count() == 3 * len(COMMUNES)


def test_a_removed_figure_leaves_its_total_and_stays_in_the_history(country: Country) -> None:
    enter(country, "C11", 1, people=7, rank=1)
    period, unit, people = country.key(PERIOD, "C11", "people")
    remover = open_source(name="gỡ", recorded_at=at(2))
    with transaction.atomic():
        share_tree()
        assert remove_at(hold_place(unit, period), [people, people + 1_000], source=remover) == 1
    assert list(Figure.objects.values_list("indicator", flat=True)) == [country.indicators["rank"].id]
    was = Superseded.objects.get()
    assert (was.value, was.superseded_by, was.superseded_at) == (Decimal(7), remover.pk, at(2))
    assert not Total.objects.exists()


def by_hand(country: Country, number: int) -> None:
    """One person's forms: communes of both provinces, some cells new, some revised, some emptied."""
    chance = random.Random(number)
    for step in range(12):
        period, unit, _ = country.key(PERIOD, chance.choice(COMMUNES), "people")
        some = chance.sample(CODES, 3)
        facts = {country.indicators[code].id: (State.VALUE, Decimal(step)) for code in some}
        with transaction.atomic():
            share_tree()
            place = hold_place(unit, period)
            source = open_source(name=str(number), recorded_at=at(1 + step))
            remove_at(place, [country.indicators[CODES[step % 4]].id], source=source)
        with transaction.atomic():
            share_tree()
            record_at(hold_place(unit, period), facts, source=source)


def by_file(country: Country, number: int) -> None:
    """A file over all communes."""
    for step in range(8):
        rows = [country.row(PERIOD, unit, code, number + step) for unit in COMMUNES for code in CODES]
        record_figures(rows, source=open_source(name=f"tệp {number}", recorded_at=at(1 + step)))


@pytest.mark.django_db(transaction=True)
def test_eight_people_and_two_files_at_once(tmp_path: Path) -> None:
    load_calendars()
    country = load_country(tmp_path)

    def run(write: Callable[[Country, int], None], number: int) -> None:
        try:
            write(country, number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        works = [pool.submit(run, by_hand, number) for number in range(8)]
        works += [pool.submit(run, by_file, number) for number in range(2)]
        for work in works:
            work.result(PATIENCE)
    assert check_totals() == []
    assert Superseded.objects.exists()
