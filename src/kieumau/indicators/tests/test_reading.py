"""One unit's figures at every level, now and as known at a moment."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.calendars.library import calendar
from kieumau.formulas.values import MISSING, NOT_APPLICABLE, REFUSED, OperandValue, State
from kieumau.formulas.windows import Operand
from kieumau.indicators.actions import load_catalogue, open_source, record_figures, remove_figures
from kieumau.indicators.actions.references import NotRecorded
from kieumau.indicators.models import Total
from kieumau.indicators.queries import coverage, operand_values
from kieumau.indicators.tests.cast import CATALOGUE, UNITS, Country, at, operand, unit_rows
from kieumau.units.actions import load_rows

MARCH = operand("crime.solved", "2025-03")
QUARTER = operand("crime.solved", "2025-Q1")
PEOPLE = operand("people", "2025-Q1")
BEFORE_MERGER = ("C11", "C12", "C13", "C14")


def fill(country: Country, indicator: str = "crime.solved") -> None:
    """One case in every commune in January and February, two in March."""
    country.record(
        *[
            (period, unit, indicator, cases)
            for period, cases in (("2025-01", 1), ("2025-02", 1), ("2025-03", 2))
            for unit in (*BEFORE_MERGER, "C21", "C22")
        ]
    )


@pytest.mark.parametrize(
    ("unit", "march", "quarter"),
    [("C11", 2, 4), ("D1", 4, 8), ("P1", 8, 16), ("P2", 4, 8), ("N", 12, 24)],
)
def test_every_level_adds_up_its_communes(country: Country, unit: str, march: int, quarter: int) -> None:
    fill(country)
    values = operand_values(country.units[unit], [MARCH, QUARTER])
    assert values[MARCH].value == march
    assert values[QUARTER].value == quarter


def test_a_stock_is_the_last_of_its_run(country: Country) -> None:
    fill(country, "people")
    assert operand_values(country.units["P1"], [PEOPLE])[PEOPLE].value == 8
    remove_figures([country.key("2025-03", "C14", "people")], source=open_source(name="gỡ"))
    assert operand_values(country.units["P1"], [PEOPLE])[PEOPLE] == MISSING


@pytest.mark.parametrize("unit", ["C14", "P1", "N"])
@pytest.mark.parametrize(
    ("state", "expected"),
    [(State.MISSING, MISSING), (State.REFUSED, REFUSED)],
)
def test_one_bad_figure_speaks_for_the_whole(
    country: Country, unit: str, state: State, expected: OperandValue
) -> None:
    fill(country)
    country.record(("2025-03", "C14", "crime.solved", state))
    assert operand_values(country.units[unit], [QUARTER])[QUARTER].state is expected.state


def test_what_does_not_apply_adds_nothing(country: Country) -> None:
    fill(country)
    country.record(("2025-03", "C14", "crime.solved", State.NOT_APPLICABLE))
    assert operand_values(country.units["P1"], [MARCH])[MARCH].value == 6
    assert operand_values(country.units["C14"], [MARCH])[MARCH] == OperandValue(
        State.NOT_APPLICABLE, None, "thử"
    )
    assert NOT_APPLICABLE.value is None


def test_an_absent_commune_makes_its_province_missing(country: Country) -> None:
    country.record(*[("2025-03", unit, "crime.solved", 1) for unit in BEFORE_MERGER[:3]])
    province = country.units["P1"]
    assert operand_values(province, [MARCH])[MARCH] == MISSING
    reported = coverage(province, [MARCH])[MARCH]
    assert (reported.reported, reported.expected, reported.is_complete) == (3, 4, False)


def test_a_window_over_a_merger_asks_each_unit_for_its_own_time(country: Country) -> None:
    country.record(*[("2025-06", unit, "crime.solved", 1) for unit in BEFORE_MERGER])
    country.record(*[("2025-07", unit, "crime.solved", 10) for unit in ("C11", "C12", "C15")])
    both = operand("crime.solved", "2025-06", to="2025-07")
    assert operand_values(country.units["P1"], [both])[both].value == 34
    assert operand_values(country.units["C11"], [both])[both].value == 11
    assert operand_values(country.units["C15"], [both])[both].state is State.MISSING  # was not there in June


def test_what_a_province_reports_itself_stays_apart(country: Country) -> None:
    fill(country)
    country.record(("2025-03", "P1", "crime.solved", 11))
    province = country.units["P1"]
    assert operand_values(province, [MARCH])[MARCH].value == 8


def test_an_indicator_that_does_not_add_up_is_the_units_own(country: Country) -> None:
    country.record(("2025-03", "P1", "rank", 2), ("2025-03", "C11", "rank", 1))
    rank = operand("rank", "2025-03")
    assert operand_values(country.units["P1"], [rank])[rank].value == 2


def test_a_year_of_another_calendar_is_tiled_by_reporting_months(country: Country) -> None:
    """Reporting months begin on the 15th: the communes' year (from 16 November) is a day off."""
    months = ["2024-12", *(f"2025-{month:02}" for month in range(1, 12))]
    country.record(*[(month, "C21", "fires", 1) for month in months])
    exact = operand("fires", "2025", calendar_code="teams")
    nearly = operand("fires", "2025", calendar_code="tt124-commune")
    unit = country.units["C21"]
    assert operand_values(unit, [exact])[exact].value == 12
    assert operand_values(unit, [nearly])[nearly] == MISSING
    assert operand_values(unit, [nearly], slack_days=1)[nearly].value == 12


def test_a_figure_names_its_sources(country: Country) -> None:
    for month, file in (("2025-01", "a.xlsx"), ("2025-02", "b.xlsx"), ("2025-03", "a.xlsx")):
        country.record((month, "C11", "crime.solved", 1), source=open_source(name=file, recorded_at=at(1)))
    assert operand_values(country.units["C11"], [QUARTER])[QUARTER].source == "a.xlsx; b.xlsx"


@pytest.mark.parametrize("unit", ["C11", "D1", "P1", "N"])
def test_three_queries_at_every_level(country: Country, unit: str) -> None:
    fill(country)
    with CaptureQueriesContext(connection) as queries:
        operand_values(country.units[unit], [MARCH, QUARTER, PEOPLE])
    assert len(queries) <= 3


def test_as_known_at_a_moment(country: Country) -> None:
    """Reported on the 1st, revised on the 5th, removed on the 9th, reported again on the 12th."""
    figure = ("2025-03", "C11", "crime.solved")
    country.record((*figure, 3), source=open_source(name="1", recorded_at=at(1)))
    country.record((*figure, State.REFUSED), source=open_source(name="5", recorded_at=at(5)))
    remove_figures([country.key(*figure)], source=open_source(name="9", recorded_at=at(9)))
    country.record((*figure, 7), source=open_source(name="12", recorded_at=at(12)))

    def known(day: int) -> OperandValue:
        return operand_values(country.units["C11"], [MARCH], as_known_at=at(day, hour=12))[MARCH]

    assert [known(day).value for day in (1, 4, 12, 20)] == [3, 3, 7, 7]
    assert known(6).state is State.REFUSED
    assert known(10) == MISSING
    assert operand_values(country.units["C11"], [MARCH], as_known_at=at(1, hour=1))[MARCH] == MISSING


def test_a_roll_up_as_known_at_a_moment(country: Country) -> None:
    fill(country)  # on the 1st
    country.record(
        ("2025-03", "C11", "crime.solved", Decimal(102)), source=open_source(name="5", recorded_at=at(5))
    )
    for unit, before, after in (("D1", 4, 104), ("P1", 8, 108), ("N", 12, 112)):
        number = country.units[unit]
        assert operand_values(number, [MARCH], as_known_at=at(3))[MARCH].value == before
        assert operand_values(number, [MARCH], as_known_at=at(6))[MARCH].value == after
        assert operand_values(number, [MARCH])[MARCH].value == after


def test_one_day_decides_which_units_have_figures_whatever_the_hour(country: Country, tmp_path: Path) -> None:
    """A month that ends at noon on 25 July counts the units of 24 July: reading, writing and totals agree."""
    own = calendar("city-1022")
    july = own.window("2025-07")
    assert own.last_day(july) == date(2025, 7, 24)
    path = tmp_path / "mau.yaml"
    path.write_text(CATALOGUE.replace("calendar: nd09", "calendar: city-1022"), encoding="utf-8")
    load_catalogue(path)
    moved = [(*unit[:4], *(day.replace("2025-07-01", "2025-07-25") for day in unit[4:])) for unit in UNITS]
    load_rows(unit_rows(moved), actor=None, register="m", may_remove=True)
    key = (own.period_ids(july)[0], country.indicators["fires"].id)
    source = open_source(name="1022")
    with pytest.raises(NotRecorded, match="C15"):
        record_figures([(key[0], country.units["C15"], key[1], 0, Decimal(1))], source=source)
    rows = [(key[0], country.units[unit], key[1], 0, Decimal(1)) for unit in BEFORE_MERGER]
    record_figures(rows, source=source)
    asked = Operand("fires", july)
    assert operand_values(country.units["P1"], [asked])[asked].value == 4
    assert Total.objects.get(unit=country.units["P1"]).value == 4
