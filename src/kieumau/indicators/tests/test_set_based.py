"""All units at once gives what each unit gives by itself, whatever the figures."""

from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kieumau.formulas.values import State
from kieumau.formulas.windows import Operand
from kieumau.indicators.actions import open_source, record_figures
from kieumau.indicators.models import Figure
from kieumau.indicators.queries import operand_values
from kieumau.indicators.set_based import Wide, rows, wide_table
from kieumau.indicators.tests.cast import Country, at, operand
from kieumau.kernel.tests.examples import examples
from kieumau.units.models import Level, Position

ON = date(2025, 6, 30)
MONTHS = ["2025-01", "2025-02", "2025-03", "2025-04"]
UNITS = ["C11", "C12", "C21"]
OPERANDS = [
    operand("crime.solved", "2025-01"),
    operand("crime.solved", "2025-Q1"),
    operand("crime.solved", "2025-02", to="2025-04"),  # overlaps the quarter
    operand("crime.occurred", "2025-Q1"),
    operand("people", "2025-Q1"),
    operand("people", "2025-01"),
    operand("rank", "2025-02"),
    operand("fires", "2025-Q1", calendar_code="nd09"),
    operand("fires", "2025-Q1"),  # no run of nd09 months is a quarter of the civil calendar
]


def read(wide: Wide) -> dict[int, dict[Operand, tuple[State, Decimal | None]]]:
    names = list(wide.table.columns)
    found = {}
    for row in rows(wide.table):
        cells = dict(zip(names, row, strict=True))
        found[cells["unit_id"]] = {
            one: (State(cells[wide.states[one]]), cells[wide.values[one]]) for one in wide.values
        }
    return found


def figures(country: Country) -> st.SearchStrategy[dict[tuple[str, str, str], Any]]:
    keys = st.tuples(
        st.sampled_from(MONTHS),
        st.sampled_from(UNITS),
        st.sampled_from(["crime.solved", "crime.occurred", "people", "rank", "fires"]),
    )
    values = st.one_of(
        st.just(State.REFUSED),
        st.just(State.NOT_APPLICABLE),
        st.just(State.NOT_APPLICABLE),
        st.just(State.MISSING),
        st.integers(-3, 50),
        st.sampled_from(["0.1", "0.2", "98765432109876543210.0000000000000000001"]),
    )
    return st.dictionaries(keys, values, max_size=60)


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_both_ways_agree(country: Country, data: st.DataObject) -> None:
    given_figures = data.draw(figures(country))
    if data.draw(st.booleans()):  # mostly whole months, so that runs are not always missing
        whole = [(month, unit, "crime.solved", 1) for month in MONTHS for unit in UNITS]
        given_figures = {row[:3]: row[3] for row in whole} | given_figures
    Figure.objects.all().delete()
    record_figures(
        [country.row(*key, value) for key, value in given_figures.items()],
        source=open_source(name="thử", recorded_at=at(1)),
    )
    found = read(wide_table(OPERANDS, on=ON))
    assert len(found) == 6
    for unit_id, values in found.items():
        alone = operand_values(unit_id, OPERANDS)
        assert values == {one: (value.state, value.value) for one, value in alone.items()}


def test_the_subtree_and_the_day_choose_the_units(country: Country) -> None:
    province = Position.objects.get(unit_id=country.units["P1"])
    codes = {number: code for code, number in country.units.items()}

    def units(on: date, within: str | None) -> set[str]:
        return {codes[unit] for unit in read(wide_table(OPERANDS[:1], on=on, within=within))}

    assert units(ON, province.path) == {"C11", "C12", "C13", "C14"}
    assert units(date(2025, 7, 1), province.path) == {"C11", "C12", "C15"}
    assert units(date(2025, 7, 1), None) == {"C11", "C12", "C15", "C21", "C22"}


def test_expressions_over_the_table_stay_exact(country: Country) -> None:
    country.record(("2025-01", "C11", "crime.solved", "0.1"), ("2025-01", "C11", "crime.occurred", "0.2"))
    both = [operand("crime.solved", "2025-01"), operand("crime.occurred", "2025-01")]
    wide = wide_table(both, on=ON)
    total = wide.table[wide.values[both[0]]] + wide.table[wide.values[both[1]]]
    table = wide.table.filter(wide.table.unit_id == country.units["C11"]).select(total=total)
    assert rows(table) == [(Decimal("0.3"),)]
    assert "DOUBLE" not in ibis.to_sql(table, dialect="postgres").upper()


def test_no_operands_still_gives_the_units(country: Country) -> None:
    assert len(read(wide_table([], on=ON))) == 6


@pytest.mark.parametrize("level", [Level.NATION, Level.PROVINCE])
def test_only_communes(country: Country, level: Level) -> None:
    with pytest.raises(ValueError, match="communes"):
        wide_table(OPERANDS, on=ON, level=level)


def test_a_path_is_a_path(country: Country) -> None:
    with pytest.raises(ValueError, match="path"):
        wide_table(OPERANDS, on=ON, within="1.'; DROP TABLE figure; --")
