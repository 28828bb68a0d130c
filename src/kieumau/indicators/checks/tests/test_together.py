"""All units and periods by one query gives what each gives by itself, whatever is stored and comes."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kieumau.formulas.values import State
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.actions.record import hold_figures
from kieumau.indicators.checks.alone import failing_alone
from kieumau.indicators.checks.failing import Failing, told
from kieumau.indicators.checks.in_force import checks_in_force
from kieumau.indicators.checks.tests.test_load import check, write
from kieumau.indicators.checks.together import failing_together
from kieumau.indicators.checks.touching import touching
from kieumau.indicators.models import Figure
from kieumau.indicators.queries import catalogue
from kieumau.indicators.tests.cast import Country, at
from kieumau.kernel.tests.examples import examples

YEAR = ", reported: {calendar: civil, kind: year}"
CHECKS = (
    check("part", "crime.solved <= crime.occurred"),
    check("flow", "crime.solved <= crime.occurred + previous(crime.occurred)", "soft"),
    check("jump", "abs(change(people)) <= 20%", "soft"),
    check("base", "crime.occurred <= in_year(crime.occurred, 2024) + 10", "soft"),
    check("quarter", "crime.solved <= total(crime.occurred, last: 3)", "soft"),
    check("so-far", "to_date(crime.solved) <= to_date(crime.occurred) and crime.solved >= 0"),
    check("clear", "crime.clearance <= 120%", "soft"),
    check("burnt", "fires <= 5 or fires <= 2 * previous(fires)", "soft"),
    check("yearly", "crime.solved <= 40", "soft", YEAR),
    check("filled", "coalesce(rank, 0) >= 0", "soft"),
)
MONTHS = ["2024-03", "2025-01", "2025-02", "2025-03", "2025-04"]
UNITS = ["C11", "C12", "C21", "P1"]


@pytest.fixture
def checked(country: Country, tmp_path: Path) -> Country:
    load_catalogue(write(tmp_path, *CHECKS))
    return country


def figures() -> st.SearchStrategy[dict[tuple[str, str, str], Any]]:
    keys = st.tuples(
        st.sampled_from(MONTHS),
        st.sampled_from(UNITS),
        st.sampled_from(["crime.solved", "crime.occurred", "people", "rank", "fires"]),
    )
    values = st.one_of(
        st.just(State.REFUSED),
        st.just(State.NOT_APPLICABLE),
        st.just(State.MISSING),
        st.integers(-3, 30),
        st.integers(0, 12),
        st.sampled_from(["0.1", "98765432109876543210.0000000000000000001"]),
    )
    return st.dictionaries(keys, values, max_size=40)


Said = tuple[str, int, int, bool, str]


def said(found: list[Failing]) -> set[Said]:
    known = catalogue()
    return {
        (one.definition.code, one.unit, one.period, one.is_later, told(one.trace(), known).vi)
        for one in found
    }


def alone(rows: list[Any]) -> set[Said]:
    """What the figures that change anything touch, unit by unit."""
    stored = {(one.period, one.unit, one.indicator): (one.state, one.value) for one in Figure.objects.all()}
    changed = [row for row in rows if stored.get(row[:3]) != (row[3], row[4])]
    found: set[Said] = set()
    for unit in {row[1] for row in changed}:
        given_figures = {(row[0], row[2]): (State(row[3]), row[4]) for row in changed if row[1] == unit}
        touches = touching(checks_in_force(), set(given_figures), catalogue())
        found |= said(failing_alone(unit, touches, given_figures))
    return found


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stored=figures(), incoming=figures(), whole=st.booleans())
def test_both_ways_agree(
    checked: Country,
    stored: dict[tuple[str, str, str], Any],
    incoming: dict[tuple[str, str, str], Any],
    whole: bool,
) -> None:
    if whole:  # so that sums over several months are known
        stored = {(month, unit, "crime.occurred"): 3 for month in MONTHS for unit in UNITS} | stored
    Figure.objects.all().delete()
    record_figures(
        [checked.row(*key, value) for key, value in stored.items()],
        source=open_source(name="thử", recorded_at=at(1)),
    )
    rows = [checked.row(*key, value) for key, value in incoming.items()]
    hold_figures(rows)
    assert said(failing_together(checks_in_force())) == alone(rows)


def one(country: Country, *figures: tuple[str, str, str, object]) -> list[Failing]:
    hold_figures([country.row(*figure) for figure in figures])
    return failing_together(checks_in_force())


def test_the_numbers_are_told(checked: Country) -> None:
    found = one(checked, ("2025-03", "C11", "crime.solved", 12), ("2025-03", "C11", "crime.occurred", 10))
    told_once = {failing.definition.code: told(failing.trace(), catalogue()) for failing in found}
    assert told_once["part"].vi == "Vụ làm rõ: 12 vụ, vượt mức 10 (Vụ xảy ra)."
    assert told_once["part"].en == "Crimes solved: 12 cases, above 10 (Crimes occurred)."


def test_what_does_not_change_touches_nothing(checked: Country) -> None:
    bad = ("2025-03", "C11", "crime.solved", 12), ("2025-03", "C11", "crime.occurred", 10)
    checked.record(*bad)
    assert one(checked, *bad) == []
    assert {
        failing.definition.code for failing in one(checked, bad[0], ("2025-03", "C11", "crime.occurred", 9))
    }


def test_a_period_that_looks_back_is_told_of_and_not_bound(checked: Country) -> None:
    checked.record(("2025-04", "C11", "crime.solved", 15), ("2025-04", "C11", "crime.occurred", 15))
    checked.record(("2025-03", "C11", "people", 100), ("2025-04", "C11", "people", 100))
    found = one(checked, ("2025-03", "C11", "crime.occurred", -2))
    assert {(failing.definition.code, failing.is_later) for failing in found} == {("flow", True)}


def test_missing_never_fails(checked: Country) -> None:
    assert one(checked, ("2025-03", "C11", "crime.solved", 12)) == []
    refused = one(
        checked, ("2025-03", "C11", "crime.solved", 12), ("2025-03", "C11", "crime.occurred", State.REFUSED)
    )
    assert refused == []


def test_a_parents_own_figure_is_checked_by_itself(checked: Country) -> None:
    checked.record(("2025-03", "C11", "crime.occurred", 100))
    found = one(checked, ("2025-03", "P1", "crime.solved", 12), ("2025-03", "P1", "crime.occurred", 10))
    assert Decimal(12) in {value.value for value in found[0].values.values()}
