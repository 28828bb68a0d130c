"""Totals are what the figures add up to, whoever writes, whatever happens to the tree."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction

from kieumau.audit.tests.meanwhile import PATIENCE
from kieumau.calendars.actions import load_calendars
from kieumau.formulas.values import State
from kieumau.indicators.actions import (
    check_totals,
    open_source,
    rebuild_totals,
    record_figures,
    remove_figures,
)
from kieumau.indicators.actions.record import Row
from kieumau.indicators.models import Figure, Superseded, Total
from kieumau.indicators.queries import coverage, operand_values
from kieumau.indicators.tests.cast import UNITS as UNIT_ROWS
from kieumau.indicators.tests.cast import Country, at, load_country, operand, unit_rows
from kieumau.units.actions import load_rows
from kieumau.units.models import Term, Unit

PERIODS = ["2025-05", "2025-06"]
UNITS = ["C11", "C12", "C13", "C14", "C21", "C22", "P1", "N"]
INDICATORS = ["crime.occurred", "crime.solved", "people", "rank"]
VALUES: list[object] = [0, 1, "0.1", "-3.25", "12345678901234567890.5", *State.__members__.values()]


def some_rows(country: Country, chance: random.Random, count: int) -> list[Row]:
    keys = {(chance.choice(PERIODS), chance.choice(UNITS), chance.choice(INDICATORS)) for _ in range(count)}
    values = [value for value in VALUES if value != State.VALUE or not isinstance(value, State)]
    return [country.row(*key, chance.choice(values)) for key in sorted(keys)]


def write_directly(chance: random.Random, rows: list[Row], source_id: int) -> None:
    """What a person at the database's prompt might do."""
    if not rows:
        return
    keys = [row[:3] for row in rows]
    with connection.cursor() as cursor:
        match chance.choice(["update", "delete", "upsert", "move", "nothing", "truncate"]):
            case "update":
                cursor.execute(
                    "UPDATE figure SET value = 5, state = 0, source = %s WHERE unit = %s",
                    [source_id, keys[0][1]],
                )
            case "delete":
                cursor.execute("DELETE FROM figure WHERE unit = %s", [keys[0][1]])
            case "upsert":
                cursor.executemany(
                    "INSERT INTO figure (period, unit, indicator, source, state, value)"
                    f" VALUES (%s, %s, %s, {source_id:d}, %s, %s)"
                    " ON CONFLICT (period, unit, indicator) DO UPDATE SET state = 0, value = 7",
                    rows,
                )
            case "move":
                cursor.execute(
                    "UPDATE figure SET unit = %s WHERE unit = %s AND NOT EXISTS (SELECT FROM figure g"
                    " WHERE g.unit = %s AND g.period = figure.period AND g.indicator = figure.indicator)",
                    [keys[-1][1], keys[0][1], keys[-1][1]],
                )
            case "truncate" if chance.random() < 0.2:
                cursor.execute("TRUNCATE figure")


@pytest.mark.parametrize("seed", range(12))
def test_totals_follow_every_kind_of_write(country: Country, seed: int) -> None:
    chance = random.Random(seed)
    known: dict[tuple[int, int, int], tuple[int, Decimal | None]] = {}
    for step in range(25):
        source = open_source(name=str(step), recorded_at=at(1 + step))
        rows = some_rows(country, chance, 12)
        match chance.choice(["record", "record", "remove", "direct"]):
            case "record":
                record_figures(rows, source=source)
            case "remove":
                remove_figures([row[:3] for row in rows], source=source)
            case _:
                write_directly(chance, rows, source.pk)
        assert check_totals() == []
        empty = Total.objects.filter(value_count=0, not_applicable_count=0, refused_count=0, missing_count=0)
        assert not empty.exists()
        known = compare_history(known)
    assert rebuild_totals() == 0


def compare_history(
    before: dict[tuple[int, int, int], tuple[int, Decimal | None]],
) -> dict[tuple[int, int, int], tuple[int, Decimal | None]]:
    """Every figure that is not what it was is in the history as what it was."""
    rows = Figure.objects.values_list("period", "unit", "indicator", "state", "value")
    now = {(period, unit, indicator): (state, value) for period, unit, indicator, state, value in rows}
    kept = set(Superseded.objects.values_list("period", "unit", "indicator", "state", "value"))
    lost = {(*key, *fact) for key, fact in before.items() if now.get(key) != fact}
    assert lost <= kept
    return now


def test_the_check_sees_a_total_that_was_tampered_with(country: Country) -> None:
    country.record(("2025-05", "C11", "people", 7), ("2025-05", "C21", "people", 8))
    Total.objects.filter(unit=country.units["P1"]).update(value=9)
    Total.objects.filter(unit=country.units["P2"]).delete()
    found = {(difference.unit, difference.kept, difference.true) for difference in check_totals()}
    assert found == {(country.units["P1"], Decimal(9), Decimal(7)), (country.units["P2"], None, Decimal(8))}
    assert rebuild_totals() == 2
    assert check_totals() == []


def test_totals_follow_the_tree(country: Country) -> None:
    """A correction: C12 belonged to the other province all along."""
    country.record(("2025-05", "C11", "people", 7), ("2025-05", "C12", "people", 8))
    moved = [
        (code, name, kind, "P2" if code == "C12" else up, *days) for code, name, kind, up, *days in UNIT_ROWS
    ]
    load_rows(unit_rows(moved), actor=None, register="m")
    assert dict(Total.objects.values_list("unit", "value")) == {
        country.units["P1"]: Decimal(7),
        country.units["P2"]: Decimal(8),
    }
    assert check_totals() == []


def test_what_stands_in_no_province_counts_in_the_nation(country: Country) -> None:
    """A commune straight below the nation, and one in a district that is: nothing is missing for ever."""
    more = [
        ("S1", "Đặc khu", "xa", "N", "2020-01-01", ""),
        ("D9", "Huyện lẻ", "huyen", "N", "2020-01-01", ""),
        ("C91", "Xã lẻ", "xa", "D9", "2020-01-01", ""),
    ]
    load_rows(unit_rows(more), actor=None, register="m")
    country.units.update(Term.objects.filter(register="m").values_list("code", "unit_id"))
    people = operand("people", "2025-05")
    everywhere = [*UNITS[:6], "S1", "C91"]
    country.record(*[("2025-05", unit, "people", number) for number, unit in enumerate(everywhere, 1)])
    nation = country.units["N"]
    assert operand_values(nation, [people])[people].value == sum(range(1, 9))
    assert operand_values(nation, [people], as_known_at=at(2))[people].value == sum(range(1, 9))
    assert coverage(nation, [people])[people].is_complete
    assert {name: operand_values(country.units[name], [people])[people].value for name in ("S1", "D9")} == {
        "S1": 7,
        "D9": 8,
    }
    assert (check_totals(), rebuild_totals()) == ([], 0)
    under = [(code, name, kind, up.replace("N", "P1"), *days) for code, name, kind, up, *days in more[:2]]
    load_rows(unit_rows(under), actor=None, register="m", may_remove=True)
    assert operand_values(nation, [people])[people].value == sum(range(1, 9))
    assert check_totals() == []
    remove_figures([country.key("2025-05", "C91", "people")], source=open_source(name="gỡ"))
    assert operand_values(nation, [people])[people].state is State.MISSING
    assert check_totals() == []


def test_history_is_only_added_to(country: Country) -> None:
    country.record(("2025-05", "C11", "people", 7))
    country.record(("2025-05", "C11", "people", 8))
    statements = (
        "UPDATE figure_superseded SET value = 9",
        "DELETE FROM figure_superseded",
        "TRUNCATE figure_superseded",
        "TRUNCATE figure, figure_superseded, figure_total",
    )
    for statement in statements:
        with (
            pytest.raises(IntegrityError, match="only added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Superseded.objects.get().value == 7


@pytest.mark.django_db(transaction=True)
def test_an_installation_is_emptied_with_its_history(tmp_path: Path) -> None:
    load_calendars()
    test_history_is_only_added_to(load_country(tmp_path))
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    assert not Superseded.objects.exists()


def write_many(country: Country, number: int) -> None:
    """One writer's month: the same province, partly the same figures, now new and now revised."""
    chance = random.Random(number)
    try:
        source = open_source(name=f"người {number}", recorded_at=at(1 + number))
        for _ in range(6):
            record_figures(some_rows(country, chance, 150), source=source)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_eight_writers_in_one_province(tmp_path: Path) -> None:
    load_calendars()
    country = load_country(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write_many, country, number) for number in range(8)]:
            done.result(PATIENCE)
    assert check_totals() == []
    assert Unit.objects.exists()
    assert Figure.objects.count() == len(PERIODS) * len(UNITS) * len(INDICATORS)
