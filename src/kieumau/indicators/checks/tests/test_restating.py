"""What was sent some time ago and changes much asks for a reason; what is being typed does not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.indicators.actions import NeedsRemark, enter_figures
from kieumau.indicators.checks.restating import BOUND, LEAST, RESTATEMENT, is_large
from kieumau.indicators.models import Figure, Remark
from kieumau.indicators.tests.cast import Country, load_country

SENT = datetime(2025, 10, 5, 3, tzinfo=UTC)
LATER = SENT + timedelta(days=3)


@pytest.mark.parametrize(
    ("old", "new", "large"),
    [
        ("100", "120", False),  # a fifth exactly
        ("100", "121", True),
        ("100", "80", False),
        ("100", "79", True),
        ("2", "6", False),  # four cases
        ("2", "7", True),
        ("0", "4", False),
        ("0", "5", True),
        ("10.5", "15.6", True),
    ],
)
def test_the_bound(old: str, new: str, large: bool) -> None:
    assert is_large(Decimal(old), Decimal(new)) is large


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_is_large_is_beyond_both(old: int, new: int) -> None:
    beyond = abs(new - old) >= LEAST and Fraction(abs(new - old)) > BOUND * old
    assert is_large(Decimal(old), Decimal(new)) is beyond


@pytest.fixture
def country(db: None, tmp_path: Path) -> Country:
    """The small country; An Bình has sent 40 for September 2025."""
    found = load_country(tmp_path)
    enter(found, 40, SENT)
    return found


def enter(country: Country, value: int, now: datetime, **remarks: str) -> None:
    period, unit, _ = country.key("2025-09", "C11", "crime.occurred")
    enter_figures(unit, period, {"crime.occurred": Decimal(value)}, remarks, actor="an", now=now)


@pytest.mark.django_db
def test_a_large_restatement_asks_why_and_keeps_the_answer(country: Country) -> None:
    with pytest.raises(NeedsRemark) as caught:
        enter(country, 4, LATER)
    [mark] = caught.value.marks
    assert (mark.check_code, mark.codes) == (RESTATEMENT, ("crime.occurred",))
    assert "40" in mark.sentence.vi
    assert Figure.objects.get().value == 40
    enter(country, 4, LATER, restatement="Nhập nhầm một số 0")
    assert Figure.objects.get().value == 4
    assert [(one.check_code, one.text) for one in Remark.objects.all()] == [
        (RESTATEMENT, "Nhập nhầm một số 0")
    ]


@pytest.mark.django_db
def test_who_is_still_typing_is_not_asked(country: Country) -> None:
    enter(country, 4, SENT + timedelta(hours=23, minutes=59))
    assert Figure.objects.get().value == 4


@pytest.mark.django_db
def test_a_small_correction_needs_no_reason_and_keeps_none(country: Country) -> None:
    enter(country, 45, LATER, restatement="không cần")
    assert Figure.objects.get().value == 45
    assert not Remark.objects.exists()
