"""How long a title lasts and how it stands, as tables."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.awards.rules import Decision, Standing, ends_before, is_of_dossier, refusals, standing

LASTING = [
    # begins, months, first day on which it is no longer held
    (date(2024, 4, 12), 12, date(2025, 4, 12)),
    (date(2024, 1, 31), 1, date(2024, 2, 29)),
    (date(2023, 1, 31), 1, date(2023, 2, 28)),
    (date(2024, 2, 29), 12, date(2025, 2, 28)),
    (date(2023, 12, 31), 24, date(2025, 12, 31)),
    (date(9999, 6, 1), 12, date.max),
]


@pytest.mark.parametrize(("begins", "months", "end"), LASTING)
def test_how_long_a_title_lasts(begins: date, months: int, end: date) -> None:
    assert ends_before(begins, months) == end


DECISION = Decision("12/QĐ-BCA", date(2026, 11, 22), "Bộ Công an")
BEGINS = [
    # begins: what is wrong with that
    (date(2026, 11, 20), []),
    (date(2036, 12, 31), []),
    (date(2037, 1, 1), ["begins-too-late"]),
    (date.max, ["begins-too-late", "ends-before-it-begins"]),
]


@pytest.mark.parametrize(("begins", "codes"), BEGINS)
def test_a_title_begins_within_ten_years(begins: date, codes: list[str]) -> None:
    found = refusals(DECISION, begins, ends_before(begins, 12), DECISION.decided_on)
    assert [problem.code for problem in found] == codes


# The round is opened, its period ends before, the title is decided (for twelve months): is it of the dossier?
COVERED = [
    (date(2026, 11, 1), date(2026, 12, 15), date(2026, 10, 31), False),  # decided before there was a dossier
    (date(2026, 11, 1), date(2026, 12, 15), date(2026, 11, 1), True),
    (date(2026, 11, 1), date(2026, 12, 15), date(2027, 12, 14), True),
    (date(2026, 11, 1), date(2026, 12, 15), date(2027, 12, 15), False),  # such a title would have run out
    (date(2026, 3, 1), date(2025, 12, 15), date(2025, 12, 14), False),
    (date(2026, 3, 1), date(2025, 12, 15), date(2026, 1, 10), True),  # the round was opened after the fact
    (date(2026, 3, 1), date(2025, 12, 15), date(2027, 2, 28), True),
]


@pytest.mark.parametrize(("opened", "period_ends", "decided", "expected"), COVERED)
def test_what_is_to_be_decided_on_a_dossier(
    opened: date, period_ends: date, decided: date, expected: bool
) -> None:
    assert is_of_dossier(decided, opened, period_ends, 12) is expected


FROM, END = date(2024, 4, 12), date(2025, 4, 12)
STANDS = [
    # on, withdrawn on, how it stands
    (date(2024, 4, 11), None, Standing.TO_COME),
    (date(2024, 4, 12), None, Standing.IN_FORCE),
    (END - timedelta(days=91), None, Standing.IN_FORCE),
    (END - timedelta(days=90), None, Standing.RENEWAL_DUE),
    (date(2025, 4, 11), None, Standing.RENEWAL_DUE),
    (date(2025, 4, 12), None, Standing.EXPIRED),
    (date(2024, 8, 1), date(2024, 8, 1), Standing.WITHDRAWN),
    (date(2024, 7, 31), date(2024, 8, 1), Standing.IN_FORCE),
    (date(2026, 1, 1), date(2024, 8, 1), Standing.WITHDRAWN),
]


@pytest.mark.parametrize(("on", "withdrawn_on", "expected"), STANDS)
def test_how_a_title_stands(on: date, withdrawn_on: date | None, expected: Standing) -> None:
    assert standing(FROM, END, withdrawn_on, on) is expected


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_a_longer_title_ends_later(begins: date, months: int) -> None:
    assert begins < ends_before(begins, months) < ends_before(begins, months + 1)
