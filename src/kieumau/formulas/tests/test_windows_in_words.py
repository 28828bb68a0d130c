"""Periods as people write them, the same on pages, in sentences, reminders and files."""

import pytest

from kieumau.formulas.phrases import window_label
from kieumau.formulas.windows import Window

# Kind, first and last period, and how it is said.
WORDS = [
    ("month", (2026, 11), (2026, 11), "tháng 11 năm 2026", "November 2026"),
    ("month", (2025, 8), (2025, 10), "tháng 8 – tháng 10 năm 2025", "August – October 2025"),
    (
        "month", (2025, 12), (2026, 1),
        "tháng 12 năm 2025 – tháng 1 năm 2026", "December 2025 – January 2026",
    ),
    ("quarter", (2026, 4), (2026, 4), "quý IV năm 2026", "Q4 2026"),
    ("quarter", (2026, 1), (2026, 3), "quý I – quý III năm 2026", "Q1 – Q3 2026"),
    ("half", (2026, 1), (2026, 1), "6 tháng đầu năm 2026", "first half of 2026"),
    ("nine_months", (2026, 1), (2026, 1), "9 tháng đầu năm 2026", "first nine months of 2026"),
    ("year", (2026, 1), (2026, 1), "năm 2026", "2026"),
    ("year", (2023, 1), (2025, 1), "năm 2023 – năm 2025", "2023 – 2025"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "first", "last", "vi", "en"), WORDS)
def test_a_period_is_said_as_people_write_it(
    kind: str, first: tuple[int, int], last: tuple[int, int], vi: str, en: str
) -> None:
    said = window_label(Window("civil", kind, first, last))
    assert (said.vi, said.en) == (vi, en)
