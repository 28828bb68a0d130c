"""What becomes of a total when its parts are missing, refused or do not apply."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.formulas.values import State
from kieumau.indicators.rules import Parts, combine, part, state_of

VALUE, MISSING, NOT_APPLICABLE, REFUSED = (
    State.VALUE,
    State.MISSING,
    State.NOT_APPLICABLE,
    State.REFUSED,
)


@pytest.mark.parametrize(
    ("expected", "values", "not_applicable", "refused", "state"),
    [
        (12, 12, 0, 0, VALUE),
        (12, 11, 0, 0, MISSING),  # one month is not there: nothing is said about the year
        (12, 0, 0, 0, MISSING),
        (12, 11, 1, 0, VALUE),  # what does not apply adds nothing and takes nothing away
        (12, 0, 12, 0, NOT_APPLICABLE),
        (12, 11, 0, 1, REFUSED),
        (12, 10, 0, 1, MISSING),  # missing weighs more than refused: it may still come
        (12, 0, 11, 1, REFUSED),
        (0, 0, 0, 0, MISSING),  # no unit below: of nothing nothing is known
    ],
)
def test_state_of_an_aggregate(
    expected: int, values: int, not_applicable: int, refused: int, state: State
) -> None:
    assert state_of(expected, values, not_applicable, refused) is state


def test_zero_is_a_value() -> None:
    assert combine(1, [part(VALUE, Decimal(0))]).value == 0
    assert combine(1, [part(MISSING, None)]).value is None


def test_adding_is_exact_however_long_the_numbers() -> None:
    tenths = [part(VALUE, Decimal("0.1")), part(VALUE, Decimal("0.2"))]
    assert combine(2, tenths).value == Decimal("0.3")
    long = [Decimal("12345678901234567890.12345678901234567890"), Decimal("0.00000000000000000000000000001")]
    assert combine(2, [part(VALUE, number) for number in long]).value == Decimal(
        "12345678901234567890.12345678901234567890000000001"
    )


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=6), max_size=20))
def test_order_does_not_matter(numbers: list[Decimal]) -> None:
    parts = [part(VALUE, number) for number in numbers]
    assert sum(parts, Parts()) == sum(reversed(parts), Parts())
