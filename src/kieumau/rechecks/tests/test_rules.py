"""Draws are the same from the same seed, fair, and inflation is counted exactly."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.assessments.rules import Outcome
from kieumau.rechecks.rules import Inflation, by_stratum, draw, draw_criteria, inflation
from kieumau.rounds import lots

MET, NOT_MET, NOT_DUE = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE

TABLE = [
    # earlier and later findings; compared, met before, met after, index
    ([], (0, 0, 0), None),
    ([(MET, MET)] * 4, (4, 4, 4), Fraction(0)),
    ([(MET, MET)] * 3 + [(MET, NOT_MET)], (4, 4, 3), Fraction(1, 4)),
    ([(NOT_MET, MET), (MET, MET)], (2, 1, 2), Fraction(-1, 2)),
    ([(MET, NOT_DUE), (MET, NOT_MET)], (1, 1, 0), Fraction(1)),
]


@pytest.mark.parametrize(("pairs", "counts", "index"), TABLE)
def test_inflation(
    pairs: list[tuple[Outcome, Outcome]], counts: tuple[int, int, int], index: Fraction | None
) -> None:
    found = inflation(pairs)
    assert (found, found.index) == (Inflation(*counts), index)


def test_a_province_counts_all_its_criteria_alike() -> None:
    units = [(1, Inflation(10, 10, 5)), (1, Inflation(30, 30, 30)), (2, Inflation(4, 4, 4))]
    found = by_stratum(units)
    assert found[1].index == Fraction(5, 40)  # not the mean of a half and nothing
    assert found[2].index == 0


@given(st.text(max_size=20), st.sets(st.integers(1, 9999), max_size=60), st.integers(1, 10))
def test_a_draw_knows_nothing_but_its_seed(seed: str, units: set[int], size: int) -> None:
    once = draw(seed, {1: sorted(units)}, size)
    assert once == draw(seed, {1: sorted(units, reverse=True)}, size)
    assert len(once[1]) == min(size, len(units))
    assert set(once[1]) <= units


@given(st.text(max_size=20), st.sets(st.integers(1, 99), min_size=2, max_size=30), st.integers(1, 9))
def test_who_is_left_out_changes_nothing_for_the_others(seed: str, units: set[int], size: int) -> None:
    """Taking away somebody who was not drawn leaves the draw as it is."""
    (picked,) = draw(seed, {1: units}, size).values()
    spared = sorted(units - set(picked))
    assert draw(seed, {1: units - set(spared[:1])}, size) == {1: picked}


def test_every_unit_has_the_same_chance() -> None:
    """600 seeds, 5 of 20: each is expected 150 times; chi-square at 19 degrees stays below 43.8 (0.1 %)."""
    found = Counter(one for seed in range(600) for one in draw(str(seed), {1: range(20)}, 5)[1])
    assert sum((found[one] - 150) ** 2 / 150 for one in range(20)) < 43.8


def test_criteria_differ_from_unit_to_unit() -> None:
    codes = [str(number) for number in range(1, 23)]
    drawn = {tuple(draw_criteria("2023", unit, codes, 3)) for unit in range(50)}
    assert len(drawn) > 40


@given(st.integers(1, lots.MOST_DRAWS))
def test_what_is_revealed_leads_to_the_commitment(number: int) -> None:
    secret = lots.fresh()
    lot = lots.revealed(secret, number)
    assert lots.belongs(lot, number, lots.commitment(secret))
    assert not lots.belongs(lot, number + 1, lots.commitment(secret))
    assert not lots.belongs(lots.fresh(), number, lots.commitment(secret))


def test_a_round_has_so_many_draws() -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        lots.revealed(lots.fresh(), lots.MOST_DRAWS + 1)
